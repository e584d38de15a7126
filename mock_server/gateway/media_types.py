"""Media types: which documented one fits what was sent or is accepted (RFC 9110, 12.5.1)."""

from functools import lru_cache


def essence(media_type: str) -> str:
    """`type/subtype` in lower case, without parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether bodies of that type are one JSON value."""
    kind = essence(media_type)
    return kind in {"application/json", "text/json"} or kind.endswith("+json")


@lru_cache(maxsize=1024)
def find(sent: str, documented: tuple[str, ...]) -> str | None:
    """The documented media type or range that a sent one falls under; the most exact one."""
    best: tuple[int, str] | None = None
    for candidate in documented:
        exactness = _exactness(essence(candidate), sent)
        if exactness and (best is None or exactness > best[0]):
            best = (exactness, candidate)
    return best[1] if best else None


@lru_cache(maxsize=1024)
def acceptable(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """The offered media type that an `Accept` header likes best; the first of equals.

    None where none of them is acceptable.
    """
    if not offered:
        return None
    if accept is None or not accept.strip():
        return offered[0]
    ranges = [_range(entry) for entry in accept.split(",") if entry.strip()]
    best, best_weight = None, 0.0
    for candidate in offered:
        fits = [
            (exactness, weight)
            for wanted, weight in ranges
            if (exactness := _offer(wanted, essence(candidate)))
        ]
        weight = max(fits)[1] if fits else 0.0
        if weight > best_weight:
            best, best_weight = candidate, weight
    return best


def _range(entry: str) -> tuple[str, float]:
    media_range, *parameters = entry.split(";")
    weight = 1.0
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "q":
            try:
                weight = float(value)
            except ValueError:
                weight = 0.0
    return media_range.strip().lower(), weight


def _exactness(wanted: str, given: str) -> int:
    """3 for the same type, 2 for `type/*` and suffix kin, 1 for `*/*`, 0 for no fit."""
    if wanted == given:
        return 3
    if wanted in {"*/*", "*"}:
        return 1
    if wanted.endswith("/*") and given.startswith(wanted[:-1]):
        return 2
    return 0


def _offer(wanted: str, documented: str) -> int:
    """As `_exactness`; a documented range offers whatever falls under it."""
    if documented == "*/*" or (documented.endswith("/*") and wanted.startswith(documented[:-1])):
        return 1
    return _exactness(wanted, documented)


def concrete(accept: str | None, documented: str) -> str:
    """The media type to send where a range is documented: the first exact one that is accepted."""
    if "*" not in documented:
        return documented
    for entry in (accept or "").split(","):
        wanted, weight = _range(entry)
        if wanted and weight and "*" not in wanted and _offer(wanted, essence(documented)):
            return wanted
    return "application/json" if documented == "*/*" else documented.replace("*", "plain")
