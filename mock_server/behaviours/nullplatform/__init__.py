"""nullplatform: links, and the actions that carry them through their life.

What the seed and the other sources leave open is told in the description, operation by operation.
Reading links and specifications is not written here: it is inferred from the description.
"""

from datetime import timedelta
from typing import Any

from mock_server.answer import Answer, Result
from mock_server.behaviours.nullplatform._life import (
    check_move,
    check_start,
    drop,
    drop_link,
    is_carried,
    keep,
)
from mock_server.behaviours.nullplatform._refusals import error
from mock_server.behaviours.nullplatform._scene import fill
from mock_server.behaviours.nullplatform._schemas import checked, samples
from mock_server.behaviours.nullplatform._tables import (
    ACTION_SPECIFICATIONS,
    ACTIONS,
    LINK_SPECIFICATIONS,
    LINKS,
    found,
    listed,
    milliseconds,
    slug,
    stamped,
)
from mock_server.refusals import BadRequest, NotFound, Refusal, Unauthorized
from mock_server.sandbox import Sandbox, timestamp

SETTINGS: dict[str, Any] = {
    "agent": {"enum": ["manual", "immediate", "timed"], "default": "manual"},
    "seconds": {"type": "number", "exclusiveMinimum": 0, "maximum": 31_536_000, "default": 5},
}
"""Who moves actions: only requests, the mock at once, or the mock with so many seconds a step."""

API_KEY = "dW5kZXJzdHVkeQ==.bnVsbHBsYXRmb3Jt"
"""The one key that is accepted while the setting `credentials` is `known`."""

_ORGANIZATION = 1
_DAY = 24 * 60 * 60.0

_WORK = ("in_progress", "success")
"""The statuses that an agent brings an action to."""


def createToken(sandbox: Sandbox, *, body: dict[str, Any]) -> Result:
    """An access token for a day, and a refresh token for a month."""
    known = _is_known(sandbox, body)
    groups = [f"@nullplatform/organization={_ORGANIZATION}"]
    claims = {"known": known, "cognito:groups": groups}
    return {
        "access_token": sandbox.issue_token(_DAY, use="access", **claims),
        "refresh_token": sandbox.issue_token(30 * _DAY, use="refresh", **claims),
        "organization_id": _ORGANIZATION,
        "token_expires_at": milliseconds(sandbox.now() + timedelta(seconds=_DAY)),
    }


def _is_known(sandbox: Sandbox, body: dict[str, Any]) -> bool:
    """Whether the credential goes back to the known key; raises Unauthorized if it may not pass."""
    key = body.get("api_key", body.get("apikey"))
    if key is not None:
        known = bool(key == API_KEY)
    else:
        claims = sandbox.read_token(body["refresh_token"])
        if claims is None or claims.get("use") != "refresh":
            raise Unauthorized("The refresh token is wrong or expired.")
        known = bool(claims["known"])
    if not known and sandbox.settings["credentials"] == "known":
        raise Unauthorized("The API key is not known.")
    return known


def createLink(sandbox: Sandbox, *, body: dict[str, Any]) -> Result:
    """A new link, `pending` unless it says otherwise."""
    specification_id, statuses = body["specification_id"], sandbox.lifecycle("Link")
    status = body.get("status", statuses.initial)
    if sandbox.table(LINK_SPECIFICATIONS).get(specification_id) is None:
        raise BadRequest(f"There is no link specification with the id '{specification_id}'.")
    if statuses.refuses_start(status):
        raise BadRequest(f"A link cannot start as '{status}'.")
    link_id, now = sandbox.uuid(), timestamp(sandbox.now())
    link = {
        "id": link_id,
        "name": body["name"],
        "slug": slug(body["name"]) or link_id,
        "specification_id": specification_id,
        "desired_specification_id": None,
        "messages": [],
        "created_at": now,
        "updated_at": now,
        "status": status,
        "service_id": body["service_id"],
        "dimensions": body.get("dimensions", {}),
        "attributes": body.get("attributes", {}),
        "entity_nrn": body["entity_nrn"],
        "selectors": {"imported": status == "active"} | body.get("selectors", {}),
    }
    if "linkable_to" in body:
        link["linkable_to"] = body["linkable_to"]
    sandbox.table(LINKS).put(link_id, link)
    return link


def updateLink(sandbox: Sandbox, *, id: str, body: dict[str, Any]) -> Result:
    """The link with the given fields replaced, and the given messages added."""
    link = found(sandbox, LINKS, id)
    status = body.get("status", link["status"])
    if status != link["status"]:
        _check_by_hand(sandbox, link, status)
    fields = (
        "name",
        "desired_specification_id",
        "status",
        "dimensions",
        "attributes",
        "selectors",
        "linkable_to",
    )
    link |= {field: body[field] for field in fields if field in body}
    link["messages"] += stamped(sandbox, body.get("messages", []))
    link["updated_at"] = timestamp(sandbox.now())
    sandbox.table(LINKS).put(id, link)
    return link


def _check_by_hand(sandbox: Sandbox, link: dict[str, Any], status: str) -> None:
    statuses = sandbox.lifecycle("Link")
    settable = statuses.settable_by("updateLink")
    if settable is not None and status not in settable:
        raise BadRequest(f"Only an action can bring a link to '{status}'.")
    if statuses.refuses(link["status"], status):
        raise BadRequest(f"A link cannot go from '{link['status']}' to '{status}'.")
    if is_carried(sandbox, link["id"]):
        raise BadRequest("The link's status cannot be set while an action is changing the link.")


def deleteLink(sandbox: Sandbox, *, id: str, force: bool = False) -> Result:
    """Nothing; the link is gone, unless a delete action has to take it down."""
    link = found(sandbox, LINKS, id)
    specification = found(sandbox, LINK_SPECIFICATIONS, link["specification_id"])
    if specification["use_default_actions"] and not force:
        raise BadRequest("Create a delete action to delete this link, or use force=true.")
    drop_link(sandbox, id)
    return Answer()


def createLinkAction(sandbox: Sandbox, *, linkId: str, body: dict[str, Any]) -> Result:
    """A new action of the link; it has its messages with it."""
    link = found(sandbox, LINKS, linkId)
    if body.get("link_id", linkId) != linkId:
        raise BadRequest(f"The link_id '{body['link_id']}' is not the link of the path.")
    specification = _own_specification(sandbox, link, body["specification_id"])
    check_start(sandbox, link, specification)
    statuses = sandbox.lifecycle("LinkAction")
    status = body.get("status", statuses.initial)
    if statuses.refuses_start(status):
        raise BadRequest(f"An action cannot start as '{status}'.")
    action_id, now = sandbox.uuid(), timestamp(sandbox.now())
    action = {
        "id": action_id,
        **_named(link, specification, body.get("name"), action_id),
        "specification_id": specification["id"],
        "desired_specification_id": body.get("desired_specification_id"),
        "messages": stamped(sandbox, body.get("messages", [])),
        "created_at": now,
        "updated_at": now,
        "status": status,
        "parameters": checked(specification, body.get("parameters", {})),
        "results": body.get("results", {}),
        "link_id": linkId,
    }
    if "service_id" in body:
        action["service_id"] = body["service_id"]
    keep(sandbox, specification, action)
    return _handed_over(sandbox, specification, action)


def _own_specification(sandbox: Sandbox, link: dict[str, Any], id: str) -> dict[str, Any]:
    specification = sandbox.table(ACTION_SPECIFICATIONS).get(id)
    if specification is None or specification["link_specification_id"] != link["specification_id"]:
        raise BadRequest(f"'{id}' is not an action specification of the link's specification.")
    return specification


def _named(
    link: dict[str, Any], specification: dict[str, Any], name: str | None, id: str
) -> dict[str, str]:
    """Name and slug of a new action; both are made up where no name was given."""
    if name is not None:
        return {"name": name, "slug": slug(name) or id}
    kind, own = specification["type"], specification["slug"]
    default = own if kind in {"custom", "diagnose"} else f"{kind}-{link['slug']}"
    return {"name": default, "slug": own}


def listLinkActions(
    sandbox: Sandbox, *, linkId: str, include_messages: bool = False, **query: Any
) -> Result:
    """One page of the link's actions."""
    found(sandbox, LINKS, linkId)
    page = listed(sandbox, ACTIONS, query | {"link_id": [linkId]})
    page["results"] = [_shown(action, include_messages) for action in page["results"]]
    return page


def readLinkAction(
    sandbox: Sandbox, *, linkId: str, id: str, include_messages: bool = False
) -> Result:
    """The action, with its messages if they are asked for."""
    return _shown(_own_action(sandbox, linkId, id), include_messages)


def updateLinkAction(sandbox: Sandbox, *, linkId: str, id: str, body: dict[str, Any]) -> Result:
    """The action with the given fields replaced, and the given messages added."""
    action = _own_action(sandbox, linkId, id)
    before, status = action["status"], body.get("status", action["status"])
    check_move(sandbox, action, status)
    specification = found(sandbox, ACTION_SPECIFICATIONS, action["specification_id"])
    fields = ("name", "desired_specification_id", "status", "results")
    action |= {field: body[field] for field in fields if field in body}
    if "parameters" in body:
        action["parameters"] = checked(specification, body["parameters"])
    action["messages"] += stamped(sandbox, body.get("messages", []))
    action["updated_at"] = timestamp(sandbox.now())
    keep(sandbox, specification, action)
    if before == "pending_create" != status:
        return _handed_over(sandbox, specification, action)
    return action


def deleteLinkAction(sandbox: Sandbox, *, linkId: str, id: str) -> Result:
    """Nothing; the action is gone."""
    action = _own_action(sandbox, linkId, id)
    drop(sandbox, found(sandbox, ACTION_SPECIFICATIONS, action["specification_id"]), action)
    return Answer()


def _own_action(sandbox: Sandbox, link_id: str, id: str) -> dict[str, Any]:
    """The action, if it belongs to the link. Raises NotFound."""
    found(sandbox, LINKS, link_id)
    action = found(sandbox, ACTIONS, id)
    if action["link_id"] != link_id:
        raise NotFound(f"There is no action with the id '{id}' of this link.")
    return action


def _shown(action: dict[str, Any], messages: bool) -> dict[str, Any]:
    return action if messages else action | {"messages": []}


def _handed_over(
    sandbox: Sandbox, specification: dict[str, Any], action: dict[str, Any]
) -> dict[str, Any]:
    """The action after the agent of the settings has got it."""
    agent = sandbox.settings["agent"]
    if agent == "manual" or action["status"] not in {"pending", "in_progress"}:
        return action
    at, step = sandbox.now(), timedelta(seconds=sandbox.settings["seconds"])
    for status in _WORK:
        at += step
        if agent == "immediate":
            action = _moved(sandbox, specification, action, status)
        else:
            sandbox.schedule(at, when_agent_moves, id=action["id"], status=status)
    return action


def when_agent_moves(sandbox: Sandbox, *, id: str, status: str) -> None:
    """The agent moves an action on, unless it is gone or has come further by itself."""
    action = sandbox.table(ACTIONS).get(id)
    if action is not None:
        specification = found(sandbox, ACTION_SPECIFICATIONS, action["specification_id"])
        _moved(sandbox, specification, action, status)


def _moved(
    sandbox: Sandbox, specification: dict[str, Any], action: dict[str, Any], status: str
) -> dict[str, Any]:
    """The action after its agent's next step; itself where it cannot take that."""
    if not sandbox.lifecycle("LinkAction").moves(action["status"], status):
        return action
    if status == "success":
        action["results"] = samples(specification) | action["results"]
    action |= {"status": status, "updated_at": timestamp(sandbox.now())}
    keep(sandbox, specification, action)
    return action


def scene(sandbox: Sandbox) -> None:
    """Two kinds of links, five links, three actions."""
    fill(sandbox)


def refusal(sandbox: Sandbox, refusal: Refusal) -> Any:  # noqa: ARG001
    """The refusal as the description's `Error`."""
    return error(refusal)


def credentials(sandbox: Sandbox, scheme: str, value: str) -> bool:  # noqa: ARG001
    """Whether the bearer token is an access token of this sandbox that has not expired."""
    claims = sandbox.read_token(value)
    if claims is None or claims.get("use") != "access":
        return False
    return bool(claims["known"]) or sandbox.settings["credentials"] != "known"
