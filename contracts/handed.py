"""Links that an API hands out for whoever has them, as a wrapper of a mock sees them."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from contracts.api import Api
from contracts.exchange import ABSENT, Response
from contracts.handouts import declared
from contracts.liar import Call
from contracts.ways import Ways
from openapi.description import Operation
from openapi.pointers import at, escaped

_URL = re.compile(r"https?://[^\s\"\\<>]+")


class Links:
    """The links of an API, told from each other by their tokens: what no one else knows of them."""

    def __init__(self, api: Api) -> None:
        opening = {one.key: one for handout in declared(api) for one in handout.opened_by}
        self.opening: Sequence[Operation] = tuple(opening.values())
        """The operations that open them."""
        self._keys = {
            one.operation.key: f"{one.holder}/{escaped(one.name)}"
            for one in declared(api)
            if one.parameter
        }
        self._ways = Ways(api)

    def opened_by(self, call: Call) -> str | None:
        """The token of the link that a request opens; None: it opens none."""
        return _token(call.values, call.query_string) if call.operation in self.opening else None

    def handed_out(self, call: Call, answer: Response) -> list[str]:
        """The tokens of the links that an answer holds."""
        pointer = self._keys.get(call.operation.key)
        found = [_at(answer, pointer) or ""] if pointer is not None else []
        for url in _URL.findall(answer.body.decode("utf-8", "replace")):
            parts = urlsplit(url)
            way = self._ways.find(parts.path)
            if way is not None and any(one in self.opening for one in way.operations.values()):
                found.append(_token(way.values, parts.query))
        return [token for token in dict.fromkeys(found) if token]


def _at(answer: Response, pointer: str) -> str | None:
    """The text at a place in an answer."""
    try:
        found = at(answer.value, pointer) if answer.value is not ABSENT else None
    except LookupError:
        return None
    return found if isinstance(found, str) else None


def _token(values: Mapping[str, str], query: str) -> str:
    """The last value of the path, else the first of the query."""
    told = [*list(values.values())[::-1], *(value for _, value in parse_qsl(query))]
    return next(iter(told), "")
