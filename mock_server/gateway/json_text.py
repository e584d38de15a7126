"""JSON as RFC 8259 has it: stricter than Python's own reading of it."""

import json
import math
from typing import Any

DEEPEST = 200
"""How many levels of arrays and objects are read; validators end not far behind."""


def parsed(text: str) -> Any:
    """The value of a JSON text. Raises ValueError with a reason for the client."""
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
