"""Signing in as the description offers it: the operations, their bodies, and what they give."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.api import Api
from contracts.exchange import ABSENT, Request, Response
from contracts.identity.credentials import protects
from contracts.identity.forgery import claims
from contracts.identity.naming import (
    LOGIN_WORDS,
    MAKE_WORDS,
    OTHER_WORDS,
    PEOPLE_WORDS,
    TOKENS,
    USERS,
    is_key,
    is_password,
    is_user,
    words,
)
from contracts.samples import LEAST, Recipe, Samples
from contracts.steps import Fresh, Ref, bound
from contracts.wire import request_to
from openapi import shapes
from openapi.description import Description, Operation
from openapi.durations import is_lifetime
from openapi.resources import sent_schema, success_content
from openapi.schemas import Schema
from openapi.shapes import spelling

_DEEP = 3
"""So deep in an answer is a token looked for."""
_TEXT = 16
"""Characters that an answer of nothing but a token has at least."""


def login_of(description: Description) -> Operation | None:
    """The operation that takes a password or key and gives a token or cookie; None: none does."""
    ranked = [(_rank_as_login(description, one), one) for one in description.operations]
    best = max(ranked, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] > 0 else None


def register_of(description: Description, login: Operation | None) -> Operation | None:
    """The operation that makes an account that can sign in; None: none does.

    Where nothing signs in, it is one that gives a token itself, or makes passwords for basic.
    """
    ranked = [(_rank_as_register(description, one, login), one) for one in description.operations]
    best = max(ranked, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] > 0 else None


def _rank_as_login(description: Description, operation: Operation) -> int:
    told = {*words(operation.path), *words(operation.id or "")}
    if operation.method != "POST" or operation.body is None or told & (OTHER_WORDS | MAKE_WORDS):
        return 0
    names = list(shapes.properties(sent_schema(operation)))
    called = bool(told & LOGIN_WORDS)
    person = any(map(is_password, names)) and any(map(is_user, names))
    if not person and not (called and any(is_key(name) or is_password(name) for name in names)):
        return 0
    if not called and (protects(operation) or told & PEOPLE_WORDS):
        return 0
    gives = _gives(description, operation)
    # What the success looks like may not be described at all; that something else is, decides.
    if not gives and not (called and _says_nothing(operation)):
        return 0
    return 1 + 4 * gives + 2 * called + 2 * (not protects(operation))


def _rank_as_register(
    description: Description, operation: Operation, login: Operation | None
) -> int:
    told = {*words(operation.path), *words(operation.id or "")}
    names = shapes.properties(sent_schema(operation)) if operation.body is not None else {}
    person = any(map(is_password, names)) and any(map(is_user, names))
    if operation.method != "POST" or operation is login or protects(operation):
        return 0
    if not person or told & OTHER_WORDS or len(operation.path_pieces) > 1:
        return 0
    if login is None:
        basic = any(
            one.get("type") == "http" and str(one.get("scheme")).lower() == "basic"
            for one in description.security_schemes.values()
        )
        return 1 if basic or _gives(description, operation) else 0
    if told & LOGIN_WORDS and not told & (PEOPLE_WORDS | MAKE_WORDS):
        return 0
    return 1 + bool(told & PEOPLE_WORDS) + 2 * bool(told & MAKE_WORDS)


def _gives(description: Description, operation: Operation) -> bool:
    """Whether the success of an operation is described to hold a token or a cookie."""
    content = success_content(operation)
    if content is not None and content.schema is not None and _holds_token(content.schema, _DEEP):
        return True
    good = [one for one in operation.responses if one.status.startswith("2")]
    if any(header.name.lower() == "set-cookie" for one in good for header in one.headers):
        return True
    by_cookie = any(
        one.get("type") == "apiKey" and one.get("in") == "cookie"
        for one in description.security_schemes.values()
    )
    return by_cookie and bool(set(words(operation.path)) & LOGIN_WORDS)


def _holds_token(schema: Schema, deep: int) -> bool:
    if deep == 0:
        return False
    return any(
        (spelling(name) in TOKENS and "string" in (shapes.types(part) or {"string"}))
        or _holds_token(part, deep - 1)
        for name, part in shapes.properties(schema).items()
    )


def _says_nothing(operation: Operation) -> bool:
    """Whether the body of the success is not described."""
    content = success_content(operation)
    return content is None or content.schema is None or not shapes.properties(content.schema)


@dataclass(frozen=True)
class Session:
    """What signing in gave."""

    token: str | None
    cookies: tuple[tuple[str, str], ...] = ()
    expires: datetime | None = None
    """When the token has had its time, on the target's clock, where that is known."""


def session_in(response: Response, now: datetime | None = None) -> Session | None:
    """The session that an answer opens; None where it opens none. `now` is the target's time."""
    token = token_in(response)
    cookies = tuple(_cookies(response))
    if token is None and not cookies:
        return None
    return Session(token, cookies, _expiry(response.value, token, now))


def token_in(response: Response) -> str | None:
    """The token in an answer: in its JSON, alone in its body, or in its `Authorization`."""
    value = response.value
    found = {spelling(name): text for name, text in _texts(value, _DEEP)}
    for name in TOKENS:
        if found.get(name):
            return found[name]
    sent = response.header("authorization")
    if sent:
        return sent.removeprefix("Bearer ").strip()
    if isinstance(value, str):
        alone = value
    elif value is ABSENT and response.media_type == "text/plain":
        alone = response.body.decode("utf-8", "replace").strip()
    else:
        return None
    return alone if len(alone) >= _TEXT and alone.isprintable() and " " not in alone else None


def expiry_of(token: str) -> datetime | None:
    """When a JSON Web Token expires (RFC 7519 section 4.1.4); None where it does not say."""
    told = claims(token)
    seconds = told.get("exp") if told is not None else None
    return _moment(seconds)


def _texts(value: Any, deep: int) -> Iterator[tuple[str, str]]:
    """The texts in a JSON value by name, those in its depth first, so that others replace them."""
    if not isinstance(value, Mapping) or deep == 0:
        return
    for one in value.values():
        yield from _texts(one, deep - 1)
    for name, one in value.items():
        if isinstance(one, str) and one:
            yield name, one


def _cookies(response: Response) -> Iterator[tuple[str, str]]:
    for name, value in response.headers:
        if name.lower() == "set-cookie":
            key, _, text = value.partition(";")[0].strip().partition("=")
            if key and text.strip('"'):
                yield key, text


def _expiry(value: Any, token: str | None, now: datetime | None) -> datetime | None:
    told = _named(value, "expiresin", _DEEP)
    if now is not None and isinstance(told, int | float) and 0 < told < _LONG:
        return now + timedelta(seconds=told)
    return expiry_of(token) if token is not None else None


def _named(value: Any, name: str, deep: int) -> Any:
    if not isinstance(value, Mapping) or deep == 0:
        return None
    for key, one in value.items():
        if spelling(key) == name:
            return one
    return next(
        (found for one in value.values() if (found := _named(one, name, deep - 1)) is not None),
        None,
    )


_LONG = 10**9
"""Seconds that no session lasts."""


def _moment(seconds: Any) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if not math.isfinite(seconds) or not 0 <= seconds < 10 * _LONG:
        return None
    return datetime.fromtimestamp(seconds, UTC)


class Bodies:
    """The bodies of the operations that make accounts and sign in.

    `novelty` gives hexadecimal digits that are others each time.
    """

    def __init__(self, api: Api, novelty: Callable[[], str]) -> None:
        self._api = api
        self._samples = Samples(api)
        self._novelty = novelty

    def request(self, base: str, operation: Operation, body: Any) -> Request:
        """A request with that body and the parameters that it needs. Raises Unsatisfiable."""
        values = {
            (parameter.place, parameter.name): value
            for parameter, value in self._samples.required(operation, Recipe(LEAST))
        }
        media_type = self._samples.media_type(operation)
        request = request_to(base, operation, values, body, media_type)
        accept = ("Accept", "application/json, */*;q=0.5")
        return Request(request.method, request.url, (*request.headers, accept), request.body)

    def registering(self, operation: Operation, recipe: Recipe) -> Any:
        """A body that makes a new account, with a name and password of its own.

        Raises Unsatisfiable.
        """
        body = self._sample(operation, recipe)
        if not isinstance(body, Mapping):
            return body
        new = self._novelty()
        described = shapes.properties(sent_schema(operation))
        whole = dict(body)
        for name, schema in described.items():
            # A login may want what the operation leaves optional.
            wanted = name in body or is_password(name) or spelling(name) in USERS[:2]
            if wanted and is_password(name):
                whole[name] = self._fitting(schema, _PASSWORDS, new, body.get(name))
            elif wanted and "mail" in spelling(name):
                whole[name] = self._fitting(schema, ("understudy-{}@example.com",), new, None)
            elif wanted and is_user(name):
                whole[name] = self._fitting(schema, _NAMES, new, body.get(name))
        return whole

    def signing_in(self, operation: Operation, *known: Any) -> Any:
        """The body that signs in with what is known of an account, the surest first.

        That is what it was made with, and what was answered. Raises Unsatisfiable.
        """
        facts = {
            spelling(name): value
            for one in reversed(known)
            if isinstance(one, Mapping)
            for name, value in one.items()
        }
        body = self._sample(operation, Recipe(LEAST))
        whole = dict(body) if isinstance(body, Mapping) else {}
        schema = sent_schema(operation)
        needed = shapes.required(schema) or set(shapes.properties(schema))
        for name in shapes.properties(schema):
            meant = name in needed or is_password(name) or is_user(name)
            if meant and spelling(name) in facts:
                whole[name] = facts[spelling(name)]
            elif name in needed:
                whole.update(_alike(name, facts))
        return whole

    def brief(self, operation: Operation, body: Any) -> Any:
        """The body that signs in for as short as can be; None where it cannot say for how long."""
        for name, schema in shapes.properties(sent_schema(operation)).items():
            valid = self._api.validator(schema).is_valid
            if is_lifetime(name) and isinstance(body, Mapping):
                return next(({**body, name: one} for one in _BRIEF if valid(one)), None)
        return None

    def _sample(self, operation: Operation, recipe: Recipe) -> Any:
        made: dict[str, str] = {}

        def bind(one: Ref | Fresh) -> Any:
            assert isinstance(one, Fresh)
            return one.value(made.setdefault(one.name, self._novelty()))

        return bound(self._samples.body(operation, recipe), bind)

    def _fitting(self, schema: Schema, forms: tuple[str, ...], new: str, otherwise: Any) -> Any:
        """The first of some forms that fits the schema, else what was made up by that."""
        digits, letters = str(int(new, 16)), new.translate(_LETTERS)
        for form in forms:
            text = form.format(new, digits=digits, letters=letters)
            if self._api.validator(schema).is_valid(text):
                return text
        return otherwise if otherwise is not None else forms[0].format(new)


_PASSWORDS = ("Understudy-{}-7x!", "Understudy7{}", "Us7!{}", "{digits}", "{letters}")
_NAMES = ("understudy-{}", "understudy{}", "u{}", "{letters}", "understudy-{}@example.com")
_BRIEF = (1, 2)
"""Seconds."""
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def _alike(name: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is known under another name that means the same; empty where nothing is."""
    if is_password(name):
        return next(({name: value} for key, value in facts.items() if is_password(key)), {})
    if is_user(name):
        return next(({name: facts[key]} for key in USERS if key in facts), {})
    return {}
