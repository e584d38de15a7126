"""The scene: two kinds of links, links of both kinds, and a few actions."""

from typing import Any

from mock_server.behaviours.nullplatform._tables import (
    ACTION_SPECIFICATIONS,
    ACTIONS,
    LINK_SPECIFICATIONS,
    LINKS,
    slug,
    stamped,
)
from mock_server.sandbox import Sandbox, timestamp

_NRN = "organization=1:account=2:namespace=3:application=4"
_NOTHING: dict[str, Any] = {"schema": {"type": "object", "properties": {}}, "values": {}}

_CREDENTIALS = {
    "schema": {
        "type": "object",
        "properties": {
            "host": {"type": "string", "examples": ["billing.internal"], "target": "host"},
            "user": {"type": "string", "examples": ["orders"], "target": "username"},
            "statements": {"type": "integer", "default": 3},
        },
    },
    "values": {},
}
_POOL = {
    "schema": {
        "type": "object",
        "required": ["connections", "mode"],
        "properties": {
            "connections": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
            "mode": {"type": "string", "enum": ["session", "transaction"], "default": "session"},
            "label": {"type": "string", "minLength": 1, "maxLength": 20},
            "window": {
                "type": "object",
                "required": ["start"],
                "properties": {
                    "start": {"type": "string", "format": "date-time"},
                    "minutes": {"type": "integer", "minimum": 1, "maximum": 240, "default": 30},
                },
            },
        },
    },
    "values": {},
}


def numbered(number: int) -> str:
    """The id of an object of the scene."""
    return f"00000000-0000-4000-8000-{number:012}"


def fill(sandbox: Sandbox) -> None:
    """Put the scene into the tables of a fresh sandbox."""
    now = timestamp(sandbox.now())
    for table, rows in [
        (LINK_SPECIFICATIONS, _link_specifications()),
        (ACTION_SPECIFICATIONS, _action_specifications()),
        (LINKS, _links()),
        (ACTIONS, _actions(stamped(sandbox, [{"message": "The pool has 10 connections."}]))),
    ]:
        for row in rows:
            sandbox.table(table).put(row["id"], row | {"created_at": now, "updated_at": now})


def _link_specifications() -> list[dict[str, Any]]:
    return [
        _link_specification(1, "Database user", default_actions=True),
        _link_specification(2, "Known endpoint", default_actions=False),
    ]


def _link_specification(number: int, name: str, *, default_actions: bool) -> dict[str, Any]:
    return {
        "id": numbered(number),
        "name": name,
        "slug": slug(name),
        "unique": False,
        "specification_id": numbered(50 + number),
        "attributes": _NOTHING,
        "dimensions": {},
        "selectors": {"imported": False, "provider": "example", "category": "database"},
        "visible_to": ["organization=1"],
        "assignable_to": "any",
        "use_default_actions": default_actions,
        "use_default_naming": False,
        "scopes": {},
        "external": {},
    }


def _action_specifications() -> list[dict[str, Any]]:
    brings, again = {"results": _CREDENTIALS}, {"retryable": True}
    return [
        _action_specification(11, "create", "Create user") | brings | again,
        _action_specification(12, "update", "Update user") | brings,
        _action_specification(13, "delete", "Delete user") | again,
        _action_specification(14, "custom", "Resize pool") | {"parameters": _POOL},
        _action_specification(15, "diagnose", "Diagnose user"),
        _action_specification(16, "custom", "Take snapshot") | {"parallelize": True},
    ]


def _action_specification(number: int, kind: str, name: str) -> dict[str, Any]:
    return {
        "id": numbered(number),
        "name": name,
        "slug": slug(name),
        "type": kind,
        "description": "",
        "parameters": _NOTHING,
        "results": _NOTHING,
        "service_specification_id": None,
        "link_specification_id": numbered(1),
        "retryable": False,
        "parallelize": False,
        "enabled_when": "",
        "icon": "",
        "annotations": {},
        "external": {},
    }


def _links() -> list[dict[str, Any]]:
    return [
        _link(21, "Orders to ledger", "active"),
        _link(22, "Orders to stock", "active"),
        _link(23, "Orders to mail", "pending"),
        _link(24, "Orders to maps", "active", specification=2),
        _link(25, "Orders to search", "failed"),
    ]


def _link(number: int, name: str, status: str, *, specification: int = 1) -> dict[str, Any]:
    return {
        "id": numbered(number),
        "name": name,
        "slug": slug(name),
        "specification_id": numbered(specification),
        "desired_specification_id": None,
        "messages": [],
        "status": status,
        "service_id": numbered(41),
        "dimensions": {},
        "attributes": {"host": "billing.internal"} if status == "active" else {},
        "entity_nrn": _NRN,
        "selectors": {"imported": specification == 2},  # noqa: PLR2004
    }


def _actions(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    pool = {"connections": 10, "mode": "session"}
    resized = _action(31, "resize-pool", "success", link=21, specification=14)
    return [
        resized | {"parameters": pool, "messages": messages},
        _action(32, "take-snapshot", "in_progress", link=21, specification=16),
        _action(33, "take-snapshot", "pending", link=22, specification=16),
    ]


def _action(
    number: int, name: str, status: str, *, link: int, specification: int
) -> dict[str, Any]:
    return {
        "id": numbered(number),
        "name": name,
        "slug": name,
        "specification_id": numbered(specification),
        "desired_specification_id": None,
        "messages": [],
        "status": status,
        "parameters": {},
        "results": {},
        "link_id": numbered(link),
    }
