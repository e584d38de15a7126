"""A sandbox: what its APIs share, and what each of them sees."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.api import Api
from mock_server.behaviour import Behaviour
from mock_server.sandbox import Sandbox
from mock_server.sandbox.sandbox import World
from mock_server.sandbox.sandboxes import Sandboxes
from openapi.description import Description, Operation

START = datetime(2026, 1, 31, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SETTINGS = {"pace": {"enum": ["slow", "fast"], "default": "slow"}}


def scene(sandbox: Sandbox) -> None:
    """A letter with random parts, and a mail that nobody shall see."""
    row = {"text": "Dear all", "id": sandbox.uuid(), "secret": sandbox.secret()}
    sandbox.table("letters").put("1", row)
    sandbox.outbox.mail(to="ada@example.com", subject="Scene", text="")


def when_it_is_late(sandbox: Sandbox, *, name: str, again: bool = False) -> None:
    """Notes its own time, and sends a mail."""
    number = str(sandbox.table("notes").count())
    sandbox.table("notes").put(number, {"name": name, "at": sandbox.now().isoformat()})
    sandbox.outbox.mail(to="ada@example.com", subject=name, text="")
    if again:
        sandbox.schedule(sandbox.now() + MINUTE, when_it_is_late, name=f"{name} again")


def when_it_breaks(sandbox: Sandbox, *, name: str) -> None:
    """Leaves a note, then fails."""
    when_it_is_late(sandbox, name=name)
    raise RuntimeError


def api(name: str = "letters", mount: str = "/letters") -> Api:
    """An API with one path of two parameters."""
    operation = Operation(
        "GET", "/letters/{id}/pages/{page}", {"operationId": "readPage"}, {}, {"paths": {}}
    )
    timers: dict[str, Callable[..., None]] = {
        "when_it_is_late": when_it_is_late,
        "when_it_breaks": when_it_breaks,
    }
    behaviour = Behaviour(timers=timers, scene=scene, settings=SETTINGS)
    return Api(Description(name, {}, (operation,)), behaviour, mount)


def world(seed: int | None = None) -> World:
    """A frozen sandbox with one API."""
    found = World("test", {"letters": api()}, key=b"k" * 32, seed=seed)
    found.clock.freeze(START)
    found.settle()
    return found


def notes(of: World) -> list[dict[str, Any]]:
    """What the timers noted: their names and the minutes since the start."""
    return [
        {"name": note["name"], "minute": (datetime.fromisoformat(note["at"]) - START) / MINUTE}
        for note in of.store.find("notes")
    ]


def test_a_sandbox_opens_with_its_scene() -> None:
    """The rows are there, and nothing that the scene sent."""
    opened = world()
    assert opened.view("letters").table("letters").find()[0]["text"] == "Dear all"
    assert opened.outbox.entries() == []


def test_tables_are_shared_by_the_apis_of_a_sandbox() -> None:
    """They meet by the table's name."""
    both = World("test", {name: api(name) for name in ("one", "two")}, key=b"k" * 32)
    both.view("one").table("shared").put("1", {"by": "one"})
    assert both.view("two").table("shared").get("1") == {"by": "one"}


def test_time_stands_still_within_an_operation() -> None:
    """All that one operation writes carries the same moment."""
    running = World("test", {"letters": api()}, key=b"k" * 32)
    with running.operation():
        first = running.view("letters").now()
        while datetime.now(UTC) <= first + timedelta(milliseconds=1):
            pass
        assert running.view("letters").now() == first
    with running.operation():
        assert running.view("letters").now() > first


def test_an_operation_that_raises_is_undone_as_a_whole() -> None:
    """Rows, mails and timers."""
    opened = world()
    sandbox = opened.view("letters")

    def refuse() -> None:
        with opened.operation():
            sandbox.table("letters").put("2", {})
            sandbox.outbox.mail(to="a@example.com", subject="", text="")
            sandbox.schedule(START, when_it_is_late, name="never")
            raise RuntimeError

    before = opened.state()
    with pytest.raises(RuntimeError):
        refuse()
    opened.clock.advance(60)
    opened.settle()
    assert opened.state() == before
    assert opened.outbox.entries() == []


def test_what_is_due_happens_at_its_own_time() -> None:
    """In its order, before the next operation, each seeing its due time; the next ones follow."""
    opened = world()
    sandbox = opened.view("letters")
    with opened.operation():
        sandbox.schedule(START + 2 * MINUTE, when_it_is_late, name="second", again=True)
        sandbox.schedule(START + MINUTE, when_it_is_late, name="first")
        sandbox.schedule(START + 9 * MINUTE, when_it_is_late, name="later")
    opened.clock.advance(300)
    assert notes(opened) == []
    with opened.operation():
        assert notes(opened) == [
            {"name": "first", "minute": 1},
            {"name": "second", "minute": 2},
            {"name": "second again", "minute": 3},
        ]
        assert sandbox.now() == START + 5 * MINUTE
    sent = [(mail["subject"], mail["at"][14:16]) for mail in opened.outbox.entries()]
    assert sent == [("first", "01"), ("second", "02"), ("second again", "03")]


def test_a_timer_that_fails_is_undone_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged; the next ones and every later operation go on."""
    opened = world()
    sandbox = opened.view("letters")
    with opened.operation():
        sandbox.schedule(START + MINUTE, when_it_breaks, name="broken")
        sandbox.schedule(START + 2 * MINUTE, when_it_is_late, name="fine")
        sandbox.schedule(START + MINUTE, when_it_is_late, unknown="argument")
    opened.clock.advance(120)
    with caplog.at_level(logging.ERROR, logger="understudy"), opened.operation():
        assert notes(opened) == [{"name": "fine", "minute": 2}]
    assert len(caplog.records) == 2
    assert "when_it_breaks of letters failed" in caplog.text


@pytest.mark.parametrize("change", [{"api": "gone"}, {"call": "when_gone"}])
def test_a_timer_that_leads_nowhere_is_logged(
    change: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """A restored state may come from a server with other behaviours."""
    opened = world()
    row = {
        "at": START.isoformat(),
        "api": "letters",
        "call": "when_it_is_late",
        "arguments": {"name": "x"},
    }
    opened.restore({"understudy.timers": {"1": row | change}})
    with opened.operation():
        assert notes(opened) == []
    assert "which is not there" in caplog.text


def test_reset_brings_the_scene_back() -> None:
    """Tables, clock, timers, outbox, journal and settings are as they were at the beginning."""
    opened = world(seed=7)
    first = opened.state()
    sandbox = opened.view("letters")
    with opened.operation():
        sandbox.table("letters").put("2", {})
        sandbox.outbox.mail(to="a@example.com", subject="", text="")
        sandbox.schedule(START + MINUTE, when_it_is_late, name="forgotten")
    opened.put_settings({"letters": {"pace": "fast"}})
    opened.reset()
    assert not opened.clock.frozen
    assert opened.state() == first
    assert opened.outbox.entries() == []
    assert opened.journal.entries() == []
    assert opened.view("letters").settings["pace"] == "slow"
    opened.clock.freeze(START + timedelta(days=1))
    opened.settle()
    assert notes(opened) == []


def test_a_state_can_be_put_back() -> None:
    """Rows in their order, and timers with their moments; the outbox stays as it is."""
    opened = world()
    sandbox = opened.view("letters")
    with opened.operation():
        for id in "cab":
            sandbox.table("letters").put(id, {"id": id})
        sandbox.schedule(START + MINUTE, when_it_is_late, name="kept")
        sandbox.outbox.mail(to="a@example.com", subject="stays", text="")
    state = opened.state()
    with opened.operation():
        sandbox.table("letters").delete("a")
        sandbox.table("others").put("x", {})
        sandbox.schedule(START + MINUTE, when_it_is_late, name="dropped")
    opened.restore(state)
    assert opened.state() == state
    assert [row["id"] for row in sandbox.table("letters").find()][1:] == ["c", "a", "b"]
    assert [mail["subject"] for mail in opened.outbox.entries()] == ["stays"]
    opened.clock.advance(60)
    opened.settle()
    assert [note["name"] for note in notes(opened)] == ["kept"]


@pytest.mark.parametrize(
    "tables",
    [
        {"letters": {"9": {}}, "understudy.timers": {"1": {}}},
        {"letters": {"9": {}}, "understudy.outbox": {"1": {}}},
    ],
)
def test_a_state_that_is_none_changes_nothing(tables: dict[str, dict[str, Any]]) -> None:
    """Broken timers and an outbox are refused, and the present timers go on."""
    opened = world()
    with opened.operation():
        opened.view("letters").schedule(START + MINUTE, when_it_is_late, name="goes on")
    before = opened.state()
    with pytest.raises(ValueError, match=r"timer|outbox"):
        opened.restore(tables)
    assert opened.state() == before
    opened.clock.advance(60)
    opened.settle()
    assert [note["name"] for note in notes(opened)] == ["goes on"]


def randomness(of: World) -> tuple[dict[str, Any], list[str], str]:
    """The scene's random parts, and more that follow."""
    sandbox = of.view("letters")
    return (
        sandbox.table("letters").find()[0],
        [sandbox.uuid() for _ in range(3)],
        sandbox.secret(),
    )


def test_the_same_seed_gives_the_same_ids() -> None:
    """Ids and secrets repeat in a new server and after a reset, and differ by sandbox and seed."""
    sandboxes = Sandboxes({"letters": api()}, seed=1)
    first = randomness(sandboxes["one"])
    assert randomness(Sandboxes({"letters": api()}, seed=1)["one"]) == first
    assert randomness(sandboxes["one"])[1] != first[1]
    sandboxes["one"].reset()
    assert randomness(sandboxes["one"]) == first
    assert randomness(sandboxes["two"])[1] != first[1]
    assert randomness(Sandboxes({"letters": api()}, seed=2)["one"])[1] != first[1]


def test_without_a_seed_nothing_repeats() -> None:
    """Ids of different servers may meet in one database."""
    assert randomness(world())[1:] != randomness(world())[1:]


@pytest.mark.parametrize("seed", [None, 3])
def test_ids_and_secrets_have_their_forms(seed: int | None) -> None:
    """UUIDs of version 4, and secrets of 160 bits that need no escape in a URL."""
    sandbox = world(seed).view("letters")
    ids = {sandbox.uuid() for _ in range(50)}
    secrets = {sandbox.secret() for _ in range(50)}
    assert len(ids) == len(secrets) == 50
    for id in ids:
        assert str(UUID(id)) == id
        assert UUID(id).version == 4
        assert UUID(id).variant == "specified in RFC 4122"
    assert all(re.fullmatch(r"[0-9a-f]{40}", secret) for secret in secrets)


PARAMETERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(id=PARAMETERS, page=st.integers(), query=PARAMETERS)
@settings(deadline=None, max_examples=60)
def test_links_carry_their_parameters(id: str, page: int, query: str) -> None:
    """Whatever the values are, they come out of the URL as they went in."""
    sandbox = world().view("letters")
    sandbox.base_url = "https://mock.example.com/~test/letters"
    url = sandbox.link("readPage", id=id, page=page, q=query)
    parts = urlsplit(url)
    assert url.isascii()
    assert url.startswith("https://mock.example.com/~test/letters/letters/")
    *_, sent_id, pages, sent_page = parts.path.split("/")
    assert (unquote(sent_id), pages, sent_page) == (id, "pages", str(page))
    assert parse_qsl(parts.query, keep_blank_values=True) == [("q", query)]
    assert not parts.fragment


@pytest.mark.parametrize(("operation", "parameters"), [("readPage", {"id": 1}), ("nothing", {})])
def test_a_link_to_nowhere_is_a_key_error(operation: str, parameters: dict[str, Any]) -> None:
    """An unknown operation, or a path parameter that is missing."""
    with pytest.raises(KeyError):
        world().view("letters").link(operation, **parameters)


def test_tokens_belong_to_one_sandbox_and_api() -> None:
    """The same server's other sandboxes and APIs do not accept them."""
    sandboxes = Sandboxes({name: api(name) for name in ("one", "two")})
    home = sandboxes["home"].view("one")
    token = home.issue_token(60, user="ada", iss="two", sandbox="away")
    read = home.read_token(token)
    assert read is not None
    assert (read["user"], read["iss"], read["sandbox"]) == ("ada", "one", "home")
    assert sandboxes["away"].view("one").read_token(token) is None
    assert sandboxes["home"].view("two").read_token(token) is None
    assert Sandboxes({"one": api("one")})["home"].view("one").read_token(token) is None


def test_tokens_expire_by_the_clock_of_the_sandbox() -> None:
    """Not by the system's."""
    opened = world()
    token = opened.view("letters").issue_token(60)
    opened.clock.advance(59)
    opened.settle()
    assert opened.view("letters").read_token(token) is not None
    opened.clock.advance(1)
    opened.settle()
    assert opened.view("letters").read_token(token) is None


def test_two_tokens_of_one_moment_differ() -> None:
    """So that one can be told from the other."""
    sandbox = world().view("letters")
    assert sandbox.issue_token(60) != sandbox.issue_token(60)


def test_settings_have_defaults_until_they_are_set() -> None:
    """What was set stands over the default, for as long as it is set."""
    opened = world()
    sandbox = opened.view("letters")
    assert sandbox.settings == {"credentials": "any", "pace": "slow"}
    opened.put_settings({"letters": {"pace": "fast"}})
    assert sandbox.settings == {"credentials": "any", "pace": "fast"}
    opened.put_settings({})
    assert sandbox.settings == {"credentials": "any", "pace": "slow"}
