"""What is declared of items' lives: `x-lifecycle` on a status, `x-expiry` on a schema."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openapi.loading import Document, UnusableDescription
from openapi.pointers import escaped
from openapi.references import EXPIRY, LIFECYCLE, located, objects

REFUSED_BY = (400, 403, 404, 409, 410)
"""The statuses that may refuse what an expired item does not do any more."""

_SCALAR = str | int | float | bool | None


class Undeclarable(ValueError):  # noqa: N818 - what is declared is what fails
    """A declaration that cannot be understood; the message says what it needs."""

    def __init__(self, pointer: str, problem: str) -> None:
        super().__init__(problem)
        self.pointer = pointer
        """Where in the declaration."""


@dataclass(frozen=True)
class Lifecycle:
    """The statuses of an item and the moves between them."""

    initial: Any
    """What a new item begins as; None: anything."""
    moves: Mapping[str, list[Any]]
    """The statuses that may follow one; one that leads nowhere is final."""
    actions: Mapping[str, Any]
    """The status that an operation moves to, by operationId or `METHOD /path`."""


@dataclass(frozen=True)
class Expiry:
    """When an item expires, where that shows, and how."""

    after: float | str | None
    """Seconds since its creation, or the property that holds them."""
    at: str | None
    """The property that holds the moment."""
    opened_by: tuple[str, ...]
    """The operations that it closes, by operationId or `METHOD /path`; empty: all that need it."""
    answers: int | None
    """The status of the refusal afterwards; None: 410, or 404 where only that is documented."""
    status: tuple[str, Any] | None
    """A property, and what it shows afterwards."""


def lifecycle(declared: Any) -> Lifecycle:
    """What an `x-lifecycle` says. Raises Undeclarable."""
    known = _object("", declared, {"initial", "moves", "actions"}, "{moves: {open: [closed]}}")
    moves = _object("/moves", known.get("moves"), None, "{open: [closed]}")
    for status, following in moves.items():
        if not isinstance(following, list) or not all(isinstance(v, _SCALAR) for v in following):
            raise Undeclarable(
                f"/moves/{escaped(status)}", "It is no list of statuses, such as [closed]."
            )
    actions = _object("/actions", known.get("actions", {}), None, "{closeOrder: closed}")
    return Lifecycle(known.get("initial"), moves, actions)


def expiry(declared: Any) -> Expiry:
    """What an `x-expiry` says. Raises Undeclarable."""
    words = {"after", "at", "opened-by", "answers", "status"}
    known = _object("", declared, words, "{after: 900}")
    if not known.keys() & {"after", "at"}:
        raise Undeclarable("", "It needs `after` or `at`: {after: 900}, {at: {property: ends}}.")
    after, at = known.get("after"), known.get("at")
    seconds = isinstance(after, int | float) and not isinstance(after, bool) and after >= 0
    if "after" in known and not seconds and _named(after) is None:
        problem = "It is neither a number of seconds nor {property: NAME}. Write such as 900."
        raise Undeclarable("/after", problem)
    if "at" in known and _named(at) is None:
        raise Undeclarable("/at", "It names no property. Write {property: NAME}.")
    opened_by = known.get("opened-by", [])
    if not isinstance(opened_by, list) or not all(isinstance(one, str) for one in opened_by):
        raise Undeclarable("/opened-by", "It is no list of operationIds, such as [openLink].")
    answers = known.get("answers")
    if answers is not None and answers not in REFUSED_BY:
        listed = ", ".join(map(str, REFUSED_BY))
        raise Undeclarable("/answers", f"It is none of the statuses that refuse: {listed}.")
    status = known.get("status")
    if status is not None and (_named(status) is None or "value" not in status):
        raise Undeclarable("/status", "It needs both {property: NAME, value: VALUE}.")
    return Expiry(
        after=after if seconds else _named(after),
        at=_named(at),
        opened_by=tuple(opened_by),
        answers=answers,
        status=None if status is None else (status["property"], status["value"]),
    )


def _object(
    pointer: str, value: Any, words: Collection[str] | None, example: str
) -> Mapping[str, Any]:
    """The value, which has to be an object of those words."""
    if not isinstance(value, Mapping):
        raise Undeclarable(pointer, f"It is no object. Write such as {example}.")
    unknown = [str(word) for word in value if words is not None and word not in words]
    if unknown:
        known = ", ".join(sorted(words or ()))
        raise Undeclarable(
            f"{pointer}/{escaped(unknown[0])}", f"That means nothing there. Write {known}."
        )
    return value


def _named(value: Any) -> str | None:
    name = value.get("property") if isinstance(value, Mapping) else None
    return name if isinstance(name, str) else None


def check_declarations(source: Path | str, document: Document, operations: Collection[str]) -> None:
    """Raise UnusableDescription where a declaration of a document cannot be understood.

    `operations` are the operationIds and `METHOD /path` that it may name.
    """
    for pointer, node in objects(document):
        for word, check in ((LIFECYCLE, _check_lifecycle), (EXPIRY, _check_expiry)):
            if word in node:
                try:
                    check(node, operations)
                except Undeclarable as error:
                    place = located(source, f"{pointer}/{word}{error.pointer}")
                    raise UnusableDescription(*place, str(error)) from error


def _check_lifecycle(node: Mapping[str, Any], operations: Collection[str]) -> None:
    declared = lifecycle(node[LIFECYCLE])
    places = [("/initial", declared.initial)] if declared.initial is not None else []
    for status, following in declared.moves.items():
        places += [(f"/moves/{escaped(status)}", one) for one in (status, *following)]
    for name, status in declared.actions.items():
        _check_operation("/actions", name, operations)
        places.append((f"/actions/{escaped(name)}", status))
    statuses = node.get("enum")
    for pointer, status in places:
        if isinstance(statuses, list) and str(status) not in map(str, statuses):
            raise Undeclarable(pointer, f"{status} is none of the statuses in `enum`. Write one.")


def _check_expiry(node: Mapping[str, Any], operations: Collection[str]) -> None:
    for name in expiry(node[EXPIRY]).opened_by:
        _check_operation("/opened-by", name, operations)


def _check_operation(pointer: str, name: str, operations: Collection[str]) -> None:
    if name not in operations:
        problem = f"There is no operation {name}. Write an operationId, or `METHOD /path`."
        raise Undeclarable(pointer, problem)
