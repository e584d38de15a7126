"""What a check of Schemathesis takes for broken and is not, by what the description says.

A check knows what was meant to be sent; a server sees what arrives.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts import arriving
from contracts.api import Api
from contracts.exchange import Request, Response
from openapi import shapes
from openapi.description import Operation
from openapi.idempotency import is_idempotency_key
from openapi.resources import Part, Role
from openapi.schemas import Schema

Plain = Mapping[tuple[str, str], str | float]
"""Parameters that are texts or numbers, by place and name, headers in small letters."""

_REFUSING_DATA = {400, 413, 414, 415, 416, 422, 431}
"""Statuses that find fault with what was sent; others do with what is there, as 410 does."""
_MISSING_BODY = "Missing request body"
_NO_PARAMETER = re.compile(
    r"(['`])(Accept|Content-Type|Authorization)\1 (?:header\b|(?:at|in) header)"
    r"|header(?: -|:) violates [^-]*\((?:was )?(Accept|Content-Type|Authorization)\b",
    re.IGNORECASE,
)
"""A header that is no parameter, whatever is described (OpenAPI 3.1 section 4.8.12.2)."""
_MORE_HEADERS = re.compile(r"Invalid component: in (header|cookie) - object with unexpected prop")
"""Any client or proxy may add some (RFC 9110 section 5.1)."""
_OF_BODY = re.compile(r"Invalid component: in body\b")
_OF_QUERY = re.compile(r"Invalid component: parameters? [^-]+ in query - ")


@dataclass(frozen=True)
class Claim:
    """What a check says, and of which exchange."""

    problem: str
    """The check's own words."""
    request: Request
    response: Response
    operation: Operation
    api: Api
    sent: Plain

    @property
    def part(self) -> Part | None:
        """The part that the operation plays."""
        return self.api.parts[self.operation.key]


def is_broken(check: str, claim: Claim) -> bool:
    """Whether what a check is about is broken indeed."""
    holds = _HOLDS.get(check)
    return holds is None or holds(claim)


def _is_refused_in_spite(claim: Claim) -> bool:
    """Whether valid data was refused, for no other reason."""
    return (
        claim.response.status in _REFUSING_DATA
        and _is_about_data(claim)
        and _arrives_valid(claim)
        and not _lacks_key(claim)
    )


def _is_about_data(claim: Claim) -> bool:
    """Whether a request that was refused held data that only the client can have wrong."""
    if claim.operation.body is None and not claim.operation.parameters:
        return False
    is_list = claim.part is not None and claim.part.role is Role.LIST
    cursor = claim.api.listing(claim.operation).paging.cursor if is_list else None
    if cursor is not None and ("query", cursor.name) in claim.sent:
        return False  # Only the server makes those that it takes.
    # A key may have come with another body before.
    return not any(is_idempotency_key(name) for _, name in claim.sent)


def _arrives_valid(claim: Claim) -> bool:
    """Whether what was meant to be valid is so when it arrives.

    Of a pattern with alternatives, Schemathesis may make a text that none of them matches; and
    what it takes from another answer may be nothing that a parameter may be.
    """
    request, operation, api = claim.request, claim.operation, claim.api
    for parameter in operation.parameters:
        name = parameter.name.lower() if parameter.place == "header" else parameter.name
        value = claim.sent.get((parameter.place, name))
        if value is not None and not _may_be(value, parameter.schema, api):
            return False
    fits = arriving.fits(request, operation, api)
    is_whole = fits is True or (fits is None and arriving.says_all(request))
    if operation.body is not None and operation.body.required and not request.body:
        return False  # Schemathesis cannot write all media types.
    is_described = arriving.is_of_described_type(request, operation)
    return is_whole and is_described and arriving.is_written_as_told(request, operation)


def _may_be_query(claim: Claim) -> bool:
    """Whether a query as it arrives may be what is described: empty texts may be anything."""
    for parameter in claim.operation.parameters:
        if parameter.place != "query":
            continue
        texts = arriving.query_values(claim.request, parameter.name)
        if not texts and parameter.required:
            return False
        meant = arriving.read(texts, parameter.schema) if texts else None
        valid = claim.api.validator(parameter.schema).is_valid
        if texts and not valid(meant) and not _may_be(texts[-1], parameter.schema, claim.api):
            return False
    return True


def _may_be(value: str | float, schema: Schema, api: Api) -> bool:
    """Whether a parameter may have a value; how objects are written nobody can tell."""
    if "object" in shapes.types(schema):
        return True
    texts = [[value], value.split(",")] if isinstance(value, str) else []
    meant = [value, *(arriving.read(one, schema) for one in texts)]
    return any(map(api.validator(schema).is_valid, meant))


def _lacks_key(claim: Claim) -> bool:
    """Whether a change of an item that only the body can name does not name it."""
    part = claim.part
    if part is None or part.role not in {Role.REPLACE, Role.MERGE} or part.key is not None:
        return False
    return not part.resource.singleton and part.resource.key not in arriving.names(claim.request)


def _is_taken_in_spite(claim: Claim) -> bool:
    """Whether what was meant to be invalid is so when it arrives, and was not refused."""
    problem, request, body = claim.problem, claim.request, claim.operation.body
    if claim.response.refused or _NO_PARAMETER.search(problem) or _MORE_HEADERS.search(problem):
        return False
    if _OF_QUERY.search(problem):
        return not _may_be_query(claim)
    is_of_body = _OF_BODY.search(problem) is not None
    if _MISSING_BODY in problem:
        return body is not None and body.required
    if is_of_body and not request.body and body is not None:
        return body.required  # An empty form is no body.
    if not is_of_body:
        return True
    fits = arriving.fits(request, claim.operation, claim.api)
    return fits is False or (fits is None and arriving.says_all(request))


def _is_header_missing(claim: Claim) -> bool:
    """Whether a header that a request needs was missing, and the request was not refused."""
    return not claim.response.refused and _NO_PARAMETER.search(claim.problem) is None


def _is_of_item(claim: Claim) -> bool:
    """Whether it is about an item itself: what is below it may have to be sent first."""
    return claim.part is not None and claim.part.role is Role.READ


def _is_value(claim: Claim) -> bool:
    """Whether the answer is no text that the check read as YAML or the like."""
    described = claim.operation.response(claim.response.status)
    contents = described.content.values() if described is not None else ()
    told = [shapes.types(one.schema) for one in contents if one.schema is not None]
    return claim.response.media_type.endswith("json") or {"string"} not in told


_HOLDS: Mapping[str, Callable[[Claim], bool]] = {
    "positive_data_acceptance": _is_refused_in_spite,
    "negative_data_rejection": _is_taken_in_spite,
    "missing_required_header": _is_header_missing,
    "ensure_resource_availability": _is_of_item,
    # Of what has no schema nobody knows whose it is.
    "use_after_free": lambda claim: claim.part is not None,
    # What has no content has no type (RFC 9110 section 8.3).
    "content_type_conformance": lambda claim: bool(claim.response.body),
    "response_schema_conformance": _is_value,
}
"""When a check is right; the others always are."""
