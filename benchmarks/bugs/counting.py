"""Which bugs findings show."""

from collections.abc import Iterable, Sequence

from benchmarks.bugs.catalogue import Bug
from benchmarks.bugs.report import Finding

Place = tuple[int, str]
"""A finding, by its number, at one of its operations."""


def names_bug(finding: Finding, bug: Bug) -> bool:
    """True where a finding is of a bug: of its operation, in its words, with its evidence."""
    return (
        not finding.operations.isdisjoint(bug.operations)
        and any(word in finding.said for word in bug.words)
        and bug.evidence in finding.whole
    )


def shown(bugs: Iterable[Bug], findings: Sequence[Finding]) -> set[str]:
    """The names of the bugs that are shown, where a finding shows one bug at each operation.

    So two bugs of the same words and operation need two findings, and it does not matter which
    finding is taken for which bug: as many as possible are shown (a maximum matching).
    """
    places = {
        bug.name: [
            (number, operation)
            for number, finding in enumerate(findings)
            if names_bug(finding, bug)
            for operation in bug.operations
            if operation in finding.operations
        ]
        for bug in bugs
    }
    taken: dict[Place, str] = {}

    def place(bug: str, tried: set[Place]) -> bool:
        """Finds a place for a bug, where another has to move if need be."""
        for one in places[bug]:
            if one not in tried:
                tried.add(one)
                if one not in taken or place(taken[one], tried):
                    taken[one] = bug
                    return True
        return False

    return {bug for bug in places if place(bug, set())}
