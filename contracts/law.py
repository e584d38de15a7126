"""What a law is: a sentence, how it is judged, and how it is provoked.

A law is one module of `contracts/laws/`. Its name says what holds when the law is kept, and so
does its docstring, as one sentence. It has

- `check(history) -> Iterator[Chance]`: pure; yields a Chance each time the history put the law to
  the test, with `kept(…)` or `broken(problem, …)`;
- `OVER_TIME = True`, if it is about what changes when time passes, `OVER_RACES = True`, if it is
  about requests that are sent together;
- `subjects(api) -> Iterable[Any]`, if it needs provoking: what it can be provoked on, such as
  resources or operations (`api.resources_with`, `api.operations`);
- `provoke(stage, subject) -> None` with it: the steps that give `check` its chance;
- `narrow(stage, operation, body, query) -> None`, if what is broken may be due to one value of a
  request among many: the steps that send each of them alone;
- `LIKELY`, if there is a usual cause: one sentence that reports give to who looks for the fault.

Every law judges every walk, whichever it was made for.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from contracts import laws
from contracts.history import Exchange, History

if TYPE_CHECKING:
    from contracts.api import Api
    from contracts.stage import Stage
    from openapi.description import Operation


@dataclass(frozen=True)
class Chance:
    """One time that a law was put to the test."""

    exchanges: tuple[Exchange, ...]
    """What shows it, in order."""
    problem: str = ""
    """What is wrong; empty: nothing. It names no value that changes from run to run."""
    place: str = ""
    """The property, parameter or header that shows it: findings with others are others."""
    at: Exchange | None = None
    """Where it went wrong, if that is not the last of them."""
    cause: str = ""
    """What is the same at every operation where it shows; empty: it is each one's own."""

    @property
    def where(self) -> Exchange:
        """The exchange where it went wrong."""
        return self.at or self.exchanges[-1]


def kept(*exchanges: Exchange) -> Chance:
    """The law was put to the test, and held."""
    return Chance(exchanges)


def broken(
    problem: str,
    *exchanges: Exchange,
    place: str = "",
    at: Exchange | None = None,
    cause: str = "",
) -> Chance:
    """The law was put to the test, and did not hold; it went wrong in the last, or `at` another."""
    return Chance(exchanges, problem, place, at, cause)


@dataclass(frozen=True)
class Law:
    """A law by its name."""

    name: str
    sentence: str
    check: Callable[[History], Iterator[Chance]]
    subjects: "Callable[[Api], Iterable[Any]] | None" = None
    provoke: "Callable[[Stage, Any], None] | None" = None
    narrow: "Callable[[Stage, Operation, Any, Mapping[str, Any] | None], None] | None" = None
    likely: str = ""
    """The usual cause where it is broken."""
    over_time: bool = False
    """Whether it is about what time changes."""
    over_races: bool = False
    """Whether it is about requests that are sent together."""

    def judge(self, history: History) -> Iterator[Chance]:
        """The chances that a history gave the law.

        A law that is not about time sees the history until time was let pass: what changes then
        may have changed by itself. One that is not about races sees it until requests were sent
        together: which of them came last cannot be told.
        """
        return self.check(history.until(wait=not self.over_time, race=not self.over_races))


@cache
def all_laws() -> tuple[Law, ...]:
    """Every law, by name in order."""
    found = []
    for module in pkgutil.iter_modules(laws.__path__):
        law = importlib.import_module(f"{laws.__name__}.{module.name}")
        found.append(
            Law(
                name=module.name,
                sentence=(law.__doc__ or "").strip().partition("\n")[0],
                check=law.check,
                subjects=getattr(law, "subjects", None),
                provoke=getattr(law, "provoke", None),
                narrow=getattr(law, "narrow", None),
                likely=getattr(law, "LIKELY", ""),
                over_time=getattr(law, "OVER_TIME", False),
                over_races=getattr(law, "OVER_RACES", False),
            )
        )
    return tuple(sorted(found, key=lambda law: law.name))
