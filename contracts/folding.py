"""Findings that tell of one cause: a law's is kept, a check's is folded into it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from contracts.findings import Finding, Kind

_TOLD_BY: Mapping[str, frozenset[str]] = {
    "use_after_free": frozenset({"deleted_is_gone", "deleted_is_not_listed"}),
    "ensure_resource_availability": frozenset({"created_can_be_read"}),
}
"""Checks of Schemathesis, and the laws that tell of the same with the history that shows it."""
_FOLLOWS: Mapping[str, str] = {
    "pages_lose_nothing": "created_is_listed",
    "statuses_start_as_declared": "clients_cannot_set_what_is_the_servers",
}
"""What is broken because another law is: what no list shows at all is on no page of it, too."""
_CONFLICTS = "conflicts_are_refused"
_FAILED = 500


def folded(findings: Iterable[Finding]) -> Sequence[Finding]:
    """The findings without those checks whose cause a law tells of; its operations are added."""
    known = list(findings)
    told = {one.fingerprint: one for one in known}
    for finding in known:
        law = next((one for one in known if _tells_of(one, finding)), None)
        if law is not None:
            del told[finding.fingerprint]
            first = told[law.fingerprint]
            more = [one for one in finding.operations if one not in first.operations]
            told[law.fingerprint] = replace(first, operations=(*first.operations, *more))
    return list(told.values())


def _tells_of(law: Finding, check: Finding) -> bool:
    """Whether a law tells of the cause of what was found otherwise, at one operation at least."""
    if not law.is_law or {law.kind, check.kind} != {Kind.FAULT}:
        return False
    same_place = check.place and (law.subject, law.place) == (check.subject, check.place)
    if not (same_place or set(law.operations) & set(check.operations)):
        return False
    if check.is_law and law.name == _CONFLICTS:
        # A value that is known to fail only beside another one may be there already.
        return _failed(check) and _failed(law) and bool(check.place) and len(check.history) > 1
    if check.is_law:
        return _FOLLOWS.get(check.name) == law.name
    if _failed(check):
        # A failure with one value as its cause says nothing of those without.
        return _failed(law) and not law.place
    return law.name in _TOLD_BY.get(check.name, ())


def _failed(finding: Finding) -> bool:
    last = finding.history[-1].response if finding.history else None
    return last is not None and last.status >= _FAILED
