"""What a server answers when its application fails, with what a report needs to know of it."""

import traceback
from dataclasses import replace
from pathlib import PurePath

from contracts.exchange import Response

ERROR: str = "Understudy-Error"
"""The header that tells why an application in this process failed."""

_MOST = 300


def failed(why: BaseException | str) -> Response:
    """The answer of a server whose application gave none."""
    plain = ("Content-Type", "text/plain; charset=utf-8")
    return Response(500, (plain, (ERROR, told(why))), b"Internal Server Error")


def with_error(response: Response, why: BaseException) -> Response:
    """The answer that an application gave to its own failure, with what it was."""
    return replace(response, headers=(*response.headers, (ERROR, told(why))))


def told(why: BaseException | str | None) -> str:
    """The error on one line, with the place where it was raised."""
    if why is None or isinstance(why, str):
        return why or "it gave no reason"
    text = " ".join(f"{type(why).__name__}: {why}".split())[:_MOST]
    frames = traceback.extract_tb(why.__traceback__)
    if not frames:
        return text
    return f"{text} ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})"
