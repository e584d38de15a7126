"""A declaration that cannot be understood is refused before anything is served."""

import json
from pathlib import Path
from typing import Any

import pytest

from openapi.declarations import Expiry, Lifecycle, Undeclarable, expiries, expiry, lifecycle
from openapi.description import read
from openapi.durations import Duration
from openapi.loading import UnusableDescription
from understudy.command_line import main


def document(**link: Any) -> dict[str, Any]:
    """A description with the schema of a link."""
    schema = {"$ref": "#/components/schemas/Link"}
    answer = {"description": "It.", "content": {"application/json": {"schema": schema}}}
    opening = {"operationId": "openLink", "responses": {"200": answer}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Links", "version": "1"},
        "paths": {"/links/{id}": {"parameters": [key], "get": opening}},
        "components": {"schemas": {"Link": {"type": "object", **link}}},
    }


def with_status(declared: Any, **more: Any) -> dict[str, Any]:
    """A description whose links have a status."""
    return document(properties={"status": {"type": "string", "x-lifecycle": declared, **more}})


def refused(folder: Path, described: dict[str, Any]) -> UnusableDescription:
    """Why a description is unusable."""
    file = folder / "links.json"
    file.write_text(json.dumps(described))
    with pytest.raises(UnusableDescription) as caught:
        read(file)
    assert caught.value.file == str(file)
    return caught.value


IN_STATUS = "/components/schemas/Link/properties/status/x-lifecycle"
IN_LINK = "/components/schemas/Link/x-expiry"


@pytest.mark.parametrize(
    ("declared", "pointer", "mend"),
    [
        ("open", "", "no object"),
        ({}, "/moves", "no object"),
        ({"moves": {"open": "closed"}}, "/moves/open", "no list"),
        ({"moves": {"a/b": [["closed"]]}}, "/moves/a~1b", "no list"),
        ({"moves": {}, "actions": ["close"]}, "/actions", "no object"),
        ({"moves": {}, "moved": {}}, "/moved", "Write actions, initial, moves"),
        ({"moves": {}, "actions": {"shut": "closed"}}, "/actions", "no operation shut"),
        ({"moves": {}, "initial": []}, "/initial", "neither a status nor a list"),
        ({"moves": {}, "initial": [["open"]]}, "/initial", "neither a status nor a list"),
        (
            {"moves": {}, "actions": {"openLink": {"a": {}, "b": {}}}},
            "/actions/openLink",
            "such as",
        ),
        ({"moves": {}, "actions": {"openLink": {"a": "b"}}}, "/actions/openLink", "such as"),
        ({"moves": {}, "actions": {"openLink": [["b"]]}}, "/actions/openLink", "such as"),
    ],
)
def test_lifecycles_that_mean_nothing(
    tmp_path: Path, declared: Any, pointer: str, mend: str
) -> None:
    """Each is refused with its place and what to write."""
    error = refused(tmp_path, with_status(declared))
    assert error.pointer == IN_STATUS + pointer
    assert mend in error.problem


@pytest.mark.parametrize(
    ("declared", "pointer"),
    [
        ({"initial": "opne", "moves": {}}, "/initial"),
        ({"moves": {"opne": []}}, "/moves/opne"),
        ({"moves": {"open": ["closd"]}}, "/moves/open"),
        ({"moves": {}, "actions": {"openLink": "opned"}}, "/actions/openLink"),
        ({"initial": ["open", "clsoed"], "moves": {}}, "/initial"),
        ({"moves": {}, "actions": {"openLink": ["open", "opned"]}}, "/actions/openLink"),
        ({"moves": {}, "actions": {"openLink": {"by": {"key": "opned"}}}}, "/actions/openLink"),
    ],
)
def test_statuses_that_there_are_not(tmp_path: Path, declared: Any, pointer: str) -> None:
    """A status that the `enum` beside the lifecycle does not list is a slip of the pen."""
    error = refused(tmp_path, with_status(declared, enum=["open", "closed"]))
    assert error.pointer == IN_STATUS + pointer


def test_statuses_may_be_listed_where_a_reference_leads(tmp_path: Path) -> None:
    """Beside a reference the `enum` of what it names counts."""
    described = document(
        properties={
            "status": {"$ref": "#/components/schemas/Status", "x-lifecycle": {"moves": {"x": []}}}
        }
    )
    described["components"]["schemas"]["Status"] = {"enum": ["open", "closed"]}
    assert refused(tmp_path, described).pointer == f"{IN_STATUS}/moves/x"


@pytest.mark.parametrize(
    ("declared", "pointer"),
    [
        (900, ""),
        ([], ""),
        ([{"after": 1}, {"after": "soon"}], "/1/after"),
        ([{"after": 1}, {"after": 1, "opened-by": ["openlink"]}], "/1/opened-by"),
        ({"after": "P"}, "/after"),
        ({"after": 1, "while": "open"}, "/while"),
        ({"after": 1, "while": {"property": "status"}}, "/while"),
        ({"after": 1, "while": {"value": "open"}}, "/while"),
        ({"opened-by": ["openLink"]}, ""),
        ({"after": "soon"}, "/after"),
        ({"after": True}, "/after"),
        ({"after": -1}, "/after"),
        ({"after": {"property": 1}}, "/after"),
        ({"at": "ends"}, "/at"),
        ({"after": 1, "opened-by": "openLink"}, "/opened-by"),
        ({"after": 1, "opened-by": [1]}, "/opened-by"),
        ({"after": 1, "opened-by": ["openlink"]}, "/opened-by"),
        ({"after": 1, "answers": 500}, "/answers"),
        ({"after": 1, "status": {"property": "status"}}, "/status"),
        ({"after": 1, "status": {"value": "ended"}}, "/status"),
        ({"after": 1, "opened_by": ["openLink"]}, "/opened_by"),
    ],
)
def test_expiries_that_mean_nothing(tmp_path: Path, declared: Any, pointer: str) -> None:
    """Each is refused with its place."""
    assert refused(tmp_path, document(**{"x-expiry": declared})).pointer == IN_LINK + pointer


def test_an_overlay_may_declare_wrongly(tmp_path: Path) -> None:
    """What an overlay brings along is looked at like the rest."""
    (tmp_path / "links.json").write_text(json.dumps(document()))
    action = {"target": "$.components.schemas.Link", "update": {"x-expiry": {"after": "soon"}}}
    overlay = {"overlay": "1.0.0", "info": {"title": "O", "version": "1"}, "actions": [action]}
    (tmp_path / "overlay.json").write_text(json.dumps(overlay))
    with pytest.raises(UnusableDescription) as caught:
        read(tmp_path / "links.json", [tmp_path / "overlay.json"])
    assert caught.value.pointer == IN_LINK + "/after"


def test_another_file_may_declare_wrongly(tmp_path: Path) -> None:
    """The place is named in the file where it is."""
    described = document()
    described["components"]["schemas"]["Link"] = {"$ref": "link.json"}
    (tmp_path / "link.json").write_text(json.dumps({"type": "object", "x-expiry": {}}))
    (tmp_path / "links.json").write_text(json.dumps(described))
    with pytest.raises(UnusableDescription) as caught:
        read(tmp_path / "links.json")
    assert Path(caught.value.file) == tmp_path / "link.json"
    assert caught.value.pointer == "/x-expiry"


def test_the_command_ends_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`serve` exits with 2 and one line: file, pointer, mend."""
    file = tmp_path / "links.json"
    file.write_text(json.dumps(document(**{"x-expiry": {"after": "soon"}})))
    assert main(["serve", str(file), "--port", "0"]) == 2
    line = capsys.readouterr().err.strip()
    assert line.startswith(f"understudy: {file}: {IN_LINK}/after: ")
    assert "900" in line


@pytest.mark.parametrize("place", ["example", "properties"])
def test_what_only_looks_like_a_declaration(tmp_path: Path, place: str) -> None:
    """Data, and a property of that name, declare nothing."""
    file = tmp_path / "links.json"
    file.write_text(json.dumps(document(**{place: {"x-expiry": {}, "x-lifecycle": {}}})))
    assert read(file).operations[0].id == "openLink"


def test_all_that_a_lifecycle_can_say() -> None:
    """Initial status, moves and actions are taken over."""
    declared = {"initial": "a", "moves": {"a": ["b"], "b": []}, "actions": {"POST /x": "b"}}
    assert lifecycle(declared) == Lifecycle("a", {"a": ["b"], "b": []}, {"POST /x": "b"})


def test_all_that_an_expiry_can_say() -> None:
    """Both times, what is closed, what it answers, and what shows."""
    declared = {
        "after": {"property": "lifetime"},
        "at": {"property": "ends"},
        "opened-by": ["openLink"],
        "answers": 404,
        "status": {"property": "status", "value": "ENDED"},
    }
    assert expiry(declared) == Expiry("lifetime", "ends", ("openLink",), 404, ("status", "ENDED"))
    assert expiry({"after": 0}) == Expiry(0, None, (), None, None)


def test_several_expiries() -> None:
    """A list says one after the other, each with what it needs to hold."""
    declared = [
        {"after": "P1M", "while": {"property": "status", "value": "open"}},
        {"after": 9, "while": {"property": "status", "value": ["a", "b"]}},
    ]
    month, nine = expiries(declared)
    assert (month.after, month.during) == (Duration(1, 0), ("status", ("open",)))
    assert (nine.after, nine.during) == (9, ("status", ("a", "b")))
    assert expiries({"after": 9}) == (expiry({"after": 9}),)


def test_all_that_an_action_can_say() -> None:
    """A status, a choice by what is sent, or the statuses that may be set."""
    actions = {"close": "closed", "end": {"how": {"good": "won", "1": "lost"}}, "set": ["a", "b"]}
    declared = lifecycle({"moves": {}, "actions": actions})
    assert declared.moved_by("close", None) == "closed"
    assert declared.moved_by("end", {"how": "good"}) == "won"
    assert declared.moved_by("end", {"how": 1}) == "lost"
    assert [declared.moved_by("end", sent) for sent in ({"how": "bad"}, {}, None)] == [None] * 3
    assert (declared.moved_by("set", {}), declared.settable_by("set")) == (None, ["a", "b"])
    assert (declared.moved_by("else", {}), declared.settable_by("close")) == (None, None)


@pytest.mark.parametrize(
    ("initial", "starts"), [(None, ()), ("a", ("a",)), (["b", "a"], ("b", "a")), (0, (0,))]
)
def test_beginnings(initial: Any, starts: tuple[Any, ...]) -> None:
    """One status, several, or none that would be declared."""
    assert lifecycle({"initial": initial, "moves": {}}).starts == starts


def test_the_parts_raise_alone() -> None:
    """The pointer is told within the declaration."""
    with pytest.raises(Undeclarable) as caught:
        expiry({"after": 1, "status": 1})
    assert caught.value.pointer == "/status"


def test_statuses_that_are_numbers(tmp_path: Path) -> None:
    """The keys of an object are texts, and mean the numbers that they look like."""
    file = tmp_path / "links.json"
    declared = {"initial": 0, "moves": {"0": [1]}}
    file.write_text(json.dumps(with_status(declared, type="integer", enum=[0, 1])))
    assert read(file).operations[0].id == "openLink"
