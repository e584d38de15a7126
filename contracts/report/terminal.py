"""The report for whoever ran it: what broke first, and the verdict on the last line."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts.finding_file import file_name
from contracts.findings import Finding, Kind, Told
from contracts.outcome import Outcome
from contracts.report.telling import (
    LABELS,
    answer_told,
    body_told,
    by_hand,
    counted,
    cut,
    path_told,
    reason,
    shown,
    where,
)
from contracts.steps import FIRST

_COLOURS = {"red": "31", "yellow": "33", "green": "32", "bold": "1", "dim": "2"}
_OF_KIND = {Kind.FAULT: "red", Kind.GAP: "yellow", Kind.UNCLEAR: "yellow"}
_MOST_BODY, _MOST_PATH, _MOST_CURL = 300, 120, 2_000
_MOST_LISTED = 20
_LEAST_WIDTH, _MOST_WIDTH = 40, 120


@dataclass(frozen=True)
class Look:
    """What the report is shown on."""

    width: int = 80
    """Characters of a line; only what is to be copied may be longer."""
    colours: bool = False
    folder: str = ""
    """Where the finding files are; empty: here."""


def written(outcome: Outcome, look: Look | None = None) -> str:
    """The report; its last line is the verdict, for scripts."""
    paper = _Paper(look or Look())
    for finding in (*outcome.broken, *outcome.unclear):
        _finding(paper, outcome, finding)
    _gaps(paper, outcome.gaps)
    _baseline(paper, outcome)
    _laws(paper, outcome)
    _listed(paper, "Remains on the target", _cut(outcome.remaining))
    _listed(paper, "Notes", outcome.notes)
    if outcome.interrupted:
        paper.line("Interrupted: what is above is what was found until then.")
        paper.line()
    paper.line(_summary(outcome))
    paper.line(outcome.verdict, "red" if outcome.broken else "green")
    return paper.text


class _Paper:
    """Lines of a width, in colours or without."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.width = min(max(look.width, _LEAST_WIDTH), _MOST_WIDTH)
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        return "\n".join([*self._lines, ""])

    def line(self, text: str = "", colour: str = "", *, indent: int = 0, hang: int = 0) -> None:
        """A text, wrapped; `hang` is how much further its other lines are indented."""
        wrapped = textwrap.wrap(
            shown(text),
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hang),
            break_on_hyphens=False,
        )
        self._lines += [self.coloured(one, colour) for one in wrapped or [""]]

    def whole(self, text: str, *, indent: int) -> None:
        """A text that is copied, and so must stay on its lines."""
        self._lines.append(" " * indent + shown(text, "\n"))

    def coloured(self, text: str, colour: str) -> str:
        if not self.look.colours or not colour:
            return text
        return f"\033[{_COLOURS[colour]}m{text}\033[0m"


def _finding(paper: _Paper, outcome: Outcome, finding: Finding) -> None:
    label = LABELS[finding.kind].upper()
    paper.line(f"{label} {finding.name} [{finding.fingerprint}]", _OF_KIND[finding.kind])
    paper.line(finding.sentence, "bold", indent=2)
    paper.line(finding.problem, indent=2)
    paper.line(f"at: {where(finding)}", "dim", indent=2, hang=4)
    for number, told in enumerate(finding.history, 1):
        _told(paper, number, told, outcome.target)
    likely = outcome.likely(finding)
    if likely:
        paper.line(f"likely: {likely}", indent=2, hang=2)
    _again(paper, outcome, finding)
    paper.line()


def _told(paper: _Paper, number: int, told: Told, target: str) -> None:
    request, response = told.request, told.response
    who = "" if told.who == FIRST else f" as {told.who}"
    path = cut(path_told(request, target), _MOST_PATH)
    line = f"{number}. {request.method} {path}{who} -> {answer_told(told)}"
    paper.line(line, "bold", indent=4, hang=3)
    sent = body_told(request.headers, request.body)
    came = body_told(response.headers, response.body) if response is not None else ""
    for word, body in (("sent", sent), ("came", came)):
        if body:
            on_one_line = cut(" ".join(body.split()), _MOST_BODY)
            paper.line(f"{word}: {on_one_line}", indent=7, hang=2)


def _again(paper: _Paper, outcome: Outcome, finding: Finding) -> None:
    """How to see it again: by its file, and by hand."""
    folder = f"{paper.look.folder.rstrip('/')}/" if paper.look.folder else ""
    paper.line("again:", indent=2)
    paper.whole(f"understudy replay {folder}{file_name(finding)}", indent=4)
    lines = by_hand(outcome, finding)
    if any(len(one) > _MOST_CURL for one in lines):
        paper.line("Its requests are long; as curl lines they are in that file.", indent=4)
        return
    for one in lines:
        paper.whole(one, indent=4)


def _gaps(paper: _Paper, gaps: Sequence[Finding]) -> None:
    if not gaps:
        return
    paper.line("Gaps of the description, which break nothing:", "yellow")
    for gap in gaps:
        problem = gap.problem.removesuffix(".")
        paper.line(f"- {gap.name}: {problem}. At {where(gap)}.", indent=2, hang=2)
    paper.line()


def _baseline(paper: _Paper, outcome: Outcome) -> None:
    _listed(paper, "Known, and let pass by the baseline", list(_passed(outcome)))
    _listed(
        paper,
        "In the baseline, and fixed",
        [f"{told} [{fingerprint}]" for fingerprint, told in outcome.fixed.items()],
    )


def _passed(outcome: Outcome) -> Iterator[str]:
    for one in outcome.passed:
        note = outcome.known[one.fingerprint]
        yield f"{one.name}: {one.problem} [{one.fingerprint}]{f' {note}' if note else ''}"


def _laws(paper: _Paper, outcome: Outcome) -> None:
    if not outcome.laws:
        return
    if outcome.kept:
        paper.line(f"Laws kept: {', '.join(outcome.kept)}", "green", hang=2)
    if outcome.untested:
        paper.line("Laws that were not tested:", "yellow")
        by_reason: dict[str, list[str]] = {}
        for law in outcome.untested:
            by_reason.setdefault(reason(outcome, law), []).append(law)
        for told, laws in by_reason.items():
            paper.line(f"- {told.removesuffix('.')}: {', '.join(laws)}", indent=2, hang=2)
    paper.line()


def _listed(paper: _Paper, heading: str, texts: Sequence[str]) -> None:
    if not texts:
        return
    paper.line(f"{heading}:", "yellow")
    for text in texts:
        paper.line(f"- {text}", indent=2, hang=2)
    paper.line()


def _cut(texts: Sequence[str]) -> Sequence[str]:
    """A few of many texts: on a terminal the rest would push away what broke."""
    more = len(texts) - _MOST_LISTED
    if more <= 0:
        return texts
    return [*texts[:_MOST_LISTED], f"and {more} more, which a report in HTML or JSON lists"]


def _summary(outcome: Outcome) -> str:
    called = sum(1 for one in outcome.coverage.values() if one.statuses)
    branches = counted(len(outcome.branches), "schema branch", "schema branches")
    return (
        f"{outcome.description.title} at {outcome.target}: "
        f"{called} of {counted(len(outcome.coverage), 'operation')} called, "
        f"{counted(outcome.exchanges, 'exchange')}, "
        f"{sum(outcome.branches)} of {branches} seen, "
        f"{len(outcome.untested)} of {counted(len(outcome.laws), 'law')} not tested, "
        f"{outcome.seconds:.0f} s, seed {outcome.seed}, run {outcome.run}."
    )
