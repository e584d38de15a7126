"""JSON as RFC 8259 has it: stricter than the libraries that read and write it."""

import json
import math
from typing import Any

import msgspec

DEEPEST = 200
"""How many levels of arrays and objects are read; validators end not far behind."""

_quick = msgspec.json.Decoder()
_write = msgspec.json.Encoder().encode


def parsed(raw: bytes) -> Any:
    """The value of a JSON text. Raises ValueError with a reason for the client.

    A UnicodeDecodeError among them says where the text is not UTF-8.
    """
    if raw.count(b"[") + raw.count(b"{") <= DEEPEST:
        try:
            return _quick.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass  # The careful way has better words for what is wrong.
    return _carefully_parsed(raw.decode("utf-8-sig"))


def rendered(value: Any) -> bytes:
    """The value as JSON. Raises ValueError or TypeError for what JSON cannot tell."""
    try:
        text = _write(value)
    except (TypeError, UnicodeEncodeError):
        # Half a surrogate pair has to be escaped, and not every key is a text.
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
    # What is no number is written as null as well.
    if b"null" in text:
        _check_finite(value)
    return text


def _carefully_parsed(text: str) -> Any:
    try:
        value = _decoder.decode(text)
        if text.count("[") + text.count("{") > DEEPEST and _depth(value) > DEEPEST:
            raise ValueError(f"it is nested too deeply: more than {DEEPEST} levels")
        if "\\u" in text:
            # An escaped lone surrogate is valid JSON, but no text that could be sent back.
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("it holds half of a surrogate pair") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return value


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            item
            for node in level
            if isinstance(node, dict | list)
            for item in (node.values() if isinstance(node, dict) else node)
        ]
    return depth - 1


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


_decoder = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)


def _check_finite(value: Any) -> None:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is no JSON number")
    elif isinstance(value, dict):
        for item in value.values():
            _check_finite(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_finite(item)
