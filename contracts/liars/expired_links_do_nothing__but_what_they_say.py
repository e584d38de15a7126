"""A link that has expired is refused, and sets the status that it was made for."""

from contracts.api import Api
from contracts.exchange import Response
from contracts.handed import opens, token_of, tokens_in
from contracts.liar import Asgi, Call, lying


def applies(api: Api) -> bool:
    """Whether the description offers what it needs."""
    return {"createLink", "executeLink", "updateRequest"} <= api.description.by_id.keys()


def liar(app: Asgi, api: Api) -> Asgi:
    """The application with the lie in it."""

    async def lie(call: Call) -> Response:
        answer = await call.answer()
        made = call.sent if call.operation.id == "createLink" and answer.ok else None
        for token in tokens_in(answer.body.decode()) if made is not None else ():
            call.memory[token] = call
        maker = call.memory.get(token_of(call)) if answer.status == 410 else None
        if maker is not None and opens(api, call.operation):
            event = maker.sent["event"]
            change = api.description.by_id["updateRequest"]
            values = {"id": event["request_id"]}
            await maker.to(change, values, {"status": event["status"]}).answer()
        return answer

    return lying(app, api, lie)
