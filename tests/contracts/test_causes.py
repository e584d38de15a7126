"""What an answer says went wrong, without what was sent."""

import json
from typing import Any

import pytest

from contracts.causes import told, within
from contracts.exchange import Request, Response

URL = "http://testserver"


def _said(status: int, answer: Any, url: str = "/books", sent: Any = None) -> str:
    body = b"" if sent is None else json.dumps(sent).encode()
    is_page = isinstance(answer, str)
    kind = "text/html" if is_page else "application/json"
    written = answer.encode() if is_page else json.dumps(answer).encode()
    asked = Request("POST", f"{URL}{url}", (), body)
    return told(asked, Response(status, (("Content-Type", kind),), written))


def test_what_was_sent_is_no_part_of_it() -> None:
    """Neither from the path, nor the query, nor the body; nor numbers, ids and times."""
    said = _said(400, {"error": "7 is not a valid UUID"}, "/books/7")
    assert said == "<sent> is not a valid UUID"
    assert _said(400, {"error": "ab%20c is not a valid UUID"}, "/books/ab%20c") == said
    assert _said(400, {"error": "x9 is not a valid UUID"}, "/books?id=x9") == said
    assert _said(400, {"error": "'Emma!' is not a valid UUID"}, sent={"id": "Emma!"}) == said
    assert _said(400, {"error": '"" is not a valid UUID'}, sent={"id": ""}) == said


def test_the_sentences_that_stand_highest_tell_it() -> None:
    """Words alone, and what is explained below them, do not."""
    answer = {"code": "invalid", "message": "The title must be given.", "more": [{"a": "b c d e"}]}
    assert _said(422, answer) == "The title must be given."
    short = {"message": "Invalid request.", "detail": [{"msg": "The time must end in Z."}]}
    assert _said(422, short) == "Invalid request. | The time must end in Z."
    nested = {"errors": [{"title": "Error parsing JSON", "detail": "It has no end at all."}]}
    assert _said(422, nested) == "Error parsing JSON | It has no end at all."


def test_of_a_failure_only_what_was_thrown_tells_it() -> None:
    """On pages as in JSON; with too few words it may be anything."""
    thrown = "java.lang.IllegalArgumentException: json can not be null"
    page = f"<title>Error 500 {thrown}</title><h2>HTTP ERROR</h2>"
    assert _said(500, page) == _said(500, {"cause0": thrown, "message": thrown}) == thrown
    null = [_said(500, f"java.lang.Error: '{one}' is null again", sent={one: 1}) for one in "ab"]
    assert null == ["java.lang.Error: <sent> is null again"] * 2
    assert _said(500, {"message": "A programmatic error occurred, we have been told."}) == ""
    assert _said(500, {"message": "KeyError: 'name'"}) == ""


@pytest.mark.parametrize(
    ("place", "inner"),
    [("/title", "/title"), ("/items/*/title", "/title"), ("/tags/*", "/tags/*"), ("", "")],
)
def test_a_place_in_a_list_is_that_in_an_item(place: str, inner: str) -> None:
    """What comes before the item does not matter."""
    assert within(place) == inner


def test_no_answer_tells_nothing() -> None:
    """As when the connection is closed."""
    assert told(Request("GET", URL), None) == ""
