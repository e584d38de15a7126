"""Links that an API hands out for whoever has them, as a wrapper of a mock sees them."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from contracts.api import Api
from contracts.exchange import Response
from contracts.handouts import handouts
from contracts.liar import Call
from contracts.ways import Ways
from openapi.description import Operation

_URL = re.compile(r"https?://[^\s\"\\<>]+")


class Links:
    """The links of an API, told from each other by their tokens: what no one else knows of them."""

    def __init__(self, api: Api) -> None:
        opening = {one.key: one for handout in handouts(api) for one in handout.opened_by}
        self.opening: Sequence[Operation] = tuple(opening.values())
        """The operations that open them."""
        self._ways = Ways(api)

    def opened_by(self, call: Call) -> str | None:
        """The token of the link that a request opens; None: it opens none."""
        return _token(call.values, call.query_string) if call.operation in self.opening else None

    def handed_out(self, answer: Response) -> list[str]:
        """The tokens of the links that an answer holds."""
        found = []
        for url in _URL.findall(answer.body.decode("utf-8", "replace")):
            parts = urlsplit(url)
            way = self._ways.find(parts.path)
            if way is not None and any(one in self.opening for one in way.operations.values()):
                found.append(_token(way.values, parts.query))
        return [token for token in dict.fromkeys(found) if token]


def _token(values: Mapping[str, str], query: str) -> str:
    """The last value of the path, else the first of the query."""
    told = [*list(values.values())[::-1], *(value for _, value in parse_qsl(query))]
    return next(iter(told), "")
