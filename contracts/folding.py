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
    "deleted_is_not_listed": "deleted_is_gone",
    "statuses_start_as_declared": "clients_cannot_set_what_is_the_servers",
}
"""What is broken because another law is: what no list shows is on no page of it, too."""
_NEVER_CRASH = "requests_never_crash"
_OF_WHAT_WAS_BEFORE = {"conflicts_are_refused", "delete_is_idempotent"}
"""Laws that tell of a failure what went before it, which is the cause."""
_ONE_FOR_ALL = {"put_replaces_the_whole", "refused_requests_change_nothing"}
"""Laws that are broken for all properties by one cause."""
_ONE_IN_A_PLACE = {"filters_filter"}
"""Laws with several ways to be broken by one cause: a filter shows too much and too little."""


def folded(findings: Iterable[Finding]) -> Sequence[Finding]:
    """The findings without those whose cause another one tells of; their operations are added."""
    told = {one.fingerprint: one for one in findings}
    for finding in list(told.values()):
        other = next((one for one in told.values() if _tells_of(one, finding)), None)
        if other is not None:
            del told[finding.fingerprint]
            more = [one for one in finding.operations if one not in other.operations]
            told[other.fingerprint] = replace(other, operations=(*other.operations, *more))
    return list(told.values())


def _tells_of(law: Finding, finding: Finding) -> bool:
    """Whether a law tells of the cause of a finding, at one of its operations at least."""
    if not law.is_law or {law.kind, finding.kind} != {Kind.FAULT}:
        return False
    same_place = (law.subject, law.place) == (finding.subject, finding.place)
    if same_place and _FOLLOWS.get(finding.name) == law.name:
        return True
    if not set(law.operations) & set(finding.operations):
        return False
    return _tells_of_law(law, finding) if finding.is_law else _tells_of_check(law, finding)


def _tells_of_law(law: Finding, finding: Finding) -> bool:
    if finding.name == law.name:
        one_place = law.place == finding.place and law.name in _ONE_IN_A_PLACE
        is_one = one_place or law.name in _ONE_FOR_ALL
        return is_one and law.fingerprint < finding.fingerprint
    if finding.name == _NEVER_CRASH and law.name in _OF_WHAT_WAS_BEFORE:
        # A value that is known to fail only beside another one may be there already.
        alone = finding.place and len(finding.history) == 1
        apart = finding.cause and law.cause and finding.cause != law.cause
        return law.failed and not (alone or apart)
    return _FOLLOWS.get(finding.name) == law.name


def _tells_of_check(law: Finding, check: Finding) -> bool:
    if check.failed:
        # A failure with one value as its cause says nothing of those without.
        return law.failed and not law.place
    return law.name in _TOLD_BY.get(check.name, ())
