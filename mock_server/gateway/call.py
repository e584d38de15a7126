"""One request on its way through the stages, with what each has learnt about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mock_server.gateway.preferences import NONE, Preferences
from mock_server.refusals import Fault, Refusal
from mock_server.sandbox.sandbox import World

NOTHING: Final[Any] = object()
"""Stands for a body that was not sent; `null` is a body."""

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Call:
    """What the stages of one operation hand on to each other."""

    method: str
    query: bytes
    headers: Mapping[str, str]
    """Field names in lower case; repeated fields are joined."""
    raw_body: bytes
    place_values: Sequence[str]
    """What stands in the URL for the placeholders of the path, still percent-encoded."""

    world: World = field(init=False)
    sandbox: Any = field(init=False)
    """What a behaviour gets first: the sandbox as the routed API sees it, where one was reached."""
    path_values: Mapping[str, str] = field(init=False)
    """The same by the names of the operation that was found."""
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Decoded parameters by (place, name); only those that were sent."""
    body: Any = NOTHING
    media_type: str | None = None
    """The documented media type (or range) that the body was read as."""
    arguments: dict[str, Any] = field(default_factory=dict)
    preferences: Preferences = NONE
    result: Any = None
    refusal: Refusal | None = None
    warnings: list[Fault] = field(default_factory=list)
    """What is allowed, and still better left."""
    status: int = 0
    response_headers: Headers = field(default_factory=list)
    response_body: bytes = b""


Stage = Callable[[Call], None]
"""A stage looks at the call and adds to it; it turns the call down by raising a Refusal."""


def headers_of(raw: Headers) -> dict[str, str]:
    """Header fields by name in lower case; repeated ones are joined (RFC 9110 section 5.3)."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in raw}
    if len(headers) == len(raw):
        return headers
    joined: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        between = "; " if name == "cookie" else ", "
        joined[name] = f"{joined[name]}{between}{value}" if name in joined else value
    return joined
