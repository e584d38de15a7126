"""Liars about what belongs to somebody do what they say, where an honest API keeps it apart."""

from pathlib import Path

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, answered, lying
from openapi.resources import Role
from tests.contracts.asking import Asker
from tests.contracts.liars.scene import asker, honest, named

DIARIES = str(Path(__file__).parent / "diaries.yaml")


def guarded(app: Asgi, api: Api) -> Asgi:
    """The diaries, each for its writer only."""

    async def answer(call: Call) -> Response:
        owner = call.memory.get(call.key)
        if call.key is not None and owner is not None and owner != call.who:
            return answered(403)
        found = await call.answer()
        if call.role is Role.CREATE:
            call.memory[call.key_after(found)] = call.who
        return found

    return lying(app, api, answer)


def after_a_strangers_deletion(ask: Asker) -> list[int]:
    """What a stranger is told who deletes a diary, and whether its writer still has it."""
    ada, bob = (ask.carrying(**{"X-Key": who}) for who in ("ada", "bob"))
    line = f"/diaries/{ada('POST /diaries', {'title': 'a'}).json()['id']}"
    return [one.status_code for one in (bob(f"DELETE {line}"), ada(f"GET {line}"))]


def test_a_stranger_is_refused_and_has_it_deleted() -> None:
    """The owner's item is gone, though the answer says that nothing was done."""
    app, api = honest(DIARIES)
    apart = guarded(app, api)
    liar = named("strangers_delete_nothing__refused_and_done")
    assert liar.applies(api)
    assert after_a_strangers_deletion(asker(apart)) == [403, 200]
    assert after_a_strangers_deletion(asker(liar.wrap(apart, api))) == [403, 404]
