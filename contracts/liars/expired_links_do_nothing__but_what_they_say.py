"""A link that has expired is refused, and sets the status that it was made for."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.handed import Links
from contracts.liar import Asgi, Call, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return {"createLink", "executeLink", "updateRequest"} <= api.description.by_id.keys()


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""
    links = Links(api)

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        if call.operation.id == "createLink" and answer.ok:
            call.memory.update(dict.fromkeys(links.handed_out(call, answer), call))
        maker = call.memory.get(links.opened_by(call)) if answer.status == 410 else None
        if maker is not None:
            event = maker.sent["event"]
            change = api.description.by_id["updateRequest"]
            values = {"id": event["request_id"]}
            await maker.to(change, values, {"status": event["status"]}).answer()
        return answer

    return lying(app, api, lie)
