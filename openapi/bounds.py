"""How deep and how large a document may be, so that nothing that reads it runs away."""

from typing import Any

_MOST_LEVELS = 100
"""Four times what the deepest of real descriptions need; the validator ends at 250."""
_MOST_UNFOLDED = 1_000_000
_MOST_TIMES = 10
"""So many objects and arrays may aliases stand for, or so many times those that are written."""


class OutOfBounds(ValueError):  # noqa: N818 - it is the document that goes too far, not we
    """A document nests too deeply, or its aliases unfold without bounds."""


def check_bounds(document: Any) -> None:
    """Raise OutOfBounds for a document that would keep its readers busy for ever."""
    known: dict[int, tuple[int, int]] = {}
    size, _ = _measured(document, known, _MOST_LEVELS)
    if size > max(_MOST_UNFOLDED, _MOST_TIMES * len(known)):
        raise OutOfBounds(f"Its aliases stand for {size} objects. Use `$ref` in their place.")


def _measured(node: Any, known: dict[int, tuple[int, int]], left: int) -> tuple[int, int]:
    """How many objects and arrays a value holds, itself included, and how many levels of them.

    An alias counts at each place where it stands, but is looked at once.
    """
    size, levels = 1, 0
    if isinstance(node, dict | list):
        for item in node.values() if isinstance(node, dict) else node:
            if isinstance(item, dict | list):
                if id(item) not in known:
                    if left < 1:
                        raise _too_deep()
                    known[id(item)] = _measured(item, known, left - 1)
                within, below = known[id(item)]
                size += within
                levels = max(levels, below)
    if levels >= _MOST_LEVELS:
        raise _too_deep()
    return size, levels + 1


def _too_deep() -> OutOfBounds:
    return OutOfBounds(
        f"It nests more than {_MOST_LEVELS} levels deep. Give the inner parts names, and refer."
    )
