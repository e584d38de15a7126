"""What is declared of items' lives: `x-lifecycle` on a status, `x-expiry` on a schema."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from openapi.durations import Duration, duration
from openapi.loading import Document, UnusableDescription
from openapi.pointers import escaped, resolved
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
    """What a new item begins as; a list: what it may begin as, the usual first; None: anything."""
    moves: Mapping[str, list[Any]]
    """The statuses that may follow one; one that leads nowhere is final."""
    actions: Mapping[str, Any]
    """What an operation does to the status, by operationId or `METHOD /path`.

    A status: where it moves an item. `{property: {value: status}}`: where, by what is sent. A list:
    the statuses that it may set. What the moves do not allow it does not do.
    """

    @property
    def starts(self) -> tuple[Any, ...]:
        """What a new item may begin as, the usual first; empty: anything."""
        if isinstance(self.initial, list):
            return tuple(self.initial)
        return () if self.initial is None else (self.initial,)

    def moved_by(self, operation: str, sent: Any) -> Any:
        """The status that an operation with that body moves to; None: none is declared."""
        action = self.actions.get(operation)
        if isinstance(action, Mapping):
            [(name, by_value)] = action.items()
            value = sent.get(name) if isinstance(sent, Mapping) else None
            return by_value.get(str(value))
        return None if isinstance(action, list) else action

    def settable_by(self, operation: str) -> list[Any] | None:
        """The statuses that an operation may set; None: any that may follow."""
        action = self.actions.get(operation)
        return action if isinstance(action, list) else None


@dataclass(frozen=True)
class Expiry:
    """When an item expires, where that shows, and how."""

    after: float | Duration | str | None
    """How long after its creation: seconds, a duration, or the property that holds seconds.

    With `during`, after it came into that state.
    """
    at: str | None
    """The property that holds the moment."""
    opened_by: tuple[str, ...]
    """The operations that it closes, by operationId or `METHOD /path`; empty: all that need it."""
    answers: int | None
    """The status of the refusal afterwards; None: 410, or 404 where only that is documented."""
    status: tuple[str, Any] | None
    """A property, and what it shows afterwards."""
    during: tuple[str, tuple[Any, ...]] | None = None
    """A property, and the values during which all of this holds; None: it always does."""


def lifecycle(declared: Any) -> Lifecycle:
    """What an `x-lifecycle` says. Raises Undeclarable."""
    known = _object("", declared, {"initial", "moves", "actions"}, "{moves: {open: [closed]}}")
    moves = _object("/moves", known.get("moves"), None, "{open: [closed]}")
    for status, following in moves.items():
        if not _are_statuses(following):
            raise Undeclarable(
                f"/moves/{escaped(status)}", "It is no list of statuses, such as [closed]."
            )
    initial = known.get("initial")
    if not (isinstance(initial, _SCALAR) or (initial and _are_statuses(initial))):
        raise Undeclarable("/initial", "It is neither a status nor a list of some: open, [open].")
    actions = _object("/actions", known.get("actions", {}), None, "{closeOrder: closed}")
    for name, action in actions.items():
        if not (isinstance(action, _SCALAR) or _are_statuses(action) or _is_choice(action)):
            problem = "Write a status, a list of them, or such as {outcome: {accept: accepted}}."
            raise Undeclarable(f"/actions/{escaped(name)}", problem)
    return Lifecycle(initial, moves, actions)


def _are_statuses(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, _SCALAR) for one in value)


def _is_choice(action: Any) -> bool:
    """Whether an action says which value of which property leads to which status."""
    if not isinstance(action, Mapping) or len(action) != 1:
        return False
    [by_value] = action.values()
    return isinstance(by_value, Mapping) and _are_statuses(list(by_value.values()))


def expiries(declared: Any) -> tuple[Expiry, ...]:
    """What an `x-expiry` says, which may be a list: the first that holds counts.

    Raises Undeclarable.
    """
    if not isinstance(declared, list) or not declared:
        return (expiry(declared),)
    found = []
    for index, one in enumerate(declared):
        try:
            found.append(expiry(one))
        except Undeclarable as error:
            raise Undeclarable(f"/{index}{error.pointer}", str(error)) from error
    return tuple(found)


def expiry(declared: Any) -> Expiry:
    """What an `x-expiry` says that is no list. Raises Undeclarable."""
    words = {"after", "at", "opened-by", "answers", "status", "while"}
    known = _object("", declared, words, "{after: 900}")
    if not known.keys() & {"after", "at"}:
        raise Undeclarable("", "It needs `after` or `at`: {after: 900}, {at: {property: ends}}.")
    at = known.get("at")
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
        after=_after(known["after"]) if "after" in known else None,
        at=_named(at),
        opened_by=tuple(opened_by),
        answers=answers,
        status=None if status is None else (status["property"], status["value"]),
        during=_during(known["while"]) if "while" in known else None,
    )


def _after(value: Any) -> float | Duration | str:
    named = _named(value)
    if named is not None:
        return named
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return value
    try:
        return duration(str(value))
    except ValueError:
        problem = "It is no number of seconds, duration or {property: NAME}. Write such as 900."
        raise Undeclarable("/after", problem) from None


def _during(value: Any) -> tuple[str, tuple[Any, ...]]:
    name = _named(value)
    if name is None or "value" not in value:
        raise Undeclarable("/while", "It needs both {property: NAME, value: VALUE or VALUES}.")
    values = value["value"]
    return name, tuple(values) if isinstance(values, list) else (values,)


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
        for word, check in (
            (LIFECYCLE, partial(_check_lifecycle, document)),
            (EXPIRY, _check_expiry),
        ):
            if word in node:
                try:
                    check(node, operations)
                except Undeclarable as error:
                    place = located(source, f"{pointer}/{word}{error.pointer}")
                    raise UnusableDescription(*place, str(error)) from error


def openers(document: Document) -> frozenset[str]:
    """All that the declarations of a document name in `opened-by`."""
    declared = [node[EXPIRY] for _, node in objects(document) if EXPIRY in node]
    return frozenset(name for one in declared for kind in expiries(one) for name in kind.opened_by)


def _check_lifecycle(
    document: Document, node: Mapping[str, Any], operations: Collection[str]
) -> None:
    declared = lifecycle(node[LIFECYCLE])
    places = [("/initial", one) for one in declared.starts]
    for status, following in declared.moves.items():
        places += [(f"/moves/{escaped(status)}", one) for one in (status, *following)]
    for name, action in declared.actions.items():
        _check_operation("/actions", name, operations)
        places += [(f"/actions/{escaped(name)}", one) for one in _statuses_in(action)]
    # Beside a reference, the statuses are listed where that leads.
    meant = node if "enum" in node else resolved(document, node)
    statuses = meant.get("enum") if isinstance(meant, Mapping) else None
    for pointer, status in places:
        if isinstance(statuses, list) and str(status) not in map(str, statuses):
            raise Undeclarable(pointer, f"{status} is none of the statuses in `enum`. Write one.")


def _statuses_in(action: Any) -> list[Any]:
    if isinstance(action, Mapping):
        return [status for by_value in action.values() for status in by_value.values()]
    return action if isinstance(action, list) else [action]


def _check_expiry(node: Mapping[str, Any], operations: Collection[str]) -> None:
    for index, declared in enumerate(expiries(node[EXPIRY])):
        place = f"/{index}" if isinstance(node[EXPIRY], list) else ""
        for name in declared.opened_by:
            _check_operation(f"{place}/opened-by", name, operations)


def _check_operation(pointer: str, name: str, operations: Collection[str]) -> None:
    if name not in operations:
        problem = f"There is no operation {name}. Write an operationId, or `METHOD /path`."
        raise Undeclarable(pointer, problem)
