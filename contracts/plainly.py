"""What a check of Schemathesis found, in the words of the law that says the same.

So it is known where both see it, and is one for all operations where it shows. What the check
takes for broken and is not is left out.
"""

import re
from dataclasses import replace

from contracts.api import Api, canonical
from contracts.doubts import Claim, Plain, is_broken
from contracts.exchange import Response
from contracts.findings import Finding, Kind
from contracts.fitting import faults, shared_cause, undescribed
from openapi.description import Operation

OF_ANSWERS = {
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
}
"""Checks of one answer that a law makes as well."""

_NOT_ALLOWED = 405
_OTHER_ALLOW = "`Allow` names other methods than those that are described."
_ONE_MORE = re.compile(r"object with unexpected properties|violates `additionalProperties`")
_OF_PARAMETER = re.compile(r"Invalid component: (parameter `[^`]+` in (?:query|header|cookie).*)")


def plainly(finding: Finding, api: Api, operation: Operation, sent: Plain) -> list[Finding]:
    """The finding, or those that it comes to; `sent` is of the request that shows it."""
    last = finding.history[-1] if finding.history else None
    if last is None or last.response is None:
        return [finding]
    response = last.response
    claim = Claim(finding.problem, last.request, response, operation, api, sent)
    return _told(finding, claim) if is_broken(finding.name, claim) else []


def _told(finding: Finding, claim: Claim) -> list[Finding]:
    api, operation, response = claim.api, claim.operation, claim.response
    if finding.name == "unsupported_method" and finding.kind is Kind.GAP:
        return [replace(finding, problem=_other_methods(response.status))]
    if finding.name == "status_code_conformance":
        problem, subject = undescribed(response.status), _subject(finding, api, operation)
        cause = shared_cause(problem, "", response.status)
        return [replace(finding, problem=problem, subject=subject, cause=cause)]
    if finding.name == "allow_header_conformance":
        # A server's router makes that header, for all of its operations.
        return [replace(finding, problem=_OTHER_ALLOW, cause=_OTHER_ALLOW)]
    if finding.name == "negative_data_rejection":
        return [replace(finding, cause=_accepted_everywhere(finding.problem))]
    return _of_answer(finding, api, operation, response)


def _other_methods(status: int) -> str:
    wanted = "without `Allow`" if status == _NOT_ALLOWED else "not with 405"
    return f"Methods that are not described are answered with {status}, {wanted}."


def _subject(finding: Finding, api: Api, operation: Operation) -> str:
    part = api.parts[operation.key]
    return canonical(part.resource).name if part is not None else finding.subject


def _accepted_everywhere(problem: str) -> str:
    """What a server accepts in many operations for one cause; empty: it is the operation's own."""
    more = _ONE_MORE.search(problem)
    if more is not None:
        return "properties that are not described"
    # The same parameter of many operations is read in one place.
    named = _OF_PARAMETER.search(problem)
    return named[1] if named is not None else ""


def _of_answer(
    finding: Finding, api: Api, operation: Operation, response: Response
) -> list[Finding]:
    described = operation.response(response.status)
    if finding.name not in OF_ANSWERS or described is None:
        return [finding]
    subject = _subject(finding, api, operation)
    plain = [
        replace(
            finding,
            problem=problem,
            place=place,
            subject=subject,
            cause=shared_cause(problem, place, response.status),
        )
        for problem, place in faults(api, operation, response, described)
        if _check_of(place) == finding.name
    ]
    return plain or [finding]


def _check_of(place: str) -> str:
    """The check that is about a place in an answer."""
    if place == "content-type":
        return "content_type_conformance"
    is_header = place and not place.startswith("/")
    return "response_headers_conformance" if is_header else "response_schema_conformance"
