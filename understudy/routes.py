"""The operations of APIs as a table: method, path, name, and where the answer comes from."""

from collections.abc import Iterator, Sequence

from mock_server.api import Api
from mock_server.gateway.behave import answered_by
from openapi.description import Operation
from openapi.resources import Role

_WHAT = {
    Role.LIST: "lists",
    Role.CREATE: "creates in",
    Role.READ: "reads from",
    Role.REPLACE: "replaces in",
    Role.MERGE: "changes in",
    Role.REMOVE: "removes from",
    Role.ACT: "acts in",
    Role.OPEN: "opens from",
}


def table_of(apis: Sequence[Api]) -> Iterator[str]:
    """One line an operation, in columns; with several APIs each below its name."""
    for index, api in enumerate(apis):
        if len(apis) > 1:
            yield from ([""] if index else [])
            yield f"{api.name}  (at {api.mount}/)"
        rows = [_row(operation, api) for operation in api.description.operations]
        widths = [max(map(len, column), default=0) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            yield "  ".join(cells).rstrip()


def _row(operation: Operation, api: Api) -> tuple[str, str, str, str, str]:
    source = answered_by(operation, api)
    return operation.method, operation.path, operation.id or "-", source, _detail(operation, api)


def _detail(operation: Operation, api: Api) -> str:
    """What is done to which table, where that is inferred or declared."""
    if operation.id in api.behaviour.operations or api.inferred is None:
        return ""
    part = api.inferred.part(operation)
    if part is None or part.role not in _WHAT:
        return ""
    return f"{_WHAT[part.role]} {api.inferred.collection(part.resource).table_name}"
