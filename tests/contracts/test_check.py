"""A run of walks: what it finds of a server is told once for each cause."""

import time
from typing import Any

import flask
import pytest

from contracts import check
from contracts.check import Options
from contracts.findings import Finding
from contracts.identity.identities import Identities
from contracts.stands import Stands
from contracts.targets.app import in_process
from tests.contracts.histories import api_of, law_called

PEN = {
    "type": "object",
    "required": ["colour"],
    "properties": {
        "colour": {"type": "string"},
        "width": {"type": "integer"},
        "maker": {"type": "string"},
    },
}
SHOWN = {"type": "object", "additionalProperties": True, "properties": {"colour": {}}}


def _answer(status: str, schema: Any) -> dict[str, Any]:
    return {status: {"description": "It", "content": {"application/json": {"schema": schema}}}}


API = api_of(
    {
        "openapi": "3.1.0",
        "info": {"title": "Pens", "version": "1"},
        "paths": {
            "/pens": {
                "post": {
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": PEN}},
                    },
                    "responses": _answer("201", SHOWN),
                }
            },
            "/pens/{id}": {
                "get": {
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                    ],
                    "responses": _answer("200", SHOWN),
                },
            },
        },
    }
)


def _pens(**broken: bool) -> flask.Flask:
    app = flask.Flask("pens")
    pens: list[Any] = []

    @app.post("/pens")
    def create() -> Any:
        pen = flask.request.get_json(silent=True)
        if broken.get("always"):
            return {"message": "Sorry"}, 500
        if not isinstance(pen, dict) or not isinstance(pen.get("colour"), str):
            return {"message": "No pen"}, 422
        if broken.get("width") and str(pen.get("width")).startswith("-"):
            return {"message": "Sorry"}, 500
        pens.append({**pen, "id": f"p{len(pens)}"})
        return pens[-1], 201

    @app.get("/pens/<pen>")
    def read(pen: str) -> Any:
        return next((one for one in pens if one["id"] == pen), ({"message": "No"}, 404))

    return app


def _run(law: str, app: flask.Flask) -> check.Run:
    target = in_process(app)
    try:
        stands = Stands(target, Identities(API), "run")
        run = check.Run(API, [law_called(law)], stands, Options(seed=1))
        run.reach()
        run.rounds(0, 1)
        return run
    finally:
        target.close()


def _crashes(app: flask.Flask) -> list[Finding]:
    found = _run("requests_never_crash", app).findings
    return [one for one in found if one.operations[0] == "POST /pens"]


def test_what_never_does_well_is_one_finding() -> None:
    """No odd value is to blame where usual ones fail just so."""
    assert [one.place for one in _crashes(_pens(always=True))] == [""]


def test_an_odd_value_is_to_blame_where_others_do_well() -> None:
    """The finding names its place."""
    assert [one.place for one in _crashes(_pens(width=True))] == ["/width"]


@pytest.mark.parametrize("law", ["created_can_be_read", "values_come_back_as_sent"])
def test_a_key_need_not_be_described(law: str) -> None:
    """Where answers may hold more, the key is called as in the path."""
    assert _run(law, _pens()).tested.chances.get(law)


def test_a_round_that_time_ended_goes_on_where_it_was() -> None:
    """What no walk was played for comes first when there is time again."""
    target = in_process(_pens())
    told: list[str] = []
    try:
        stands = Stands(target, Identities(API), "run")
        laws = [law_called("requests_never_crash")]
        run = check.Run(API, laws, stands, Options(seed=1), told.append)
        run.until = time.monotonic() - 1
        run.rounds(0, 1)
        assert told == []
        run.until = time.monotonic() + 60
        run.rounds(1, 2)
    finally:
        target.close()
    rounds = [one.partition(":")[0] for one in told]
    assert rounds == sorted(rounds)
    assert rounds.count("round 1") == rounds.count("round 2") > 0
