"""Liars about lists do what they say, and an honest mock does not."""

from typing import Any

import pytest

from tests.contracts.asking import Asker
from tests.contracts.liars.scene import LIBRARY, Script, both


def filled(ask: Asker, count: int = 5) -> None:
    """Books of the titles a to e, by the authors x and y in turn."""
    for number in range(count):
        ask("POST /books", {"title": "abcde"[number], "author": "xy"[number % 2]})


def titles(ask: Asker, query: str = "") -> str:
    """The titles that a list shows."""
    return "".join(book["title"] for book in ask(f"GET /books{query}").json()["data"])


def after_each(ask: Asker) -> Any:
    """What is listed after each of two books was created, and how many that is said to be."""
    seen: list[Any] = []
    for title in "ab":
        ask("POST /books", {"title": title})
        seen += [titles(ask), ask("GET /books").json()["total"]]
    return seen


def after_deletion(ask: Asker) -> Any:
    """What is listed after a deletion, and after the next creation."""
    filled(ask, 2)
    ask("DELETE /books/1")
    seen = [titles(ask), ask("GET /books").json()["total"], titles(ask, "?author=x")]
    ask("POST /books", {"title": "z"})
    return [*seen, titles(ask)]


def pages(ask: Asker) -> Any:
    """The titles on each page of two."""
    filled(ask)
    return [titles(ask, f"?limit=2&offset={offset}") for offset in (0, 2, 4, 6)]


def total(ask: Asker) -> Any:
    """The number of all books, as it stands there."""
    filled(ask)
    return ask("GET /books?limit=2").json()["total"]


def filtered_total(ask: Asker) -> Any:
    """The number of all books of an author."""
    filled(ask)
    answer = ask("GET /books?author=y&limit=1").json()
    return answer["total"], len(answer["data"])


def nothing_found(ask: Asker) -> Any:
    """What is listed of an author who has written nothing, and of one who has."""
    filled(ask)
    return titles(ask, "?author=nobody"), titles(ask, "?author=y")


def in_order(ask: Asker) -> Any:
    """The titles up and down."""
    filled(ask)
    return [titles(ask, f"?sort={sort}") for sort in ("title", "-title")]


CASES: list[tuple[str, Script, Any, Any]] = [
    ("created_is_listed__but_the_newest", after_each, ["a", 1, "ab", 2], ["", 0, "a", 1]),
    (
        "deleted_is_not_listed__until_the_next_is_created",
        after_deletion,
        ["b", 1, "", "bz"],
        ["ba", 2, "", "bz"],
    ),
    (
        "pages_do_not_overlap__the_first_on_every_page",
        pages,
        ["ab", "cd", "e", ""],
        ["ab", "ac", "ae", ""],
    ),
    ("pages_lose_nothing__the_very_last_one", pages, ["ab", "cd", "e", ""], ["ab", "cd", "", ""]),
    (
        "page_sizes_are_kept__but_on_the_first_page",
        pages,
        ["ab", "cd", "e", ""],
        ["ab", "cde", "e", ""],
    ),
    ("answers_fit_the_description__totals_are_texts", total, 5, "5"),
    ("totals_agree_with_pages__filters_do_not_count", filtered_total, (2, 1), (5, 1)),
    ("filters_filter__what_finds_nothing_finds_all", nothing_found, ("", "bd"), ("abcde", "bd")),
    (
        "lists_are_sorted_as_asked__but_for_the_newest",
        in_order,
        ["abcde", "edcba"],
        ["abcde", "dcbae"],
    ),
]


@pytest.mark.parametrize(
    ("name", "script", "honest", "lied"),
    CASES,
    ids=[f"{one[0]}-{one[1].__name__}" for one in CASES],
)
def test_it_lies_as_it_says(name: str, script: Script, honest: Any, lied: Any) -> None:
    """The same requests get another answer from the liar than from the honest mock."""
    assert both(name, LIBRARY, script) == (honest, lied)
