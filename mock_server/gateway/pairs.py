"""Pairs of names and values: the query, and forms that are written like one."""

from collections.abc import Callable, Iterable
from typing import Any

from mock_server.gateway.parameters import Decoder, decoded_query, decoder, deep_object, types_of
from mock_server.gateway.unreadable import Unreadable
from mock_server.refusals import Fault
from openapi.description import Parameter
from openapi.schemas import escaped, resolved

Pairs = list[tuple[str, str]]
"""Names decoded, values as they were sent: delimiters must be seen before decoding."""


class PairsReader:
    """Makes values of the pairs that belong to some parameters of the query."""

    def __init__(self, parameters: Iterable[Parameter], place: str, noun: str) -> None:
        self._place = place
        self._noun = noun
        self._named = {}
        self._deep = []
        self._exploded = []
        for parameter in parameters:
            if parameter.style == "deepObject":
                self._deep.append((f"{parameter.name}[", parameter.name, deep_object(parameter)))
            elif _is_exploded_object(parameter):
                schema = resolved(parameter.schema, parameter.schema)
                inner = frozenset(schema.get("properties", {}))
                self._exploded.append((inner, parameter.name, deep_object(parameter)))
            else:
                decode = decoder(parameter)
                self._named[parameter.name] = (
                    _or_empty(decode) if parameter.may_be_empty else decode
                )

    def pairs(self, text: str) -> Pairs:
        """The pairs of a query. Raises Unreadable for a name that is not UTF-8."""
        found = []
        for piece in text.split("&"):
            if not piece:
                continue
            name, _, value = piece.partition("=")
            try:
                found.append((decoded_query(name), value))
            except UnicodeDecodeError as error:
                message = f"The name of the {self._noun} `{name}` is not UTF-8."
                raise Unreadable(Fault(self._place, "", "style", message, name)) from error
        return found

    def read(self, pairs: Pairs) -> tuple[dict[str, Any], Pairs]:
        """The values by name, and the pairs that belong to none. Raises Unreadable."""
        values: dict[str, Any] = {}
        sent: dict[str, list[str]] = {}
        others: Pairs = []
        for name, value in pairs:
            if name in self._named:
                sent.setdefault(name, []).append(value)
            else:
                others.append((name, value))
        for name, raw in sent.items():
            values[name] = self._decoded(name, self._named[name], raw)
        for start, name, decode in self._deep:
            inner = [
                (key[len(start) : -1], value)
                for key, value in others
                if key.startswith(start) and key.endswith("]")
            ]
            if inner:
                values[name] = self._decoded(name, decode, inner)
                others = [pair for pair in others if not pair[0].startswith(start)]
        for properties, name, decode in self._exploded:
            if inner := [pair for pair in others if pair[0] in properties]:
                values[name] = self._decoded(name, decode, inner)
        taken = frozenset[str]().union(*(properties for properties, _, _ in self._exploded))
        return values, [pair for pair in others if pair[0] not in taken]

    def _decoded(self, name: str, decode: Callable[[Any], Any], raw: Any) -> Any:
        try:
            return decode(raw)
        except ValueError as error:
            raise unreadable(self._place, self._noun, name, error, raw) from error


def _or_empty(decode: Decoder) -> Decoder:
    return lambda raw: "" if raw == [""] else decode(raw)


def unreadable(place: str, noun: str, name: str, error: ValueError, raw: Any) -> Unreadable:
    """What is raised for a parameter or field whose text cannot be read."""
    reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
    message = f"The {noun} `{name}` cannot be read: {reason}."
    return Unreadable(Fault(place, f"/{escaped(name)}", "style", message, raw))


def _is_exploded_object(parameter: Parameter) -> bool:
    return (
        parameter.style == "form"
        and parameter.explode
        and parameter.media_type is None
        and "object" in types_of(parameter.schema)
        and "array" not in types_of(parameter.schema)
    )
