"""What tells that two findings are of one cause, although they show in different places."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from contracts.exchange import ABSENT, Request, Response

TWINS: Mapping[str, str] = {
    "not_a_server_error": "requests_never_crash",
    "ignored_auth": "bad_credentials_are_refused",
    "status_code_conformance": "answers_fit_the_description",
    "content_type_conformance": "answers_fit_the_description",
    "response_headers_conformance": "answers_fit_the_description",
    "response_schema_conformance": "answers_fit_the_description",
}
"""Checks of Schemathesis, and the law that says the same."""

_WORDS = 4
"""So many words tell a cause; fewer, such as `KeyError: 'name'`, may be of any."""
_THROWN = re.compile(r"[A-Za-z_][\w.$]*(?:Error|Exception): [^\n<]{1,300}")
_TAGS = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_CHANGING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{14,}|\d{4}-\d\d-\d\d[T ][\d:.]+(Z|[+-]\d\d:?\d\d)?"
    r"|0x[0-9a-f]+|\b[0-9a-f]{12,}\b|-?\d+(\.\d+)?",
    re.IGNORECASE,
)
"""Ids, times, addresses and numbers."""
_EMPTY = re.compile(r"([\"'`])\s*\1")
_SENT = "<sent>"
_LONGEST = 20_000
"""Characters of an answer that are looked at."""


def told(request: Request, response: Response | None) -> str:
    """What an answer says went wrong, without what was sent; empty where it says too little.

    Of a failure only what was thrown is enough: `Internal Server Error` is said of any.
    """
    if response is None:
        return ""
    text = "\n".join(_texts(response))
    if response.failed:
        thrown = _THROWN.search(text)
        text = thrown[0] if thrown is not None else ""
    text = re.sub(r"\s*\n\s*", " | ", text.strip())
    for value in _quoted(request):
        text = text.replace(value, _SENT)
    if response.failed:
        for name in _keys(_body(request)):
            text = re.sub(rf"([\"'`]){re.escape(name)}\1", _SENT, text)
    text = " ".join(_EMPTY.sub(rf"\1{_SENT}\1", _CHANGING.sub(_SENT, text)).split())
    text = re.sub(r"([\"'`])<sent>\1", _SENT, text)
    return text[:300] if _is_enough(text) else ""


def _is_enough(text: str) -> bool:
    return len(re.findall(r"[A-Za-z]{2,}", text)) >= _WORDS


def _texts(response: Response) -> Iterator[str]:
    """The sentences of an answer: of JSON the highest that tell enough, of HTML all."""
    if response.value is not ABSENT:
        found: list[str] = []
        level = [response.value]
        while level and not _is_enough(" ".join(found)):
            found += [one for one in level if isinstance(one, str) and " " in one.strip()]
            level = [inner for one in level for inner in _below(one)]
        yield from dict.fromkeys(map(html.unescape, found))
        return
    text = response.body[:_LONGEST].decode(errors="replace")
    is_page = response.media_type.endswith(("html", "xml"))
    yield html.unescape(_TAGS.sub("\n", text)) if is_page else text


def _below(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _body(request: Request) -> Any:
    """The value of a request's body, or the text that it is."""
    try:
        return json.loads(request.body) if request.body else None
    except (ValueError, RecursionError):
        return request.body.decode(errors="replace")


def _quoted(request: Request) -> list[str]:
    """Texts of a request that an answer may quote, the longest first."""
    parts = urlsplit(request.url)
    found = {one for one in parts.path.split("/") if re.search(r"[^a-z_-]", one)}
    found |= {value for _, value in parse_qsl(parts.query)}
    found |= set(_leaves(_body(request)))
    forms = {form for one in found for form in (one, unquote(one), quote(one, safe=""))}
    forms |= {json.dumps(one)[1:-1] for one in found}
    return sorted((one for one in forms if one.strip()), key=len, reverse=True)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in _below(value):
        yield from _leaves(inner)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from value
    for inner in _below(value):
        yield from _keys(inner)


def within(place: str) -> str:
    """A place as it is within an item, whether that stands alone or in a list."""
    return f"/{place.rpartition('/*/')[2]}" if "/*/" in place else place
