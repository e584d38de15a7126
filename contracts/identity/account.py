"""An account that requests are sent with: what is known of it, and how that gets into requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.exchange import ABSENT, SAFE, Request
from contracts.identity.credentials import (
    Part,
    Parts,
    Scheme,
    Secrets,
    part_of,
    parts_for,
    protects,
)
from contracts.identity.naming import USERS, is_password
from contracts.identity.sign_in import Session
from openapi.description import Operation
from openapi.shapes import spelling


@dataclass(eq=False)
class Account:
    """One account at a target."""

    given: Parts = ()
    """Credentials that go with every request, whatever an operation asks for."""
    secrets: Secrets = field(default_factory=dict)
    """What is known of schemes, without signing in."""
    body: Any = ABSENT
    """What signs it in."""
    to_register: bool = False
    """Whether it has to be made first."""
    session: Session | None = None
    """The latest that it got."""
    oldest: Session | None = None
    """The first that it got."""
    brief: Session | None = None
    """One that was asked to last for as short as can be, to see what becomes of it."""
    worked: set[str] = field(default_factory=set)
    """The operations that were carried out for it."""
    hopeless: set[str] = field(default_factory=set)
    """The operations that refuse it, however fresh its token is."""
    probe: tuple[Request, Operation] | None = None
    """A safe request, without credentials, that was carried out for it."""
    latest_change: str = ""
    """The operation, as `METHOD /path`, that last changed something for it."""
    given_up: bool = False
    """Whether it is lost, and no other takes its place."""

    def note(self, request: Request, operation: Operation) -> None:
        """Remember that a request was carried out for it."""
        self.worked.add(operation.key)
        if operation.method not in SAFE:
            self.latest_change = operation.key
        self.hopeless.discard(operation.key)
        # What no path parameter names is still there later.
        lasts = self.probe is None or len(operation.path_pieces) == 1
        if lasts and operation.method == "GET" and protects(operation):
            self.probe = request, operation

    def begin(self, session: Session) -> None:
        """Take a session that was opened for it."""
        self.session = session
        self.oldest = self.oldest or session

    def parts(
        self, operation: Operation, schemes: Mapping[str, Scheme], session: Session | None
    ) -> Parts:
        """Its credentials for an operation; fewer than that asks for where not all are known."""
        known = {**self.of_basic(schemes), **_of_session(session, schemes), **self.secrets}
        found = parts_for(operation, schemes, known)
        if session is not None and not found and (not schemes or session.token is None):
            found = _undescribed(session)
        taken = {(one.place, one.name.lower()) for one in self.given}
        rest = (one for one in found or () if (one.place, one.name.lower()) not in taken)
        return (*rest, *self.given)

    def of_basic(self, schemes: Mapping[str, Scheme]) -> Secrets:
        """Its name and password, for schemes that want both."""
        body = self.body if isinstance(self.body, Mapping) else {}
        password = next((text for name, text in body.items() if is_password(name)), None)
        by_spelling = {spelling(name): text for name, text in body.items()}
        user = next((by_spelling[name] for name in USERS if name in by_spelling), None)
        if password is None or user is None:
            return {}
        return {name: f"{user}:{password}" for name, one in schemes.items() if _is_basic(one)}


def _of_session(session: Session | None, schemes: Mapping[str, Scheme]) -> Secrets:
    """What a session holds for each scheme.

    A token goes where tokens go; to the schemes of keys only if there are no others.
    """
    if session is None:
        return {}
    cookies = dict(session.cookies)
    by_token = [name for name, one in schemes.items() if _takes_token(one)]
    by_key = [name for name, one in schemes.items() if one.get("type") == "apiKey"]
    found = {}
    for name, scheme in schemes.items():
        if scheme.get("in") == "cookie" and scheme.get("name") in cookies:
            found[name] = cookies[str(scheme["name"])]
        elif session.token is not None and name in (by_token or by_key):
            found[name] = _as_key(scheme, session.token)
    return found


def _undescribed(session: Session) -> Parts:
    """A session as servers usually take it, where the description does not say how."""
    if session.token is not None:
        return (Part("header", "Authorization", session.token, "Bearer"),)
    return tuple(Part("cookie", name, text) for name, text in session.cookies)


def _as_key(scheme: Scheme, token: str) -> str:
    """A token for a scheme of keys: OpenAPI 2.0 has no other to describe `Authorization` by."""
    is_key = scheme.get("type") == "apiKey"
    if is_key and str(scheme.get("name")).lower() == "authorization" and " " not in token:
        return f"Bearer {token}"
    return token


def _takes_token(scheme: Scheme) -> bool:
    part = part_of(scheme, "")
    return part is not None and part.prefix == "Bearer"


def _is_basic(scheme: Scheme) -> bool:
    part = part_of(scheme, "")
    return part is not None and part.prefix == "Basic"
