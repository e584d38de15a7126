"""The report as a page: whole in itself, and safe whatever a target answers."""

import re
from html.parser import HTMLParser

from hypothesis import given, settings

from contracts.outcome import Coverage, Outcome
from contracts.report import html
from tests.contracts.report.outcomes import CRASH, LOST, OUTCOMES, broken, outcome

_VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Every element ends where it should."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All texts, with single blanks."""
        return " ".join(" ".join(self.texts).split())


@settings(max_examples=25, deadline=None)
@given(OUTCOMES)
def test_hostile_texts_stay_texts(whole: Outcome) -> None:
    """Nothing that came from elsewhere becomes an element, an attribute or a control character."""
    written = html.written(whole)
    page = Page(written)
    assert page.open == []
    assert {tag for tag, _ in page.tags} <= {
        tag for tag, _ in Page(html.written(broken())).tags
    } | {
        "ul",
        "li",
        "section",
        "details",
        "summary",
        "div",
        "dl",
        "dt",
        "dd",
        "code",
        "span",
        "pre",
    }
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert all(one.isprintable() or one in "\n\t" for one in written)
    written.encode()


def test_it_needs_nothing_else() -> None:
    """No script, no image, no font, no style sheet, no address that would be fetched."""
    page = Page(html.written(broken()))
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in page.tags}
    assert not any({"src", "srcset", "style"} & attributes.keys() for _, attributes in page.tags)
    assert not re.search(r"url\(|@import", html.written(broken()))


def test_it_tells_what_broke_and_how() -> None:
    """A finding is there with problem, law, place, requests, answers, and lines to run it again."""
    text = Page(html.written(broken())).text
    for part in (
        "broken: 2 findings",
        LOST.problem,
        LOST.sentence,
        LOST.fingerprint,
        "GET /orders/7",
        '"item": "lamp"',
        "curl http://127.0.0.1:8000/v1/orders/7",
        CRASH.place,
        "Internal Server Error",
        "No answer came within 10 seconds.",
        "Undocumented HTTP status code: 401",
        "orders/7",
    ):
        assert part in text, part


def test_untested_laws_are_told_with_their_reasons() -> None:
    """A law without a chance is untested, never kept."""
    text = Page(html.written(broken())).text
    assert re.search(r"untested totals_agree .* No list shows a total\.", text)
    assert "kept deleted_is_gone" in text
    assert "unclear pages_do_not_overlap" in text
    assert "broken created_can_be_read" in text


def test_coverage_tells_seen_from_unseen() -> None:
    """Statuses and parameters are seen, unseen, or not documented at all."""
    covered = {
        "listOrders": Coverage(
            frozenset({200, 0, 500}), frozenset({("query", "limit"), ("query", "odd")}), 3
        )
    }
    text = Page(html.written(outcome(coverage=covered))).text
    for chip in (
        "200 seen",
        "500 undocumented",
        "no answer undocumented",
        "limit (query) seen",
        "offset (query) unseen",
        "odd (query) undocumented",
    ):
        assert chip in text, chip


def test_a_kept_run_says_so() -> None:
    """Without findings the page says that there are none."""
    text = Page(html.written(outcome())).text
    assert "kept: 3 laws, 25 exchanges" in text
    assert "Findings None." in text


def test_the_baseline_shows() -> None:
    """What is known stands apart with its note, and what is fixed is named."""
    known = {LOST.fingerprint: "Ticket 12"}
    text = Page(html.written(broken(known=known, fixed={"0123456789ab": "a: was wrong"}))).text
    assert re.search(r"Known, and let pass by the baseline .* Ticket 12", text)
    assert "a: was wrong 0123456789ab" in text
    assert "broken: 1 findings" in text
