"""Liars for Schemathesis' own checks do what they say, and an honest mock does not."""

from typing import Any

import pytest

from tests.contracts.asking import Asker
from tests.contracts.liars.scene import LIBRARY, Script, both


def made(ask: Asker) -> str:
    """The path of a new book."""
    return f"/books/{ask('POST /books', {'title': 'a', 'author': 'x'}).json()['id']}"


def other_bodies(ask: Asker) -> Any:
    """What bodies bring that are no objects."""
    bodies: list[Any] = [{"title": "a"}, [], "text", 5]
    return [ask("POST /books", sent).status_code for sent in bodies]


def refusals(ask: Asker) -> Any:
    """The statuses of refusals."""
    return [ask("POST /books", {}).status_code, ask("GET /books/98765").status_code]


def media_types(ask: Asker) -> Any:
    """What a list and an item are sent as."""
    path = made(ask)
    return [ask(f"GET {one}").headers["content-type"] for one in ("/books", path)]


def item(ask: Asker) -> Any:
    """The title of a book."""
    return ask(f"GET {made(ask)}").json()["title"]


def headers(ask: Asker) -> Any:
    """Whether a header is there that must be."""
    return "x-count" in ask("GET /borrowers", None, **{"X-Reason": "stocktaking"}).headers


def wrong_query(ask: Asker) -> Any:
    """What a query and a body bring that are wrong."""
    return [ask("GET /books?limit=many").status_code, ask("POST /books", {}).status_code]


def options(ask: Asker) -> Any:
    """Whether a list may be asked for with options, and without."""
    return [ask("GET /books").status_code, ask("GET /books?limit=1").status_code]


def methods(ask: Asker) -> Any:
    """What a method brings that is not described, and what HEAD does."""
    return [ask(f"{method} /books").status_code for method in ("DELETE", "TRACE", "HEAD")]


def no_reason(ask: Asker) -> Any:
    """What a request brings without a header that it must have."""
    return ask("GET /borrowers").status_code


def deleted(ask: Asker) -> Any:
    """Whether a book can be read after its deletion, and whether one can be deleted that is not."""
    path = made(ask)
    lines = (f"DELETE {path}", f"GET {path}", "DELETE /books/98765")
    return [ask(line).status_code for line in lines]


def newest(ask: Asker) -> Any:
    """Whether two books can be read, the newest last."""
    paths = [made(ask), made(ask)]
    return [ask(f"GET {path}").status_code for path in paths]


CASES: list[tuple[str, Script, Any, Any]] = [
    (
        "not_a_server_error__on_anything_but_an_object",
        other_bodies,
        [201, *[400] * 3],
        [201, *[500] * 3],
    ),
    ("status_code_conformance__teapots_refuse", refusals, [400, 404], [418, 418]),
    (
        "content_type_conformance__lists_have_an_old_one",
        media_types,
        ["application/json", "application/json"],
        ["text/x-json", "application/json"],
    ),
    ("response_schema_conformance__one_becomes_many", item, "a", ["a"]),
    ("response_headers_conformance__none_are_sent", headers, True, False),
    ("negative_data_rejection__what_is_wrong_is_left_out", wrong_query, [422, 400], [200, 400]),
    ("positive_data_acceptance__lists_take_no_options", options, [200, 200], [200, 400]),
    ("unsupported_method__anything_goes", methods, [405, 405, 200], [200, 200, 200]),
    ("missing_required_header__it_is_made_up", no_reason, 400, 200),
    ("use_after_free__it_stays", deleted, [204, 404, 404], [204, 200, 404]),
    ("ensure_resource_availability__the_newest_is_missing", newest, [200, 200], [200, 404]),
]


@pytest.mark.parametrize(
    ("name", "script", "honest", "lied"),
    CASES,
    ids=[f"{one[0]}-{one[1].__name__}" for one in CASES],
)
def test_it_lies_as_it_says(name: str, script: Script, honest: Any, lied: Any) -> None:
    """The same requests get another answer from the liar than from the honest mock."""
    assert both(f"schemathesis_{name}", LIBRARY, script) == (honest, lied)
