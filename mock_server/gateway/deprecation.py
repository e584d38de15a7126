"""What tells a client that an operation is on its way out: `Deprecation` and `Sunset`."""

import logging
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from openapi.description import Operation

_log = logging.getLogger("understudy")


def headers_of(operation: Operation) -> tuple[tuple[bytes, bytes], ...]:
    """The headers of a deprecated operation; none of another.

    `Deprecation` is a date (RFC 9745 section 2.1). Where `x-deprecated-at` gives none it is the
    beginning of time: deprecated already, and nobody knows since when. `Sunset` (RFC 8594) is sent
    where `x-sunset` gives a date.
    """
    if operation.raw.get("deprecated") is not True:
        return ()
    since = _moment(operation, "x-deprecated-at") or datetime.fromtimestamp(0, UTC)
    sunset = _moment(operation, "x-sunset")
    found = [(b"deprecation", f"@{int(since.timestamp())}".encode())]
    if sunset is not None:
        found.append((b"sunset", format_datetime(sunset, usegmt=True).encode()))
    return tuple(found)


def _moment(operation: Operation, key: str) -> datetime | None:
    value: Any = operation.raw.get(key)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        _log.warning("%s/%s is no date.", operation.pointer, key)
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
