"""The command `check`, and `replay` of what it found, as a user would run them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from contracts.api import Api
from mock_server.app import Settings, create_app
from openapi.description import read
from tests.mock_server.control.clients import client
from understudy.checking import mock_credentials
from understudy.command_line import main
from understudy.serving import ServerThread, listening_socket, url_of

SHOP = str(Path(__file__).parents[1] / "examples/shop.yaml")

LIAR = """
from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Call, lying
from mock_server.api import Serving
from mock_server.app import Settings, create_app
from openapi.description import read
from openapi.resources import Role
from pathlib import Path

SHOP = {shop!r}

async def forgets(call: Call) -> Response:
    if call.role is Role.READ:
        return Response(404, (("Content-Type", "application/json"),), b"null")
    return await call.answer()

honest = create_app(Settings(apis=[SHOP], serving=Serving(strict_state=True)))
app = lying(honest, Api(read(Path(SHOP))), forgets)
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings are kept in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The line that scripts read."""
    return capsys.readouterr().out.splitlines()[-1]


def test_an_honest_mock_keeps_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """In process, within its time, with a report beside it."""
    arguments = ["check", SHOP, "--url", "mock", "--max-time", "8s", "--report", "json=r.json"]
    assert main(arguments) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-1].startswith("kept: ")
    assert out[-1].endswith(" exchanges")
    report = json.loads(Path("r.json").read_text())
    assert {one["kind"] for one in report["findings"]} <= {"gap"}
    assert not Path(".understudy").exists()


def test_a_mock_by_its_url_gives_each_walk_a_sandbox(capsys: pytest.CaptureFixture[str]) -> None:
    """What the run did is gone afterwards, and the default sandbox was never touched."""
    server = ServerThread(create_app(Settings(apis=["didomi"])))
    server.start()
    try:
        arguments = ["check", "didomi", "--url", server.url, "--max-time", "6s"]
        assert main([*arguments, "--include", "*Link*"]) in {0, 2}
        capsys.readouterr()
        with client(server.url) as controls:
            journal = controls.get("/_understudy/journal").json()["entries"]
            names = [
                one["name"] for one in controls.get("/_understudy/sandboxes").json()["entries"]
            ]
        assert journal == []
        assert len(names) <= 2  # the default one, and that of Schemathesis' phases
    finally:
        server.stop()


def test_what_breaks_is_shown_and_can_be_played_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application that forgets is found; its finding is still broken there, and fixed here."""
    (tmp_path / "forgetful.py").write_text(LIAR.format(shop=SHOP))
    monkeypatch.syspath_prepend(tmp_path)
    arguments = ["check", SHOP, "--app", "forgetful:app", "--max-time", "6s"]
    assert main([*arguments, "--baseline", "known.json", "--update-baseline"]) == 0
    assert main([*arguments, "--baseline", "known.json"]) == 0
    assert main(arguments) == 1
    assert last_line(capsys).startswith("broken: ")
    held = [json.loads(one.read_text()) for one in Path(".understudy").glob("finding-*.json")]
    [finding] = [one for one in held if one["name"] == "created_can_be_read"]
    file = f".understudy/finding-{finding['fingerprint']}.json"
    assert main(["replay", file, "--app", "forgetful:app"]) == 1
    assert last_line(capsys).startswith("still broken: created_can_be_read")
    assert main(["replay", file, "--url", "mock"]) == 0
    assert last_line(capsys).startswith("fixed: created_can_be_read")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([SHOP], "check needs a target"),
        ([SHOP, "--url", "ftp://x"], "is no URL to test"),
        ([SHOP, "--app", "nowhere:app"], "nowhere"),
        (["nothing.yaml", "--url", "mock"], "nothing.yaml"),
        ([SHOP, "--url", "mock", "--include", "none*"], "No operation is left to test"),
        ([SHOP, "--url", "mock", "--update-baseline"], "--baseline FILE"),
        ([SHOP, "--url", "mock", "--baseline", "none.json"], "none.json"),
        ([SHOP, "--url", "http://staging.example.com"], "Add --yes, or --read-only"),
    ],
)
def test_what_cannot_be_tested_is_told_in_one_line(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and a line that says what to mend."""
    assert main(["check", *arguments]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert told in lines[-1]


def test_a_target_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody listens: exit code 2, and what to do about it."""
    with listening_socket("127.0.0.1", 0) as bound:
        url = url_of(bound)
    assert main(["check", SHOP, "--url", url]) == 2
    assert httpx.URL(url).netloc.decode() in capsys.readouterr().err


def test_a_base_path_that_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """A target that answers 404 to everything is no broken contract."""
    server = ServerThread(create_app(Settings(apis=["didomi"], control=False)))
    server.start()
    try:
        assert main(["check", SHOP, "--url", f"{server.url}/elsewhere", "--max-time", "4s"]) == 2
    finally:
        server.stop()
    assert "does it need that one's path" in capsys.readouterr().err


def test_a_pipe_that_takes_few_letters_gets_all_of_the_report(tmp_path: Path) -> None:
    """What it cannot take is written out."""
    description = tmp_path / "käse.yaml"
    description.write_text(Path(SHOP).read_text().replace("A shop", "Käse"), encoding="utf-8")
    command = [sys.executable, "-m", "understudy", "check", str(description), "--url", "mock"]
    ended = subprocess.run(  # noqa: S603 - our own command
        [*command, "--max-time", "2"],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    assert rb"K\xe4se at http" in ended.stdout


def test_a_mock_takes_credentials_with_values_that_must_be_new(tmp_path: Path) -> None:
    """At any depth of what a login takes."""
    text = {"type": "string"}
    profile = {"type": "object", "required": ["email"], "properties": {"email": text}}
    login = {
        "type": "object",
        "required": ["username", "password", "profile"],
        "properties": {"username": text, "password": text, "profile": profile},
    }
    token = {"type": "object", "required": ["token"], "properties": {"token": text}}
    signs_in = {
        "requestBody": {"required": True, "content": {"application/json": {"schema": login}}},
        "responses": {
            "200": {"description": "In", "content": {"application/json": {"schema": token}}}
        },
    }
    bearer = {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Pens", "version": "1"},
        "paths": {"/login": {"post": signs_in}},
        "components": bearer,
        "security": [{"bearer": []}],
    }
    file = tmp_path / "pens.json"
    file.write_text(json.dumps(document))
    told = [json.loads(one) for one in mock_credentials(Api(read(file))).values()]
    assert [isinstance(one["profile"]["email"], str) for one in told] == [True, True]
    assert told[0]["username"] != told[1]["username"]


def test_a_path_with_a_fragment_is_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No request sends it, so nothing is found out about the operation."""
    answer = {
        "200": {"description": "All", "content": {"text/plain": {"schema": {"type": "string"}}}}
    }
    paths = {"/pens": {"get": {"responses": answer}}, "/pens#all": {"get": {"responses": answer}}}
    document = {"openapi": "3.1.0", "info": {"title": "Pens", "version": "1"}, "paths": paths}
    file = tmp_path / "pens.json"
    file.write_text(json.dumps(document))
    assert main(["check", str(file), "--url", "mock", "--max-time", "6s"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    told = "for the `#` or `?` in their paths, which the path of no request has: GET /pens#all."
    assert told in printed
    assert "1 of 1 operation called" in printed


@pytest.mark.parametrize("text", ["0", "5x", "m", "-1s", "--max-time"])
def test_a_time_that_is_none(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong arguments are refused in one line."""
    with pytest.raises(SystemExit) as left:
        main(["check", SHOP, "--url", "mock", f"--max-time={text}"])
    assert left.value.code == 2
    assert "a time is like" in capsys.readouterr().err
