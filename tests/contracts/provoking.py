"""Laws provoked on the mock in process, honest or with a liar around it."""

import secrets
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from contracts.api import Api
from contracts.control import Control
from contracts.exchange import Headers, Request, Response
from contracts.history import History
from contracts.law import Chance, Law
from contracts.liar import Asgi
from contracts.play import Player
from contracts.samples import Samples
from contracts.stage import Impossible, Proven, Stage
from contracts.target import Target
from contracts.targets.app import in_process
from mock_server.api import Serving
from mock_server.app import Settings, create_app
from openapi.description import Operation
from openapi.synthesis import Unsatisfiable
from tests.contracts.histories import URL, api_of


@dataclass(frozen=True)
class Alike:
    """Sends requests with the same headers, whoever sends them."""

    target: Target
    headers: Headers = ()
    url: str = URL

    def send(self, request: Request, operation: Operation, who: str, variant: int) -> Response:
        """The answer."""
        del operation, who, variant
        headers = (*request.headers, *self.headers)
        return self.target.send(Request(request.method, request.url, headers, request.body))


@dataclass
class Provoked:
    """What came of a law's walks."""

    histories: list[History] = field(default_factory=list)
    chances: list[Chance] = field(default_factory=list)
    """What the law itself found in them."""

    @property
    def problems(self) -> list[str]:
        """What was broken, once each."""
        return list(dict.fromkeys(one.problem for one in self.chances if one.problem))

    @property
    def kept(self) -> int:
        """How often it was kept."""
        return sum(not one.problem for one in self.chances)

    def judged(self, laws: Sequence[Law]) -> dict[str, list[str]]:
        """What any law finds broken in them, with the requests that show it."""
        found: dict[str, list[str]] = {}
        for history in self.histories:
            for law in laws:
                for chance in law.judge(history):
                    if chance.problem:
                        shown = "; ".join(one.short for one in chance.exchanges)
                        found.setdefault(law.name, []).append(f"{chance.problem} ({shown})")
        return found


@cache
def mock(path: Path) -> Asgi:
    """The honest mock of a description."""
    return create_app(Settings(apis=[str(path)], serving=Serving(strict_state=True)))


@cache
def api_at(path: Path) -> Api:
    """The API in a file, read once."""
    return api_of(path)


def provoked(
    law: Law,
    api: Api,
    app: Asgi,
    *,
    rounds: int = 2,
    until_broken: bool = False,
    headers: Headers = (),
) -> Provoked:
    """Play every walk of a law, each in a sandbox of its own; the first round is without chance."""
    assert law.subjects is not None
    assert law.provoke is not None
    found = Provoked()
    samples, proven = Samples(api), Proven()
    with closing(in_process(app)) as target:
        for number in range(rounds):
            for index, subject in enumerate(law.subjects(api)):
                if until_broken and found.problems:
                    return found
                random = Random(f"{index}/{number}") if number else None
                stage = Stage(api, samples, proven, random)
                try:
                    law.provoke(stage, subject)
                except (Impossible, Unsatisfiable):
                    continue
                history = played(api, target, stage, law.name, headers)
                for one in history:
                    recipe = stage.recipes.get(one.index)
                    if recipe is not None:
                        proven.note(one.operation.key, recipe, accepted=one.ok)
                found.histories.append(history)
                found.chances += law.judge(history)
    return found


def played(api: Api, target: Target, stage: Stage, purpose: str, headers: Headers = ()) -> History:
    """What comes of the steps on a stage, in a sandbox of their own."""
    sandbox = Control(target, f"{URL}/_understudy").sandbox(f"s{secrets.token_hex(4)}")
    sender = Alike(target, (*headers, *sandbox.headers))
    return Player(api, sender, sandbox).play(stage.walk(purpose))
