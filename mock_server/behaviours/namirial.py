"""Namirial Onboarding: requests, the links that lead their actors through them, and webhooks."""

import re
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import quote, urlsplit

from mock_server.answer import Answer, Result
from mock_server.pages import page as render
from mock_server.refusals import BadRequest, Fault, NotFound, Refusal
from mock_server.resources import Expiry
from mock_server.sandbox import LAST, Row, Sandbox, moment, timestamp

_REQUESTS = "namirial.request"
_LINKS = "namirial.links"
_REQUEST_TYPES = "namirial.request_types"
_WEBHOOK_CONFIGURATIONS = "namirial.webhook_configurations"
_FIRST_ANSWERS = "namirial.first_answers"

_KNOWN_KEY = "understudy-namirial-key"
_ORGANIZATION = "00000000-0000-4000-8000-000000000009"

_KEYS_ARE_KEPT = timedelta(days=7)
_DEFAULT_SIZE = 10
_MAXIMUM_SIZE = 100
_SERVER_ERROR = 500

_DRAFT = "DRAFT"

_TOLD = (
    "id",
    "organizationId",
    "status",
    "referenceId",
    "requestTypeId",
    "parameters",
    "createdAt",
    "updatedAt",
    "finalizedAt",
    "expireAfter",
)
"""The fields of a request's row that the API tells; the others are the mock's own memory."""

_SEARCHED = ("firstName", "lastName", "personalNumber")

_PLACEHOLDER = re.compile(
    r"(?:<|%3C)(requestId|referenceId|status|requestTypeId|actor)(?:>|%3E)", re.IGNORECASE
)
_URL_CHARACTERS = ":/?#[]@!$&'()*+,;=%"


def requestsPost(
    sandbox: Sandbox,
    *,
    body: dict[str, Any],
    idempotencyKey: str = "",
    language: str | None = None,
    draft: bool = False,
) -> Result:
    """Create a request with its links, or keep a draft without any."""
    first_answers = sandbox.table(_FIRST_ANSWERS)
    if idempotencyKey and not draft:
        first = first_answers.get(idempotencyKey)
        if first is not None:
            return first["body"]
    request = _new_draft(sandbox, body | {"language": language}, sandbox.now())
    if draft:
        _set_end(sandbox, request, sandbox.now())
        sandbox.table(_REQUESTS).put(request["id"], request)
        return _told(request) | {"links": []}
    answer = _create(sandbox, request, sandbox.lifecycle("Request").initial)
    if idempotencyKey:
        first_answers.put(idempotencyKey, {"body": answer})
        free = sandbox.now() + _KEYS_ARE_KEPT
        sandbox.schedule(free, when_key_is_free_again, key=idempotencyKey)
    return answer


def requestsGet(
    sandbox: Sandbox,
    *,
    page: int = 0,
    size: int = 0,
    sort: str = "",
    search: str = "",
    **filters: Any,
) -> Result:
    """One page of the requests; every filter is the name of a field with the value it must have."""
    size = min(size or _DEFAULT_SIZE, _MAXIMUM_SIZE)
    field, _, direction = sort.partition(",")
    order: dict[str, Any] = {"sort": field or None, "descending": direction == "desc"}
    requests = sandbox.table(_REQUESTS)
    if search:
        found = [row for row in requests.find(filters, **order) if _mentions(row, search)]
        total, rows = len(found), found[page * size : (page + 1) * size]
    else:
        total = requests.count(filters)
        rows = requests.find(filters, **order, offset=page * size, limit=size)
    return {
        "content": [_told(row) for row in rows],
        "page": {
            "size": size,
            "totalElements": total,
            "totalPages": -(-total // size),
            "number": page,
        },
    }


def requestIdCreationPost(sandbox: Sandbox, *, id: str) -> Result:
    """Turn a draft into a created request with its links."""
    request = _request(sandbox, id)
    statuses = sandbox.lifecycle("Request")
    created = statuses.moved_by("requestIdCreationPost")
    if not statuses.moves(request["status"], created):
        raise BadRequest(f"Request '{id}' is {request['status']}: only a draft can be created.")
    answer = _create(sandbox, request, created)
    _announce(sandbox, request, "STATUS_UPDATE")
    return answer


def requestIdLinksPost(sandbox: Sandbox, *, id: str, body: dict[str, Any] | None = None) -> Result:
    """Mint a new link for each actor, or only for those that are listed."""
    request = _request(sandbox, id)
    if request["status"] == _DRAFT:
        raise BadRequest(f"Request '{id}' is a draft: its links come with its creation.")
    if sandbox.lifecycle("Request").is_final(request["status"]):
        raise BadRequest(f"Request '{id}' is {request['status']}: it gets no more links.")
    chosen = (body or {}).get("onlyForActors") or request["actors"]
    faults = [
        Fault(
            place="body",
            pointer=f"/onlyForActors/{index}",
            keyword="invalid",
            message=f"Actor '{actor}' does not take part in this request.",
            value=actor,
        )
        for index, actor in enumerate(chosen)
        if actor not in request["actors"]
    ]
    if faults:
        raise BadRequest("An actor does not take part in this request.", faults=faults)
    return {"links": _mint(sandbox, request, list(dict.fromkeys(chosen)))}


def requestTypeIdWebhookConfigurationsPost(
    sandbox: Sandbox, *, id: str, body: dict[str, Any]
) -> Result:
    """Have the events of a request type sent to one more URL."""
    _request_type(sandbox, id)
    configuration = {
        "id": sandbox.uuid(),
        "requestTypeId": id,
        "url": body["url"],
        "authentication": body.get("authentication"),
        "createdAt": timestamp(sandbox.now(), 6),
    }
    sandbox.table(_WEBHOOK_CONFIGURATIONS).put(configuration["id"], configuration)
    return _without_credentials(configuration)


def requestTypeIdWebhookConfigurationsGet(sandbox: Sandbox, *, id: str) -> Result:
    """The webhook configurations of a request type."""
    _request_type(sandbox, id)
    found = sandbox.table(_WEBHOOK_CONFIGURATIONS).find({"requestTypeId": id})
    return {"content": [_without_credentials(configuration) for configuration in found]}


def resTokenGet(
    sandbox: Sandbox,
    *,
    token: str,
    ts: str = "",  # noqa: ARG001 - part of every link, and without a meaning of its own
) -> Result:
    """Open a link: the actor starts, and a created request runs."""
    link, request = _followed(sandbox, token)
    if not sandbox.lifecycle("Request").is_final(request["status"]):
        _start(sandbox, request, link["actor"])
    return _page(sandbox, request, link)


def resTokenPost(
    sandbox: Sandbox,
    *,
    token: str,
    body: dict[str, Any],
    ts: str = "",  # noqa: ARG001 - part of every link, and without a meaning of its own
) -> Result:
    """End a request with the actor's outcome, and send the browser back where it came from."""
    link, request = _followed(sandbox, token)
    statuses = sandbox.lifecycle("Request")
    decided = statuses.moved_by("resTokenPost", body)
    if not statuses.moves(request["status"], decided):
        return _page(sandbox, request, link)
    _move(sandbox, request, decided)
    way_back = request["settings"].get("wizardUrlBack")
    if way_back is None:
        return _page(sandbox, request, link)
    return Answer(status=303, headers={"Location": _filled(way_back, request, link["actor"])})


def when_request_expires(sandbox: Sandbox, *, id: str) -> None:
    """A request that nobody finished in time is over; a draft that nobody created is forgotten."""
    request = sandbox.table(_REQUESTS).get(id)
    expiry = None if request is None else _expired(sandbox, request)
    if request is None or expiry is None:
        return
    shown = expiry.shown.get("status") or request["status"]
    if expiry.leaves_nothing:
        sandbox.table(_REQUESTS).delete(id)
    elif shown != request["status"]:
        _move(sandbox, request, shown)


def when_key_is_free_again(sandbox: Sandbox, *, key: str) -> None:
    """An idempotency key has done its service."""
    sandbox.table(_FIRST_ANSWERS).delete(key)


def credentials(sandbox: Sandbox, scheme: str, value: str) -> bool:  # noqa: ARG001 - there is one
    """Any key passes, or only the README's if the sandbox is set to `known`."""
    if sandbox.settings["credentials"] == "known":
        return compare_digest(value.encode(errors="replace"), _KNOWN_KEY.encode())
    return value.strip() != ""


def refusal(sandbox: Sandbox, refusal: Refusal) -> Any:
    """Problem details (RFC 9457) with the API's extensions; `errors` only for faulty data."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "status": refusal.status,
        "title": refusal.title,
        "detail": refusal.detail,
        "instance": f"urn:uuid:{sandbox.uuid()}?ts={int(sandbox.now().timestamp())}",
        "retryable": refusal.status >= _SERVER_ERROR,
    }
    if refusal.faults and refusal.status < _SERVER_ERROR:
        first = refusal.faults[0]
        part = f"{first.place} parameter"
        if first.place == "body":
            part = "body property" if first.pointer else "body"
        body |= {
            "title": "Request validation error",
            "detail": f"The request has a malformed {part}.",
            "errors": [_error(fault) for fault in refusal.faults],
        }
    return body


def scene(sandbox: Sandbox) -> None:
    """Two request types, a request in every status, and one link with a token of its own."""
    for number, actors in ((1, ["customer"]), (2, ["customer", "secondSigner"])):
        type_id = _scene_id(number)
        row = {"id": type_id, "organizationId": _ORGANIZATION, "actors": actors}
        sandbox.table(_REQUEST_TYPES).put(type_id, row)
    _scene_request(sandbox, 11, "CREATED", firstName="Ada", lastName="Lovelace")
    _scene_request(sandbox, 12, "RUNNING", type=2, firstName="Alan", lastName="Turing")
    _scene_request(sandbox, 13, "COMPLETED", firstName="Grace", lastName="Hopper")
    _scene_request(sandbox, 14, "DRAFT")
    _scene_request(sandbox, 15, "EXPIRED", age=timedelta(days=60))
    _scene_request(sandbox, 16, "FAILED")
    _scene_request(sandbox, 17, "CANCELLED")
    _keep_link(sandbox, _scene_request(sandbox, 18, "CREATED"), "customer", "scene-customer-link")


def _scene_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def _scene_request(
    sandbox: Sandbox,
    number: int,
    status: str,
    *,
    type: int = 1,
    age: timedelta = timedelta(),
    **parameters: str,
) -> Row:
    """A request as if it had been made that long ago, and come to its status by itself."""
    made = sandbox.now() - age
    body = {"requestTypeId": _scene_id(type), "parameters": parameters}
    named = {"id": _scene_id(number), "referenceId": f"scene-{number}"}
    request = _new_draft(sandbox, body, made) | named
    statuses = sandbox.lifecycle("Request")
    if status != _DRAFT:
        request |= {"status": statuses.initial, "actors": _actors(sandbox, request)}
    _set_end(sandbox, request, made)
    request["status"] = status
    if statuses.is_final(status):
        final = request["expireAfter"] if status == "EXPIRED" else request["createdAt"]
        request |= {"updatedAt": final, "finalizedAt": final}
    if status == "RUNNING":
        request["started"] = ["customer"]
    sandbox.table(_REQUESTS).put(request["id"], request)
    return request


def _new_draft(sandbox: Sandbox, body: dict[str, Any], made: datetime) -> Row:
    """The row of a request that came into being then."""
    now = timestamp(made, 6)
    return {
        "id": sandbox.uuid(),
        "organizationId": _ORGANIZATION,
        "status": _DRAFT,
        "referenceId": body.get("referenceId"),
        "requestTypeId": body["requestTypeId"],
        "parameters": body.get("parameters", {}),
        "createdAt": now,
        "updatedAt": now,
        "finalizedAt": None,
        "settings": body.get("settings", {}),
        "operatorPending": body.get("operatorPending", False),
        "terminationReason": body.get("terminationReason"),
        "language": body.get("language"),
        "actors": [],
        "started": [],
    }


def _set_end(sandbox: Sandbox, request: Row, since: datetime) -> None:
    """Have a request that is so since then end when the description says."""
    end = sandbox.expires("Request", request, since) or LAST
    request["expireAfter"] = timestamp(end, 6)
    sandbox.schedule(end, when_request_expires, id=request["id"])


def _expired(sandbox: Sandbox, request: Row) -> Expiry | None:
    return sandbox.expired("Request", request, moment(request["expireAfter"]))


def _create(sandbox: Sandbox, request: Row, status: str) -> dict[str, Any]:
    """Check a draft and turn it into a created request; what the API tells of it."""
    request |= {
        "status": status,
        "actors": _actors(sandbox, request),
        "updatedAt": timestamp(sandbox.now(), 6),
    }
    _set_end(sandbox, request, sandbox.now())
    _check_way_back(request)
    sandbox.table(_REQUESTS).put(request["id"], request)
    return _told(request) | {"links": _mint(sandbox, request, request["actors"])}


def _actors(sandbox: Sandbox, request: Row) -> list[str]:
    """Those who take part; BadRequest where there is no such request type."""
    request_type = sandbox.table(_REQUEST_TYPES).get(request["requestTypeId"])
    if request_type is None:
        message = f"There is no request type '{request['requestTypeId']}'."
        fault = Fault("body", "/requestTypeId", "invalid", message, request["requestTypeId"])
        raise BadRequest(message, faults=[fault])
    actors: list[str] = request_type["actors"]
    return actors


def _check_way_back(request: Row) -> None:
    """BadRequest where the browser could not be sent back."""
    way_back = request["settings"].get("wizardUrlBack")
    if way_back is None:
        return
    try:
        url = urlsplit(_filled(way_back, request, next(iter(request["actors"]), "")))
        usable = url.scheme in {"http", "https"} and url.hostname and "%" not in url.netloc
        _ = url.port
    except ValueError:
        usable = False
    if not usable:
        message = "It must be an absolute http(s) URL once its placeholders are filled in."
        fault = Fault("body", "/settings/wizardUrlBack", "invalid", message, way_back)
        raise BadRequest(message, faults=[fault])


def _filled(way_back: str, request: Row, actor: str) -> str:
    """The URL with its placeholders filled in, and fit to be a header's value."""
    values = {
        "requestid": request["id"],
        "referenceid": request["referenceId"] or "",
        "status": request["status"],
        "requesttypeid": request["requestTypeId"],
        "actor": actor,
    }
    filled = _PLACEHOLDER.sub(lambda match: quote(values[match[1].lower()], safe=""), way_back)
    return quote(filled, safe=_URL_CHARACTERS)


def _request(sandbox: Sandbox, id: str) -> Row:
    request = sandbox.table(_REQUESTS).get(id)
    if request is None:
        raise NotFound(f"There is no request '{id}'.")
    return request


def _request_type(sandbox: Sandbox, id: str) -> Row:
    request_type = sandbox.table(_REQUEST_TYPES).get(id)
    if request_type is None:
        raise NotFound(f"There is no request type '{id}'.")
    return request_type


def _mint(sandbox: Sandbox, request: Row, actors: list[str]) -> list[dict[str, Any]]:
    return [_keep_link(sandbox, request, actor, sandbox.secret()) for actor in actors]


def _keep_link(sandbox: Sandbox, request: Row, actor: str, token: str) -> dict[str, Any]:
    """Remember a link under its token; what the API tells of it."""
    row = {"requestId": request["id"], "actor": actor, "expiresAfter": request["expireAfter"]}
    own_end = sandbox.expires("ActorLink", row)
    if own_end is not None:
        row["expiresAfter"] = timestamp(own_end, 6)
    sandbox.table(_LINKS).put(token, row)
    url = sandbox.link("resTokenGet", token=token, ts=int(sandbox.now().timestamp()))
    return {"actor": actor, "link": url, "expiresAfter": row["expiresAfter"]}


def _followed(sandbox: Sandbox, token: str) -> tuple[Row, Row]:
    """The link behind a token and its request; a refusal where it leads nowhere."""
    link = sandbox.table(_LINKS).get(token)
    if link is None:
        raise NotFound("There is no such link.")
    request = _request(sandbox, link["requestId"])
    expiry = sandbox.expired("ActorLink", link, moment(link["expiresAfter"]))
    expiry = expiry or _expired(sandbox, request)
    if expiry is not None:
        raise expiry.refusal("This link has expired.")
    return link, request


def _start(sandbox: Sandbox, request: Row, actor: str) -> None:
    """An actor opened a link; only the first time tells anything new."""
    statuses = sandbox.lifecycle("Request")
    opened = statuses.moved_by("resTokenGet")
    if statuses.moves(request["status"], opened):
        _move(sandbox, request, opened)
    if actor not in request["started"]:
        request["started"].append(actor)
        sandbox.table(_REQUESTS).put(request["id"], request)
        _announce(sandbox, request, "STATUS_UPDATE_ACTOR", actor=actor)


def _move(sandbox: Sandbox, request: Row, status: str) -> None:
    """Give a request another status and tell the webhooks."""
    now = timestamp(sandbox.now(), 6)
    final = sandbox.lifecycle("Request").is_final(status)
    request |= {"status": status, "updatedAt": now, "finalizedAt": now if final else None}
    sandbox.table(_REQUESTS).put(request["id"], request)
    _announce(sandbox, request, "STATUS_UPDATE")


def _announce(sandbox: Sandbox, request: Row, type: str, **details: str) -> None:
    """Put one event into the outbox for each webhook configuration of the request's type."""
    where = {"requestTypeId": request["requestTypeId"]}
    for configuration in sandbox.table(_WEBHOOK_CONFIGURATIONS).find(where):
        told = {key: request[key] for key in ("requestTypeId", "referenceId", "status")}
        event = {
            "id": sandbox.uuid(),
            "type": type,
            "createdAt": timestamp(sandbox.now(), 6),
            "request": {"requestId": request["id"], **told, **details},
        }
        sandbox.outbox.webhook(url=configuration["url"], body=event)


def _page(sandbox: Sandbox, request: Row, link: Row) -> Answer:
    """The actor's page: what to decide, or what was decided."""
    html = render(
        "namirial_link.html",
        actor=link["actor"],
        reference=request["referenceId"],
        status=request["status"],
        final=sandbox.lifecycle("Request").is_final(request["status"]),
        expires=link["expiresAfter"],
    )
    return Answer(html, status=200, media_type="text/html")


def _told(request: Row) -> dict[str, Any]:
    return {field: request[field] for field in _TOLD}


def _without_credentials(configuration: Row) -> dict[str, Any]:
    return {field: configuration[field] for field in ("id", "url", "createdAt")}


def _mentions(request: Row, search: str) -> bool:
    parameters = request["parameters"]
    person = " ".join(parameters[name] for name in _SEARCHED if name in parameters)
    return search.casefold() in person.casefold()


def _error(fault: Fault) -> dict[str, str]:
    """One of a refusal's `errors`, worded as the API words the kinds that its documents show."""
    detail, reason = fault.message, fault.keyword
    if fault.place != "body":
        detail, reason = f"Parameter '{fault.field}' is not valid: {fault.message}", "invalid"
    elif fault.keyword == "additionalProperties":
        detail = (
            f"Property '{fault.field}' is not defined in the schema and the schema does not allow "
            "additional properties."
        )
    error = {"detail": detail, "pointer": fault.pointer, "reason": reason}
    # An item of an array has no name: the field at fault is the array. The whole body has none.
    named = [step for step in fault.pointer.split("/") if not step.isdecimal()]
    if named[-1]:
        error["field"] = named[-1].replace("~1", "/").replace("~0", "~")
    return error
