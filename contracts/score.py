"""How strong the laws are: every liar is let loose before an honest mock, and is noticed or not."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from contracts.api import Api
from contracts.exchange import NoAnswer
from contracts.findings import Finding, Kind, normalised
from contracts.law import Law
from contracts.liar import Asgi, Liar

Run = Callable[[Asgi, Api, str], Sequence[Finding]]
"""Tests an application, and ends as soon as the law (or check) of that name is found broken.

The name is empty where the application should be found honest.
"""

Trait = tuple[str, ...]

_CHECK = "schemathesis_"


class Verdict(StrEnum):
    """Who noticed a liar."""

    OWN = "own law"
    OTHER = "another law"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Tried:
    """What came of letting one liar loose."""

    liar: Liar
    noticed: Sequence[str]
    """The laws and checks that were found broken, and were not before the honest mock."""
    seconds: float
    trouble: str = ""
    """Why the run could not be done."""

    @property
    def verdict(self) -> Verdict:
        """Who noticed it."""
        if own_name(self.liar) in self.noticed:
            return Verdict.OWN
        return Verdict.OTHER if self.noticed else Verdict.NOBODY


@dataclass(frozen=True)
class Score:
    """What came of all liars that apply to one API."""

    api: str
    honest: Sequence[Finding]
    """Faults that were found of the honest mock: each of them is a false alarm."""
    tried: Sequence[Tried]
    """By law, then by liar."""
    without_liar: Sequence[str]
    """The laws that no liar that applies could have broken."""
    alone: Sequence[Tried] = ()
    """The same liars, with Schemathesis' checks alone."""

    @property
    def caught(self) -> int:
        """How many liars were noticed, by whichever law."""
        return _noticed(self.tried)


def own_name(liar: Liar) -> str:
    """The name of the law or check that a liar breaks."""
    return liar.law.removeprefix(_CHECK)


def score(
    app: Asgi,
    api: Api,
    laws: Sequence[Law],
    liars: Sequence[Liar],
    run: Run,
    *,
    alone: Run | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Score:
    """Let every liar that applies loose before an honest application.

    `alone` is a run without laws, for comparison.
    """
    applying = sorted((one for one in liars if one.applies(api)), key=lambda one: one.name)
    progress("the honest mock")
    honest = run(app, api, "")
    known = set(map(_trait, honest))
    tried = []
    for number, liar in enumerate(applying, 1):
        progress(f"{number} of {len(applying)}: {liar.name}")
        tried.append(_tried(app, api, liar, run, known))
    compared = []
    if alone is not None:
        known = set(map(_trait, alone(app, api, "")))
        for number, liar in enumerate(applying, 1):
            progress(f"{number} of {len(applying)}, without laws: {liar.name}")
            compared.append(_tried(app, api, liar, alone, known))
    broken = {one.law for one in applying}
    missing = [law.name for law in laws if law.name not in broken]
    alarms = {_trait(one): one for one in honest if one.kind is Kind.FAULT}
    return Score(api.description.name, tuple(alarms.values()), tried, missing, compared)


def _tried(app: Asgi, api: Api, liar: Liar, run: Run, known: set[Trait]) -> Tried:
    started = time.monotonic()
    trouble = ""
    findings: Sequence[Finding] = ()
    try:
        findings = run(liar.wrap(app, api), api, own_name(liar))
    except NoAnswer as error:
        trouble = str(error)
    fresh = [one for one in findings if _trait(one) not in known]
    noticed = dict.fromkeys(one.name for one in fresh if _counts(one, liar))
    return Tried(liar, tuple(noticed), time.monotonic() - started, trouble)


def _trait(finding: Finding) -> Trait:
    """What a finding has in common with the same one of another run.

    A gap is known by the very status or media type that the description leaves out.
    """
    is_gap = finding.kind is Kind.GAP
    problem = finding.problem if is_gap else normalised(finding.problem)
    return finding.kind, finding.name, problem, finding.place, finding.subject


def _counts(finding: Finding, liar: Liar) -> bool:
    """Whether it gives the liar away; a gap in the description does only if that is its lie."""
    return finding.kind is Kind.FAULT or (
        finding.kind is Kind.GAP and finding.name == own_name(liar)
    )


def _noticed(tried: Sequence[Tried], *, own: bool = False) -> int:
    wanted = {Verdict.OWN} if own else {Verdict.OWN, Verdict.OTHER}
    return sum(one.verdict in wanted for one in tried)


def lines(result: Score) -> Iterator[str]:
    """The score as text, each law with its liars; the last line is `caught N of M`."""
    width = max((len(_how(one)) for one in result.tried), default=0)
    for law, group in groupby(result.tried, key=lambda one: one.liar.law):
        yield law
        for one in group:
            yield f"  {_how(one):{width}}  {one.seconds:6.1f} s  {_told(one)}"
    yield ""
    if result.without_liar:
        yield f"Without a liar that applies: {', '.join(result.without_liar)}."
    for finding in result.honest:
        yield f"False alarm, of the honest mock: {finding.name}: {finding.problem}"
    total = len(result.tried)
    yield f"By its own law: {_noticed(result.tried, own=True)} of {total}."
    if result.alone:
        yield f"Schemathesis' checks alone: {_noticed(result.alone)} of {len(result.alone)}."
    yield f"caught {result.caught} of {total}"


def _how(one: Tried) -> str:
    return one.liar.name.partition("__")[2].replace("_", " ")


def _told(one: Tried) -> str:
    if one.trouble:
        return f"not caught: {one.trouble}"
    told = {
        Verdict.OWN: "caught",
        Verdict.OTHER: f"caught by {', '.join(one.noticed)} only",
        Verdict.NOBODY: "NOT CAUGHT",
    }
    return told[one.verdict]


def as_json(result: Score) -> dict[str, Any]:
    """The score as JSON, with the table of laws and liars: by law, by liar, who noticed it."""
    table: dict[str, dict[str, Any]] = {}
    alone = {one.liar.name: one for one in result.alone}
    for one in result.tried:
        compared = alone.get(one.liar.name)
        table.setdefault(own_name(one.liar), {})[one.liar.name] = {
            "does": one.liar.sentence,
            "verdict": one.verdict.value,
            "noticed_by": list(one.noticed),
            "seconds": round(one.seconds, 3),
            "trouble": one.trouble or None,
            "by_schemathesis_alone": None if compared is None else list(compared.noticed),
        }
    return {
        "version": 1,
        "api": result.api,
        "caught": result.caught,
        "caught_by_own_law": _noticed(result.tried, own=True),
        "caught_by_schemathesis_alone": _noticed(result.alone) if result.alone else None,
        "liars": len(result.tried),
        "laws_without_liar": list(result.without_liar),
        "false_alarms": [
            {"name": finding.name, "problem": finding.problem} for finding in result.honest
        ],
        "table": table,
    }
