"""An outcome without its secrets: made once, before anything is told of it.

Reports are written from what is left, so that none of them can forget to leave a secret out.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from contracts.exchange import Headers, Request, Response
from contracts.findings import Finding, Told
from contracts.outcome import Outcome
from contracts.steps import Walk
from openapi.description import Description

REDACTED = "<redacted>"

_CREDENTIALS = {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"}
"""Headers that hold nothing but credentials, in lower case."""
_SCHEME = re.compile(r"(Basic|Bearer|Digest|Token|ApiKey) ", re.IGNORECASE)
_COOKIE = re.compile(r"(?:^|;\s*)[^=;]*=([^;]*)")
_USER = re.compile(r"(?<=//)[^/?#@\s]*@")
_LEAST = 6
"""Characters of a value that is looked for elsewhere: shorter ones stand there by chance."""

Redact = Callable[[str], str]
"""Leaves the secrets that a run knows out of a text."""


def redacted(outcome: Outcome, redact: Redact) -> Outcome:
    """The outcome without secrets: those that `redact` knows, and whatever was sent as credentials.

    Credentials are the usual headers and those that the description's security schemes name; a
    value that was sent there is left out wherever else it stands.
    """
    return _Redaction(outcome, redact).outcome()


class _Redaction:
    """One outcome, and the secrets that show in it."""

    def __init__(self, outcome: Outcome, redact: Redact) -> None:
        self._whole = outcome
        self._redact = redact
        self._headers = _CREDENTIALS | set(_named(outcome.description, "header"))
        query = [form for name in _named(outcome.description, "query") for form in _forms(name)]
        self._query = re.compile(rf"([?&](?:{_any(query)})=)([^&#]*)") if query else None
        secrets = {form for value in self._sent() for form in _forms(value)}
        self._secrets = re.compile(_any(secrets)) if secrets else None

    def outcome(self) -> Outcome:
        whole, text = self._whole, self._text
        return replace(
            whole,
            source=text(whole.source),
            target=text(whole.target),
            findings=[self._finding(one) for one in whole.findings],
            reasons={name: text(reason) for name, reason in whole.reasons.items()},
            remaining=[text(one) for one in whole.remaining],
            notes=[text(one) for one in whole.notes],
        )

    def _sent(self) -> Iterator[str]:
        """Values that were sent, or handed out, as credentials."""
        for told in (told for finding in self._whole.findings for told in finding.history):
            response = told.response
            for name, value in (*told.request.headers, *(response.headers if response else ())):
                if name.lower() in self._headers:
                    yield from _values(name.lower(), value)
            if self._query is not None:
                for _, value in self._query.findall(told.request.url):
                    yield from _long([unquote_plus(value)])

    def _text(self, text: str) -> str:
        text = _USER.sub(f"{REDACTED}@", self._redact(text))
        if self._query is not None:
            text = self._query.sub(rf"\g<1>{REDACTED}", text)
        return self._secrets.sub(REDACTED, text) if self._secrets is not None else text

    def _bytes(self, body: bytes) -> bytes:
        """A body without secrets; bytes that are no text stay what they are."""
        text = body.decode("utf-8", "surrogateescape")
        return self._text(text).encode("utf-8", "surrogateescape")

    def _finding(self, finding: Finding) -> Finding:
        return replace(
            finding,
            problem=self._text(finding.problem),
            place=self._text(finding.place),
            history=tuple(map(self._told, finding.history)),
            walk=self._walk(finding.walk) if finding.walk is not None else None,
        )

    def _told(self, told: Told) -> Told:
        request = Request(
            told.request.method,
            self._text(told.request.url),
            self._without(told.request.headers),
            self._bytes(told.request.body),
        )
        response = told.response
        if response is not None:
            headers = self._without(response.headers)
            response = Response(response.status, headers, self._bytes(response.body))
        return replace(told, request=request, response=response, failure=self._text(told.failure))

    def _without(self, headers: Headers) -> Headers:
        return tuple(
            (name, _blank(value) if name.lower() in self._headers else self._text(value))
            for name, value in headers
        )

    def _walk(self, walk: Walk) -> Walk:
        steps = (
            replace(step, values=self._in(step.values), body=self._in(step.body))
            for step in walk.steps
        )
        return replace(walk, steps=tuple(steps))

    def _in(self, value: Any) -> Any:
        """A value of a walk with every text in it redacted."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bytes):
            return self._bytes(value)
        if isinstance(value, Mapping):
            return {key: self._in(one) for key, one in value.items()}
        return [self._in(one) for one in value] if isinstance(value, list | tuple) else value


def _named(description: Description, place: str) -> Iterator[str]:
    """The parameters of that place that hold keys; headers in lower case."""
    for scheme in description.security_schemes.values():
        if isinstance(scheme, Mapping) and scheme.get("in") == place:
            name = str(scheme.get("name", ""))
            yield name.lower() if place == "header" else name


def _blank(value: str) -> str:
    """A credential with its scheme, and nothing of itself."""
    scheme = _SCHEME.match(value)
    return f"{scheme[0]}{REDACTED}" if scheme is not None else REDACTED


def _values(name: str, value: str) -> Iterator[str]:
    """What is secret in a header."""
    if name == "set-cookie":
        value = value.partition(";")[0]
    found = _COOKIE.findall(value) if name.endswith("cookie") else []
    yield from _long(found or [_SCHEME.sub("", value, count=1)])


def _long(values: Iterable[str]) -> Iterator[str]:
    return (one.strip() for one in values if len(one.strip()) >= _LEAST)


def _forms(text: str) -> Sequence[str]:
    """How a text is written in bodies and URLs."""
    in_json = json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]
    plain = text.encode("utf-8", "surrogateescape")
    return [text, *in_json, quote(plain, safe=""), quote(plain), quote_plus(plain)]


def _any(texts: Iterable[str]) -> str:
    """A pattern of any of these texts, the longest first."""
    return "|".join(map(re.escape, sorted(set(texts), key=lambda one: (-len(one), one))))
