"""Objects where a text is described."""

from typing import Any

import pytest

from tests.mock_server.resources.described import TEXT, object_of, served

PET = object_of(name=TEXT)


def _asked(content: dict[str, Any], accept: str) -> tuple[int, str]:
    shown = {"description": "It", "content": content}
    client = served({"/pet": {"get": {"responses": {"200": shown}}}})
    answer = client.get("/pet", headers={"Accept": accept})
    return answer.status_code, answer.headers["content-type"].partition(";")[0]


@pytest.mark.parametrize(
    ("offered", "accept", "status", "media_type"),
    [
        (["text/plain", "application/json"], "*/*", 200, "application/json"),
        (["text/plain", "application/json"], "text/plain", 200, "text/plain"),
        (["text/csv"], "*/*", 200, "text/csv"),
        (["text/plain"], "*/*", 500, "application/problem+json"),
    ],
)
def test_an_object_is_no_text(
    offered: list[str], accept: str, status: int, media_type: str
) -> None:
    """It is written as one only where another media type shows how it is meant."""
    content = {name: {"schema": PET} for name in offered}
    assert _asked(content, accept) == (status, media_type)
