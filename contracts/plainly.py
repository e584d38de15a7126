"""What a check of Schemathesis found, in the words of the law that says the same.

So it is known where both see it, and is one for all operations where it shows. What the check
takes for broken and is not is left out.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from contracts import arriving
from contracts.api import Api, canonical
from contracts.exchange import Request, Response
from contracts.findings import Finding, Kind
from contracts.fitting import faults, shared_cause, undescribed
from openapi import shapes
from openapi.description import Operation
from openapi.description import Response as Described
from openapi.idempotency import is_idempotency_key
from openapi.resources import Role

OF_ANSWERS = {
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
}
"""Checks of one answer that a law makes as well."""

Texts = Mapping[tuple[str, str], str]
"""Parameters that are texts, by place and name, headers in small letters."""

_NOT_ALLOWED = 405
_OTHER_ALLOW = "`Allow` names other methods than those that are described."
_REFUSING_DATA = {400, 413, 414, 415, 416, 422, 431}
"""Statuses that find fault with what was sent; others do with what is there, as 410 does."""
_MISSING_BODY = "Missing request body"
_OF_NEGOTIATION = re.compile(
    r"(['`])(Accept|Content-Type)\1 (?:header\b|(?:at|in) header)"
    r"|header: violates [^-]*\((?:was )?(Accept|Content-Type)\)",
    re.IGNORECASE,
)
"""A header that is no parameter, whatever is described (OpenAPI 3.1 section 4.8.12.2)."""
_OF_BODY = re.compile(r"Invalid component: in body\b")
_ONE_MORE = re.compile(r"object with unexpected properties|violates `additionalProperties`")
_OF_PARAMETER = re.compile(r"Invalid component: (parameter `[^`]+` in (?:query|header|cookie).*)")


def plainly(finding: Finding, api: Api, operation: Operation, sent: Texts) -> list[Finding]:
    """The finding, or those that it comes to; `sent` is of the request that shows it."""
    response = finding.history[-1].response if finding.history else None
    if response is None or not _is_broken(finding, response, api, operation, sent):
        return [] if response is not None else [finding]
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


def _is_broken(
    finding: Finding, response: Response, api: Api, operation: Operation, sent: Texts
) -> bool:
    """Whether what a check is about is broken indeed."""
    check, request = finding.name, finding.history[-1].request
    if check == "positive_data_acceptance":
        is_valid = _is_about_data(api, operation, sent) and _arrives_valid(request, operation, api)
        return response.status in _REFUSING_DATA and is_valid
    if check == "missing_required_header":
        return _OF_NEGOTIATION.search(finding.problem) is None
    if check == "negative_data_rejection":
        return not response.refused and _is_invalid(finding.problem, request, operation, api)
    if check == "ensure_resource_availability":
        # What is below an item, such as its file, may have to be sent first.
        part = api.parts[operation.key]
        return part is not None and part.role is Role.READ
    if check == "content_type_conformance":
        return bool(response.body)  # What has no content has no type (RFC 9110 section 8.3).
    described = operation.response(response.status)
    is_text = described is not None and _is_text(response, described)
    return check != "response_schema_conformance" or not is_text


def _other_methods(status: int) -> str:
    wanted = "without `Allow`" if status == _NOT_ALLOWED else "not with 405"
    return f"Methods that are not described are answered with {status}, {wanted}."


def _subject(finding: Finding, api: Api, operation: Operation) -> str:
    part = api.parts[operation.key]
    return canonical(part.resource).name if part is not None else finding.subject


def _is_about_data(api: Api, operation: Operation, sent: Texts) -> bool:
    """Whether a request that was refused held data, and the description allows all of it.

    Of a pattern with alternatives, Schemathesis may make a text that none of them matches.
    """
    if operation.body is None and not operation.parameters:
        return False
    part = api.parts[operation.key]
    cursor = api.listing(operation).paging.cursor if part and part.role is Role.LIST else None
    if cursor is not None and ("query", cursor.name) in sent:
        return False  # Only the server makes those that it takes.
    if any(is_idempotency_key(name) for _, name in sent):
        return False  # It may have come with another body before.
    for parameter in operation.parameters:
        name = parameter.name.lower() if parameter.place == "header" else parameter.name
        text = sent.get((parameter.place, name))
        is_text = shapes.types(parameter.schema) == {"string"}
        if text is not None and is_text and not api.validator(parameter.schema).is_valid(text):
            return False
    return True


def _arrives_valid(request: Request, operation: Operation, api: Api) -> bool:
    """Whether what was meant to be valid is so when it arrives."""
    is_whole = arriving.says_all(request) or arriving.fits(request, operation, api) is True
    if not is_whole or _lacks_key(request, operation, api):
        return False
    return arriving.is_written_as_told(request, operation)


def _lacks_key(request: Request, operation: Operation, api: Api) -> bool:
    """Whether a change of an item that only the body can name does not name it."""
    part = api.parts[operation.key]
    if part is None or part.role not in {Role.REPLACE, Role.MERGE} or part.key is not None:
        return False
    if part.resource.singleton:
        return False
    return part.resource.key not in arriving.names(request)


def _is_invalid(problem: str, request: Request, operation: Operation, api: Api) -> bool:
    """Whether what was meant to be invalid is so when it arrives."""
    if _OF_NEGOTIATION.search(problem) is not None:
        return False
    if _MISSING_BODY in problem:
        return operation.body is not None and operation.body.required
    if _OF_BODY.search(problem) is None or arriving.says_all(request):
        return True
    return arriving.fits(request, operation, api) is False


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


def _is_text(response: Response, described: Described) -> bool:
    """Whether an answer that the check read as YAML or the like is described as a text."""
    schemas = [one.schema for one in described.content.values() if one.schema is not None]
    told = [shapes.types(schema) for schema in schemas]
    return not response.media_type.endswith("json") and {"string"} in told


def _check_of(place: str) -> str:
    """The check that is about a place in an answer."""
    if place == "content-type":
        return "content_type_conformance"
    is_header = place and not place.startswith("/")
    return "response_headers_conformance" if is_header else "response_schema_conformance"
