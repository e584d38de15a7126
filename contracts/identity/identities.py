"""What a run knows of who it may be: what it was given, and how accounts are signed in or made."""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from contracts.api import Api
from contracts.exchange import ABSENT, Request, Response
from contracts.identity.account import Account
from contracts.identity.credentials import (
    LOGIN,
    OF_SECOND,
    Parts,
    Secrets,
    from_environment,
    given,
    parts_for,
    protects,
)
from contracts.identity.naming import is_key, is_password
from contracts.identity.sign_in import Bodies, login_of, register_of
from contracts.samples import USUAL, Recipe
from contracts.steps import FIRST
from contracts.target import UnusableTarget
from openapi.description import Operation

_MOST_ACCOUNTS = 20
"""So many accounts are made for one identity, at one target."""


@dataclass(frozen=True)
class Registration:
    """An account that the run made, so that a report can name it and a ledger remove it."""

    who: str
    operation: Operation
    request: Request
    response: Response


@dataclass
class Identities:
    """What is known of `first` and `second` in one run, at every target and sandbox."""

    api: Api
    headers: Sequence[tuple[str, str]] = ()
    """The headers that the user gave; those that are credentials belong to `first`."""
    environment: Mapping[str, str] = field(default_factory=dict)
    may_register: bool = True
    """Whether accounts may be made."""
    novelty: Callable[[], str] = lambda: secrets.token_hex(4)
    """Hexadecimal digits that are others each time, for the names of accounts."""
    learn: Callable[[str], None] = lambda _: None
    """Is told of every secret, so that no report shows it."""
    registrations: list[Registration] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    """What a report should tell of signing in, each once."""
    recipe: Recipe | None = None
    """How the body is made that the register operation accepted."""
    no_accounts: bool = False
    """Whether accounts turned out not to be made, or to open nothing."""

    def __post_init__(self) -> None:
        """Raises UnusableTarget where a variable of the environment is no JSON."""
        self.schemes = self.api.description.security_schemes
        self.given, self.plain_headers = given(self.headers, self.schemes)
        """The credentials among the headers, and the others, which go with every request."""
        self._secrets = {
            ending: from_environment(self.schemes, self.environment, ending)
            for ending in ("", OF_SECOND)
        }
        self._logins = {ending: self._login_body(ending) for ending in ("", OF_SECOND)}
        for part in self.given:
            self.learn(part.secret)
        for known in self._secrets.values():
            for secret in known.values():
                self.learn(secret)
        for body in self._logins.values():
            self.learn_body(body)

    @property
    def keys(self) -> list[str]:
        """Every key, token or `user:password` that was given for a scheme."""
        given_ones = [part.secret for part in self.given]
        return [*given_ones, *(key for known in self._secrets.values() for key in known.values())]

    @cached_property
    def login(self) -> Operation | None:
        """The operation that signs in."""
        return login_of(self.api.description)

    @cached_property
    def register(self) -> Operation | None:
        """The operation that makes accounts."""
        return register_of(self.api.description, self.login) if self.may_register else None

    @cached_property
    def bodies(self) -> Bodies:
        """What those operations are sent."""
        return Bodies(self.api, self.novelty)

    @cached_property
    def says_security(self) -> bool:
        """Whether the description asks for credentials anywhere."""
        return any(operation.security for operation in self.api.description.operations)

    def asks(self, operation: Operation) -> bool:
        """Whether an operation may want credentials: all may where none are described."""
        if operation is self.login or operation is self.register:
            return False
        return bool(operation.security) or (not self.says_security and self.login is not None)

    @property
    def recipes(self) -> Sequence[Recipe]:
        """How bodies that make accounts are tried."""
        return USUAL if self.recipe is None else (self.recipe,)

    def accounts(self, who: str) -> Iterator[Account]:
        """The accounts that somebody may have: the next one when one is lost."""
        first = who == FIRST
        ending = "" if first else OF_SECOND
        own = self._secrets[ending]
        given_ones: Parts = self.given if first else ()
        enough = bool(given_ones) or (bool(own) and self._is_enough(own))
        if enough:
            yield Account(given_ones, own)
        # A program's key goes along with the token of whoever signs in.
        beside = {} if enough else own or self._beside
        if self._logins[ending] is not ABSENT:
            yield Account(secrets=beside, body=self._logins[ending])
        if self.register is not None:
            for _ in range(_MOST_ACCOUNTS):
                if self.no_accounts:
                    break
                yield Account(secrets=beside, to_register=True)
        if own and not enough:
            yield Account(secrets=own)

    @property
    def _beside(self) -> Secrets:
        own = self._secrets[""]
        return {} if self._is_enough(own) else own

    def _is_enough(self, known: Secrets) -> bool:
        return all(
            parts_for(operation, self.schemes, known) is not None
            for operation in self.api.description.operations
            if protects(operation) and operation is not self.login
        )

    def _login_body(self, ending: str) -> Any:
        name = f"{LOGIN}{ending}"
        text = self.environment.get(name)
        if not text:
            return ABSENT
        try:
            return json.loads(text)
        except ValueError as error:
            raise UnusableTarget(
                f"{name} is no JSON ({error}): it is the body of the login operation, as in "
                '{"username": "…", "password": "…"}.'
            ) from error

    def learn_body(self, body: Any) -> None:
        """Learn what is secret in a body that signs in."""
        for name, value in body.items() if isinstance(body, Mapping) else ():
            if isinstance(value, str) and (is_password(name) or is_key(name)):
                self.learn(value)
