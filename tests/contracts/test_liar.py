"""Liars are wrapped around an honest mock, and change nothing but what they lie about."""

import asyncio
from pathlib import Path

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, Message, Receive, Scope, Send, all_liars, lying, with_value
from mock_server.app import Settings, create_app
from openapi.description import read
from openapi.loading import BUILT_IN
from tests.contracts.asking import Asker

ANYTHING = """
openapi: 3.1.0
info: {title: Anything, version: '1'}
paths:
  /{kind}/{name}:
    get:
      responses: {'200': {description: It., content: {application/json: {example: it}}}}
"""
SHOP = Path(__file__).parents[1] / "examples/shop.yaml"


def shop() -> tuple[Asgi, Api]:
    """An honest shop, and what is described of it."""
    return create_app(Settings(apis=[str(SHOP)])), Api(read(SHOP))


def watched(app: Asgi, api: Api) -> tuple[Asker, list[Call]]:
    """The application behind a liar that never lies, and the calls that it gets."""
    seen: list[Call] = []

    async def lie(call: Call) -> Response:
        seen.append(call)
        return await call.answer()

    return Asker(lying(app, api, lie)), seen


def test_who_does_not_lie_changes_nothing() -> None:
    """Answers are the same to the last header, be they of operations, controls or nothing."""
    app, api = shop()
    honest, wrapped = Asker(app), watched(app, api)[0]
    for line, sent in (
        ("POST /~a/orders", {"item": "lamp"}),
        ("GET /~a/orders/1", None),
        ("HEAD /~a/orders/1", None),
        ("GET /~a/orders?limit=1&status=open", None),
        ("POST /~a/orders", {"item": 5}),
        ("DELETE /~a/orders/1", None),
        ("GET /~a/orders/1", None),
        ("PUT /~a/orders", None),
        ("OPTIONS /~a/orders", None),
        ("GET /~a/nowhere", None),
        ("GET /~a/_understudy/apis", None),
        ("GET /openapi.json", None),
    ):
        one, other = honest(line, sent), wrapped(line.replace("/~a/", "/~b/"), sent)
        texts = [
            str((each.status_code, each.text, sorted(each.headers.items())))
            for each in (one, other)
        ]
        assert texts[1].replace("/~b/", "/~a/") == texts[0], line


def test_a_call_knows_what_it_asks_for() -> None:
    """Below the prefix of a sandbox, the name of the API and the base path of a server."""
    app = create_app(Settings(apis=["namirial", "didomi"]))
    asker, seen = watched(app, Api(read(BUILT_IN / "namirial.yaml")))
    asker("GET /~x/namirial/api/v2/request/a%2Fb?c=d%20e", None, **{"X-Api-Key": "k"})
    (call,) = seen
    assert (call.operation.name, call.role, call.key) == ("requestIdGet", "read", "a/b")
    assert (call.asked("c"), call.who) == ("d e", ("k",))
    asker("GET /didomi/dsar/requests")
    assert len(seen) == 1


def test_a_plain_path_is_preferred_and_head_is_a_read() -> None:
    """A path without placeholders is no item; who asks for the head of an item concerns it."""
    app = create_app(Settings(apis=["didomi"]))
    asker, seen = watched(app, Api(read(BUILT_IN / "didomi.yaml")))
    asker("GET /dsar/requests/notes")
    asker("HEAD /dsar/requests/1")
    assert [(call.operation.name, call.method) for call in seen] == [
        ("listNotes", "GET"),
        ("readRequest", "HEAD"),
    ]


def test_a_changed_body_has_its_own_length() -> None:
    """A client that believes the header gets the whole body, and none without one."""
    app, api = shop()

    async def lie(call: Call) -> Response:
        return with_value(await call.answer(), {"said": "something much longer than before"})

    wrapped = Asker(lying(app, api, lie))
    answer = wrapped("GET /~c/orders")
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.json() == {"said": "something much longer than before"}
    assert wrapped("HEAD /~c/orders").headers.get("content-length") != "0"


def test_the_controls_are_no_item_of_any_api(tmp_path: Path) -> None:
    """An API whose first segment may be anything does not take them in."""
    path = tmp_path / "any.yaml"
    path.write_text(ANYTHING, encoding="utf-8")
    app = create_app(Settings(apis=[str(path)]))
    asker, seen = watched(app, Api(read(path)))
    assert asker("GET /_understudy/health").json()["status"] == "ok"
    assert seen == []
    asker("GET /any/thing")
    assert [call.values for call in seen] == [{"kind": "any", "name": "thing"}]


def test_memory_is_kept_for_each_sandbox_until_it_is_reset() -> None:
    """A sandbox is named by path or header, and its reset takes the liar's memory along."""
    app, api = shop()
    asker, seen = watched(app, api)
    asker("GET /~x/orders")
    seen[0].memory["told"] = True
    asker("GET /orders", None, **{"Understudy-Sandbox": "x"})
    asker("GET /orders")
    asker("POST /~x/_understudy/reset")
    asker("GET /~x/orders")
    assert [call.memory for call in seen] == [{"told": True}, {"told": True}, {}, {}]


def test_the_lifespan_passes() -> None:
    """What starts and stops a server is none of a liar's business."""
    seen: list[str] = []

    async def honest(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])
        await send(await receive())

    async def message() -> Message:
        return {"type": "lifespan.startup"}

    async def told(message: Message) -> None:
        seen.append(message["type"])

    async def run() -> None:
        await lying(honest, shop()[1], Call.answer)({"type": "lifespan"}, message, told)

    asyncio.run(run())
    assert seen == ["lifespan", "lifespan.startup"]


def test_every_liar_says_what_it_does() -> None:
    """In one sentence, under a name of its own."""
    for one in all_liars():
        assert one.law
        assert one.name.startswith(f"{one.law}__")
        assert one.sentence.endswith(".")
