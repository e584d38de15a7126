"""Plays a walk: binds what only answers can give, sends the steps, and keeps what came back."""

import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from contracts.api import Api
from contracts.exchange import ABSENT, NoAnswer, Request, Response, first
from contracts.history import Exchange, History
from contracts.linking import linked
from contracts.steps import Fresh, Ref, Step, Walk, bound
from contracts.wire import request_to
from openapi import shapes
from openapi.description import Operation
from openapi.pointers import at


class Sender(Protocol):
    """What sends a request as somebody."""

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""

    def send(self, request: Request, operation: Operation, who: str, variant: int) -> Response:
        """The answer to a request that gets the credentials of `who`.

        Raises NoAnswer, and NotPossible where nobody of that kind is known.
        """


class Clock(Protocol):
    """The target's time."""

    def now(self) -> datetime | None:
        """The time there; None where it is not known."""

    def let_pass(self, seconds: float) -> bool:
        """Let time pass; False where that would take too long."""


class NotPossible(Exception):  # noqa: N818 - a step is left out, nothing is wrong
    """A step cannot be sent: there is no such identity, or what it refers to did not come."""


@dataclass
class Player:
    """Plays walks on one target."""

    api: Api
    sender: Sender
    clock: Clock
    headers: tuple[tuple[str, str], ...] = ()
    """Headers of every request, such as the sandbox of this walk."""
    novelty: Callable[[], str] = field(default=lambda: secrets.token_hex(4))
    """Makes the new part of what must be new."""
    watch: Callable[[Exchange], None] = field(default=lambda _: None)
    """Is told of every exchange as it happens."""

    def play(self, walk: Walk) -> History:
        """The history of the walk. Raises NoAnswer where the target cannot be reached at all."""
        exchanges: dict[int, Exchange] = {}
        fresh: dict[str, str] = {}
        for group in _groups(walk.steps):
            ready = []
            for index in group:
                step = walk.steps[index]
                if step.wait and not self.clock.let_pass(step.wait):
                    return History(self.api, walk, tuple(exchanges.values()))
                try:
                    ready.append(self._bound(index, step, exchanges, fresh))
                except NotPossible:
                    continue
            for exchange in self._sent(ready):
                exchanges[exchange.index] = exchange
                self.watch(exchange)
        return History(self.api, walk, tuple(exchanges[index] for index in sorted(exchanges)))

    def _bound(
        self, index: int, step: Step, exchanges: dict[int, Exchange], fresh: dict[str, str]
    ) -> Exchange:
        """The exchange that is to be, without its answer."""

        def bind(one: Ref | Fresh) -> Any:
            if isinstance(one, Fresh):
                if one.name not in fresh:
                    fresh[one.name] = self.novelty()
                return one.value(fresh[one.name])
            value = found(one, exchanges)
            if value is ABSENT:
                raise NotPossible(f"{one.expression} of step {one.step} is not there.")
            return value

        operation = self.api.by_key[step.operation]
        values = {
            (place, name): bound(value, bind)
            for place, named in step.values.items()
            for name, value in named.items()
        }
        body = bound(step.body, bind)
        media_type = step.media_type or _media_type(operation)
        if step.url is not None:
            url = urljoin(f"{self.sender.url}/", str(bind(step.url)))
            values |= path_values(operation, url) | query_values(operation, url)
            request = replace(
                request_to("", operation, values, body, media_type), url=self._here(url)
            )
        else:
            request = request_to(self.sender.url, operation, values, body, media_type)
        extra = list(self.headers)
        if first(request.headers, "accept") is None:
            extra.append(("Accept", step.accept or _accepted(operation)))
        request = replace(request, headers=(*request.headers, *extra))
        return Exchange(
            index=index,
            step=step,
            operation=operation,
            part=self.api.parts[operation.key],
            values=values,
            sent=body,
            request=request,
            response=None,
            api=self.api,
            now=self.clock.now(),
        )

    def _here(self, url: str) -> str:
        """A URL that was handed out, on the target: a public host may stand before it."""
        base = urlsplit(self.sender.url)
        return urlsplit(url)._replace(scheme=base.scheme, netloc=base.netloc).geturl()

    def _sent(self, ready: Sequence[Exchange]) -> list[Exchange]:
        """Those that could be sent, with their answers."""
        if len(ready) <= 1:
            return [sent for one in ready if (sent := self._exchanged(one, None)) is not None]
        answered: dict[int, Exchange | None] = {}
        start = threading.Barrier(len(ready))
        unreachable: list[NoAnswer] = []

        def send(one: Exchange) -> None:
            try:
                answered[one.index] = self._exchanged(one, start)
            except NoAnswer as error:
                unreachable.append(error)

        threads = [threading.Thread(target=send, args=(one,), daemon=True) for one in ready]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if unreachable:
            raise unreachable[0]
        # Even where threads ran one after another, nobody knows which of them was first.
        found = [one for one in answered.values() if one is not None]
        began = min((one.began for one in found), default=0)
        return [replace(one, began=began) for one in sorted(found, key=lambda one: one.index)]

    def _exchanged(self, one: Exchange, start: threading.Barrier | None) -> Exchange | None:
        """The exchange with its answer; None where there is nobody who could send it."""
        if start is not None:
            start.wait()
        began = time.monotonic()
        response, failure = None, ""
        try:
            response = self.sender.send(one.request, one.operation, one.who, one.step.variant)
        except NotPossible:
            return None
        except NoAnswer as error:
            if error.unreachable:
                raise
            failure = str(error)
        ended = time.monotonic()
        request = response.asked if response is not None and response.asked else one.request
        return replace(
            one, request=request, response=response, failure=failure, began=began, ended=ended
        )


def _groups(steps: Sequence[Step]) -> Iterator[list[int]]:
    """The numbers of the steps that are sent together."""
    group: list[int] = []
    for index, step in enumerate(steps):
        if group and not step.together:
            yield group
            group = []
        group.append(index)
    if group:
        yield group


def _media_type(operation: Operation) -> str | None:
    """How its bodies are written where a step does not say: as JSON if that is described."""
    described = list(operation.body.content) if operation.body is not None else []
    return next((one for one in described if one.endswith("json")), next(iter(described), None))


def _accepted(operation: Operation) -> str:
    """JSON first, where that is among what it answers with; else anything."""
    described = {media_type for response in operation.responses for media_type in response.content}
    json = [one for one in described if one.endswith("json")]
    return "application/json, */*;q=0.5" if json or not described else "*/*"


def path_values(operation: Operation, url: str) -> dict[tuple[str, str], Any]:
    """The path parameters that a URL of the operation holds; empty where it is none of its."""
    pattern = "".join(
        re.escape(piece) if index % 2 == 0 else "([^/]+)"
        for index, piece in enumerate(operation.path_pieces)
    )
    match = re.search(f"{pattern}/?$", urlsplit(url).path)
    if match is None:
        return {}
    names = operation.path_pieces[1::2]
    return {("path", name): unquote(text) for name, text in zip(names, match.groups(), strict=True)}


def query_values(operation: Operation, url: str) -> dict[tuple[str, str], Any]:
    """The query parameters that a URL holds: numbers where they are described as such."""
    numbers = {
        one.name
        for one in operation.parameters
        if one.place == "query" and shapes.types(one.schema) & {"integer", "number"}
    }
    return {
        ("query", name): int(text) if name in numbers and text.isdecimal() else text
        for name, text in parse_qsl(urlsplit(url).query, keep_blank_values=True)
    }


def found(ref: Ref, exchanges: dict[int, Exchange]) -> Any:
    """What a Ref means among exchanges; ABSENT where it is not there."""
    exchange = exchanges.get(ref.step)
    if exchange is None or exchange.response is None:
        return ABSENT
    value = _at(ref.expression, exchange)
    if ref.relation and isinstance(value, str):
        value = linked(value, ref.relation) or ABSENT
    if ref.parameter and isinstance(value, str) and "?" in value:
        value = dict(parse_qsl(urlsplit(value).query)).get(ref.parameter, value)
    if ref.last_segment and isinstance(value, str):
        return unquote(urlsplit(value).path.rstrip("/").rpartition("/")[2]) or ABSENT
    return ABSENT if value is None else value


def _at(expression: str, exchange: Exchange) -> Any:
    response = exchange.response
    assert response is not None
    source, _, rest = expression.partition(".")
    kind, _, name = rest.partition(".")
    if kind.startswith("body"):
        body = exchange.answer if source == "$response" else exchange.sent
        pointer = rest.partition("#")[2]
        try:
            return at(body, pointer) if body is not ABSENT else ABSENT
        except LookupError:
            return ABSENT
    if kind == "header":
        headers = response.headers if source == "$response" else exchange.request.headers
        return first(headers, name) or ABSENT
    return exchange.values.get((kind, name), ABSENT)
