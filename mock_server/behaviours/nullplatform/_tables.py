"""The tables, and what is done alike with the rows of all of them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from mock_server.refusals import NotFound
from mock_server.sandbox import Sandbox

LINKS = "nullplatform.link"
ACTIONS = "nullplatform.actions"
LINK_SPECIFICATIONS = "nullplatform.link_specification"
ACTION_SPECIFICATIONS = "nullplatform.action_specification"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def found(sandbox: Sandbox, table: str, id: str) -> dict[str, Any]:
    """The row under that id. Raises NotFound."""
    row = sandbox.table(table).get(id)
    if row is None:
        kind = table.partition(".")[2].removesuffix("s").replace("_", " ")
        raise NotFound(f"There is no {kind} with the id '{id}'.")
    return row


def listed(sandbox: Sandbox, table: str, query: Mapping[str, Any]) -> dict[str, Any]:
    """One page of the rows that fit, by the query of a list.

    `limit` and `offset` say which page; `sort` is a field with or without `:asc` or `:desc`. All
    else are filters: a list of allowed values, or a text with commas between them.
    """
    paging = {"offset": query["offset"], "limit": query["limit"]}
    field, _, direction = query.get("sort", "").partition(":")
    where = {
        name: value.split(",") if isinstance(value, str) else value
        for name, value in query.items()
        if name not in {"limit", "offset", "sort"}
    }
    rows = sandbox.table(table)
    return {
        "paging": paging | {"total": rows.count(where)},
        "results": rows.find(where, sort=field or None, descending=direction == "desc", **paging),
    }


def milliseconds(moment: datetime) -> int:
    """The moment as whole milliseconds since 1970."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def stamped(sandbox: Sandbox, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """New messages with their level and the present time."""
    now = milliseconds(sandbox.now())
    return [
        {"level": new.get("level", "info"), "message": new["message"], "timestamp": now}
        for new in messages
    ]


def slug(name: str) -> str:
    """The name in lower-case ASCII letters, digits and hyphens; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
