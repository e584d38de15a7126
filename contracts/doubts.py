"""What a check of Schemathesis takes for broken and is not, by what the description says.

A check knows what was meant to be sent; a server sees what arrives.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts import arriving
from contracts.api import Api
from contracts.exchange import Request, Response
from contracts.identity.naming import words
from openapi import shapes
from openapi.description import Operation
from openapi.filters import side_of
from openapi.idempotency import is_idempotency_key
from openapi.moments import instant
from openapi.resources import Part, Role
from openapi.schemas import Schema

Plain = Mapping[tuple[str, str], str | float]
"""Parameters that are texts or numbers, by place and name, headers in small letters."""

_REFUSING_DATA = {400, 413, 414, 415, 416, 422, 431}
"""Statuses that find fault with what was sent; others do with what is there, as 410 does."""
_ALWAYS = {"HEAD", "OPTIONS", "TRACE"}
"""Methods that a server may answer without a word of it in the description."""
_UNPROCESSABLE = 422
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
        and not _is_of_another_kind(claim)
        and _is_about_data(claim)
        and _arrives_valid(claim)
        and not _lacks_key(claim)
    )


def _is_of_another_kind(claim: Claim) -> bool:
    """Whether a 422 is documented beside the 400 of bad data: it is about what is there."""
    documented = {one.status for one in claim.operation.responses}
    return claim.response.status == _UNPROCESSABLE and {"400", "422"} <= documented


def _is_about_data(claim: Claim) -> bool:
    """Whether a request that was refused held data that only the client can have wrong."""
    if claim.operation.body is None and not claim.operation.parameters:
        return False
    is_list = claim.part is not None and claim.part.role is Role.LIST
    cursor = claim.api.listing(claim.operation).paging.cursor if is_list else None
    if cursor is not None and ("query", cursor.name) in claim.sent:
        return False  # Only the server makes those that it takes.
    if _are_bounds_crossed(claim) or any(map(_names_another, arriving.names(claim.request))):
        return False
    # A key may have come with another body before.
    return not any(is_idempotency_key(name) for _, name in claim.sent)


def _names_another(property: str) -> bool:
    """Whether a property names an item that may not be there, as `folderId` does."""
    told = words(property)
    return len(told) > 1 and told[-1] in {"id", "ids", "uuid"}


def _are_bounds_crossed(claim: Claim) -> bool:
    """Whether nothing can lie between two bounds of a query, such as `min` and `max`."""
    bounds: dict[tuple[str, bool], str | float] = {}
    for (place, name), value in claim.sent.items():
        side = side_of(name) if place == "query" else None
        if side is not None:
            bounds[side] = value
    return any(
        (stem, True) in bounds and _is_more(least, bounds[stem, True])
        for (stem, is_above), least in bounds.items()
        if not is_above
    )


def _is_more(one: str | float, other: str | float) -> bool:
    """Whether a number or moment is behind another; texts are what they say."""
    moments = instant(one), instant(other)
    if moments[0] is not None and moments[1] is not None:
        return moments[0] > moments[1]
    try:
        return float(one) > float(other)
    except ValueError:
        return False


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


def _are_other_methods(claim: Claim) -> bool:
    """Whether `Allow` names what no path offers that the request's may be, or not all."""
    told = claim.response.header("allow") or ""
    allowed = {method.strip().upper() for method in told.split(",")} - _ALWAYS
    own: set[str] = set()
    may: set[str] = set()
    for one in claim.api.by_key.values():
        if one.path == claim.operation.path:
            own.add(one.method)
        elif _leads_there(one.path, claim.operation.path):
            may.add(one.method)
    return not own - _ALWAYS <= allowed <= own | may


def _leads_there(template: str, path: str) -> bool:
    """Whether what a path leads to is what a template may lead to, too."""
    pieces, others = template.split("/"), path.split("/")
    return len(pieces) == len(others) and all(
        one == other or "{" in one for one, other in zip(pieces, others, strict=True)
    )


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
    "allow_header_conformance": _are_other_methods,
    # Of what has no schema nobody knows whose it is.
    "use_after_free": lambda claim: claim.part is not None,
    # What has no content has no type (RFC 9110 section 8.3).
    "content_type_conformance": lambda claim: bool(claim.response.body),
    "response_schema_conformance": _is_value,
}
"""When a check is right; the others always are."""
