"""The shape of an OpenAPI document above its schemas, and how a careless one is brought into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from openapi.loading import Document, UnusableDescription
from openapi.pointers import at, escaped
from openapi.references import located

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


@dataclass(frozen=True, slots=True)
class Note:
    """Something careless: where it stands, and what was made of it."""

    source: Path | str
    pointer: str
    assumed: str

    def __str__(self) -> str:
        return f"{self.source}: {self.pointer or '/'}: {self.assumed}"


@dataclass(frozen=True, eq=False)
class _Text:
    """A text; a number or a boolean is read as the text that it looks like."""


@dataclass(frozen=True, eq=False)
class _Flag:
    """True or false."""


@dataclass(frozen=True, eq=False)
class _Schema:
    """A schema: an object or a boolean, whose inside is of no concern here."""


@dataclass(frozen=True, eq=False)
class _Spare:
    """Something that is left out where it is not as it should be."""

    kind: type


@dataclass(frozen=True, eq=False)
class _List:
    """An array."""

    of: "_Shape"


@dataclass(frozen=True, eq=False)
class _Object:
    """An object, or a reference to one."""

    fields: "Mapping[str, _Shape]" = field(default_factory=dict)
    each: "_Shape | None" = None
    """The shape of what stands under any other name."""
    extended: bool = False
    """Whether names that begin with `x-` are extensions, and no names (OpenAPI 3.1, 4.9)."""
    spare: bool = False
    """Whether it is left out where it is no object, rather than that all is refused."""


_Shape = _Text | _Flag | _Schema | _Spare | _List | _Object

_TEXT, _FLAG, _SCHEMA = _Text(), _Flag(), _Schema()
_ANY_OBJECT, _ANY_LIST = _Spare(dict), _Spare(list)


def _map(shape: _Shape, *, extended: bool = False) -> _Object:
    return _Object(each=shape, extended=extended)


_EXAMPLE = _Object({"summary": _TEXT}, spare=True)
_HEADER_FIELDS: dict[str, _Shape] = {
    "required": _FLAG,
    "deprecated": _FLAG,
    "explode": _FLAG,
    "style": _TEXT,
    "schema": _SCHEMA,
    "examples": _map(_EXAMPLE),
}
_MEDIA_TYPE = _Object(
    {"schema": _SCHEMA, "examples": _map(_EXAMPLE), "encoding": _map(_Object())}, spare=True
)
_CONTENT = _map(_MEDIA_TYPE)
_HEADER = _Object({**_HEADER_FIELDS, "content": _CONTENT}, spare=True)
_PARAMETER = _Object(
    {**_HEADER_FIELDS, "content": _CONTENT, "name": _TEXT, "in": _TEXT, "allowEmptyValue": _FLAG}
)
_RESPONSE = _Object({"headers": _map(_HEADER), "content": _CONTENT, "links": _ANY_OBJECT})
_REQUIREMENTS = _List(_map(_List(_TEXT)))
_OPERATION = _Object(
    {
        "operationId": _TEXT,
        "parameters": _List(_PARAMETER),
        "requestBody": _Object({"required": _FLAG, "content": _CONTENT}),
        "responses": _map(_RESPONSE, extended=True),
        "security": _REQUIREMENTS,
        "servers": _ANY_LIST,
        "tags": _ANY_LIST,
        "x-refuses": _ANY_LIST,
        "callbacks": _ANY_OBJECT,
    }
)
_PATH_ITEM = _Object(
    {
        **dict.fromkeys(METHODS, _OPERATION),
        "parameters": _List(_PARAMETER),
        "additionalOperations": _map(_OPERATION),
        "servers": _ANY_LIST,
    }
)
_SCHEME = _Object(dict.fromkeys(("type", "in", "name", "scheme"), _TEXT))
_SERVER = _Object({"url": _TEXT, "variables": _map(_Object({"default": _TEXT}))})
DOCUMENT: Final = _Object(
    {
        "info": _Object({"title": _TEXT}),
        "servers": _List(_SERVER),
        "paths": _map(_PATH_ITEM, extended=True),
        "components": _Object({"securitySchemes": _map(_SCHEME)}),
        "security": _REQUIREMENTS,
        "webhooks": _ANY_OBJECT,
        "tags": _ANY_LIST,
    }
)

_OLD_HEADER = _Object({"collectionFormat": _TEXT})
_OLD_RESPONSE = _Object({"headers": _map(_OLD_HEADER), "schema": _SCHEMA, "examples": _ANY_OBJECT})
_OLD_PARAMETER = _Object(
    {
        **dict.fromkeys(("name", "in", "type", "collectionFormat"), _TEXT),
        **dict.fromkeys(("required", "allowEmptyValue"), _FLAG),
        "schema": _SCHEMA,
        "x-examples": _ANY_OBJECT,
    }
)
_OLD_OPERATION = _Object(
    {
        "operationId": _TEXT,
        "parameters": _List(_OLD_PARAMETER),
        "responses": _map(_OLD_RESPONSE, extended=True),
        "consumes": _List(_TEXT),
        "produces": _List(_TEXT),
        "security": _REQUIREMENTS,
        "tags": _ANY_LIST,
        "x-refuses": _ANY_LIST,
    }
)
OLD_DOCUMENT: Final = _Object(
    {
        "info": _Object({"title": _TEXT}),
        **dict.fromkeys(("host", "basePath"), _TEXT),
        **dict.fromkeys(("schemes", "consumes", "produces"), _List(_TEXT)),
        "paths": _map(
            _Object(
                {
                    **dict.fromkeys(METHODS, _OLD_OPERATION),
                    "parameters": _List(_OLD_PARAMETER),
                }
            ),
            extended=True,
        ),
        "securityDefinitions": _map(_SCHEME),
        "security": _REQUIREMENTS,
        "tags": _ANY_LIST,
    }
)


class _Dropped:
    """Stands for what is left out."""


_DROPPED: Final = _Dropped()


class Shaper:
    """Mends the shapes of a document where it stands, and notes what it assumed."""

    def __init__(self, source: Path | str, document: Document) -> None:
        self._source = source
        self._document = document
        self.notes: list[Note] = []
        self._seen: set[tuple[int, int]] = set()

    def note(self, pointer: str, assumed: str) -> None:
        """Note what was assumed at a pointer."""
        self.notes.append(Note(*located(self._source, pointer), assumed))

    def refusal(self, pointer: str, problem: str) -> UnusableDescription:
        """Why the document cannot be understood, to be raised."""
        return UnusableDescription(*located(self._source, pointer), problem)

    def shape(self, node: Any, shape: _Shape, pointer: str) -> Any:
        """The node in that shape; _DROPPED where it is to be left out."""
        match shape:
            case _Text():
                return self._text(node, pointer)
            case _Flag():
                return self._flag(node, pointer)
            case _Schema():
                return self._kept(node, (dict, bool), pointer)
            case _Spare(kind):
                return self._kept(node, (kind,), pointer)
            case _List(of):
                return self._list(node, of, pointer)
            case _Object():
                return self._object(node, shape, pointer)

    def _text(self, node: Any, pointer: str) -> Any:
        if isinstance(node, str):
            return node
        if isinstance(node, dict | list):
            raise self.refusal(pointer, "A text is needed here.")
        if node is None:
            return self._null(pointer)
        text = str(node).lower() if isinstance(node, bool) else str(node)
        self.note(pointer, f"it is no text; it is read as {text!r}.")
        return text

    def _flag(self, node: Any, pointer: str) -> Any:
        if isinstance(node, bool):
            return node
        if isinstance(node, str) and node.lower() in {"true", "false"}:
            self.note(pointer, f"it is a text; it is read as {node.lower()}.")
            return node.lower() == "true"
        return self._kept(node, (bool,), pointer)

    def _kept(self, node: Any, kinds: tuple[type, ...], pointer: str) -> Any:
        if isinstance(node, kinds):
            return node
        if node is None:
            return self._null(pointer)
        names = {dict: "an object", list: "a list", bool: "true or false"}
        wanted = " or ".join(names[kind] for kind in kinds)
        self.note(pointer, f"it is not {wanted}; it is left out.")
        return _DROPPED

    def _null(self, pointer: str) -> _Dropped:
        self.note(pointer, "there is nothing; it is read as if it were not there.")
        return _DROPPED

    def _list(self, node: Any, of: _Shape, pointer: str) -> Any:
        if node is None:
            return self._null(pointer)
        if not isinstance(node, list):
            raise self.refusal(pointer, "A list is needed here.")
        found = [self.shape(item, of, f"{pointer}/{index}") for index, item in enumerate(node)]
        node[:] = [item for item in found if item is not _DROPPED]
        return node

    def _object(self, node: Any, shape: _Object, pointer: str) -> Any:
        if node is None:
            return self._null(pointer)
        if not isinstance(node, dict):
            if shape.spare:
                return self._kept(node, (dict,), pointer)
            raise self.refusal(pointer, "An object is needed here.")
        if (id(node), id(shape)) in self._seen:
            return node
        self._seen.add((id(node), id(shape)))
        # A map is no reference, whatever its keys are.
        if isinstance(node.get("$ref"), str) and shape.each is None:
            return self._referred(node, shape, pointer)
        for key in list(node):
            self._member(node, key, shape, f"{pointer}/{escaped(key)}")
        return node

    def _referred(self, node: dict[str, Any], shape: _Object, pointer: str) -> Any:
        """Mends what a reference leads to, through any number of steps."""
        target = node["$ref"]
        try:
            meant = at(self._document, target)
        except LookupError as error:
            raise self.refusal(f"{pointer}/$ref", str(error)) from error
        found = self.shape(meant, shape, target.removeprefix("#"))
        if found is _DROPPED:
            raise self.refusal(f"{pointer}/$ref", f"There is nothing at {target}.")
        return node

    def _member(self, node: dict[str, Any], key: str, shape: _Object, place: str) -> None:
        inner = shape.fields.get(key)
        if inner is None and not (shape.extended and key.startswith("x-")):
            inner = shape.each
            if node[key] is None and isinstance(inner, _Object | _List):
                is_list = isinstance(inner, _List)
                kind = "list" if is_list else "object"
                self.note(place, f"there is nothing; it is read as an empty {kind}.")
                node[key] = [] if is_list else {}
        if inner is None:
            return
        made = self.shape(node[key], inner, place)
        if made is _DROPPED:
            del node[key]
        elif made is not node[key]:
            node[key] = made
