"""Didomi privacy requests: mails, links and statuses (seed 002, and the pages around it)."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from mock_server.answer import Answer, Result
from mock_server.pages import page
from mock_server.refusals import BadRequest, Fault, NotFound, Refusal
from mock_server.sandbox import Sandbox, moment, timestamp

_REQUESTS = "didomi.dsar/requests"
_NOTES = "didomi.dsar/requests/notes"
_LINKS = "didomi.links"
_RIGHTS = "didomi.dsar/user-rights"

_SESSION_SECONDS = 3600
_KNOWN_CREDENTIALS = ("understudy-didomi-key", "understudy-didomi-secret")
_STAFF = {"user_id": "understudy", "user": {"name": "Understudy"}}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")

_USER_RIGHTS: Mapping[str, Mapping[str, Any]] = {
    "cpra_access_my_data": {
        "name": "Right of access",
        "label": {"en": "I want to see my data"},
        "title": {"en": "Access to personal data"},
        "description": {"en": "You get a copy of the personal data that is held about you."},
        "expiration_time": 45,
    },
    "cpra_delete_my_data": {
        "name": "Right of deletion",
        "label": {"en": "I want my data to be deleted"},
        "title": {"en": "Deletion of personal data"},
        "description": {"en": "The personal data that is held about you is deleted for good."},
        "expiration_time": 45,
    },
    "cpra_opt_out": {
        "name": "Right to opt out of sales",
        "label": {"en": "I do not want my data to be sold"},
        "title": {"en": "Opting out of the sale of personal data"},
        "description": {"en": "The personal data that is held about you is no longer sold."},
        "expiration_time": 15,
    },
}

_STATUS_MAILS = {
    "work_in_progress": ("We are working on your request", "Somebody has begun to work on it."),
    "fulfilled": ("Your request is fulfilled", "What you asked for has been done."),
    "refused": ("Your request was refused", "What you asked for cannot be done."),
}

_NAMES = {
    400: "BadRequest",
    401: "NotAuthenticated",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    409: "Conflict",
    410: "Gone",
    413: "PayloadTooLarge",
    415: "UnsupportedMediaType",
    422: "Unprocessable",
    429: "TooManyRequests",
}


def createSession(sandbox: Sandbox, *, body: dict[str, Any]) -> Result:
    """A token good for one hour; a token got with other credentials than ours says so."""
    known = (body["key"], body["secret"]) == _KNOWN_CREDENTIALS
    if not known and sandbox.settings["credentials"] == "known":
        raise BadRequest("Invalid authentication information")
    return {"access_token": sandbox.issue_token(_SESSION_SECONDS, known=known)}


def credentials(sandbox: Sandbox, scheme: str, value: str) -> bool:  # noqa: ARG001 - there is one
    """Tell whether the token is one of this sandbox's sessions, and not over yet."""
    claims = sandbox.read_token(value)
    if claims is None:
        return False
    return sandbox.settings["credentials"] != "known" or claims.get("known") is True


def createRequest(sandbox: Sandbox, *, organization_id: str, body: dict[str, Any]) -> Result:
    """The stored request; one that starts unverified asks the person to verify it by mail."""
    _refuse(sandbox.lifecycle("Request").refuses_start(body["status"]), body["status"])
    now = timestamp(sandbox.now())
    request = {
        "id": sandbox.uuid(),
        "organization_id": organization_id,
        "organization_user_id": body["organization_user_id"],
        "user_right_id": body["user_right_id"],
        "status": body["status"],
        "request_fields": body.get("request_fields", []),
        "user": body.get("user", {}),
        "source": body["source"],
        "metadata": body.get("metadata", {}),
        "created_at": now,
        "updated_at": now,
    }
    sandbox.table(_REQUESTS).put(request["id"], request)
    if request["status"] == "unverified":
        _mail_verification(sandbox, request)
    return request


def updateRequest(
    sandbox: Sandbox, *, organization_id: str, id: str, body: dict[str, Any]
) -> Result:
    """The request with the given properties replaced; entering some statuses sends a mail."""
    request = _request(sandbox, organization_id, id)
    before = request["status"]
    request |= body
    _refuse(sandbox.lifecycle("Request").refuses(before, request["status"]), request["status"])
    request["updated_at"] = timestamp(sandbox.now())
    sandbox.table(_REQUESTS).put(id, request)
    if request["status"] != before:
        _mail_status(sandbox, request)
    return request


def createNote(sandbox: Sandbox, *, organization_id: str, body: dict[str, Any]) -> Result:
    """The stored note, written by the mock's only member of staff."""
    _request(sandbox, organization_id, body["request_id"])
    now = timestamp(sandbox.now())
    note = {
        "id": sandbox.uuid(),
        "organization_id": organization_id,
        "request_id": body["request_id"],
        "value": body["value"],
        **_STAFF,
        "created_at": now,
        "updated_at": now,
    }
    sandbox.table(_NOTES).put(note["id"], note)
    return note


def createLink(sandbox: Sandbox, *, organization_id: str, body: dict[str, Any]) -> Result:
    """The link with the address to open; the request must be one of the organization."""
    event = {key: body["event"][key] for key in ("status", "request_id")}
    _request(sandbox, organization_id, event["request_id"])
    link = _mint(
        sandbox,
        sandbox.secret(),
        organization_id=organization_id,
        event=event,
        redirect_url=body["redirect_url"],
        lifetime=int(body["lifetime"]),
        origin="api",
    )
    del link["origin"]
    return link | {"url": sandbox.link("executeLink", token=link["id"])}


def executeLink(sandbox: Sandbox, *, token: str) -> Result:
    """Set the link's status and redirect; after its lifetime 410, and a fresh mail if it came so.

    The 410 is returned, not raised: the fresh link must stay.
    """
    link = sandbox.table(_LINKS).get(token)
    request = link and sandbox.table(_REQUESTS).get(link["event"]["request_id"])
    if not link or not request:
        raise NotFound("There is no such link.")
    ends = sandbox.expires("Link", link, moment(link["created_at"]))
    expiry = sandbox.expired("Link", link, ends)
    if expiry is not None:
        renewed = (
            link["origin"] == "mail"
            and request["status"] == "unverified"
            and _mail_verification(sandbox, request)
        )
        fresh = " A fresh one is on its way to you by mail." if renewed else ""
        return Answer(refusal=expiry.refusal(f"This link has expired.{fresh}"))
    reason = sandbox.lifecycle("Request").refuses(request["status"], link["event"]["status"])
    if reason is not None:
        raise BadRequest(reason)
    if request["status"] != link["event"]["status"]:
        request["status"] = link["event"]["status"]
        request["updated_at"] = timestamp(sandbox.now())
        sandbox.table(_REQUESTS).put(request["id"], request)
        _mail_status(sandbox, request)
    location = link["redirect_url"] or sandbox.link("showVerified")
    return Answer(status=302, headers={"Location": location})


def showVerified(sandbox: Sandbox) -> Result:  # noqa: ARG001 - the same for everybody
    """The page that a mailed verification link leads to."""
    return page("didomi_verified.html")


def refusal(sandbox: Sandbox, refusal: Refusal) -> Any:  # noqa: ARG001 - every sandbox alike
    """The error body; `errors` has a message for each JSON pointer where data is at fault."""
    errors: dict[str, str] = {}
    for fault in refusal.faults:
        earlier = errors.get(fault.pointer)
        errors[fault.pointer] = f"{earlier}; {fault.message}" if earlier else fault.message
    return {
        "code": refusal.status,
        "name": _NAMES.get(refusal.status, "GeneralError"),
        "message": refusal.detail,
        "errors": errors,
    }


def scene(sandbox: Sandbox) -> None:
    """Organization org-1 with a request in every status, a note, and a verification link."""
    introduced = "2023-01-01T00:00:00.000Z"
    for right_id, right in _USER_RIGHTS.items():
        row = {"id": right_id, **right, "regulation_id": "cpra"}
        times = {"created_at": introduced, "updated_at": introduced}
        sandbox.table(_RIGHTS).put(right_id, row | times)

    statuses = ("unverified", "verified", "work_in_progress", "fulfilled", "archived", "refused")
    for number, status in enumerate((*statuses, "unverified"), start=1):
        _stage_request(sandbox, number, status)

    now = timestamp(sandbox.now())
    note: dict[str, Any] = {
        "id": _scene_id(21),
        "organization_id": "org-1",
        "request_id": _scene_id(3),
        "value": "The export runs over night.",
        **_STAFF,
        "created_at": now,
        "updated_at": now,
    }
    sandbox.table(_NOTES).put(note["id"], note)

    _mint_verification(sandbox, "scene-verification-link", "org-1", _scene_id(1))


def _scene_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def _stage_request(sandbox: Sandbox, number: int, status: str) -> None:
    # A day apart, so that sorting by time has something to show.
    recorded = timestamp(sandbox.now() - timedelta(days=8 - number))
    person = f"person-{number}"
    address = f"{person}@example.com"
    rights = list(_USER_RIGHTS)
    row: dict[str, Any] = {
        "id": _scene_id(number),
        "organization_id": "org-1",
        "organization_user_id": person,
        "user_right_id": rights[(number - 1) % len(rights)],
        "status": status,
        "request_fields": [{"field_id": "email", "value": address}],
        "user": {"id": person, "email": address, "country": "US", "metadata": {}},
        "source": {"type": "DSAR", "country": "US"},
        "metadata": {},
        "created_at": recorded,
        "updated_at": recorded,
    }
    sandbox.table(_REQUESTS).put(row["id"], row)


def _request(sandbox: Sandbox, organization_id: str, id: str) -> dict[str, Any]:
    row = sandbox.table(_REQUESTS).get(id)
    # That another organization has such a request is nothing this one may learn.
    if row is None or row["organization_id"] != organization_id:
        raise NotFound(f"There is no request {id!r}.")
    return row


def _mint(sandbox: Sandbox, token: str, **link: Any) -> dict[str, Any]:
    now = timestamp(sandbox.now())
    row = {"id": token, "action": "request.update", **link, "created_at": now, "updated_at": now}
    sandbox.table(_LINKS).put(token, row)
    return row


def _mint_verification(
    sandbox: Sandbox, token: str, organization_id: str, request_id: str
) -> dict[str, Any]:
    return _mint(
        sandbox,
        token,
        organization_id=organization_id,
        event={"status": "verified", "request_id": request_id},
        # Where the page is depends on the host that the link is opened at.
        redirect_url=None,
        origin="mail",
    )


def _refuse(reason: str | None, status: str) -> None:
    """BadRequest where there is a reason against the status of a body."""
    if reason is not None:
        fault = Fault("body", "/status", "x-lifecycle", reason, status)
        raise BadRequest("The request is not valid.", faults=[fault])


def _address(request: Mapping[str, Any]) -> str | None:
    given: Iterable[str] = (
        *(one["value"] for one in request["request_fields"] if one["field_id"] == "email"),
        request["user"].get("email", ""),
    )
    return next((one for one in given if one.isprintable() and _ADDRESS.fullmatch(one)), None)


def _mail_verification(sandbox: Sandbox, request: Mapping[str, Any]) -> bool:
    if _address(request) is None:
        return False
    link = _mint_verification(sandbox, sandbox.secret(), request["organization_id"], request["id"])
    expires = sandbox.expires("Link", link)
    minutes = (expires - sandbox.now()) // timedelta(minutes=1) if expires is not None else 0
    within = f" within {minutes} minutes" if minutes else ""
    _mail(
        sandbox,
        request,
        "Please confirm your request",
        f"Open the link{within} to confirm that this request is yours.",
        ("Confirm the request", sandbox.link("executeLink", token=link["id"])),
    )
    return True


def _mail_status(sandbox: Sandbox, request: Mapping[str, Any]) -> None:
    """Tell the person what status the request has entered, where that status does so."""
    status = request["status"]
    if status == "unverified":
        _mail_verification(sandbox, request)
    elif status in _STATUS_MAILS:
        download = request.get("extra_message_variables", {}).get("download_link")
        button = ("Download", download) if download and status == "fulfilled" else None
        _mail(sandbox, request, *_STATUS_MAILS[status], button)


def _mail(
    sandbox: Sandbox,
    request: Mapping[str, Any],
    subject: str,
    text: str,
    button: tuple[str, str] | None,
) -> None:
    address = _address(request)
    if address is None:
        return
    title = _USER_RIGHTS[request["user_right_id"]]["title"]["en"]
    about = f"{title} (request {request['id']})"
    lines = [about, text, *([f"{button[0]}: {button[1]}"] if button else [])]
    sandbox.outbox.mail(
        to=address,
        subject=subject,
        text="\n\n".join(lines),
        html=page("didomi_mail.html", subject=subject, about=about, text=text, button=button),
        links=[button[1]] if button else [],
    )
