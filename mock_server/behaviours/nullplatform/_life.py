"""How actions begin, move and end, and how they carry their link along."""

from typing import Any

from mock_server.behaviours.nullplatform._schemas import exported
from mock_server.behaviours.nullplatform._tables import ACTIONS, LINKS
from mock_server.refusals import BadRequest
from mock_server.sandbox import Sandbox, timestamp

_DURING = {"create": "creating", "update": "updating", "delete": "deleting"}
_AFTER = {"create": "active", "update": "active", "delete": "deleted"}

_UNDER_WAY = "nullplatform.under_way"
"""The actions that keep others of their lane waiting, by lane."""


def check_start(sandbox: Sandbox, link: dict[str, Any], specification: dict[str, Any]) -> None:
    """Whether an action of this specification may begin on the link; raises BadRequest if not."""
    kind, name = specification["type"], specification["slug"]
    if kind in _DURING:
        before, during = link["status"], _DURING[kind]
        if sandbox.lifecycle("Link").refuses(before, during):
            raise BadRequest(f"The link is {before} already, so '{name}' cannot {kind} it.")
    if kind in _DURING and link["status"] == "failed" and not specification["retryable"]:
        raise BadRequest(f"The link has failed, and '{name}' is not retryable.")
    lane = _lane(link["id"], specification)
    if lane and (other := sandbox.table(_UNDER_WAY).get(lane)):
        raise BadRequest(f"The action '{other['action_id']}' has to end before '{name}' may begin.")


def check_move(sandbox: Sandbox, action: dict[str, Any], status: str) -> None:
    """Whether the action may change, to this status; raises BadRequest if not."""
    if has_ended(sandbox, action):
        raise BadRequest(f"The action has ended with '{action['status']}' and cannot be changed.")
    if sandbox.lifecycle("LinkAction").refuses(action["status"], status):
        raise BadRequest(f"An action cannot go from '{action['status']}' to '{status}'.")


def has_ended(sandbox: Sandbox, action: dict[str, Any]) -> bool:
    """Whether nothing can become of the action any more."""
    return sandbox.lifecycle("LinkAction").is_final(action["status"])


def keep(sandbox: Sandbox, specification: dict[str, Any], action: dict[str, Any]) -> None:
    """Put the action into its table, and bring its link to where the action's status wants it."""
    sandbox.table(ACTIONS).put(action["id"], action)
    if lane := _lane(action["link_id"], specification):
        if has_ended(sandbox, action):
            sandbox.table(_UNDER_WAY).delete(lane)
        else:
            row = {"lane": lane, "link_id": action["link_id"], "action_id": action["id"]}
            sandbox.table(_UNDER_WAY).put(lane, row)
    _carry(sandbox, specification, action)


def drop(sandbox: Sandbox, specification: dict[str, Any], action: dict[str, Any]) -> None:
    """Forget the action; its link stays as it is."""
    sandbox.table(ACTIONS).delete(action["id"])
    lane = _lane(action["link_id"], specification)
    if lane and not has_ended(sandbox, action):
        sandbox.table(_UNDER_WAY).delete(lane)


def drop_link(sandbox: Sandbox, id: str) -> None:
    """Forget the link and its actions."""
    sandbox.table(LINKS).delete(id)
    for action in sandbox.table(ACTIONS).find({"link_id": id}):
        sandbox.table(ACTIONS).delete(action["id"])
    for row in sandbox.table(_UNDER_WAY).find({"link_id": id}):
        sandbox.table(_UNDER_WAY).delete(row["lane"])


def is_carried(sandbox: Sandbox, link_id: str) -> bool:
    """True while a create, update or delete action of the link is under way."""
    return sandbox.table(_UNDER_WAY).get(_carrying(link_id)) is not None


def _lane(link_id: str, specification: dict[str, Any]) -> str | None:
    """What only one action at a time may use; None for actions that wait for no other."""
    if specification["type"] in _DURING:
        return _carrying(link_id)
    if specification["type"] == "custom" and not specification["parallelize"]:
        return f"{link_id}/{specification['id']}"
    return None


def _carrying(link_id: str) -> str:
    return f"{link_id}/carry"


def _carry(sandbox: Sandbox, specification: dict[str, Any], action: dict[str, Any]) -> None:
    link = sandbox.table(LINKS).get(action["link_id"])
    assert link is not None
    status = _link_status(specification["type"], action["status"]) or link["status"]
    if sandbox.lifecycle("Link").refuses(link["status"], status):
        raise BadRequest(f"A link cannot go from '{link['status']}' to '{status}'.")
    if status == "deleted":
        drop_link(sandbox, link["id"])
        return
    attributes = dict(link["attributes"])
    if action["status"] == "success":
        attributes |= exported(specification, action["results"])
    if (status, attributes) != (link["status"], link["attributes"]):
        changes = {"status": status, "attributes": attributes}
        now = timestamp(sandbox.now())
        sandbox.table(LINKS).put(link["id"], link | changes | {"updated_at": now})


def _link_status(kind: str, status: str) -> str | None:
    """Where the link is while and after such an action; None where it stays as it is."""
    if kind not in _DURING:
        return None
    if status == "success":
        return _AFTER[kind]
    return "failed" if status == "failed" else _DURING[kind]
