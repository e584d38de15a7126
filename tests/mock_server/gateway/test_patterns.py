"""Patterns can neither hang the server nor bring an operation down."""

import faulthandler
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mock_server.gateway.own import ECHO, own_api, places

PATTERNS = [
    "^(a+)+$",
    "^(a|aa)+$",
    "^(?=a)(a+)+$",
    "^(a+)+\\1$",
    "(x+x+)+y",
    "^(?!b)(a|a)*$",
    "^((a{0,20}){0,20}){0,20}$",
]
LIMIT = 60
"""Seconds after which the process is ended: a pattern hangs it."""


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    """Ends the process where a test hangs."""
    faulthandler.dump_traceback_later(LIMIT, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


def described(pattern: str) -> str:
    """An operation that takes and gives texts of a pattern."""
    quoted = pattern.replace("'", "''")
    return f"""
    paths:
      /made: {{get: {{responses: {{"200": {{content: {{application/json: {{schema: &a
        {{type: string, pattern: '{quoted}'}}}}}}}}}}}}}}
      /sent: {{post: {{operationId: echo,
        requestBody: {{content: {{application/json: {{schema: *a}}}}}},
        responses: {{"200": {{content: {{application/json: {{}}}}}}, "422": {{}}}}}}}}
    """


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_hostile_text_is_refused(tmp_path: Path, pattern: str) -> None:
    """A long text that almost fits is refused, whatever the pattern would cost elsewhere."""
    client = own_api(tmp_path, described(pattern), ECHO)
    for length in (30, 3_000, 300_000):
        answer = client.post("/sent", json="a" * length + "!")
        assert places(answer) == [("body", "")]
    made = client.get("/made")
    assert made.status_code == 200
    assert client.post("/sent", json=made.json()).status_code == 200


@pytest.mark.parametrize(
    "pattern", ["^[a-z", "[\\w-.]", "\\Z", "x{99999999999}", "(" * 300 + "a" + ")" * 300, "a**"]
)
def test_a_pattern_that_cannot_be_compiled_is_left_out(
    tmp_path: Path, pattern: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Such a pattern is left out with a warning that names its place, and any text fits."""
    client = own_api(tmp_path, described(pattern), ECHO)
    caplog.clear()
    assert client.post("/sent", json="anything").json() == {"body": "anything"}
    assert isinstance(client.get("/made").json(), str)
    warnings = [record.getMessage() for record in caplog.records]
    assert any("/schema/pattern: " in warning and "left out" in warning for warning in warnings)


def test_a_pattern_may_ask_for_thousands_of_characters(tmp_path: Path) -> None:
    """A text that has to be long is made, and accepted."""
    client = own_api(tmp_path, described("^[a-z]{5000}$"), ECHO)
    made = client.get("/made").json()
    assert len(made) == 5_000
    assert client.post("/sent", json=made).status_code == 200


@pytest.mark.parametrize("pattern", ["^[a-z]{15000}$", "^(a|b)*a(a|b){15}$"])
def test_a_text_that_is_too_hard_to_make_ends_in_an_answer(tmp_path: Path, pattern: str) -> None:
    """Where no text is found, the answer says so."""
    answer = own_api(tmp_path, described(pattern), ECHO).get("/made")
    assert answer.status_code == 500
    assert "No value was found that fits the schema" in answer.json()["detail"]
