"""Whether a value came back as it was sent, however its text is written."""

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from contracts.exchange import ABSENT
from openapi import shapes
from openapi.durations import duration
from openapi.moments import instant
from openapi.schemas import Schema, escaped
from openapi.shapes import spelling

_SECRET = ("password", "secret", "token", "pin", "cvv", "apikey", "passphrase")


def differences(
    sent: Any, seen: Any, schema: Schema, pointer: str = ""
) -> Iterator[tuple[str, Any, Any]]:
    """Where what came back is other than what was sent: pointer, sent, seen.

    `schema` describes what comes back: what it does not describe may be left out, and so may
    secrets and null. What comes back beside what was sent is no difference.
    """
    if isinstance(sent, Mapping) and isinstance(seen, Mapping):
        described = shapes.properties(schema)
        for name, value in sent.items():
            if name in seen:
                part = described.get(name, True)
                yield from differences(value, seen[name], part, f"{pointer}/{escaped(str(name))}")
            elif name in described and value not in (None, [], {}) and not is_secret(name):
                yield f"{pointer}/{escaped(str(name))}", value, ABSENT
    elif isinstance(sent, list) and isinstance(seen, list) and len(sent) == len(seen):
        part = shapes.items(schema)
        for one, other in zip(sent, seen, strict=True):
            yield from differences(one, other, part, f"{pointer}/*")
    elif not same(sent, seen):
        yield pointer, sent, seen


def is_secret(name: str) -> bool:
    """Whether a property of that name is kept to itself by a server."""
    return any(word in spelling(name) for word in _SECRET)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values mean the same: 1 and 1.0, one instant in two time zones, and `PT1M`
    and the 60 seconds that it is.
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        whole = isinstance(one, int) and isinstance(other, int)
        return one == other if whole else math.isclose(one, other, rel_tol=1e-12)
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _same_text(one, other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    lengths = [_seconds(each) if isinstance(each, str) else each for each in (one, other)]
    return one is other or (None not in lengths and bool(lengths[0] == lengths[1]))


def _seconds(text: str) -> int | None:
    """How long a duration in words is; None where it is none, or goes by the calendar's months."""
    try:
        found = duration(text)
    except ValueError:
        return None
    return found.seconds if not found.months else None


def _same_text(one: str, other: str) -> bool:
    if one.startswith(("http://", "https://")) and one.rstrip("/") == other.rstrip("/"):
        return True
    if one.lower() == other.lower():
        # A UUID is the same in either case (RFC 9562 section 4), a hex colour or a name is not.
        return len(one) == _UUID_LENGTH and one.count("-") == 4  # noqa: PLR2004
    first, second = instant(one), instant(other)
    if first is None or second is None:
        return False
    # Many databases round a moment to the second.
    return abs(first - second) < timedelta(seconds=1)


_UUID_LENGTH = 36
