"""What a run came to: all that a report tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.branches import Branch
from contracts.findings import Finding, Kind
from contracts.law import Law
from openapi.description import Description


@dataclass(frozen=True)
class Coverage:
    """What was seen of one operation."""

    statuses: frozenset[int] = frozenset()
    """0 stands for no answer."""
    parameters: frozenset[tuple[str, str]] = frozenset()
    """Parameters that were sent, by place and name."""
    exchanges: int = 0
    branches: Mapping[Branch, bool] = field(default_factory=dict)
    """Whether each branch of its schemas was seen; empty where it was never called."""


@dataclass(frozen=True)
class Outcome:
    """The result of one run."""

    description: Description
    source: str
    """The file or URL of the description, as it was given."""
    target: str
    """The URL that was tested."""
    seed: int
    run: str
    """The id that every request carried in `Understudy-Run`."""
    started: datetime
    seconds: float
    findings: Sequence[Finding]
    """One for each cause, the gravest first."""
    tested: Mapping[str, int]
    """How often each law was put to the test; those of 0 chances are untested, never kept."""
    laws: Sequence[Law]
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why a law was not tested, where that is known."""
    coverage: Mapping[str, Coverage] = field(default_factory=dict)
    """By operation; those that were never called are in it, too."""
    exchanges: int = 0
    remaining: Sequence[str] = ()
    """What the run created and could not remove."""
    notes: Sequence[str] = ()
    """What a reader should know: what could not be tested, and why."""
    interrupted: bool = False
    checks: Mapping[str, str] = field(default_factory=dict)
    """The checks of Schemathesis that were run, each with what is true if it is kept."""
    known: Mapping[str, str] = field(default_factory=dict)
    """Fingerprints of findings that the baseline lets pass, each with its note."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """What the baseline knows and did not show again: by fingerprint, in words."""

    @property
    def broken(self) -> Sequence[Finding]:
        """The findings for which the target is at fault, but those that the baseline lets pass."""
        return [one for one in self._faults if one.fingerprint not in self.known]

    @property
    def passed(self) -> Sequence[Finding]:
        """The faults that the baseline lets pass."""
        return [one for one in self._faults if one.fingerprint in self.known]

    @property
    def unclear(self) -> Sequence[Finding]:
        """What showed once, and not when it was tried again."""
        return [one for one in self.findings if one.kind is Kind.UNCLEAR]

    @property
    def gaps(self) -> Sequence[Finding]:
        """What the description leaves out."""
        return [one for one in self.findings if one.kind is Kind.GAP]

    @property
    def _faults(self) -> Sequence[Finding]:
        return [one for one in self.findings if one.kind is Kind.FAULT]

    @property
    def kept(self) -> Sequence[str]:
        """The laws that were tested and not broken."""
        faulty = {one.name for one in self.findings if one.kind is not Kind.GAP}
        return [
            one.name for one in self.laws if self.tested.get(one.name) and one.name not in faulty
        ]

    @property
    def untested(self) -> Sequence[str]:
        """The laws that had no chance to be tested."""
        return [one.name for one in self.laws if not self.tested.get(one.name)]

    @property
    def verdict(self) -> str:
        """The last line of `check`, for scripts."""
        if self.broken:
            return f"broken: {len(self.broken)} findings"
        return f"kept: {len(self.kept)} laws, {self.exchanges} exchanges"

    @property
    def branches(self) -> Sequence[bool]:
        """Of the branches of the schemas of what was called, whether they were seen."""
        return [seen for one in self.coverage.values() for seen in one.branches.values()]

    def of(self, name: str, *, is_law: bool) -> "Outcome":
        """The outcome with the findings of one law, or of one check, only."""
        own = [one for one in self.findings if one.name == name and one.is_law is is_law]
        return replace(self, findings=own)

    def likely(self, finding: Finding) -> str:
        """Why it is likely so, as far as that can be told; else empty."""
        if finding.kind is Kind.UNCLEAR:
            return "It showed once only: a race, a limit on the rate, or data that others changed."
        if finding.failed:
            return f"The server failed. Its log has the cause, near Understudy-Run: {self.run}."
        return next((one.likely for one in self.laws if one.name == finding.name), "")
