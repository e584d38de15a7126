"""Which bugs findings show."""

from collections.abc import Iterable, Sequence

from benchmarks.bugs.catalogue import Bug
from benchmarks.bugs.report import Finding


def names_bug(finding: Finding, bug: Bug) -> bool:
    """True where a finding is of a bug: of its operation, in its words, with its evidence."""
    return (
        not finding.operations.isdisjoint(bug.operations)
        and any(word in finding.said for word in bug.words)
        and bug.evidence in finding.whole
    )


def shown(bugs: Iterable[Bug], findings: Sequence[Finding]) -> set[str]:
    """The names of the bugs that are shown, where a finding shows one bug at most.

    So two bugs of the same words and operations need two findings, and it does not matter which
    finding is taken for which bug: as many as possible are shown (a maximum matching).
    """
    fitting = {
        bug.name: [number for number, one in enumerate(findings) if names_bug(one, bug)]
        for bug in bugs
    }
    taken: dict[int, str] = {}

    def take(bug: str, tried: set[int]) -> bool:
        """Takes a finding for a bug, where another bug has to take another one if need be."""
        for number in fitting[bug]:
            if number not in tried:
                tried.add(number)
                if number not in taken or take(taken[number], tried):
                    taken[number] = bug
                    return True
        return False

    return {bug for bug in fitting if take(bug, set())}
