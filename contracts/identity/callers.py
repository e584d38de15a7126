"""Sends requests as somebody: two identities, nobody, or the first with spoilt credentials."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from contracts.exchange import ABSENT, NoAnswer, Request, Response
from contracts.identity.account import Account
from contracts.identity.credentials import (
    Parts,
    asked_of,
    places,
    protects,
    with_parts,
    without,
)
from contracts.identity.forgery import forged
from contracts.identity.identities import Identities, Registration
from contracts.identity.sign_in import Session, expiry_of, session_in
from contracts.play import NotPossible
from contracts.steps import FIRST, FORGED, NOBODY, OUTDATED, SECOND
from contracts.target import Target
from openapi.description import Operation
from openapi.synthesis import Unsatisfiable

_REFUSED = {401, 403}
_UNAUTHORIZED = 401
_REDIRECTS = 400
"""Forms that sign in answer with a redirect and a cookie; statuses from here on refuse."""


class Callers:
    """The identities at one target, or in one sandbox of it. Several threads may send.

    Whoever has an account signs in at the first request that needs it. A token that is refused is
    renewed once; an account that is lost is replaced by another, if there is one.
    """

    def __init__(
        self,
        identities: Identities,
        target: Target,
        headers: tuple[tuple[str, str], ...] = (),
        now: Callable[[], datetime | None] = lambda: None,
        opened: Callable[[Iterable[str], datetime | None], None] = lambda _, __: None,
    ) -> None:
        """`headers` go with requests that sign in, such as the sandbox's name.

        `now` is the time on the target's clock; where that is not known, no token is outdated.
        `opened` is told of the secrets of every session that was opened, and until when it lasts.
        """
        self.url = target.url
        self.changes = 0
        """How often somebody had to become another account: what was seen across that is no proof
        of anything."""
        self._identities = identities
        self._target = target
        self._headers = headers
        self._now = now
        self._opened = opened
        self._lock = threading.RLock()
        self._accounts: dict[str, Account | None] = {}
        self._waiting: dict[str, Iterator[Account]] = {}

    def send(self, request: Request, operation: Operation, who: str, variant: int = 0) -> Response:
        """The answer to a request that gets the credentials of `who`.

        Raises NoAnswer, and NotPossible where nobody of that kind is known.
        """
        if who == NOBODY:
            held = (*places(self._identities.schemes), *self._identities.given)
            return self._delivered(without(request, held))
        if who in {FORGED, OUTDATED}:
            spoilt = self._forged if who == FORGED else self._outdated
            return self._delivered(with_parts(request, spoilt(operation, variant)))
        return self._as(request, operation, who)

    def signed(self, request: Request, operation: Operation, who: str) -> Request:
        """The request with the credentials that `who` has now, for somebody else to send."""
        if not self._identities.asks(operation):
            return self._unasked(request, who)
        account = self._account(who)
        if account is None:
            return request
        parts = account.parts(operation, self._identities.schemes, account.session)
        return with_parts(request, parts)

    def _unasked(self, request: Request, who: str) -> Request:
        """A request for which the description asks for no credentials: the user may know better."""
        return with_parts(request, self._identities.given) if who == FIRST else request

    def _delivered(self, request: Request) -> Response:
        """The answer, with the request as it was sent."""
        return replace(self._target.send(request), asked=request)

    # As one of the two

    def _as(self, request: Request, operation: Operation, who: str) -> Response:
        if not self._identities.asks(operation):
            return self._delivered(self._unasked(request, who))
        account = self._account(who)
        if account is None:
            if who == SECOND:
                raise NotPossible("No second identity is known.")
            return self._delivered(request)
        session = account.session
        response = self._sent(request, operation, account, session)
        if response.status in _REFUSED:
            return self._doubted(request, operation, who, account, session, response)
        return response

    def _sent(
        self, request: Request, operation: Operation, account: Account, session: Session | None
    ) -> Response:
        parts = account.parts(operation, self._identities.schemes, session)
        response = self._delivered(with_parts(request, parts))
        if response.ok:
            account.note(request, operation)
        return response

    def _doubted(
        self,
        request: Request,
        operation: Operation,
        who: str,
        account: Account,
        session: Session | None,
        response: Response,
    ) -> Response:
        """What a refusal comes to: a fresh token may do, and the account may be lost."""
        with self._lock:
            if self._accounts[who] is not account or account.given_up:
                return response
            lost = False
            if response.status == _UNAUTHORIZED and operation.key not in account.hopeless:
                account.hopeless.add(operation.key)
                lost = account.session is session and self._is_shut_out(account)
                if account.session is not session:
                    response = self._sent(request, operation, account, account.session)
            if response.status in _REFUSED and operation.key in account.worked:
                lost = lost or self._is_refused(account)
            if lost:
                self._replace(who, account)
        return response

    def _is_shut_out(self, account: Account) -> bool:
        """Whether a new session is refused to the account; it has one now if it is not."""
        if account.body is ABSENT or self._identities.login is None:
            return self._has_passed(account.session)
        return _is_refusal(self._sign_in(account))

    def _is_refused(self, account: Account) -> bool:
        """Whether what was shown to the account before is refused to it now."""
        if account.probe is None:
            return False
        request, operation = account.probe
        try:
            response = self._sent(request, operation, account, account.session)
        except NoAnswer:
            return False
        return response.status in _REFUSED

    # With spoilt credentials

    def _spoilt(self, operation: Operation) -> Account:
        account = self._account(FIRST) if protects(operation) else None
        if account is None:
            raise NotPossible("There are no credentials that could be spoilt.")
        return account

    def _forged(self, operation: Operation, way: int) -> Parts:
        account = self._spoilt(operation)
        schemes = self._identities.schemes
        parts = account.parts(operation, schemes, account.session)
        changed = forged(asked_of(operation, schemes, parts), way)
        if changed is None:
            raise NotPossible("These credentials cannot be forged that way.")
        for part in changed:
            self._identities.learn(part.secret)
        return changed

    def _outdated(self, operation: Operation, _: int) -> Parts:
        account = self._spoilt(operation)
        session = self._brief(account) or account.oldest
        parts = account.parts(operation, self._identities.schemes, session)
        if session is not None:
            passed = self._has_passed(session)
        else:
            passed = any(self._has_come(expiry_of(one.secret)) for one in parts)
        if not passed:
            raise NotPossible("No token has had its time yet.")
        return parts

    def _brief(self, account: Account) -> Session | None:
        """A session that was asked to be short; None where nobody can ask for that."""
        known = self._identities
        body = known.bodies.brief(known.login, account.body) if known.login is not None else None
        if account.brief is None and known.login is not None and body is not None:
            response = self._plain(known.bodies.request(self.url, known.login, body))
            session = session_in(response, self._now()) if response is not None else None
            if session is not None and session.expires is not None:
                account.brief = session
                self._learn(session)
        return account.brief

    def _has_passed(self, session: Session | None) -> bool:
        return session is not None and self._has_come(session.expires)

    def _has_come(self, moment: datetime | None) -> bool:
        now = self._now()
        return now is not None and moment is not None and now > moment

    # Accounts

    def _account(self, who: str) -> Account | None:
        with self._lock:
            if who not in self._accounts:
                self._accounts[who] = self._next(who)
            return self._accounts[who]

    def _replace(self, who: str, account: Account) -> None:
        other = self._next(who)
        if other is None:
            account.given_up = True
            self._note(
                f"The account of {who} was lost during the run, and there is no other: most was "
                f"refused from then on.{_suspected(account)}"
            )
            return
        self._accounts[who] = other
        self.changes += 1
        self._note(f"The account of {who} was lost during the run, which went on with another.")

    def _next(self, who: str) -> Account | None:
        """The next account that can be used."""
        for account in self._waiting.setdefault(who, self._identities.accounts(who)):
            if account.to_register:
                opened = self._register(who, account)
                self._identities.no_accounts = not opened
            elif account.body is not ABSENT:
                self._sign_in(account)
                opened = self._is_open(account)
            else:
                opened = True
            if opened:
                if secrets := account.of_basic(self._identities.schemes).values():
                    self._opened(secrets, None)
                return account
        return None

    def _is_open(self, account: Account) -> bool:
        """Whether it has a session, or a name and a password where those will do."""
        by_name = self._identities.login is None and account.of_basic(self._identities.schemes)
        return account.session is not None or bool(by_name)

    def _register(self, who: str, account: Account) -> bool:
        """Make the account; False where it cannot be made, or opens nothing."""
        known = self._identities
        assert known.register is not None
        response = self._made(who, account)
        if response is None:
            self._note(f"{known.register.name} made no account, however it was asked.")
            return False
        if known.login is not None:
            account.body = known.bodies.signing_in(known.login, account.body, response.value)
        self._sign_in(account)
        if account.session is None:
            self._begin(account, response)
        return self._is_open(account)

    def _made(self, who: str, account: Account) -> Response | None:
        """The answer that made the account; None where none did."""
        known = self._identities
        assert known.register is not None
        for recipe in known.recipes:
            try:
                body = known.bodies.registering(known.register, recipe)
                request = known.bodies.request(self.url, known.register, body)
            except Unsatisfiable:
                continue
            known.learn_body(body)
            response = self._plain(request)
            if response is not None and response.ok:
                known.recipe = recipe
                known.registrations.append(Registration(who, known.register, request, response))
                account.body = body
                return response
        return None

    def _sign_in(self, account: Account) -> Response | None:
        """The answer to an attempt to open a session, which the account then has; None: no answer.

        Where nothing opens sessions, there is no attempt and no answer.
        """
        known = self._identities
        if known.login is None:
            return None
        try:
            request = known.bodies.request(self.url, known.login, account.body)
        except Unsatisfiable:
            return None
        response = self._plain(request)
        if response is None or response.status >= _REDIRECTS or not self._begin(account, response):
            told = "no answer" if response is None else f"status {response.status}"
            told += ", without a token or cookie" if response is not None and response.ok else ""
            self._note(f"{known.login.name} signed nobody in ({told}).")
        return response

    def _begin(self, account: Account, response: Response) -> bool:
        session = session_in(response, self._now())
        if session is None:
            return False
        account.begin(session)
        self._learn(session)
        return True

    def _learn(self, session: Session) -> None:
        told = (session.token, *(text for _, text in session.cookies))
        held = [secret for secret in told if secret is not None]
        for secret in held:
            self._identities.learn(secret)
        self._opened(held, session.expires)

    def _plain(self, request: Request) -> Response | None:
        """The answer to a request of our own; None where none came."""
        headers = (*request.headers, *self._headers)
        try:
            return self._target.send(replace(request, headers=headers))
        except NoAnswer as error:
            if error.unreachable:
                raise
            return None

    def _note(self, text: str) -> None:
        self._identities.notes[text] = None


def _suspected(account: Account) -> str:
    """What may have cost the account, and how to leave that out."""
    change = account.latest_change
    return f" The last change was {change}: try --exclude '{change}'." if change else ""


def _is_refusal(response: Response | None) -> bool:
    """Whether an attempt to sign in was turned down, and not only came at a bad time."""
    return response is not None and 400 <= response.status < 500 and response.status != 429  # noqa: PLR2004
