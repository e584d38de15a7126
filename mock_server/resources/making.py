"""Making: what the server adds to an item: its key, timestamps, what only the server may set."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mock_server.resources.fitting import Fit
from mock_server.resources.keys import typed
from mock_server.sandbox.clock import timestamp
from openapi import shapes
from openapi.schemas import Schema

_CREATED = re.compile(
    r"(date|time)?(created|creation|inserted|registered)(at|on|date|time|timestamp)?"
)
_UPDATED = re.compile(
    r"(date|time)?(last)?(updated?|modified|modification|changed)(at|on|date|time|timestamp)?"
)
_STATUSES = {"status", "state"}


class Maker:
    """Completes the items of one resource."""

    def __init__(self, schema: Schema, key: str | None) -> None:
        self.fit = Fit(schema)
        self._described = shapes.properties(schema)
        self._required = shapes.required(schema)
        self._key = key
        self.key_schema: Schema = self._described.get(key, True) if key is not None else True
        self.read_only = shapes.read_only(schema)
        """The properties that only the server may set."""
        self._created = self._times(_CREATED)
        self._updated = self._times(_UPDATED)
        self.created_names = frozenset(self._created)
        """The properties that hold when an item was created."""
        self.time_names = self.created_names | self._updated.keys()
        """The properties that hold when an item was created or changed."""
        self._key_fit = Fit(self.key_schema)
        self._key_types = shapes.types(self.key_schema)
        kinds = self._key_types - {"null"}
        self.numbered = bool(kinds) and kinds <= {"integer", "number"}
        """Whether keys are numbers."""
        plain = self.numbered or shapes.keyword(self.key_schema, "format") in {None, "uuid"}
        self._plain_key = plain and shapes.keyword(self.key_schema, "pattern") is None
        self._made_by_server = self._owned()
        self._defaults = {
            name: default
            for name, part in self._described.items()
            for default in [shapes.keyword(part, "default"), _beginning(name, part)]
            if default is not None
        }

    def typed_key(self, text: str) -> Any:
        """The key that a text in a path means."""
        return typed(text, self._key_types)

    def new_key(self, uuid: str, number: int, seed: str) -> Any:
        """A key that fits its schema: a number, a UUID, or what its pattern asks for."""
        candidates: list[Any] = [number] if self.numbered else [uuid, uuid.replace("-", "")]
        if not self._plain_key:
            candidates.insert(0, self._key_fit.made_up(seed))
        fitting = [one for one in candidates if one is not None and self._key_fit.valid(one)]
        if fitting:
            return fitting[0]
        return self._key_fit.made_up(seed) or uuid

    def timestamps(self, now: datetime, *, created: bool) -> dict[str, Any]:
        """What the clock says of an item that is created or changed at that moment."""
        times = {**self._created, **self._updated} if created else self._updated
        return {name: _written(now, form) for name, form in times.items()}

    def completed(self, item: Mapping[str, Any], seed: str) -> dict[str, Any]:
        """The item with all that its schema requires, or that only the server may set."""
        wanted = (self._required | self._made_by_server) - item.keys()
        if not wanted:
            return dict(item)
        donor = self.fit.made_up(seed)
        if not isinstance(donor, dict):
            return dict(item)
        defaults = {name: value for name, value in self._defaults.items() if name in wanted}
        made_up = {name: value for name, value in donor.items() if name in wanted}
        completed = made_up | defaults | dict(item)
        if not self.fit.valid(self.fit.projected(completed)):
            # What goes with a choice, such as the kind of a thing, may not go with what was sent.
            fitted = self.fit.fitted(item, seed)
            return dict(fitted or {}) | dict(item)
        return completed

    def _owned(self) -> frozenset[str]:
        """What is readOnly, but no moment at which something else will happen."""
        return frozenset(
            name
            for name in self.read_only
            if shapes.keyword(self._described[name], "format") not in {"date-time", "date"}
            and "null" not in shapes.types(self._described[name])
        )

    def _times(self, names: re.Pattern[str]) -> dict[str, str | None]:
        """The properties called like that which tell a time, with their `format`."""
        return {
            name: shapes.keyword(part, "format")
            for name, part in self._described.items()
            if names.fullmatch(shapes.spelling(name)) and _tells_time(part)
        }


def _beginning(name: str, schema: Schema) -> Any:
    """What every new item has: its first status, and no for an answer; None where that varies."""
    if shapes.types(schema) == {"boolean"}:
        return False
    if shapes.spelling(name) not in _STATUSES:
        return None
    choices = shapes.keyword(schema, "enum")
    return choices[0] if isinstance(choices, list) and choices else None


def _tells_time(schema: Schema) -> bool:
    if shapes.keyword(schema, "format") in {"date-time", "date"}:
        return True
    return bool(shapes.types(schema) & {"integer", "number"})


def _written(now: datetime, form: str | None) -> Any:
    if form == "date":
        return now.date().isoformat()
    if form == "date-time":
        return timestamp(now)
    return int(now.timestamp())
