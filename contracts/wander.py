"""A walk made by chance: items are created, read, changed, acted on and left, in any order."""

from contracts.stage import Handle, Impossible, Stage
from openapi.description import Operation
from openapi.resources import Resource, Role
from openapi.synthesis import Unsatisfiable

_LENGTH = 8
"""So many things are done to items of one resource and its neighbours."""

_ON_ITEM = (Role.READ, Role.MERGE, Role.REPLACE, Role.ACT, Role.READ, Role.REMOVE)


def wander(stage: Stage) -> None:
    """Put steps on the stage. Raises Impossible where the description has no resource."""
    resources = stage.api.resources_with(Role.READ) + stage.api.resources_with(Role.CREATE)
    resource = stage.choose(resources)
    handles = [stage.one(resource)]
    for _ in range(_LENGTH):
        try:
            _step(stage, resource, handles)
        except (Impossible, Unsatisfiable):
            continue
    for handle in handles:
        try:
            stage.read(handle)
        except (Impossible, Unsatisfiable):
            return


def _step(stage: Stage, resource: Resource, handles: list[Handle]) -> None:
    what = stage.choose(["create", "list", "item", "item", "item", "loose"])
    if what == "create":
        handles.append(stage.create(resource))
    elif what == "list":
        stage.list_all(resource, handles[0].parents)
    elif what == "loose":
        stage.call_any(stage.choose(_loose(stage)))
    else:
        role = stage.choose(list(_ON_ITEM))
        operation = stage.choose(list(stage.api.operations(role, resource)))
        stage.do(operation, stage.choose(handles))


def _loose(stage: Stage) -> list[Operation]:
    """The operations that concern no item."""
    return [
        operation
        for key, operation in stage.api.by_key.items()
        if (part := stage.api.parts[key]) is None or part.role in {Role.LIST, Role.BELOW}
    ]
