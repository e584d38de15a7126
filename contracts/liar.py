"""What a liar is, and how one is written: a wrapper that makes any mock break exactly one law.

A liar is one module of `contracts/liars/`, called `LAW__HOW`. Its docstring says in one sentence
what it does. It has

- `applies(api) -> bool`: whether the description offers what it needs;
- `liar(app, api) -> Asgi`: the ASGI application with the lie in it.

Most are `lying(app, api, lie)` with an `async def lie(call) -> Response`: it gets every request
that leads to an operation, and answers it, as a rule after `await call.answer()` has asked the
honest application. All else passes by unchanged: other paths, the mock's controls, the lifespan.
"""

import importlib
import json
import pkgutil
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import count
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from contracts import liars
from contracts.api import Api, canonical, place_of_item
from contracts.exchange import ABSENT, Headers, Response, first
from contracts.history import at, text_of
from contracts.samples import EXAMPLE, Recipe, Samples
from contracts.steps import bound
from contracts.ways import Ways, sandbox_in
from openapi.description import Operation
from openapi.resources import Part, Resource, Role
from openapi.schemas import Schema
from openapi.shapes import Place
from openapi.synthesis import Synthesiser

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Item = dict[str, Any]

_CONTROLS = "/_understudy"
_OF_THE_BODY = ("content-length", "content-type", "transfer-encoding")
_WITHOUT_BODY = {204, 304}
"""Statuses whose answers say nothing of a length (RFC 9110 section 8.6)."""


@dataclass(frozen=True)
class Liar:
    """A liar by its name."""

    name: str
    law: str
    """The law that it breaks, or `schemathesis_` and the check of Schemathesis."""
    sentence: str
    """What it does."""
    applies: Callable[[Api], bool]
    wrap: Callable[[Asgi, Api], Asgi]


@cache
def all_liars() -> tuple[Liar, ...]:
    """Every liar, by name in order."""
    found = []
    for module in pkgutil.iter_modules(liars.__path__):
        one = importlib.import_module(f"{liars.__name__}.{module.name}")
        law = module.name.partition("__")[0]
        sentence = " ".join((one.__doc__ or "").split())
        found.append(Liar(module.name, law, sentence, one.applies, one.liar))
    return tuple(sorted(found, key=lambda liar: liar.name))


@dataclass(frozen=True)
class Call:
    """A request to an operation, as a liar sees it."""

    api: Api
    operation: Operation
    values: Mapping[str, str]
    """The values in the path, decoded."""
    query_string: str
    headers: Headers
    body: bytes
    memory: dict[Any, Any] = field(repr=False)
    """What the liar remembers of this sandbox."""
    method: str
    path: str
    """The whole path, still percent-encoded."""
    prefix: str
    """What stands in it before the path of the operation."""
    app: Asgi = field(repr=False)
    scope: Scope = field(repr=False)

    # What it asks for

    @property
    def part(self) -> Part | None:
        """What the operation does to which resource, where that is known."""
        return self.api.parts[self.operation.key]

    @property
    def role(self) -> Role | None:
        """What it does to its resource."""
        return self.part.role if self.part is not None else None

    @property
    def resource(self) -> Resource:
        """The resource of an operation that has a part."""
        assert self.part is not None
        return canonical(self.part.resource)

    @property
    def key(self) -> str | None:
        """The key of the item that its path names; None: it names none."""
        name = self.part.key if self.part is not None else None
        return self.values[name] if name is not None else None

    @property
    def collection(self) -> tuple[str, ...]:
        """What tells its collection from others."""
        assert self.part is not None
        flat = self.part.resource is not self.resource
        above = () if flat else tuple(self.values[name] for name in self.part.parents)
        return (self.resource.name, *above)

    def address(self, key: str | None = None) -> tuple[str, ...]:
        """What tells its item, or the one with a key, from all others."""
        return (*self.collection, key or self.key or "")

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The parameters of its query, decoded."""
        return tuple(parse_qsl(self.query_string, keep_blank_values=True))

    def asked(self, name: str) -> str | None:
        """A parameter of its query; None: it is not there."""
        return dict(self.query).get(name)

    def header(self, name: str) -> str | None:
        """Its first header of that name, in any case."""
        return first(self.headers, name)

    @property
    def who(self) -> tuple[str, ...]:
        """What tells its sender from others: the credentials that it carries."""
        schemes = self.api.description.security_schemes.values()
        names = {str(one.get("name")).lower() for one in schemes} | {"authorization", "cookie"}
        sent = (*self.headers, *self.query)
        return tuple(value for name, value in sent if name.lower() in names)

    @cached_property
    def sent(self) -> Any:
        """The JSON value of its body, or ABSENT."""
        try:
            return json.loads(self.body) if self.body else ABSENT
        except (ValueError, RecursionError):
            return ABSENT

    # The same, or another request with the same credentials in the same sandbox

    def sending(self, value: Any) -> "Call":
        """The same request with another JSON value as its body; ABSENT: with none."""
        return replace(self, body=b"" if value is ABSENT else json.dumps(value).encode())

    def asking(self, **changes: str | None) -> "Call":
        """The same request with other parameters in its query; None takes one out."""
        kept = [pair for pair in self.query if pair[0] not in changes]
        added = [(name, value) for name, value in changes.items() if value is not None]
        return replace(self, query_string=urlencode([*kept, *added]))

    def to(self, operation: Operation, values: Mapping[str, str], sent: Any = ABSENT) -> "Call":
        """A request to an operation; of the query it keeps what that operation needs."""
        queried = [one for one in operation.parameters if one.place == "query" and one.required]
        needed = {one.name for one in queried}
        headers = without(self.headers, *_OF_THE_BODY)
        if sent is not ABSENT:
            headers = (*headers, ("content-type", "application/json"))
        pieces = list(operation.path_pieces)
        pieces[1::2] = [quote(values[name], safe="") for name in pieces[1::2]]
        return replace(
            self,
            operation=operation,
            values=values,
            query_string=urlencode([pair for pair in self.query if pair[0] in needed]),
            headers=headers,
            method=operation.method,
            path=self.prefix + "".join(pieces),
        ).sending(sent)

    def on(self, role: Role, key: str | None = None, sent: Any = ABSENT) -> "Call | None":
        """A request that does something to its item (or to the one with a key), or its collection.

        None: no operation does that, or its path needs more than is known here.
        """
        assert self.part is not None
        operation = self.api.operation(role, self.resource)
        if operation is None:
            return None
        part = self.api.part(operation)
        values = dict(zip(part.parents, (self.values[one] for one in self.part.parents)))  # noqa: B905
        if part.key is not None:
            values[part.key] = key or self.key or ""
        if len(values) < len(operation.path_pieces) // 2 or "" in values.values():
            return None
        return self.to(operation, values, sent)

    # What the honest application says

    async def answer(self) -> Response:
        """The answer of the honest application."""
        changed = {
            "method": self.method,
            "path": unquote(self.path),
            "raw_path": self.path.encode("latin-1"),
            "query_string": self.query_string.encode("latin-1"),
            "headers": _in_bytes(_with_length(self.headers, self.body)),
        }
        return await answer_of(self.app, {**self.scope, **changed}, self.body)

    def item(self, answer: Response) -> Item | None:
        """The item in an answer, where it was carried out and shows one."""
        place = self._item_place
        found = at(answer.value, place) if place is not None and answer.ok else None
        return found if isinstance(found, dict) and found else None

    def with_item(self, answer: Response, item: Any) -> Response:
        """The answer with another item in the place of its own."""
        return with_value(answer, put(answer.value, self._item_place or (), item))

    def items(self, answer: Response) -> list[Item] | None:
        """The items that a list shows; None where it is no list, or was not carried out."""
        place = self._list_place
        found = at(answer.value, place) if place is not None and answer.ok else None
        return found if isinstance(found, list) and all(map(_is_item, found)) else None

    def with_items(self, answer: Response, items: Iterable[Item]) -> Response:
        """The answer with other items in its list."""
        return with_value(answer, put(answer.value, self._list_place or (), list(items)))

    def key_of(self, item: Mapping[str, Any] | None) -> str | None:
        """The key of an item, as it stands in a path."""
        name = self.part.resource.key if self.part is not None else None
        value = item.get(name) if item is not None and name is not None else None
        return None if isinstance(value, dict | list | bool | None) else text_of(value)

    def key_after(self, answer: Response) -> str | None:
        """The key of the item that its path names, or that was created."""
        if self.key is not None or not answer.ok:
            return self.key
        located = urlsplit(answer.header("location") or "").path.rpartition("/")[2]
        return self.key_of(self.item(answer)) or unquote(located) or None

    @property
    def _item_place(self) -> Place | None:
        if self.part is None or self.role in {Role.LIST, Role.BELOW}:
            return None
        return place_of_item(self.operation, self.part.resource)

    @property
    def _list_place(self) -> Place | None:
        return self.api.listing(self.operation).place if self.role is Role.LIST else None


Lie = Callable[[Call], Awaitable[Response]]


def lying(app: Asgi, api: Api, lie: Lie) -> Asgi:
    """The application, with every request to an operation answered by the lie."""
    ways = Ways(api)
    memories: dict[str, dict[Any, Any]] = {}

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        headers = _in_text(scope["headers"])
        path = path_of(scope)
        sandbox = sandbox_in(path) or (first(headers, "understudy-sandbox") or "").strip()
        if path.endswith(f"{_CONTROLS}/reset"):
            memories.pop(sandbox, None)
        way = ways.find(path) if _CONTROLS not in path else None
        operations = way.operations if way is not None else {}
        method = scope["method"]
        # Who answers GET answers HEAD, too (RFC 9110 section 9.3.2).
        operation = operations.get(method, operations.get("GET") if method == "HEAD" else None)
        if way is None or operation is None:
            await app(scope, receive, send)
            return
        call = Call(
            api=api,
            operation=operation,
            values=way.values,
            query_string=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=await _body(receive),
            memory=memories.setdefault(sandbox, {}),
            method=method,
            path=path,
            prefix=way.prefix,
            app=app,
            scope=scope,
        )
        await tell(await lie(call), method, send)

    return wrapped


def path_of(scope: Scope) -> str:
    """The path that was asked for, still percent-encoded."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    return raw.decode("latin-1").partition("?")[0]


async def answer_of(app: Asgi, scope: Scope, body: bytes) -> Response:
    """The whole answer of an application to a request with that body."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    told: list[Message] = []

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        told.append(message)

    await app(scope, receive, send)
    start = next(one for one in told if one["type"] == "http.response.start")
    written = b"".join(one.get("body", b"") for one in told if one is not start)
    return Response(start["status"], _in_text(start.get("headers", ())), written)


async def tell(answer: Response, method: str, send: Send) -> None:
    """Send an answer, with the length that its body has now."""
    headers = answer.headers
    if method != "HEAD" and answer.status not in _WITHOUT_BODY:
        headers = _with_length(headers, answer.body)
    start = {"status": answer.status, "headers": _in_bytes(headers)}
    await send({"type": "http.response.start", **start})
    await send({"type": "http.response.body", "body": answer.body})


async def _body(receive: Receive) -> bytes:
    chunks = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def _with_length(headers: Headers, body: bytes) -> Headers:
    told = first(headers, "content-length")
    if told == str(len(body)) or (told is None and not body):
        return headers
    return (*without(headers, "content-length"), ("content-length", str(len(body))))


def without(headers: Headers, *names: str) -> Headers:
    """The headers but for those of these names, which are in lower case."""
    return tuple(pair for pair in headers if pair[0].lower() not in names)


def _in_text(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _in_bytes(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


# Answers of a liar's own


def with_value(answer: Response, value: Any) -> Response:
    """The answer with another JSON value as its body; the same answer where it is no other."""
    if answer.value is not ABSENT and json.dumps(value) == json.dumps(answer.value):
        return answer
    return replace(answer, body=json.dumps(value, ensure_ascii=False).encode())


def answered(status: int, value: Any = ABSENT, media_type: str = "application/json") -> Response:
    """An answer that nobody else was asked for."""
    if value is ABSENT:
        return Response(status)
    return with_value(Response(status, (("content-type", media_type),)), value)


def as_described(call: Call, status: int) -> Response:
    """An answer with a made-up body, if the description has one for that status."""
    response = call.operation.response(status)
    for media_type, content in response.content.items() if response is not None else ():
        if media_type.endswith("json") and content.schema is not None:
            return answered(status, made(content.schema), media_type)
    return answered(status)


_another = count(1)


def sample(call: Call) -> Any:
    """A body that its operation should accept; what must be new is. ABSENT: it takes none.

    Raises Unsatisfiable.
    """
    body = Samples(call.api).body(call.operation, Recipe(EXAMPLE))
    return bound(body, lambda one: getattr(one, "form", "{}").replace("{}", f"no {next(_another)}"))


def made(schema: Schema, name: str = "") -> Any:
    """A value that fits a schema, always the same. Raises Unsatisfiable."""
    return Synthesiser(schema).value(Random(name), name)  # noqa: S311 - chance that is no secret


def put(value: Any, place: Place, new: Any) -> Any:
    """The value with something else in one of its places."""
    return {**value, place[0]: put(value[place[0]], place[1:], new)} if place else new


def _is_item(value: Any) -> bool:
    return isinstance(value, dict)
