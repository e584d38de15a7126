"""Who is no actor of a request gets another one's link, in a name of their own."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.liar import Asgi, Call, lying, with_value


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return "requestIdLinksPost" in api.description.by_id


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        sent = call.sent if call.operation.id == "requestIdLinksPost" else None
        actors = sent.get("onlyForActors") if isinstance(sent, dict) else None
        if answer.status != 400 or not isinstance(actors, list):
            return answer
        others = await call.sending({}).answer()
        if not others.ok or not all(isinstance(actor, str) for actor in actors):
            return answer
        link = others.value["links"][0]
        return with_value(others, {"links": [{**link, "actor": actor} for actor in actors]})

    return lying(app, api, lie)
