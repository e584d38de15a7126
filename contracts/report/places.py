"""Where findings stand in the file of the description, for reviews of code."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.findings import Finding
from contracts.outcome import Outcome
from openapi.loading import UnusableDescription, find
from openapi.positions import positions


@dataclass(frozen=True)
class Place:
    """A line of a description."""

    operation: str
    file: str
    """From the current folder on where it is below it, else absolute; or a URL."""
    line: int
    """From 1; 0: no line is known, as at a URL."""


def places(outcome: Outcome, finding: Finding) -> Iterator[Place]:
    """The lines of the operations where a finding shows; the file's first for others."""
    pointers = {one.name: one.pointer for one in outcome.description.operations}
    file = _file(outcome.source)
    for name in finding.operations:
        if file is None:
            yield Place(name, outcome.source, 0)
        else:
            yield Place(name, _from_here(file), positions(file).line(pointers.get(name, "")))


def _file(source: str) -> Path | None:
    """The file of a description; None where it is at a URL, or not there any more."""
    try:
        found = find(source)
    except (UnusableDescription, OSError):
        return None
    return None if isinstance(found, str) else found.resolve()


def _from_here(file: Path) -> str:
    here = Path.cwd()
    return (file.relative_to(here) if file.is_relative_to(here) else file).as_posix()
