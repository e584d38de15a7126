"""The functions of the control API, each named by its operationId in openapi/control.yaml."""

from importlib.metadata import version
from typing import Any

from mock_server.answer import Result
from mock_server.control.control import Control
from mock_server.pages import page
from mock_server.refusals import BadRequest, Fault, NotFound, Refusal, problem
from mock_server.sandbox.clock import Clock, moment, timestamp
from mock_server.validators import faults, validator
from openapi.schemas import escaped


def refusal(control: Control, refusal: Refusal) -> Result:
    """Every refusal as problem details."""
    return problem(refusal)


def showDashboard(control: Control) -> Result:
    """The dashboard."""
    return page(
        "dashboard.html",
        apis=listApis(control)["entries"],
        sandbox=control.world.name,
        sandboxes=control.sandboxes.names(),
        clock=readClock(control),
        outbox=len(control.world.outbox.entries()),
        journal=control.world.journal.entries()[-20:],
    )


def readHealth(control: Control) -> Result:
    """Whether the server answers."""
    return {"status": "ok", "version": version("understudy")}


def listApis(control: Control) -> Any:
    """The APIs that are served."""
    entries = [
        {
            "name": api.name,
            "title": api.description.title,
            "mount": f"{api.mount}/",
            "operations": len(api.description.operations),
            "description": f"/{api.name}/openapi.json",
        }
        for api in control.apis
    ]
    return {"entries": entries}


def resetSandbox(control: Control) -> Result:
    """Back to the scene."""
    control.world.reset()


def readState(control: Control) -> Result:
    """Everything that the sandbox remembers."""
    clock = control.world.clock
    return {
        "tables": control.world.state(),
        "clock": readClock(control) | {"moved": clock.moved_seconds},
        "settings": readSettings(control),
    }


def restoreState(control: Control, *, body: dict[str, Any]) -> Result:
    """Put a state in the place of the present one."""
    world = control.world
    settings = body.get("settings", {})
    _check_settings(control, settings, "/settings")
    clock = _restored_clock(body.get("clock"))
    try:
        world.restore(body["tables"])
    except ValueError as error:
        message = f"These tables cannot be restored: {error}."
        raise BadRequest(message, faults=[Fault("body", "/tables", "format", message)]) from error
    world.clock = clock
    world.put_settings(settings)


def _restored_clock(given: dict[str, Any] | None) -> Clock:
    clock = Clock()
    if given is None:
        return clock
    try:
        now = moment(given["now"])
        if given["frozen"]:
            clock.freeze(now)
        else:
            clock.move(given.get("moved", (now - clock.now()).total_seconds()))
    except (ValueError, OverflowError) as error:
        raise _not_a_moment("/clock", error) from error
    return clock


def listSandboxes(control: Control) -> Result:
    """The sandboxes that exist."""
    names = control.sandboxes.names()
    return {
        "entries": [
            {"name": name, "now": timestamp(control.sandboxes[name].clock.now())} for name in names
        ]
    }


def deleteSandbox(control: Control, *, name: str) -> Result:
    """Forget a sandbox."""
    if not control.sandboxes.delete(name):
        raise NotFound(f"There is no sandbox {name!r}.")


def readSettings(control: Control) -> Any:
    """The settings of every API."""
    return {api.name: dict(control.world.view(api.name).settings) for api in control.apis}


def changeSettings(control: Control, *, body: dict[str, Any]) -> Result:
    """Change settings; what the body does not name stays as it is."""
    _check_settings(control, body, "")
    known = control.world.settings
    control.world.put_settings(
        known | {name: known.get(name, {}) | given for name, given in body.items()}
    )
    return readSettings(control)


def _check_settings(control: Control, settings: dict[str, Any], root: str) -> None:
    apis = {api.name: api for api in control.apis}
    for name, given in settings.items():
        pointer = f"{root}/{escaped(name)}"
        if name not in apis:
            message = f"No API is called {name!r}. These are: {', '.join(apis)}."
            raise BadRequest(message, faults=[Fault("body", pointer, "enum", message)])
        checker = validator(apis[name].behaviour.settings_schema())
        if found := faults(checker, given, "body", pointer):
            raise BadRequest(found[0].message, faults=found)


def readClock(control: Control) -> Any:
    """What time it is."""
    clock = control.world.clock
    return {"now": timestamp(clock.now(), 6), "frozen": clock.frozen}


def freezeClock(control: Control, *, body: dict[str, Any]) -> Result:
    """Stop the clock at a moment."""
    try:
        control.world.clock.freeze(moment(body["now"]))
    except (ValueError, OverflowError) as error:
        raise _not_a_moment("/now", error) from error
    return readClock(control)


def advanceClock(control: Control, *, body: dict[str, Any]) -> Result:
    """Move the clock on."""
    try:
        control.world.clock.advance(body["seconds"])
    except OverflowError as error:
        raise _not_a_moment("/seconds", error) from error
    return readClock(control)


def releaseClock(control: Control) -> Result:
    """Go back to the system's time."""
    control.world.clock.release()


def _not_a_moment(pointer: str, error: Exception) -> BadRequest:
    message = f"The clock cannot show that time: {error}."
    return BadRequest(message, faults=[Fault("body", pointer, "format", message)])


def readOutbox(control: Control) -> Result:
    """The mails and webhooks that would have been sent."""
    return {"entries": control.world.outbox.entries()}


def clearOutbox(control: Control) -> Result:
    """Empty the outbox."""
    control.world.outbox.clear()


def readJournal(control: Control) -> Result:
    """The latest exchanges."""
    return {"entries": control.world.journal.entries()}


def clearJournal(control: Control) -> Result:
    """Empty the journal."""
    control.world.journal.clear()
