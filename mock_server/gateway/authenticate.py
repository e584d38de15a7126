"""Second stage: the description's security requirements, an OR of ANDs."""

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote
from urllib.request import parse_http_list, parse_keqv_list

from mock_server.api import Api
from mock_server.gateway.call import Call, Stage
from mock_server.refusals import Unauthorized
from openapi.description import Operation

_DIGEST = {"username", "realm", "nonce", "uri", "response"}
"""What digest credentials always hold (RFC 7616 section 3.4)."""

_Credential = Callable[[Call], str | None]
"""Takes the credential of one scheme out of a call; None where it is missing or malformed."""


def compiled(operation: Operation, api: Api) -> Stage | None:
    """The stage for an operation; None where it needs no credentials."""
    if not operation.security or any(not alternative for alternative in operation.security):
        return None
    schemes = api.description.security_schemes
    alternatives = [
        [(name, _credential(schemes.get(name, {}))) for name in alternative]
        for alternative in operation.security
    ]
    names = dict.fromkeys(name for alternative in operation.security for name in alternative)
    challenged = [scheme for name in names if _is_asked_for(scheme := schemes.get(name, {}))]
    realm = quote(api.name)
    wanted = " or ".join(
        " with ".join(_described(schemes.get(name, {})) for name in alternative)
        for alternative in operation.security
    )
    accepts = api.behaviour.credentials
    listed = {name for name in names if accepts is None or _is_key(schemes.get(name, {}))}

    def passes(call: Call, name: str, value: str) -> bool:
        allowed = call.sandbox.settings["credentials"] if name in listed else None
        if isinstance(allowed, list) and value not in allowed:
            return False
        return accepts is None or accepts(call.sandbox, name, value)

    def authenticate(call: Call) -> None:
        sent = False
        for alternative in alternatives:
            given: list[tuple[str, str]] = []
            for name, credential in alternative:
                value = credential(call)
                if value is None:
                    break
                given.append((name, value))
            else:
                sent = True
                if all(passes(call, *pair) for pair in given):
                    return
        detail = (
            f"The credentials were not accepted: send {wanted} that is valid and not expired."
            if sent
            else f"Credentials are missing: send {wanted}."
        )
        challenges = ", ".join(_challenge(scheme, realm) for scheme in challenged)
        raise Unauthorized(detail, headers={"WWW-Authenticate": challenges})

    return authenticate


def _credential(scheme: Mapping[str, Any]) -> _Credential:
    kind = scheme.get("type")
    if kind == "apiKey":
        return _api_key(scheme["in"], scheme["name"])
    if kind == "http":
        word = str(scheme.get("scheme", "")).lower()
        return {"basic": _basic, "digest": _digest}.get(word) or _authorization(word)
    if kind in {"oauth2", "openIdConnect"}:
        return _authorization("bearer")
    return lambda _: ""


def _is_asked_for(scheme: Mapping[str, Any]) -> bool:
    """Mutual TLS ends before the mock, and an unknown scheme cannot be asked for: both pass."""
    return scheme.get("type") in {"apiKey", "http", "oauth2", "openIdConnect"}


def _is_key(scheme: Mapping[str, Any]) -> bool:
    return scheme.get("type") == "apiKey"


def _api_key(place: str, name: str) -> _Credential:
    if place == "header":
        field = name.lower()
        return lambda call: call.headers.get(field) or None
    if place == "cookie":
        return lambda call: cookies(call).get(name) or None
    return lambda call: _query_value(call, name)


def _authorization(word: str) -> _Credential:
    def credential(call: Call) -> str | None:
        sent_word, _, value = call.headers.get("authorization", "").partition(" ")
        return value.strip() or None if sent_word.lower() == word else None

    return credential


def _basic(call: Call) -> str | None:
    encoded = _authorization("basic")(call)
    try:
        decoded = base64.b64decode(encoded or "", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return decoded if ":" in decoded else None


def _digest(call: Call) -> str | None:
    """Digest credentials as they were sent. No password is known that could prove them wrong."""
    sent = _authorization("digest")(call) or ""
    try:
        given = parse_keqv_list(parse_http_list(sent))
    except ValueError:
        return None
    return sent if given.keys() >= _DIGEST else None


def _query_value(call: Call, name: str) -> str | None:
    pairs = parse_qsl(call.query.decode("latin-1"), keep_blank_values=True)
    return dict(pairs).get(name) or None


def cookies(call: Call) -> dict[str, str]:
    """The cookies of a call by name (RFC 6265 section 5.4); an odd one does not hide others."""
    pairs = (piece.strip().partition("=") for piece in call.headers.get("cookie", "").split(";"))
    return {name: value.strip('"') for name, equals, value in pairs if equals}


def _challenge(scheme: Mapping[str, Any], realm: str) -> str:
    """One challenge for the `WWW-Authenticate` header (RFC 9110 section 11.6.1)."""
    if scheme.get("type") == "http":
        word = str(scheme.get("scheme", "")).capitalize()
        more = _digest_challenge() if word == "Digest" else ""
        return f'{word} realm="{realm}"{more}'
    if scheme.get("type") == "apiKey":
        return f'ApiKey realm="{realm}", in="{scheme.get("in")}", name="{scheme.get("name")}"'
    return f'Bearer realm="{realm}"'


def _digest_challenge() -> str:
    """What a digest challenge has beside its realm (RFC 7616 section 3.3)."""
    return f', qop="auth", algorithm=SHA-256, nonce="{secrets.token_urlsafe(16)}"'


def _described(scheme: Mapping[str, Any]) -> str:
    if scheme.get("type") == "apiKey":
        return f"an API key in the {scheme.get('in')} `{scheme.get('name')}`"
    word = scheme.get("scheme", "bearer") if scheme.get("type") == "http" else "bearer"
    return f"an `Authorization: {str(word).capitalize()}` header"
