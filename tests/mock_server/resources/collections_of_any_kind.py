"""Small descriptions of one collection, in many of the ways in which people write them."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Json = Any
Object = dict[str, Json]

WORDS = st.text(st.sampled_from("abcxyzÄé %/?#~'\""), min_size=1, max_size=8)
_PLAIN_WORDS = st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=5)

PROPERTIES: dict[str, tuple[Object, st.SearchStrategy[Json]]] = {
    "title": ({"type": "string"}, WORDS),
    "size": ({"type": "integer", "minimum": 0}, st.integers(0, 10**6)),
    "weight": ({"type": "number"}, st.sampled_from([0, 1.5, -2.25, 10**9])),
    "colour": ({"type": "string", "default": "red"}, st.sampled_from(["red", "green"])),
    "open": ({"type": "boolean"}, st.booleans()),
    "kind": ({"enum": ["small", "large"]}, st.sampled_from(["small", "large"])),
    "tags": ({"type": "array", "items": {"type": "string"}}, st.lists(_PLAIN_WORDS, max_size=3)),
    "note": ({"type": ["string", "null"]}, st.none() | _PLAIN_WORDS),
    "place": (
        {
            "type": "object",
            "properties": {"street": {"type": "string"}, "floor": {"type": "integer"}},
        },
        st.fixed_dictionaries({}, optional={"street": WORDS, "floor": st.integers(0, 9)}),
    ),
    "secret": ({"type": "string", "writeOnly": True}, _PLAIN_WORDS),
}
"""Properties that a client sends, and values of them."""
SERIAL = {"type": "string", "readOnly": True, "pattern": "^[A-Z]{3}$"}

KEYS: dict[str, tuple[Object, st.SearchStrategy[Json]]] = {
    "number": ({"type": "integer"}, st.integers(1, 6)),
    "loose number": ({"type": "number"}, st.integers(1, 6)),
    "uuid": ({"type": "string", "format": "uuid"}, st.uuids(version=4).map(str)),
    "text": ({"type": "string", "minLength": 1}, _PLAIN_WORDS),
    "code": ({"type": "string", "pattern": "^[A-Z]{4}$"}, st.text("ABCD", min_size=4, max_size=4)),
}
ENVELOPES = {
    "bare": (),
    "data": ("data",),
    "own name": ("things",),
    "deep": ("data", "items"),
}
PAGINGS = {
    "none": {},
    "offset": {"size": "limit", "at": "offset"},
    "page": {"size": "per_page", "at": "page"},
    "cursor": {"size": "pageSize", "at": "cursor"},
}


@dataclass(frozen=True)
class Design:
    """How a description of things is written."""

    key: str
    key_name: str
    placeholder: str
    key_is_sent: bool
    names: tuple[str, ...]
    required: tuple[str, ...]
    additional: bool | None
    envelope: str
    paging: str
    nested: bool
    serial: bool

    @property
    def collection(self) -> str:
        """The path of the collection."""
        return "/owners/{ownerId}/things" if self.nested else "/things"

    @property
    def place(self) -> tuple[str, ...]:
        """Where the list stands in its answer."""
        return ENVELOPES[self.envelope]

    @property
    def item(self) -> Object:
        """The schema of a thing."""
        key = KEYS[self.key][0] | ({} if self.key_is_sent else {"readOnly": True})
        described = {self.key_name: key} | {name: PROPERTIES[name][0] for name in self.names}
        if self.serial:
            described["serial"] = SERIAL
        serial = ["serial"] if self.serial else []
        schema: Object = {
            "type": "object",
            "required": [self.key_name, *serial, *self.required],
            "properties": described,
        }
        if self.additional is not None:
            schema["additionalProperties"] = self.additional
        return schema

    @property
    def sent(self) -> Object:
        """The schema of what creates a thing: its key may be left out."""
        return {**self.item, "required": list(self.required)}

    @property
    def listed(self) -> Object:
        """The schema of a list of things."""
        schema: Object = {"type": "array", "items": self.item}
        for depth, name in enumerate(reversed(self.place)):
            properties = {name: schema}
            if depth == len(self.place) - 1:
                properties |= {"total": {"type": "integer"}, "next_cursor": {"type": "string"}}
            required = [name] if depth < len(self.place) - 1 else [name, "total"]
            schema = {"type": "object", "required": required, "properties": properties}
        return schema

    def document(self) -> Object:
        """The description."""
        answer = {"description": "It.", "content": {"application/json": {"schema": self.item}}}
        listed = {"description": "All.", "content": {"application/json": {"schema": self.listed}}}
        nothing = {"description": "Nothing."}
        whole = {"required": True, "content": {"application/json": {"schema": self.sent}}}
        part = {"content": {"application/json": {"schema": {**self.sent, "required": []}}}}
        # Without these a client could not tell where a bare list ends.
        queried = [
            {"name": name, "in": "query", "schema": {"type": "string" if text else "integer"}}
            for role, name in PAGINGS[self.paging].items()
            for text in [role == "at" and self.paging == "cursor"]
        ]
        owner = {"name": "ownerId", "in": "path", "required": True, "schema": {"type": "integer"}}
        above = [owner] if self.nested else []
        key = {
            "name": self.placeholder,
            "in": "path",
            "required": True,
            "schema": KEYS[self.key][0],
        }
        paths: Object = {
            self.collection: {
                "parameters": above,
                "get": {"parameters": queried, "responses": {"200": listed}},
                "post": {"requestBody": whole, "responses": {"201": answer, "409": nothing}},
            },
            f"{self.collection}/{{{self.placeholder}}}": {
                "parameters": [*above, key],
                "get": {"responses": {"200": answer, "404": nothing}},
                "put": {"requestBody": whole, "responses": {"200": answer, "404": nothing}},
                "patch": {"requestBody": part, "responses": {"200": answer, "404": nothing}},
                "delete": {"responses": {"204": nothing, "404": nothing}},
            },
        }
        if self.nested:
            named = {"type": "object", "properties": {"id": {"type": "integer"}}}
            of_owner = {"description": "It.", "content": {"application/json": {"schema": named}}}
            paths["/owners"] = {"post": {"responses": {"201": of_owner}}}
            paths["/owners/{ownerId}"] = {
                "parameters": above,
                "get": {"responses": {"200": of_owner}},
                "delete": {"responses": {"204": nothing}},
            }
        return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}

    def bodies(self, *, partial: bool = False) -> st.SearchStrategy[Object]:
        """What may be sent to create or replace a thing, or to change a part of it."""
        values = {name: PROPERTIES[name][1] for name in self.names}
        needed = {} if partial else {name: values[name] for name in self.required}
        free = {name: value for name, value in values.items() if name not in needed}
        if self.additional is not False:
            free["undescribed"] = st.integers()
        return st.fixed_dictionaries(needed, optional=free)

    def keys(self) -> st.SearchStrategy[Json]:
        """Keys that a client may choose."""
        return KEYS[self.key][1]

    def shown(self, body: Object) -> Object:
        """What is shown of what was sent."""
        hidden = {"secret"} if self.additional else {"secret", "undescribed"}
        return {name: value for name, value in body.items() if name not in hidden}

    def defaults(self) -> Object:
        """What the server fills in where nothing is sent."""
        described = {name: PROPERTIES[name][0] for name in self.names}
        return {name: part["default"] for name, part in described.items() if "default" in part}


@st.composite
def designs(draw: st.DrawFn) -> Design:
    """Descriptions of all kinds."""
    names = draw(st.lists(st.sampled_from(sorted(PROPERTIES)), min_size=1, max_size=4, unique=True))
    paging = draw(st.sampled_from(sorted(PAGINGS)))
    # A cursor has to be told somewhere.
    envelopes = sorted(set(ENVELOPES) - ({"bare"} if paging == "cursor" else set()))
    return Design(
        key=draw(st.sampled_from(sorted(KEYS))),
        key_name=draw(st.sampled_from(["id", "thingId", "thing_id", "uuid"])),
        placeholder=draw(st.sampled_from(["id", "thingId", "thing-id"])),
        key_is_sent=draw(st.booleans()),
        names=tuple(names),
        required=tuple(draw(st.sets(st.sampled_from(names)))),
        additional=draw(st.sampled_from([None, True, False])),
        envelope=draw(st.sampled_from(envelopes)),
        paging=paging,
        nested=draw(st.booleans()),
        serial=draw(st.booleans()),
    )
