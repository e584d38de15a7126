"""The behaviour of a collection that opens with as many rows as ITEMS says."""

import os
from typing import Any

from mock_server.answer import Result
from mock_server.refusals import NotFound
from mock_server.sandbox import Sandbox

_ITEMS = "items"
_STATUSES = ("new", "open", "done", "late", "gone")


def scene(sandbox: Sandbox) -> None:
    """Rows with an id, a name of their own and one of five statuses."""
    table = sandbox.table(_ITEMS)
    for number in range(int(os.environ.get("ITEMS", "10"))):
        id = str(number)
        name = f"item {number * 7919 % 1_000_003}"
        table.put(id, {"id": id, "name": name, "status": _STATUSES[number % 5]})


def createItem(sandbox: Sandbox, *, body: dict[str, Any]) -> Result:  # noqa: N802
    """One more."""
    row = body | {"id": sandbox.uuid()}
    sandbox.table(_ITEMS).put(row["id"], row)
    return row, 201


def readItem(sandbox: Sandbox, *, id: str) -> Result:  # noqa: N802
    """One of them."""
    row = sandbox.table(_ITEMS).get(id)
    if row is None:
        raise NotFound(f"There is no item {id}.")
    return row


def listItems(  # noqa: N802
    sandbox: Sandbox, *, status: str | None = None, sort: str | None = None, offset: int = 0
) -> Result:
    """A page of ten."""
    where = {} if status is None else {"status": status}
    table = sandbox.table(_ITEMS)
    rows = table.find(where, sort=sort, offset=offset, limit=10)
    return {"total": table.count(where), "items": rows}
