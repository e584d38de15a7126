"""The report as a page in a real browser: any width, any light, no mouse, nothing else needed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from contracts.exchange import Response
from contracts.findings import Told
from contracts.report import html
from tests.contracts.report.outcomes import CRASH, LOST, TARGET, broken, outcome

HOSTILE = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
LONG = "x" * 2_000
CONTRAST = """
const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
const light = (color) => {
  const [r, g, b] = rgb(color).map((c) => {
    c /= 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const color = getComputedStyle(e).backgroundColor;
    if (color !== "rgba(0, 0, 0, 0)") return color;
  }
};
return [...document.querySelectorAll("body *")]
  .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .map((e) => {
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), e.textContent.trim().slice(0, 40)];
  });
"""
"""The contrast of every text with what is behind it (WCAG 2.2, contrast ratio)."""


@pytest.fixture
def report(tmp_path: Path) -> str:
    """The URL of a report with something of each kind, and with texts that mean harm."""
    request = replace(LOST.history[0].request, url=f"{TARGET}/{LONG}", body=HOSTILE.encode())
    told = Told("createOrder", request, Response(500, (), LONG.encode()))
    hostile = replace(CRASH, problem=HOSTILE, place=LONG, history=(told,))
    path = tmp_path / "report.html"
    found = (LOST, hostile, *broken().findings[2:])
    path.write_text(html.written(outcome(*found, notes=[HOSTILE, LONG])), encoding="utf-8")
    return path.as_uri()


def size(browser: webdriver.Chrome, width: int, scheme: str = "light") -> None:
    """Show the page at that width, in the light or in the dark."""
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


@pytest.fixture(autouse=True)
def as_before(browser: webdriver.Chrome) -> Iterator[None]:
    """Other tests see the browser as it was."""
    yield
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_it_tells_what_broke(browser: webdriver.Chrome, report: str) -> None:
    """Verdict, finding, history, laws and coverage can be read."""
    browser.get(report)
    text = browser.find_element(By.TAG_NAME, "body").text
    for part in (
        "broken: 2 findings",
        LOST.problem,
        "GET /orders/7",
        "No list shows a total.",
        "POST /orders",
        "500 undocumented",
        "4 of 6 seen",
    ):
        assert part in text, part


def test_branches_of_schemas_are_unfolded(browser: webdriver.Chrome, report: str) -> None:
    """What was sent and what came back, each with what was seen of it and what was not."""
    browser.get(report)
    coverage = browser.find_element(By.ID, "coverage")
    (sent, came) = coverage.find_elements(By.TAG_NAME, "details")
    assert sent.text == "Sent: 3 of 4 schema branches seen"
    sent.find_element(By.TAG_NAME, "summary").click()
    assert sent.text.splitlines()[1:] == [
        "status there seen",
        "status left out seen",
        'status: "open" seen',
        'status: "cancelled" unseen',
    ]
    assert came.text == "Came back: 1 of 2 schema branches seen"


def test_hostile_texts_do_nothing(browser: webdriver.Chrome, report: str) -> None:
    """Markup in what a target answered is shown as text."""
    browser.get(report)
    assert browser.title == "Broken: A shop"
    assert browser.find_elements(By.CSS_SELECTOR, "img, script") == []
    assert HOSTILE in browser.find_element(By.TAG_NAME, "body").text


def test_nothing_is_fetched(browser: webdriver.Chrome, report: str) -> None:
    """The page is all there is."""
    browser.get(report)
    fetched = browser.execute_script(
        "return performance.getEntriesByType('resource').map((one) => one.name)"
    )
    assert fetched == []


@pytest.mark.parametrize("width", [320, 360, 768, 1600])
def test_it_fits_the_width(browser: webdriver.Chrome, report: str, width: int) -> None:
    """Nothing hangs out to the right, with everything unfolded and texts of any length."""
    size(browser, width)
    browser.get(report)
    browser.execute_script("document.querySelectorAll('details').forEach((d) => d.open = true)")
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_in_any_light(browser: webdriver.Chrome, report: str, scheme: str) -> None:
    """Every text has the contrast that WCAG 2.2 asks for at level AA: 4.5 to 1."""
    size(browser, 1000, scheme)
    browser.get(report)
    browser.execute_script("document.querySelectorAll('details').forEach((d) => d.open = true)")
    found = browser.execute_script(CONTRAST)
    assert len(found) > 50
    assert [one for one in found if one[0] < 4.5] == []


def test_it_needs_no_mouse(browser: webdriver.Chrome, report: str) -> None:
    """A finding is reached by Tab and unfolded by Enter; long texts can be scrolled from there."""
    browser.get(report)
    folded = browser.find_elements(By.CSS_SELECTOR, "#findings > details")[1]
    assert folded.get_attribute("open") is None
    for _ in range(40):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        if browser.switch_to.active_element == folded.find_element(By.TAG_NAME, "summary"):
            break
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert folded.get_attribute("open") is not None
    texts = browser.find_elements(By.TAG_NAME, "pre")
    assert all(one.get_attribute("tabindex") == "0" for one in texts)
