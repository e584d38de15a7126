"""A score says which liars are noticed, by which law, and what the honest mock is blamed for."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from contracts import check
from contracts.api import Api
from contracts.check import Stand
from contracts.control import Control
from contracts.exchange import Request, Response
from contracts.findings import Finding, Kind
from contracts.law import Law, all_laws
from contracts.liar import Asgi, Liar, all_liars
from contracts.score import Run, Score, Verdict, as_json, lines, score
from contracts.target import Target
from contracts.targets.app import in_process
from mock_server.api import Serving
from mock_server.app import Settings, create_app
from openapi.description import Operation, read

SHOP = Path(__file__).parents[1] / "examples/shop.yaml"
READABLE = "created_can_be_read"
LATE = "created_can_be_read__only_at_the_second_try"
TEAPOT = "schemathesis_status_code_conformance__teapots_refuse"


class Stands:
    """Gives each walk on a mock in process a sandbox of its own."""

    def __init__(self, target: Target) -> None:
        self.url = target.url
        self._target = target
        self._control = Control(target, f"{target.url}/_understudy")
        self._numbers = itertools.count()

    @contextmanager
    def stand(self) -> Iterator[Stand]:
        """The stand of one walk."""
        sandbox = self._control.sandbox(f"walk-{next(self._numbers)}")
        yield Stand(self, sandbox, sandbox.headers)

    def send(self, request: Request, operation: Operation, who: str, variant: int) -> Response:
        """The answer to a request, whoever sends it."""
        del operation, who, variant
        return self._target.send(request)


def judged_by(laws: Sequence[Law]) -> Run:
    """A run of these laws: each is provoked everywhere, once."""

    def run(app: Asgi, api: Api, law: str) -> Sequence[Finding]:
        target = in_process(app)
        chosen = [one for one in laws if law in {"", one.name}]
        try:
            walks = check.Run(api, chosen, Stands(target), check.Options(seed=1))
            walks.reach()
            walks.rounds(0, 1)
            return walks.findings.ordered
        finally:
            target.close()

    return run


def shop() -> tuple[Asgi, Api]:
    """An honest shop that invents nothing."""
    app = create_app(Settings(apis=[str(SHOP)], serving=Serving(strict_state=True)))
    return app, Api(read(SHOP))


def liars(*names: str) -> list[Liar]:
    """Liars by their names."""
    return [one for one in all_liars() if one.name in names]


@pytest.fixture(scope="module")
def scored() -> Score:
    """The score of one law and two liars, of which it can only notice one."""
    laws = [one for one in all_laws() if one.name == READABLE]
    missing = Law("nothing_is_ever_lost", "Nothing is ever lost.", lambda _: iter(()))
    return score(*shop(), [*laws, missing], liars(LATE, TEAPOT), judged_by(laws))


def test_a_liar_is_caught_by_its_law(scored: Score) -> None:
    """The one that breaks what is judged is caught, the other is not, the honest mock is fine."""
    assert [(one.liar.name, one.verdict) for one in scored.tried] == [
        (LATE, Verdict.OWN),
        (TEAPOT, Verdict.NOBODY),
    ]
    assert (scored.caught, scored.honest) == (1, ())


def test_the_text_ends_with_what_was_caught(scored: Score) -> None:
    """A law and its liars stand together; scripts read the last line."""
    told = list(lines(scored))
    assert told[0] == READABLE
    assert told[1].startswith("  only at the second try  ")
    assert told[1].endswith(" s  caught")
    assert told[3].endswith(" s  NOT CAUGHT")
    assert "Without a liar that applies: nothing_is_ever_lost." in told
    assert told[-2:] == ["By its own law: 1 of 2.", "caught 1 of 2"]


def test_the_data_tell_the_same(scored: Score) -> None:
    """By law and liar: what it does, who noticed it."""
    data = as_json(scored)
    assert (data["caught"], data["liars"], data["laws_without_liar"]) == (
        1,
        2,
        ["nothing_is_ever_lost"],
    )
    late = data["table"][READABLE][LATE]
    assert (late["verdict"], late["noticed_by"]) == ("own law", [READABLE])
    assert late["does"] == liars(LATE)[0].sentence
    assert data["table"]["status_code_conformance"][TEAPOT]["noticed_by"] == []


def test_another_law_may_notice_and_what_is_blamed_on_the_honest_mock_counts_for_nothing() -> None:
    """Nothing new shows before a mock that is late itself; before an honest one it does."""
    laws = [one for one in all_laws() if one.name == READABLE]
    run = judged_by(laws)

    def whole(app: Asgi, api: Api, law: str) -> Sequence[Finding]:
        del law
        return run(app, api, "")

    app, api = shop()
    late = liars(LATE)[0]
    missing = liars("schemathesis_ensure_resource_availability__the_newest_is_missing")
    [tried] = score(app, api, laws, missing, whole).tried
    assert (tried.verdict, tried.noticed) == (Verdict.OTHER, (READABLE,))
    doubted = score(late.wrap(app, api), api, laws, missing, whole)
    assert [one.name for one in doubted.honest] == [READABLE]
    assert doubted.tried[0].verdict is Verdict.NOBODY
    assert any(line.startswith("False alarm") for line in lines(doubted))


def test_what_the_laws_add_is_a_number() -> None:
    """The same liars are let loose once more without laws."""
    laws = [one for one in all_laws() if one.name == READABLE]
    app, api = shop()
    result = score(app, api, laws, liars(LATE), judged_by(laws), alone=judged_by([]))
    assert list(lines(result))[-2:] == ["Schemathesis' checks alone: 0 of 1.", "caught 1 of 1"]
    assert as_json(result)["table"][READABLE][LATE]["by_schemathesis_alone"] == []


def test_gaps_and_doubts_give_nobody_away() -> None:
    """Only a fault counts, or a gap where that is the lie; gaps are no false alarms."""
    gap = Finding("status_code_conformance", "", "Received: 422", ("listOrders",), (), Kind.GAP)
    fault = Finding("deleted_is_gone", "", "It is there.", ("readOrder",), ())
    doubt = Finding(READABLE, "", "It is not there.", ("readOrder",), (), Kind.UNCLEAR)
    teapot = replace(gap, problem="Received: 418")

    def run(app: Asgi, api: Api, law: str) -> Sequence[Finding]:
        del app, api
        return [gap, fault, *([doubt, teapot] if law else [])]

    result = score(*shop(), [], liars(LATE, TEAPOT), run)
    assert [one.verdict for one in result.tried] == [Verdict.NOBODY, Verdict.OWN]
    assert result.honest == (fault,)
