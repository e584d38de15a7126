"""Findings: what broke, grouped by its cause, each with the shortest history that shows it."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from contracts.causes import TWINS, within
from contracts.exchange import Request, Response
from contracts.steps import Walk
from contracts.taken import Taken


class Kind(StrEnum):
    """What is at fault, the gravest first."""

    FAULT = "fault"
    """The target breaks what the description says, or a law."""
    GAP = "gap"
    """The description leaves out what the target rightly does, such as a refusal's status."""
    UNCLEAR = "unclear"
    """It showed once, and not when it was tried again."""


@dataclass(frozen=True)
class Told:
    """One exchange of a finding's history, as a report tells it."""

    operation: str
    request: Request
    response: Response | None
    who: str = "first"
    failure: str = ""
    """Why no usable answer came."""


@dataclass(frozen=True)
class Finding:
    """A broken law or check."""

    name: str
    """The law, or the check of Schemathesis."""
    sentence: str
    """What would be true if it were kept."""
    problem: str
    """What is wrong; nothing in it changes from run to run."""
    operations: tuple[str, ...]
    """Names of the operations where it shows, the first found first."""
    history: tuple[Told, ...]
    """The shortest history that shows it; the last exchange is where it shows."""
    kind: Kind = Kind.FAULT
    place: str = ""
    """The property, parameter or header that shows it."""
    subject: str = ""
    """The resource or operation that it is about."""
    cause: str = ""
    """What the answer says went wrong (`causes.told`): the same cause, wherever it shows."""
    walk: Walk | None = field(default=None, repr=False)
    """What is played to see it again."""
    is_law: bool = True

    @property
    def fingerprint(self) -> str:
        """What names the cause, the same from run to run."""
        # A gap is one for all that it shows at, and which of them comes first is chance.
        where = "" if self.kind is Kind.GAP else self.cause or self.subject
        place = "" if self.cause else within(self.place)
        told = f"{self.name}\n{normalised(self.problem)}\n{place}\n{where}"
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    @property
    def severity(self) -> tuple[int, int]:
        """How grave it is, for sorting: the gravest is the smallest."""
        return (list(Kind).index(self.kind), 0 if self.failed or self.is_law else 1)

    @property
    def failed(self) -> bool:
        """Whether the server failed where it shows."""
        last = self.history[-1].response if self.history else None
        return last is not None and last.failed


_OF_SCHEMAS = {"answers_fit_the_description", "response_schema_conformance"}


class Findings:
    """The findings of a run, one for each cause."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], Finding] = {}
        self.taken = Taken()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.ordered)

    @property
    def ordered(self) -> Sequence[Finding]:
        """Them all, the gravest first."""
        return sorted(
            self._found.values(), key=lambda one: (one.severity, one.name, one.operations)
        )

    def known(self, finding: Finding) -> bool:
        """Whether its cause was found already; its operations are added there.

        That an answer shows what was taken in spite of the description has no cause of its own.
        """
        shown = finding.history[-1].response if finding.history else None
        if finding.name in _OF_SCHEMAS and self.taken.is_in(finding.place, shown):
            return True
        for key, known in self._found.items():
            if (known.kind, finding.kind) == (Kind.UNCLEAR, Kind.FAULT):
                continue  # What shows each time tells more than what showed once.
            if (
                _cause(known) == _cause(finding)
                or _again(finding, known)
                or _repeats(finding, known)
            ):
                more = [one for one in finding.operations if one not in known.operations]
                self._found[key] = replace(known, operations=(*known.operations, *more))
                return True
        return False

    def add(self, finding: Finding) -> None:
        """Keep a finding whose cause was not found yet; a law's takes the place of a check's."""
        if self.known(finding):
            return
        for key, known in list(self._found.items()):
            if not _repeats(known, finding):
                continue
            left = tuple(one for one in known.operations if one not in finding.operations)
            if left and not (known.cause and known.cause == finding.cause):
                self._found[key] = replace(known, operations=left)
            else:
                del self._found[key]
        self._found[_cause(finding)] = finding


def _cause(finding: Finding) -> tuple[str, ...]:
    """What findings of one cause have in common, whether it shows each time or not."""
    return ("gap" if finding.kind is Kind.GAP else "", finding.fingerprint)


def _again(one: Finding, other: Finding) -> bool:
    """Whether the same is wrong in the same place of an operation, whatever the answer says."""
    if (one.kind, one.name, within(one.place)) != (other.kind, other.name, within(other.place)):
        return False
    if normalised(one.problem) != normalised(other.problem):
        return False
    # Without a place, what the answer says is all that tells two faults of an operation apart.
    told_both = bool(one.cause and other.cause) and one.cause != other.cause
    apart = one.is_law and not one.place and told_both
    return not apart and bool(set(one.operations) & set(other.operations))


def _repeats(check: Finding, law: Finding) -> bool:
    """Whether a check of Schemathesis says again what a law says, which says it more exactly."""
    if check.is_law or not law.is_law or TWINS.get(check.name) != law.name:
        return False
    if check.kind is not law.kind:
        return False
    if check.cause and law.cause and check.cause == law.cause:
        return True
    same_place = within(check.place) == within(law.place)
    same_problem = normalised(check.problem) == normalised(law.problem)
    if same_place and same_problem and check.subject == law.subject:
        return True
    if not set(check.operations) & set(law.operations) or (check.cause and law.cause):
        return False
    return same_place or not (check.place and law.place)


_CHANGING = (
    (re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{14,}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"0x[0-9a-fA-F]+"), "<address>"),
    (re.compile(r"'[^']*'|\"[^\"]*\""), "<text>"),
    (re.compile(r"\b[0-9a-f]{12,}\b"), "<id>"),
    (re.compile(r"\d+"), "<number>"),
)


def normalised(text: str) -> str:
    """A message without what changes from one time to the next."""
    for pattern, stand_in in _CHANGING:
        text = pattern.sub(stand_in, text)
    return " ".join(text.split())[:300]
