"""A request as a line for a POSIX shell, whatever its bytes are: nothing in it needs more than
printable characters.
"""

import re
import shlex
import string
from urllib.parse import urlsplit

from contracts.exchange import Request, first

_OF_THE_MESSAGE = {
    "content-length",
    "transfer-encoding",
    "connection",
    "accept-encoding",
    "user-agent",
    "understudy-run",
    "x-schemathesis-testcaseid",
}
"""Headers that follow from how a message is sent, where curl gives its own, or name the run."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PLAIN = f'{string.ascii_letters}{string.digits} _.,:;=/+@"{{}}[]()<>&?!#*'.encode()
_MOST = 50_000
"""Characters of an argument; what is longer goes through a pipe, for Linux allows 128 KiB."""


def curl(request: Request) -> str:
    """The command that sends a request.

    Left out are headers that no request can have, and those that follow from how it is sent or
    name the run.
    """
    words = ["curl", *_method(request), shlex.quote(_printable(request.url))]
    if re.search(r"[\[\]{}]", request.url):
        words.append("--globoff")
    if re.search(r"/\.", request.url):
        words.append("--path-as-is")
    words += _headers(request)
    if not request.body:
        return " ".join(words)
    text = _text(request.body)
    if text is not None:
        return " ".join([*words, "--data-raw", shlex.quote(text)])
    return f"printf {_format(request.body)} | {' '.join([*words, '--data-binary', '@-'])}"


def _method(request: Request) -> list[str]:
    """HEAD has a word of its own: told to send it otherwise, curl waits for a body."""
    if request.method == "HEAD":
        return ["--head"]
    if request.method == "GET" and not request.body:
        return []
    return ["-X", shlex.quote(_printable(request.method))]


def _headers(request: Request) -> list[str]:
    words: list[str] = []
    host = urlsplit(request.url).netloc.rpartition("@")[2]
    for name, value in request.headers:
        usual = name.lower() in _OF_THE_MESSAGE or (name.lower() == "host" and value == host)
        if usual or _NAME.fullmatch(name) is None:
            continue
        line = f"{name}: {value}" if value else f"{name};"
        words += ["-H", shlex.quote(_printable(line))]
    if request.body and first(request.headers, "content-type") is None:
        words += ["-H", "Content-Type:"]  # otherwise curl says that it is a form
    return words


def _text(body: bytes) -> str | None:
    """The body as text that a terminal shows as it is, or None."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    shown = all(one.isprintable() or one == "\n" for one in text)
    return text if shown and len(text) <= _MOST else None


def _format(body: bytes) -> str:
    """The body as the format of `printf`: octal, but for what means itself there."""
    return "'" + "".join(chr(one) if one in _PLAIN else f"\\{one:03o}" for one in body) + "'"


def _printable(text: str) -> str:
    """What cannot be shown, percent-encoded: no URL or header can hold it otherwise."""
    return "".join(
        one
        if one.isprintable()
        else "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "surrogatepass"))
        for one in text
    )
