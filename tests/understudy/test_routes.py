"""The command that shows where answers come from."""

import json
from pathlib import Path

import pytest

from tests.mock_server.resources.described import (
    TEXT,
    answers,
    document,
    object_of,
    of_things,
)
from understudy.command_line import main


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[list[str]]:
    """The lines of the table, cut at its columns."""
    assert main(["routes", *arguments]) == 0
    return [line.split(maxsplit=4) for line in capsys.readouterr().out.splitlines()]


def test_where_answers_come_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each operation with its source, and what it does to which table."""
    status = TEXT | {"x-lifecycle": {"moves": {"open": ["closed"]}}}
    file = tmp_path / "own.json"
    declared = object_of(id=TEXT, status=status)
    more = {
        "/links/{id}": {"get": answers(declared)},
        "/links/{id}/logo": {"get": answers(TEXT)},
        "/ping": {"get": answers(TEXT, operationId="ping")},
    }
    file.write_text(json.dumps(document(of_things(**more))))
    assert rows(capsys, str(file)) == [
        ["GET", "/things", "-", "inferred", "lists own.things"],
        ["POST", "/things", "-", "inferred", "creates in own.things"],
        ["GET", "/things/{id}", "-", "inferred", "reads from own.things"],
        ["PUT", "/things/{id}", "-", "inferred", "replaces in own.things"],
        ["DELETE", "/things/{id}", "-", "inferred", "removes from own.things"],
        ["PATCH", "/things/{id}", "-", "inferred", "changes in own.things"],
        ["GET", "/links/{id}", "-", "declared", "reads from own.links"],
        ["GET", "/links/{id}/logo", "-", "synthesised"],
        ["GET", "/ping", "ping", "synthesised"],
    ]


def test_actions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What acts on an item says so."""
    file = tmp_path / "own.json"
    thing = of_things()["/things/{id}"]["get"]
    file.write_text(json.dumps(document(of_things(**{"/things/{id}/stop": {"post": thing}}))))
    assert rows(capsys, str(file))[-1][3:] == ["inferred", "acts in own.things"]


def test_built_in_apis(capsys: pytest.CaptureFixture[str]) -> None:
    """Without arguments all three are shown, each below its name; what is written says so."""
    found = rows(capsys)
    assert [row[0] for row in found if row and row[-1].endswith("/)")] == [
        "didomi",
        "namirial",
        "nullplatform",
    ]
    assert sum("written" in row for row in found) > 20
    assert all("lists" not in row[-1] for row in found if "written" in row)
