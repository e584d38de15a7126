"""What the control API's functions work on."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from mock_server.api import Api
from mock_server.behaviour import from_module
from mock_server.gateway.route import CONTROL
from mock_server.sandbox.sandbox import World
from mock_server.sandbox.sandboxes import Sandboxes
from openapi.description import read
from openapi.loading import BUILT_IN


@dataclass(frozen=True, slots=True)
class Control:
    """The sandbox that a request chose, and the server around it."""

    world: World
    sandboxes: Sandboxes
    apis: Sequence[Api]


def control_api(sandboxes: Sandboxes, apis: Sequence[Api]) -> Api:
    """The control API of a server."""
    description = read(BUILT_IN / "control.yaml")
    operations = import_module("mock_server.control.operations")  # it needs this file
    return Api(
        description,
        from_module(operations, description),
        mount=CONTROL,
        context=lambda world: Control(world, sandboxes, apis),
    )
