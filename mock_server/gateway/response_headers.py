"""Headers of an answer that the description knows and nobody has set."""

import json
import logging
from collections.abc import Callable, Collection, Iterator
from email.utils import format_datetime
from enum import IntEnum
from functools import cached_property
from typing import Any
from urllib.parse import quote

from mock_server.api import Serving
from mock_server.gateway.call import Call
from mock_server.gateway.described import randomness
from mock_server.gateway.expressions import url_of
from openapi.description import Header, Operation, Response
from openapi.schemas import resolved
from openapi.synthesis import Synthesiser, Unsatisfiable

_log = logging.getLogger("understudy")

_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))


class MadeUp(IntEnum):
    """Which headers without a described value are made up."""

    NONE = 0
    REQUIRED = 1
    ALL = 2


class ResponseHeaders:
    """The documented headers of one response of an operation."""

    def __init__(self, operation: Operation, response: Response, serving: Serving) -> None:
        self._headers = tuple(
            _Documented(operation, header, serving) for header in response.headers
        )
        self.required = frozenset(one.name for one in self._headers if one.required)
        """Names of required headers, in lower case."""

    def __bool__(self) -> bool:
        return bool(self._headers)

    def missing(
        self, call: Call, present: Collection[str], *, made_up: MadeUp
    ) -> Iterator[tuple[str, str]]:
        """The headers that are not there yet: those with a described value, the others made up."""
        for header in self._headers:
            if header.name not in present:
                text = header.fixed
                if text is None and (made_up is MadeUp.ALL or (made_up and header.required)):
                    text = header.made_up(call)
                if text is not None:
                    yield header.name, text


class _Documented:
    """One documented header, ready for use; its name is in lower case."""

    def __init__(self, operation: Operation, header: Header, serving: Serving) -> None:
        self.name = header.name.lower()
        self.required = header.required
        self._header = header
        self._operation = operation
        self._serving = serving

    @cached_property
    def fixed(self) -> str | None:
        """The value that the description gives it."""
        schema = resolved(self._header.schema, self._header.schema)
        values = list(self._header.examples)
        if isinstance(schema, dict):
            values += [schema[key] for key in ("const", "default", "example") if key in schema]
            values += schema.get("examples", [])
        return self._text(values[0]) if values else None

    def made_up(self, call: Call) -> str | None:
        """A value of its schema; None where there is none, or where another layer decides."""
        if self.name.startswith("access-control-"):
            return None  # A made-up origin would lock pages out that may come in.
        if (known := _KNOWN.get(self.name)) is not None and self._is_plain_text:
            return known(call, self._operation)
        place = f"{self._operation.name}/{self.name}"
        random = randomness(call, self._serving, call.preferences, place)
        try:
            value = self._synthesiser.value(random, self._header.name)
        except Unsatisfiable as error:
            _log.warning("%s has no header %s: %s", self._operation.name, self.name, error)
            return None
        text = self._text(value)
        return text if self.name != "set-cookie" or "=" in text else f"session={text}"

    @cached_property
    def _is_plain_text(self) -> bool:
        schema = resolved(self._header.schema, self._header.schema)
        return isinstance(schema, dict) and not schema.keys() & {"enum", "pattern", "maxLength"}

    @cached_property
    def _synthesiser(self) -> Synthesiser:
        return Synthesiser(self._header.schema)

    def _text(self, value: Any) -> str:
        if self._header.media_type is not None:
            return json.dumps(value)
        # RFC 9110 section 5.5: a field holds no control characters, and no other alphabets.
        return quote(_simple(value, explode=self._header.explode), safe=_PRINTABLE).strip()


def _simple(value: Any, *, explode: bool) -> str:
    """The value in style `simple` (OpenAPI 3.1 section 4.8.12.4)."""
    if isinstance(value, dict):
        between = "=" if explode else ","
        return ",".join(
            f"{name}{between}{_simple(item, explode=False)}" for name, item in value.items()
        )
    if isinstance(value, list):
        return ",".join(_simple(item, explode=False) for item in value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(value)


def _moment(call: Call, _: Operation) -> str:
    return format_datetime(call.world.now, usegmt=True)


_KNOWN: dict[str, Callable[[Call, Operation], str]] = {
    "location": url_of,
    "content-location": url_of,
    "last-modified": _moment,
    "date": _moment,
    "expires": _moment,
    "etag": lambda _, operation: f'"{quote(operation.name)}"',
}
"""Headers whose texts have a form of their own, whatever their schema leaves out."""
