"""Whole runs for a single law in process, with two identities that a mock tells apart."""

from pathlib import Path

from contracts.api import Api
from contracts.control import Control
from contracts.findings import Finding, Kind
from contracts.identity.identities import Identities
from contracts.law import Law
from contracts.liar import Asgi
from contracts.outcome import Outcome
from contracts.session import Plan, checked
from contracts.stands import Stands
from contracts.targets.app import in_process
from mock_server.api import Serving
from mock_server.app import Settings, create_app
from openapi.description import read
from openapi.loading import find
from tests.contracts.histories import law_called
from understudy.checking import mock_credentials

DIARIES = str(Path(__file__).parent / "diaries.yaml")


def honest(source: str) -> tuple[Asgi, Api]:
    """The honest mock of a description, and what a run knows of it."""
    app = create_app(Settings(apis=[source], serving=Serving(strict_state=True)))
    return app, Api(read(find(source)))


def tried(law: str, app: Asgi, api: Api, *, seconds: float = 20) -> Outcome:
    """What comes of a run for one law, which ends once it is found broken."""
    target = in_process(app)
    try:
        identities = Identities(api, (), mock_credentials(api))
        control = Control(target, f"{target.url}/_understudy")
        stands = Stands(target, identities, "run", control=control)
        laws: list[Law] = [law_called(law)]
        plan = Plan(api.description, "", laws, run_id="run", seconds=seconds, phases=(), sought=law)
        return checked(plan, stands)
    finally:
        target.close()


def faults(outcome: Outcome) -> list[Finding]:
    """What was found broken, and was so again."""
    return [one for one in outcome.findings if one.kind is Kind.FAULT]
