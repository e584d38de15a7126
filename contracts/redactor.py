"""Keeps secrets out of reports: by where they stand, and by what they are wherever they stand."""

import base64
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from contracts.exchange import Headers, Request, Response
from contracts.identity.credentials import places
from contracts.identity.naming import (
    KEYS,
    PASSWORDS,
    SESSIONS,
    TOKENS,
    holds_a_secret,
    may_be_a_number,
)
from openapi.description import Description
from openapi.shapes import spelling

REDACTED = "<redacted>"
"""What stands in the place of a secret."""

_SHORTEST = 6
"""Characters; anything shorter is found by its place only, since it stands in other words too."""
_LONG = 16
"""Characters from which a text of a secret's name is taken for a secret wherever it stands."""
_ALONE = 12
"""Characters up to which a secret is one only where no letter or digit is beside it."""
_NO_SECRETS = {*PASSWORDS, *KEYS, *TOKENS, "string", "bearer", "basic", "undefined", "example"}
"""Words that are used as credentials, and mean something else wherever they stand."""
_PATTERNS = (
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), REDACTED),
    (re.compile(r"\b(Bearer|Basic) (?=\S*[0-9=])[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {REDACTED}"),
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), rf"\1:{REDACTED}@"),
)
"""What is secret by its form: JSON Web Tokens, credentials of a header, those before a host."""
_IN_QUERY = re.compile(r"([?&])([^?&=\s\"'<>#]+)=([^&\s\"'<>#]+)")
_SCHEMES = {"bearer", "basic", "digest", "token", "jwt", "apikey", "key", "negotiate", "hmac"}
"""Words that stand before a credential and are none."""


class Redactor:
    """Knows every secret of a run, and takes them out of what is to be told."""

    def __init__(self, description: Description | None = None) -> None:
        """A description names more that is secret: schemes, and what has the format `password`.

        What its paths call `sid` is an id that stands in URLs, and no session.
        """
        self._secrets: set[str] = set()
        self._lock = threading.Lock()
        self._names: set[str] = set()
        self._ids: set[str] = set()
        if description is not None:
            keys = {part.name.lower() for part in places(description.security_schemes)}
            self._names = keys | {name.lower() for name in _passwords(description.document)}
            parameters = (one for op in description.operations for one in op.parameters)
            self._ids = {one.name.lower() for one in parameters if one.place == "path"} & SESSIONS

    def learn(self, secret: str) -> None:
        """Remember a secret: a token or key, a password, `user:password`."""
        forms = {secret}
        user, colon, password = secret.partition(":")
        if user and colon and password:
            forms |= {password, base64.b64encode(secret.encode()).decode()}
        forms = {one for one in forms if len(one) >= _SHORTEST and spelling(one) not in _NO_SECRETS}
        for one in list(forms):
            forms |= {json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1]}
            plain = one.encode("utf-8", "surrogatepass")
            forms |= {quote(plain), quote(plain, safe=""), quote_plus(plain)}
        with self._lock:
            self._secrets |= forms

    def watch_request(self, request: Request) -> None:
        """Learn the credentials that a request carries in its headers and its query."""
        self._watch_headers(request.headers)
        for _, name, value in _IN_QUERY.findall(request.url):
            named = unquote_plus(name).lower() in self._names
            if named or (len(value) >= _LONG and self._is_secret(unquote_plus(name))):
                self.learn(unquote_plus(value))

    def watch(self, response: Response) -> None:
        """Learn the secrets that an answer hands out, in headers or by their names in its body."""
        self._watch_headers(response.headers)
        for name, text in _named(response.value):
            if len(text) >= _LONG and self._is_secret(name):
                self.learn(text)

    def text(self, text: str) -> str:
        """A text, or URL, without what is known to be secret or looks so."""
        with self._lock:
            secrets = sorted((one for one in self._secrets if one in text), key=len, reverse=True)
        for secret in secrets:
            if len(secret) > _ALONE:
                text = text.replace(secret, REDACTED)
            else:
                alone = rf"(?<![A-Za-z0-9]){re.escape(secret)}(?![A-Za-z0-9])"
                text = re.sub(alone, REDACTED, text)
        for pattern, stand_in in _PATTERNS:
            text = pattern.sub(stand_in, text)
        return _IN_QUERY.sub(self._in_query, text)

    def value(self, value: Any) -> Any:
        """A JSON value without secrets; what it holds besides, and its form, stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list | tuple):
            return [self.value(one) for one in value]
        if isinstance(value, bytes):
            return self.body("", value)
        if isinstance(value, Mapping):
            return {
                self.text(str(name)): self._property(str(name), one) for name, one in value.items()
            }
        return value

    def headers(self, headers: Headers) -> Headers:
        """Headers without secrets; the word before a credential, and names of cookies, stay."""
        return tuple((name, self._header(name, value)) for name, value in headers)

    def body(self, media_type: str, body: bytes) -> bytes:
        """A body without secrets, whatever it is."""
        text = body.decode("utf-8", "surrogateescape")
        if media_type.endswith("json"):
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                pass
            else:
                told = self.value(value)
                text = text if told == value else json.dumps(told, ensure_ascii=False)
                return text.encode("utf-8", "surrogatepass")
        if "form-urlencoded" in media_type:
            return self._pairs(text).encode("utf-8", "surrogateescape")
        return self.text(text).encode("utf-8", "surrogateescape")

    def request(self, request: Request) -> Request:
        """A request as a report may show it."""
        headers = self.headers(request.headers)
        kind = next((text for name, text in headers if name.lower() == "content-type"), "")
        body = self.body(kind.partition(";")[0].strip().lower(), request.body)
        return replace(request, url=self.text(request.url), headers=headers, body=body)

    def response(self, response: Response) -> Response:
        """An answer as a report may show it."""
        body = self.body(response.media_type, response.body)
        return replace(response, headers=self.headers(response.headers), body=body)

    def _watch_headers(self, headers: Headers) -> None:
        for name, value in headers:
            if name.lower() in {"cookie", "set-cookie"}:
                pairs = value.split(";")[: 1 if name.lower() == "set-cookie" else None]
                for pair in pairs:
                    self.learn(pair.partition("=")[2].strip())
            elif self._is_secret(name):
                self.learn(_credential(value))

    def _is_secret(self, name: str) -> bool:
        named = name.lower()
        return named in self._names or (named not in self._ids and holds_a_secret(name))

    def _property(self, name: str, value: Any) -> Any:
        if not self._is_secret(name):
            return self.value(value)
        if isinstance(value, list | tuple):
            return [self._property(name, one) for one in value]
        if isinstance(value, str):
            return REDACTED if value else value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return REDACTED if may_be_a_number(name) or name.lower() in self._names else value
        return self.value(value)

    def _header(self, name: str, value: str) -> str:
        if name.lower() in {"cookie", "set-cookie"}:
            first, *rest = value.split(";")
            others = rest if name.lower() == "set-cookie" else map(self._cookie, rest)
            return ";".join([self._cookie(first), *map(self.text, others)])
        if not self._is_secret(name):
            return self.text(value)
        credential = _credential(value)
        return f"{value.strip().removesuffix(credential)}{REDACTED}"

    def _cookie(self, pair: str) -> str:
        name, sign, value = pair.partition("=")
        return f"{name}={REDACTED}" if sign and value else pair

    def _in_query(self, match: re.Match[str]) -> str:
        sign, name, value = match.groups()
        return f"{sign}{name}={REDACTED if self._is_secret(unquote_plus(name)) else value}"

    def _pairs(self, form: str) -> str:
        pairs = []
        for pair in form.split("&"):
            name, sign, value = pair.partition("=")
            told = REDACTED if value and self._is_secret(unquote_plus(name)) else self.text(value)
            pairs.append(f"{name}{sign}{told}")
        return "&".join(pairs)


def _credential(value: str) -> str:
    """What is secret of a header: all that does not say how it is to be understood."""
    word, space, rest = value.strip().partition(" ")
    return rest if space and word.lower() in _SCHEMES else value.strip()


def _named(value: Any) -> Iterator[tuple[str, str]]:
    """The texts in a JSON value with the names they stand at."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, Mapping):
            waiting += one.values()
            yield from ((name, text) for name, text in one.items() if isinstance(text, str))


def _passwords(document: Any) -> Iterator[str]:
    """The properties and parameters that a document gives the format `password`."""
    waiting, seen = [document], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        if not isinstance(node, Mapping) or id(node) in seen:
            continue
        seen.add(id(node))
        waiting += node.values()
        described = node.get("properties")
        for name, schema in described.items() if isinstance(described, Mapping) else ():
            if _is_password(schema):
                yield str(name)
        if isinstance(node.get("name"), str) and "in" in node and _is_password(node.get("schema")):
            yield node["name"]


def _is_password(schema: Any) -> bool:
    return isinstance(schema, Mapping) and schema.get("format") == "password"
