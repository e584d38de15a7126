"""The one value of a request that makes a server fail is found."""

from contextlib import closing

from contracts import check
from contracts.api import Api
from contracts.check import Run
from contracts.exchange import Request, Response
from contracts.law import all_laws
from contracts.liar import Call, answered, lying
from contracts.targets.app import in_process
from mock_server.api import Serving
from mock_server.app import Settings, create_app
from openapi.description import read
from tests.contracts.test_score import SHOP, Stands

BODY = b'{"item": "hat", "quantity": 3, "note": "soon"}'


async def _fails(call: Call) -> Response:
    """It sells no hats."""
    is_hat = isinstance(call.sent, dict) and call.sent.get("item") == "hat"
    return answered(500) if is_hat else await call.answer()


async def _fails_on_two(call: Call) -> Response:
    """It sells hats, but not three of them."""
    is_hat = isinstance(call.sent, dict) and call.sent.get("item") == "hat"
    return answered(500) if is_hat and call.sent.get("quantity") == 3 else await call.answer()


def _explained(lie: object) -> tuple[bool, list[str]]:
    """Whether the request is explained, and the places that are told."""
    api = Api(read(SHOP))
    app = create_app(Settings(apis=[str(SHOP)], serving=Serving(strict_state=True)))
    laws = [one for one in all_laws() if one.name == "requests_never_crash"]
    with closing(in_process(lying(app, api, lie))) as target:  # type: ignore[arg-type]
        run = Run(api, laws, Stands(target), check.Options(seed=1))
        run.reach()
        request = Request("POST", f"{target.url}/orders", body=BODY)
        explained = run.explain_request("createOrder", request)
        return explained, [one.place for one in run.findings]


def test_the_value_that_fails_alone_is_told() -> None:
    """The others are as in a request that is accepted."""
    assert _explained(_fails) == (True, ["/item"])


def test_what_takes_two_values_stays_unexplained() -> None:
    """Each of them alone does no harm."""
    assert _explained(_fails_on_two) == (False, [])
