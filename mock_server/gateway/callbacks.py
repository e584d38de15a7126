"""After the answer: the callbacks that an operation declares go to the outbox."""

import logging
from typing import Any
from urllib.parse import urlsplit

from mock_server.api import Api, Serving
from mock_server.gateway.call import Call, Stage
from mock_server.gateway.described import Maker, is_dynamic, randomness
from mock_server.gateway.expressions import evaluated
from mock_server.gateway.media_types import is_json
from openapi.description import Operation
from openapi.synthesis import Unsatisfiable

_log = logging.getLogger("understudy")


def compiled(operation: Operation, api: Api) -> Stage | None:
    """The stage for an operation; None where it declares no callback."""
    if not operation.callbacks:
        return None
    prepared = [(callback, _maker(callback, api)) for callback in operation.callbacks]

    def call_back(call: Call) -> None:
        if not 200 <= call.status < 300:  # noqa: PLR2004 - a success
            return
        for callback, maker in prepared:
            try:
                url = _url(callback, call, operation)
                body = None if maker is None else _body(maker, callback, call, api.serving)
            except (LookupError, ValueError, Unsatisfiable) as error:
                _log.warning("No callback %s of %s: %s.", callback.path, operation.name, error)
            else:
                call.sandbox.outbox.webhook(url=url, body=body)

    return call_back


def _maker(callback: Operation, api: Api) -> Maker | None:
    """What makes its body: of the first JSON content, else of the first."""
    content = {} if callback.body is None else callback.body.content
    media_type = next(filter(is_json, content), next(iter(content), None))
    return None if media_type is None else Maker(content[media_type], api)


def _body(maker: Maker, callback: Operation, call: Call, serving: Serving) -> Any:
    if maker.example_wins and not is_dynamic(serving, call.preferences):
        return maker.example
    return maker.synthesiser.value(randomness(call, serving, call.preferences, callback.name))


def _url(callback: Operation, call: Call, operation: Operation) -> str:
    """Its URL, which is one expression or a text with expressions in braces.

    Raises LookupError where one has no value, ValueError where they make no absolute URL.
    """
    if callback.path.startswith("$"):
        url = evaluated(callback.path, call, operation)
    else:
        url = "".join(
            evaluated(piece, call, operation) if index % 2 else piece
            for index, piece in enumerate(callback.path_pieces)
        )
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url[:200]!r} is no absolute URL")
    return url
