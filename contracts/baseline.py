"""A baseline: findings that are known, and let a run pass until they are fixed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from contracts.findings import Finding
from contracts.outcome import Outcome
from contracts.recorded import Unreadable, read_json

VERSION = 1
_KNOWN = {"fingerprint", "name", "problem", "operations", "note", "until"}


@dataclass(frozen=True)
class Entry:
    """A finding that is known."""

    fingerprint: str
    name: str = ""
    """The law or check. This and what follows is for readers, and says whether it was looked at."""
    problem: str = ""
    operations: tuple[str, ...] = ()
    note: str = ""
    """Why it may pass, in a person's words."""
    until: date | None = None
    """The last day on which it may pass; None: until it is fixed."""

    def __str__(self) -> str:
        return f"{self.name}: {self.problem}"


@dataclass(frozen=True)
class Baseline:
    """The findings that are known, each once."""

    entries: tuple[Entry, ...] = ()


def read(path: Path) -> Baseline:
    """The baseline in a file. Raises Unreadable, which names the file, the place and the mend."""
    held = read_json(path)
    if held.get("version") != VERSION:
        problem = f"It is no baseline of version {VERSION}. `--update-baseline` writes one."
        raise Unreadable(path, "/version", problem)
    listed = held.get("findings")
    if not isinstance(listed, list):
        raise Unreadable(path, "/findings", "The findings are a list; it may be empty: [].")
    entries: dict[str, Entry] = {}
    for number, one in enumerate(listed):
        entry = _entry(path, f"/findings/{number}", one)
        if entry.fingerprint in entries:
            problem = f"The finding {entry.fingerprint} is there twice. Remove one of them."
            raise Unreadable(path, f"/findings/{number}/fingerprint", problem)
        entries[entry.fingerprint] = entry
    return Baseline(tuple(entries.values()))


def written(baseline: Baseline) -> str:
    """The file of a baseline, as JSON."""
    entries = [_to_json(one) for one in baseline.entries]
    return json.dumps({"version": VERSION, "findings": entries}, indent=2) + "\n"


def judged(outcome: Outcome, baseline: Baseline, today: date) -> Outcome:
    """The outcome with what is known let pass, what is fixed named, and what expired noted."""
    found = {one.fingerprint for one in outcome.findings}
    known = {
        one.fingerprint: one.note
        for one in baseline.entries
        if one.fingerprint in found and not _expired(one, today)
    }
    expired = [
        f"The baseline let {one} [{one.fingerprint}] pass until {one.until}. Mend it, or give it "
        "another date."
        for one in baseline.entries
        if one.fingerprint in found and _expired(one, today)
    ]
    fixed = {
        one.fingerprint: str(one)
        for one in baseline.entries
        if one.fingerprint not in found and _looked_at(outcome, one)
    }
    return replace(outcome, known=known, fixed=fixed, notes=[*outcome.notes, *expired])


def updated(baseline: Baseline, outcome: Outcome) -> Baseline:
    """The baseline as a run found things: without what is fixed, with what is new.

    Notes and dates of what is still there stay, and so do entries that the run did not look at.
    """
    faults = {one.fingerprint: one for one in (*outcome.broken, *outcome.passed)}
    unclear = {one.fingerprint for one in outcome.unclear}
    kept = [
        _as_found(one, faults.get(one.fingerprint))
        for one in baseline.entries
        if one.fingerprint in faults or one.fingerprint in unclear or not _looked_at(outcome, one)
    ]
    known = {one.fingerprint for one in kept}
    new = [_as_found(Entry(one), finding) for one, finding in faults.items() if one not in known]
    return Baseline((*kept, *new))


def _as_found(entry: Entry, finding: Finding | None) -> Entry:
    if finding is None:
        return entry
    return replace(
        entry,
        name=finding.name,
        problem=finding.problem,
        operations=tuple(sorted(finding.operations)),
    )


def _expired(entry: Entry, today: date) -> bool:
    return entry.until is not None and today > entry.until


def _looked_at(outcome: Outcome, entry: Entry) -> bool:
    """Whether a run would have found it again: it tested the law, and called its operations."""
    if outcome.interrupted:
        return False
    if any(one.name == entry.name for one in outcome.laws):
        tested = bool(outcome.tested.get(entry.name))
    else:
        tested = entry.name in outcome.checks
    called = {name for name, one in outcome.coverage.items() if one.statuses}
    return tested and called.issuperset(entry.operations)


def _entry(path: Path, pointer: str, held: Any) -> Entry:
    if not isinstance(held, Mapping):
        problem = 'An entry is an object such as {"fingerprint": "0123456789ab"}.'
        raise Unreadable(path, pointer, problem)
    unknown = sorted(held.keys() - _KNOWN)
    if unknown:
        problem = f"An entry has no `{unknown[0]}`, but {', '.join(sorted(_KNOWN))}."
        raise Unreadable(path, f"{pointer}/{unknown[0]}", problem)
    texts = {
        name: _text(path, f"{pointer}/{name}", held.get(name, ""))
        for name in ("fingerprint", "name", "problem", "note")
    }
    if not texts["fingerprint"]:
        problem = "An entry names its finding. Take the fingerprint from a report."
        raise Unreadable(path, f"{pointer}/fingerprint", problem)
    return Entry(
        **texts,
        operations=_operations(path, f"{pointer}/operations", held.get("operations", [])),
        until=_day(path, f"{pointer}/until", held.get("until")),
    )


def _text(path: Path, pointer: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Unreadable(path, pointer, "It is a text. Put it in quotes.")
    return value


def _operations(path: Path, pointer: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Unreadable(path, pointer, 'Operations are a list of names such as ["readOrder"].')
    return tuple(value)


def _day(path: Path, pointer: str, value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        problem = f"A date is like 2026-12-31, not {json.dumps(value)[:40]}."
        raise Unreadable(path, pointer, problem) from error


def _to_json(entry: Entry) -> dict[str, Any]:
    told: dict[str, Any] = {
        "fingerprint": entry.fingerprint,
        "name": entry.name,
        "problem": entry.problem,
        "operations": list(entry.operations),
    }
    if entry.note:
        told["note"] = entry.note
    if entry.until is not None:
        told["until"] = entry.until.isoformat()
    return told
