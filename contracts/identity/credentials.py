"""Credentials as the description's security schemes place them in a request.

OpenAPI 3.1 section 4.8.27 defines the schemes; requirements are an OR of ANDs (section 4.8.30).
"""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote_plus

from contracts.exchange import Request
from openapi.description import Description, Operation
from openapi.shapes import spelling

Scheme = Mapping[str, Any]
Secrets = Mapping[str, str]
"""What is known of each scheme by its name: a key or token, `user:password` for basic."""

LOGIN = "UNDERSTUDY_LOGIN"
"""The variable with the JSON body of the login operation."""
OF_SECOND = "_2"
"""What stands behind the name of a variable that belongs to the second identity."""


@dataclass(frozen=True)
class Part:
    """One part of the credentials of a request: a value in a place."""

    place: str
    """`header`, `query` or `cookie`."""
    name: str
    secret: str
    """The key or token itself; `user:password` for basic."""
    prefix: str = ""
    """What stands before it, such as `Bearer`."""

    @property
    def value(self) -> str:
        """What is sent."""
        text = self.secret
        if self.prefix == "Basic":
            text = base64.b64encode(text.encode()).decode()
        return f"{self.prefix} {text}".strip()


Parts = tuple[Part, ...]


def part_of(scheme: Scheme, secret: str) -> Part | None:
    """Where a secret goes by its scheme; None where requests hold no secret of it as it is."""
    kind, way = scheme.get("type"), str(scheme.get("scheme", "")).lower()
    if kind == "apiKey":
        place, name = str(scheme.get("in", "header")), str(scheme.get("name", ""))
        return Part(place, name, secret) if name else None
    if kind in {"oauth2", "openIdConnect"} or (kind == "http" and way == "bearer"):
        return Part("header", "Authorization", secret, "Bearer")
    if kind == "http" and way == "basic":
        return Part("header", "Authorization", secret, "Basic")
    # Digest and the like answer a challenge; with mutualTLS the connection holds the secret.
    return None


def parts_for(
    operation: Operation, schemes: Mapping[str, Scheme], secrets: Secrets
) -> Parts | None:
    """The credentials that an operation asks for, of what is known; None: too little is.

    The first alternative is taken of which all is known, one that asks for something before one
    that asks for nothing.
    """
    if not operation.security:
        return ()
    for alternative in sorted(operation.security, key=len, reverse=True):
        parts = [
            part_of(schemes.get(name, {}), secrets[name]) for name in alternative if name in secrets
        ]
        known = tuple(part for part in parts if part is not None)
        if len(known) == len(alternative):
            return known
    return None


def asked_of(operation: Operation, schemes: Mapping[str, Scheme], parts: Parts) -> Parts:
    """Of some credentials, those that an operation asks for: one alternative of which all is there.

    They all where none is, for then nobody knows which of them matter.
    """
    for alternative in sorted(operation.security, key=len, reverse=True):
        wanted = [part_of(schemes.get(name, {}), "") for name in alternative]
        places_of = {(one.place, one.name.lower()) for one in wanted if one is not None}
        found = tuple(one for one in parts if (one.place, one.name.lower()) in places_of)
        if found and len(found) == len(alternative):
            return found
    return parts


def protects(operation: Operation) -> bool:
    """Whether an operation has to be asked with credentials."""
    return bool(operation.security) and all(operation.security)


def with_parts(request: Request, parts: Parts) -> Request:
    """The request with credentials, in the place of others that it has there."""
    request = without(request, parts)
    headers = [(one.name, one.value) for one in parts if one.place == "header"]
    cookies = "; ".join(f"{one.name}={one.value}" for one in parts if one.place == "cookie")
    if cookies:
        request, before = _without_header(request, "cookie")
        headers.append(("Cookie", "; ".join([*before, cookies])))
    url = request.url
    for one in parts:
        if one.place == "query":
            pair = f"{quote(one.name, safe='')}={quote(one.value, safe='')}"
            url += f"{'&' if '?' in url else '?'}{pair}"
    return replace(request, url=url, headers=(*request.headers, *headers))


def without(request: Request, parts: Iterable[Part]) -> Request:
    """The request without what stands in the places of these credentials."""
    for one in parts:
        if one.place == "header":
            request, _ = _without_header(request, one.name)
        elif one.place == "query":
            request = replace(request, url=_without_query(request.url, one.name))
        elif one.place == "cookie":
            request, texts = _without_header(request, "cookie")
            pairs = [pair.strip() for text in texts for pair in text.split(";")]
            kept = [pair for pair in pairs if pair.partition("=")[0] != one.name]
            if kept:
                headers = (*request.headers, ("Cookie", "; ".join(kept)))
                request = replace(request, headers=headers)
    return request


def places(schemes: Mapping[str, Scheme]) -> Parts:
    """Where credentials of any scheme stand, with nothing in them."""
    parts = [part_of(scheme, "") for scheme in schemes.values()]
    usual = Part("header", "Authorization", "")
    return (usual, *(part for part in parts if part is not None))


def given(
    headers: Iterable[tuple[str, str]], schemes: Mapping[str, Scheme]
) -> tuple[Parts, tuple[tuple[str, str], ...]]:
    """The headers that a user gave, apart: those that are credentials, and all others."""
    secret = {one.name.lower() for one in places(schemes) if one.place == "header"} | {"cookie"}
    parts, others = [], []
    for name, value in headers:
        if name.lower() not in secret:
            others.append((name, value))
        elif name.lower() == "cookie":
            pairs = (pair.strip().partition("=") for pair in value.split(";"))
            parts += [Part("cookie", key, text) for key, _, text in pairs if key]
        else:
            parts.append(_read(name, value))
    return tuple(parts), tuple(others)


def _read(name: str, value: str) -> Part:
    """A header's value as a part: what is secret in it, apart from the word before it."""
    prefix, _, rest = value.strip().partition(" ")
    if name.lower() != "authorization" or not rest:
        return Part("header", name, value.strip())
    if prefix.lower() == "basic":
        try:
            part = Part("header", name, base64.b64decode(rest).decode(), "Basic")
        except ValueError:
            part = None
        is_same = part is not None and part.value == f"Basic {rest}"
        return part if part is not None and is_same else Part("header", name, value.strip())
    return Part("header", name, rest.strip(), prefix)


def variable(scheme: str) -> str:
    """The environment variable of a scheme: `bearerAuth` is `UNDERSTUDY_BEARER_AUTH`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", scheme)
    return "_".join(["UNDERSTUDY", *(word.upper() for word in words)])


def variables(description: Description) -> Mapping[str, str]:
    """The environment variables of a description's schemes, with what each holds."""
    kinds: dict[str, str] = {}
    for name, scheme in description.security_schemes.items():
        part = part_of(scheme, "")
        if part is not None:
            kind = "user:password" if part.prefix == "Basic" else "a token"
            kinds[variable(name)] = "a key" if scheme.get("type") == "apiKey" else kind
    return kinds


def from_environment(
    schemes: Mapping[str, Scheme], environment: Mapping[str, str], ending: str = ""
) -> Secrets:
    """The secrets of schemes that the environment holds; `ending` is OF_SECOND for the other."""
    found: dict[str, str] = {}
    for name in schemes:
        # `apiKey` may stand there as one word, too.
        for spelled in (variable(name), f"UNDERSTUDY_{spelling(name).upper()}"):
            if secret := environment.get(f"{spelled}{ending}"):
                found.setdefault(name, secret)
    return found


def _without_header(request: Request, name: str) -> tuple[Request, Sequence[str]]:
    """The request without a header, and what that held."""
    taken = [value for key, value in request.headers if key.lower() == name.lower()]
    kept = tuple(pair for pair in request.headers if pair[0].lower() != name.lower())
    return replace(request, headers=kept), taken


def _without_query(url: str, name: str) -> str:
    path, mark, query = url.partition("?")
    if not mark:
        return url
    pairs = query.split("&")
    kept = [pair for pair in pairs if unquote_plus(pair.partition("=")[0]) != name]
    if len(kept) == len(pairs):
        return url
    return f"{path}?{'&'.join(kept)}" if kept else path
