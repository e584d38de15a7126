"""A description and its operations, read from a document once and never asked for its version."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from openapi import shapes
from openapi.careless import mended, operations_of, server_url, told
from openapi.declarations import check_declarations, openers
from openapi.dialects import DIALECT
from openapi.files import Source, gathered
from openapi.loading import Document, UnusableDescription, load
from openapi.overlays import applied
from openapi.pointers import at, escaped, resolved
from openapi.references import check_references, mentions
from openapi.schemas import SOURCE, Direction, Schema, standing_alone
from openapi.usable import Warner
from openapi.versions import UnknownVersion, upgraded

_log = logging.getLogger("understudy")

_SAYS = {"type", "$ref", "allOf", "anyOf", "oneOf", "enum", "const", "properties", "items"}
"""Keywords that say what kind of value is meant."""
_SEQUENCES = {
    "application/jsonl",
    "application/x-jsonl",
    "application/x-ndjson",
    "application/ndjson",
    "application/json-seq",
}
_OF_THE_MESSAGE = {
    "content-type",  # OpenAPI 3.1 section 4.8.17: it is ignored
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "trailer",
    "upgrade",
}
"""Response headers that follow from how a message is sent; a description cannot choose them."""
_NO_PARAMETERS = {"accept", "content-type", "authorization"}
"""Request headers that are described otherwise (OpenAPI 3.1 section 4.8.12.2: to be ignored)."""
_USUAL_ITEMS = 3
_MOST_ITEMS = 1_000
_PLAIN_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation; the schema stands alone."""

    name: str
    place: str
    """`query`, `path`, `header` or `cookie`."""
    required: bool
    schema: Schema
    style: str
    explode: bool
    media_type: str | None
    """The media type of its text where it is described by `content`."""
    deprecated: bool = False
    may_be_empty: bool = False
    """Whether `name=` is fine, whatever the schema says (`allowEmptyValue`)."""
    examples: tuple[Any, ...] = ()
    """The examples beside its schema."""
    description: str = ""
    """What is said of it in words."""


@dataclass(frozen=True, slots=True)
class Content:
    """One media type of a body; the schema stands alone, and is None where none is given."""

    schema: Schema | None
    named_examples: Mapping[str, Any] = field(default_factory=dict)
    """Examples by name; the only `example` has the empty name."""
    encoding: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """How properties of a form are written, by name."""

    @property
    def examples(self) -> tuple[Any, ...]:
        """The examples in their order."""
        return tuple(self.named_examples.values())


@dataclass(frozen=True, slots=True)
class Body:
    """The request body of an operation, by media type (or range) in lower case."""

    required: bool
    content: Mapping[str, Content]


@dataclass(frozen=True, slots=True)
class Header:
    """A documented response header; the schema stands alone."""

    name: str
    required: bool
    schema: Schema
    examples: tuple[Any, ...] = ()
    explode: bool = False
    """Whether an object is written as `name=value` pairs; the style is always `simple`."""
    media_type: str | None = None
    """The media type of its text where it is described by `content`."""


@dataclass(frozen=True, slots=True)
class Response:
    """A documented response; `status` is a code, a range such as `2XX`, or `default`."""

    status: str
    content: Mapping[str, Content]
    headers: tuple[Header, ...]
    description: str = ""
    """What is said of it in words."""


@dataclass(frozen=True)
class Operation:
    """One method on one path. What it holds is read from the document at its first use."""

    method: str
    """In upper case."""
    path: str
    raw: Mapping[str, Any] = field(repr=False)
    _path_item: Mapping[str, Any] = field(repr=False)
    _document: Document = field(repr=False)

    @property
    def id(self) -> str | None:
        """Its operationId, if it has one."""
        value = self.raw.get("operationId")
        return value if isinstance(value, str) else None

    @property
    def name(self) -> str:
        """Its operationId, or `METHOD /path`."""
        return self.id or self.key

    @property
    def key(self) -> str:
        """Its method and path, which nothing else has."""
        return f"{self.method} {self.path}"

    @cached_property
    def path_pieces(self) -> tuple[str, ...]:
        """Its path cut at the placeholders: text, name, text, name, …, text."""
        return tuple(re.split(r"\{([^{}]+)\}", self.path))

    @property
    def pointer(self) -> str:
        """Where it stands in the document."""
        return f"/paths/{escaped(self.path)}/{self.method.lower()}"

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its own parameters, and those of its path that it does not replace."""
        found: dict[tuple[str, str], Parameter] = {}
        shared = self.pointer.rpartition("/")[0]
        for holder, place in ((self._path_item, shared), (self.raw, self.pointer)):
            for index, node in enumerate(holder.get("parameters") or ()):
                raw = resolved(self._document, node)
                pointer = _pointer(node, f"{place}/parameters/{index}")
                if raw["in"] == "header" and raw["name"].lower() in _NO_PARAMETERS:
                    continue
                found[raw["name"], raw["in"]] = self._parameter(raw, pointer)
        for name in self.path_pieces[1::2]:
            # Careless, and plain in its meaning: the path says that there is one.
            if (name, "path") not in found:
                found[name, "path"] = Parameter(name, "path", True, {}, "simple", False, None)
        return tuple(found.values())

    @cached_property
    def body(self) -> Body | None:
        """Its request body, if it takes one."""
        node = self.raw.get("requestBody")
        raw = resolved(self._document, node)
        if raw is None:
            return None
        pointer = _pointer(node, f"{self.pointer}/requestBody")
        return Body(bool(raw.get("required")), self._content(raw, Direction.REQUEST, pointer))

    @cached_property
    def responses(self) -> tuple[Response, ...]:
        """Its documented responses, in the order of the document."""
        return tuple(
            self._response(
                str(status),
                resolved(self._document, node) or {},
                _pointer(node, f"{self.pointer}/responses/{status}"),
            )
            for status, node in (self.raw.get("responses") or {}).items()
            if not str(status).startswith("x-")
        )

    @cached_property
    def security(self) -> tuple[Mapping[str, Any], ...]:
        """Alternatives, each naming the schemes that it needs together; empty: none are needed."""
        listed = self.raw.get("security", self._document.get("security")) or ()
        return tuple(listed)

    @cached_property
    def callbacks(self) -> tuple["Operation", ...]:
        """The requests that it sends; the path of each is the runtime expression of its URL."""
        found = []
        for name, listed in _objects(self._document, self.raw.get("callbacks")):
            if name.startswith("x-"):
                continue
            for expression, item in _objects(self._document, listed):
                for method, _, raw in (
                    () if expression.startswith("x-") else operations_of(item, "")
                ):
                    if isinstance(raw, Mapping):
                        found.append(Operation(method, expression, raw, item, self._document))
        return tuple(found)

    @property
    def about_all(self) -> str:
        """What is said of the whole API in words."""
        info = self._document.get("info")
        told = info.get("description") if isinstance(info, Mapping) else None
        return told if isinstance(told, str) else ""

    @property
    def refuses(self) -> tuple[int, ...]:
        """Documented statuses that may refuse valid data (`x-refuses`)."""
        return tuple(self.raw.get("x-refuses", ()))

    def response(self, status: int) -> Response | None:
        """What is documented for a status: itself, its range, or `default`."""
        by_status = {response.status.upper(): response for response in self.responses}
        for key in (str(status), f"{status // 100}XX", "DEFAULT"):
            if key in by_status:
                return by_status[key]
        return None

    def _parameter(self, raw: Mapping[str, Any], pointer: str) -> Parameter:
        place = raw["in"]
        style = raw.get("style", "form" if place in {"query", "cookie"} else "simple")
        # OpenAPI 3.1 section 4.8.12.3: `content` holds exactly one media type.
        media_type, content = next(iter((raw.get("content") or {}).items()), (None, raw))
        return Parameter(
            name=raw["name"],
            place=place,
            required=bool(raw.get("required")) or place == "path",
            schema=standing_alone(
                self._document, _of_items(content.get("schema", {})), pointer=f"{pointer}/schema"
            ),
            style=style,
            explode=raw.get("explode", style == "form"),
            media_type=media_type,
            deprecated=raw.get("deprecated") is True,
            may_be_empty=place == "query" and raw.get("allowEmptyValue") is True,
            examples=tuple((self._examples(raw) | self._examples(content)).values()),
            description=str(raw.get("description") or ""),
        )

    def _content(
        self, raw: Mapping[str, Any], direction: Direction, pointer: str
    ) -> dict[str, Content]:
        return {
            media_type.lower(): Content(
                schema=self._body_schema(
                    media_type.lower(),
                    node,
                    direction,
                    f"{pointer}/content/{escaped(media_type)}/schema",
                ),
                named_examples=self._examples(node),
                encoding=node.get("encoding") or {},
            )
            for media_type, described in (raw.get("content") or {}).items()
            for node in [described or {}]
            if isinstance(node, Mapping)
        }

    def _body_schema(
        self, media_type: str, node: Mapping[str, Any], direction: Direction, pointer: str
    ) -> Schema | None:
        """The schema of a whole body; that of a sequence is an array (OpenAPI 3.2, 4.14.3)."""
        if "itemSchema" in node:
            schema: Any = {"type": "array", "items": node["itemSchema"]}
        elif "schema" not in node:
            return None
        else:
            schema = node["schema"]
            meant = resolved(self._document, schema)
            # Before 3.2 there was no other word for what one line is.
            if media_type in _SEQUENCES and isinstance(meant, Mapping) and "items" not in meant:
                schema = {"type": "array", "items": schema}
            if is_text(media_type) and isinstance(meant, Mapping) and not _SAYS & meant.keys():
                schema = {**meant, "type": "string"}
        return standing_alone(self._document, schema, direction, pointer)

    def _examples(self, node: Mapping[str, Any]) -> dict[str, Any]:
        values = {"": node["example"]} if "example" in node else {}
        for name, named in (node.get("examples") or {}).items():
            example = resolved(self._document, named)
            if isinstance(example, Mapping) and "value" in example:
                values[name] = example["value"]
        return values

    def _header(self, name: str, raw: Mapping[str, Any], pointer: str) -> Header:
        media_type, content = next(iter((raw.get("content") or {}).items()), (None, raw))
        return Header(
            name=name,
            required=bool(raw.get("required")),
            schema=standing_alone(self._document, content.get("schema", {}), pointer=pointer),
            examples=tuple((self._examples(raw) | self._examples(content)).values()),
            explode=raw.get("explode") is True,
            media_type=media_type,
        )

    def _response(self, status: str, raw: Mapping[str, Any], pointer: str) -> Response:
        headers = tuple(
            self._header(
                name, resolved(self._document, node), f"{pointer}/headers/{escaped(name)}/schema"
            )
            for name, node in (raw.get("headers") or {}).items()
            if name.lower() not in _OF_THE_MESSAGE
        )
        content = self._content(raw, Direction.RESPONSE, pointer)
        # Some tools offer every answer as a text first; what is an object is best told as one.
        content = dict(sorted(content.items(), key=lambda one: _is_awkward(*one)))
        return Response(status, content, headers, str(raw.get("description") or ""))


def _of_items(schema: Any) -> Any:
    """The schema of an array with the choices of its items where they belong.

    Beside `type: array` they would allow nothing at all; what is meant is plain.
    """
    if not isinstance(schema, Mapping) or schema.get("type") != "array":
        return schema
    choices, part = schema.get("enum"), schema.get("items")
    if not isinstance(choices, list) or not choices or not isinstance(part, Mapping):
        return schema
    if any(isinstance(one, list) for one in choices):
        return schema
    rest = {name: value for name, value in schema.items() if name != "enum"}
    return {**rest, "items": {**part, "enum": choices}}


def is_text(media_type: str) -> bool:
    """Whether bodies of a media type are texts, and no values that are written as such."""
    return media_type.startswith("text/") and not media_type.partition(";")[0].strip().endswith(
        ("json", "xml", "event-stream", "yaml", "*")
    )


def _is_awkward(media_type: str, content: Content) -> bool:
    """Whether a text is to hold an object or an array."""
    return is_text(media_type) and bool(shapes.types(content.schema or {}) & {"object", "array"})


def _pointer(node: Any, pointer: str) -> str:
    """Where a node stands: where its reference leads, if it is one."""
    target = node.get("$ref") if isinstance(node, Mapping) else None
    return target.removeprefix("#") if isinstance(target, str) else pointer


@dataclass(frozen=True)
class Description:
    """A document with the name it goes by, which is the stem of its file."""

    name: str
    document: Document = field(repr=False)
    operations: tuple[Operation, ...] = field(repr=False)
    source: Document = field(repr=False, default_factory=dict)
    """The document in its own version, with overlays applied and its files gathered."""
    openers: frozenset[str] = frozenset()
    """What any `x-expiry` names as opening an item: operationIds and `METHOD /path`."""

    @cached_property
    def by_id(self) -> Mapping[str, Operation]:
        """The operations that have an operationId, by it."""
        return {operation.id: operation for operation in self.operations if operation.id}

    def schema(self, name: str) -> Schema:
        """The schema that the document calls so, standing alone, as answers hold it.

        Raises LookupError where there is none.
        """
        for place in ("components/schemas", "definitions"):
            pointer = f"#/{place}/{quote(escaped(name), safe='~')}"
            with suppress(LookupError):
                at(self.document, pointer)
                return standing_alone(self.document, {"$ref": pointer}, Direction.RESPONSE)
        raise LookupError(f"{self.name} has no schema that is called {name}.")

    @property
    def title(self) -> str:
        """The title that the document gives itself, else its name."""
        return str((self.document.get("info") or {}).get("title", self.name))

    @cached_property
    def usual_items(self) -> tuple[int, int] | None:
        """Least and most items of arrays that name no number, where the document gives them.

        The words are those of `x-json-schema-faker`, which users of other mock servers have.
        """
        limits = self.document.get("x-json-schema-faker")
        if not isinstance(limits, Mapping):
            return None
        least, most = limits.get("minItems", 0), limits.get("maxItems", _USUAL_ITEMS)
        if not all(isinstance(limit, int) and 0 <= limit <= _MOST_ITEMS for limit in (least, most)):
            return None
        return (least, max(least, most)) if limits.keys() & {"minItems", "maxItems"} else None

    @cached_property
    def security_schemes(self) -> Mapping[str, Mapping[str, Any]]:
        """The security schemes by name."""
        schemes = (self.document.get("components") or {}).get("securitySchemes") or {}
        return {name: resolved(self.document, node) for name, node in schemes.items()}

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts of its servers in lower case, with a port where they name one.

        A port that goes without saying is left out as well: clients do not send it.
        """
        found = {""}
        for server in map(urlsplit, self._servers()):
            host = server.netloc.lower()
            found |= {host, host.removesuffix(_PLAIN_PORTS.get(server.scheme, ""))}
        return frozenset(found - {""})

    @cached_property
    def base_paths(self) -> tuple[str, ...]:
        """The paths of its servers that are not `/`, longest first, without a slash at the end."""
        paths = dict.fromkeys(urlsplit(url).path.rstrip("/") for url in self._servers())
        return tuple(sorted(filter(None, paths), key=len, reverse=True))

    def _servers(self) -> Iterator[str]:
        for server in self.document.get("servers") or ():
            yield urljoin("/", server_url(server))


def read(source: Source, overlays: Sequence[Path] = (), *, remote: bool = False) -> Description:
    """The description in a file or at a URL, after its overlays, with the files it refers to.

    Files at URLs belong to it where `remote`. What is careless is mended, with a warning.
    Raises UnusableDescription where it cannot be understood.
    """
    document = load(source)
    for overlay in overlays:
        document = applied(document, overlay)
    document = gathered(source, document, remote=remote)
    mentioned = mentions(document)
    check_references(source, document, mentioned.targets)
    notes = mended(source, document)
    told(notes, _log.warning)
    if notes:  # A reference may have led to what was left out.
        check_references(source, document, mentioned.targets)
    original = document
    try:
        document = upgraded(original)
    except UnknownVersion as error:
        raise UnusableDescription(
            source, "/openapi", f"Its version is {str(error)!r}; versions 2.0 to 3.2 can be read."
        ) from error
    # References lead through the document as it was written, whatever shape its version has.
    written = original | {DIALECT: document[DIALECT], SOURCE: Warner(source)}
    operations = tuple(_operations(source, document.get("paths"), written))
    opening: frozenset[str] = frozenset()
    if mentioned.declarations:
        check_declarations(source, original, _names(operations))
        opening = openers(original)
    return Description(_name(source), document, operations, original, opening)


def _names(operations: Sequence[Operation]) -> set[str]:
    """What operations may be called in a declaration."""
    return {name for one in operations for name in (one.id, one.key) if name}


def _name(source: Source) -> str:
    """The stem of the file, or of the last segment of a URL's path."""
    if isinstance(source, Path):
        return source.stem
    parts = urlsplit(source)
    return PurePosixPath(unquote(parts.path)).stem or parts.hostname or "api"


def _objects(document: Document, node: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of a map by name, behind references; what is no object is left out."""
    for name, listed in node.items() if isinstance(node, Mapping) else ():
        meant = resolved(document, listed)
        if isinstance(meant, Mapping):
            yield name, meant


def _operations(source: Source, paths: Any, document: Document) -> Iterator[Operation]:
    if paths is None and "webhooks" in document:
        return
    if not isinstance(paths, dict):
        raise UnusableDescription(source, "/paths", "There are no paths. Add an object `paths`.")
    for template, listed in paths.items():
        if not template.startswith("x-"):
            item = resolved(document, listed)
            for method, _, raw in operations_of(item, ""):
                yield Operation(method, template, raw, item, document)
