"""What a browser does with the mock: pages of other origins use it, and its own pages work."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from understudy.pytest_plugin import Understudy

ONE_ACTOR = "00000000-0000-4000-8000-000000000001"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: the test's own output is enough."""


@pytest.fixture
def other_origin(tmp_path: Path) -> Iterator[str]:
    """The URL of a page on another port."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Frontend</title>")
    handler = partial(_Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


FETCH = """
const [url, options, done] = arguments;
fetch(url, options).then(
  async (answer) => done({status: answer.status, type: answer.headers.get("content-type"),
                          limit: answer.headers.get("ratelimit"), body: await answer.json()}),
  (error) => done({failed: String(error)}),
);
"""


def test_a_page_of_another_origin_uses_the_mock(
    understudy: Understudy, browser: webdriver.Chrome, other_origin: str
) -> None:
    """A page on another port creates with JSON and an API key, which needs a preflight."""
    browser.get(other_origin)
    answer = browser.execute_async_script(
        FETCH,
        understudy.url("namirial") + "/requests",
        {
            "method": "POST",
            "headers": {"Content-Type": "application/json", "X-Api-Key": "any"},
            "credentials": "include",
            "body": f'{{"requestTypeId": "{ONE_ACTOR}"}}',
        },
    )
    assert answer["status"] == 200, answer
    assert answer["body"]["status"] == "CREATED"


def test_a_page_of_another_origin_reads_refusals_and_headers(
    understudy: Understudy, browser: webdriver.Chrome, other_origin: str
) -> None:
    """Refusals are readable too, and so is every header of an answer."""
    browser.get(other_origin)
    rights = understudy.url("didomi") + "/dsar/user-rights?organization_id=org-1"
    refused = browser.execute_async_script(FETCH, rights, {})
    assert refused["status"] == 401
    assert refused["body"]["name"] == "NotAuthenticated"

    session = {"type": "api-key", "key": "any", "secret": "any"}
    token = httpx.post(understudy.url("didomi") + "/sessions", json=session).json()["access_token"]
    authorized = {"headers": {"Authorization": f"Bearer {token}"}}
    listed = browser.execute_async_script(FETCH, rights, authorized)
    assert listed["status"] == 200
    assert listed["limit"]


def test_a_person_completes_a_request(
    understudy: Understudy, browser: webdriver.Chrome, other_origin: str
) -> None:
    """Opening the link and pressing the button completes the request and leads back."""
    back = f"{other_origin}/?request=<requestId>&status=<status>&actor=<actor>"
    body = {"requestTypeId": ONE_ACTOR, "settings": {"wizardUrlBack": back}}
    headers = {"X-Api-Key": "any"}
    url = understudy.url("namirial")
    created = httpx.post(f"{url}/requests", json=body, headers=headers).json()

    browser.get(created["links"][0]["link"])
    assert "customer" in browser.find_element(By.TAG_NAME, "body").text
    browser.find_element(By.CSS_SELECTOR, "button[value=complete]").click()

    WebDriverWait(browser, 10).until(lambda driver: driver.title == "Frontend")
    assert browser.current_url.endswith(
        f"/?request={created['id']}&status=COMPLETED&actor=customer"
    )
    request = httpx.get(f"{url}/request/{created['id']}", headers=headers).json()
    assert request["status"] == "COMPLETED"

    browser.get(created["links"][0]["link"])
    assert browser.find_elements(By.TAG_NAME, "button") == []
    assert "COMPLETED" in browser.find_element(By.TAG_NAME, "body").text.upper()


def test_a_person_reads_that_a_link_is_gone(
    understudy: Understudy, browser: webdriver.Chrome
) -> None:
    """A browser that opens an expired link gets a page, not JSON."""
    understudy.clock.advance(seconds=901)
    url = understudy.url("didomi") + "/dsar/links/execute?token=scene-verification-link"
    browser.get(url)
    assert browser.find_element(By.TAG_NAME, "h1").text == "Gone"


@pytest.mark.parametrize("api", ["didomi", "namirial", "nullplatform"])
def test_the_viewer_shows_every_description(
    understudy: Understudy, browser: webdriver.Chrome, api: str
) -> None:
    """The viewer renders the description, with nothing from outside this machine."""
    browser.get(understudy.url(api) + "/ui/")
    WebDriverWait(browser, 20).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, ".opblock-summary")
    )
    assert browser.find_elements(By.CSS_SELECTOR, ".errors-wrapper") == []


def test_the_dashboard_shows_what_happened(
    understudy: Understudy, browser: webdriver.Chrome
) -> None:
    """The dashboard lists the APIs and the latest exchanges of its sandbox."""
    httpx.get(understudy.url("namirial") + "/requests", headers={"X-Api-Key": "any"})
    browser.get(understudy.url("_understudy") + "/")
    text = browser.find_element(By.TAG_NAME, "body").text
    assert "namirial" in text
    assert "requestsGet" in text
