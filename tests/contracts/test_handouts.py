"""The URLs that an API hands out are those that the server made."""

from typing import Any

from contracts.handouts import handouts
from tests.contracts.histories import api_of


def _names(*shown: str) -> list[str]:
    """The properties with the URLs that are handed out, of links with these properties."""
    link = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("token", "url", *shown)},
        "x-expiry": {"after": 900, "opened-by": ["open"]},
    }
    answer = {"200": {"description": "It", "content": {"application/json": {"schema": link}}}}
    sent = {"type": "object", "properties": {"url": {"type": "string", "format": "uri"}}}
    token = {"name": "token", "in": "path", "required": True, "schema": {"type": "string"}}

    def operation(**more: Any) -> dict[str, Any]:
        return {"responses": answer, **more}

    api = api_of(
        {
            "openapi": "3.1.0",
            "info": {"title": "Links", "version": "1"},
            "paths": {
                "/links": {
                    "post": operation(
                        requestBody={"content": {"application/json": {"schema": sent}}}
                    )
                },
                "/links/{token}": {"get": operation(parameters=[token])},
                "/links/{token}/revoke": {"post": operation(parameters=[token])},
                "/{token}": {"get": operation(operationId="open", parameters=[token])},
            },
        }
    )
    return [one.name for one in handouts(api)]


def test_where_a_client_wants_to_be_led_is_no_link() -> None:
    """Neither in the answer of the operation that it was sent to, nor in another's.

    Where no URL is handed out, what the path that opens takes is the link.
    """
    assert _names("link") == ["link", "link"]
    assert _names() == ["token"]
