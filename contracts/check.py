"""A run: walks for every law, judged by every law, within a budget of time."""

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from contracts.api import Api
from contracts.causes import told as said
from contracts.exchange import ABSENT, SAFE, NoAnswer, Request
from contracts.findings import Finding, Findings, Kind, Told
from contracts.history import Exchange, History
from contracts.law import Chance, Law
from contracts.ledger import Ledger
from contracts.play import Clock, NotPossible, Player, Sender
from contracts.samples import Samples
from contracts.shrink import shown, shrunk
from contracts.stage import Impossible, Proven, Stage
from contracts.steps import Step, Walk, refs_in
from contracts.wander import wander
from openapi import shapes
from openapi.description import Operation
from openapi.resources import Role
from openapi.synthesis import Unsatisfiable

_log = logging.getLogger("understudy")

_REFUSED = 400
_REPLAYS = 14
"""So often is a walk played to find the shortest that shows a finding."""
_TRIES = 10
"""So many different requests are tried until one is accepted."""
_NARROWING = "narrow"
"""The purpose of walks that look for the one value which is the cause."""
MOST_ROUNDS = 25
_ROUNDS = 3
"""So often is every law provoked everywhere, even if nothing new shows."""


@dataclass(frozen=True)
class Stand:
    """Where one walk is played."""

    sender: Sender
    clock: Clock
    headers: tuple[tuple[str, str], ...] = ()
    """Headers of all its requests, such as the name of its sandbox."""


class Target(Protocol):
    """What gives each walk a stand: a mock gives each a sandbox of its own."""

    def stand(self) -> AbstractContextManager[Stand]:
        """The stand of one walk."""


@dataclass(frozen=True)
class Options:
    """How a run goes."""

    seed: int = 1
    until: float = float("inf")
    """When it ends at the latest, in seconds of `time.monotonic`."""
    read_only: bool = False
    """Whether only safe methods may be sent."""
    sought: str = ""
    """A law (or check) that is provoked first; the run ends once it is found broken."""


@dataclass
class Tested:
    """How often each law was put to the test, and what came of it."""

    chances: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    """Why a law could not be provoked, where that is known."""
    failed: set[str] = field(default_factory=set)
    """Laws that failed themselves."""


@dataclass(frozen=True)
class _Task:
    law: Law
    subject: Any
    number: int

    @property
    def name(self) -> str:
        return f"{self.law.name}/{self.number}"


class Run:
    """Plays walks on a target and judges them, until nothing new shows or time is up."""

    def __init__(
        self,
        api: Api,
        laws: Sequence[Law],
        target: Target,
        options: Options,
        progress: Callable[[str], None] = lambda _: None,
        watch: Callable[[Exchange], None] = lambda _: None,
    ) -> None:
        self.api = api
        self.findings = Findings()
        self.ledger = Ledger()
        self.tested = Tested()
        self.until = options.until
        """When walks end, in seconds of `time.monotonic`."""
        self.exchanges = 0
        self._statuses: dict[str, set[int]] = {}
        self._tell = watch
        self._laws = laws
        self._target = target
        self._options = options
        self._progress = progress
        self._proven = Proven()
        self._samples = Samples(api)
        self._news = 0
        self._left_over: list[tuple[_Task, int]] = []
        """The walks of a round that time ended: they come first when there is more of it."""
        self._words = 0

    # The parts of a run

    def reach(self) -> None:
        """Find for each resource a request that creates an item, so that laws need not search."""
        self._progress("finding out how to create")
        for resource in self.api.resources_with(Role.CREATE):
            operation = self.api.operation(Role.CREATE, resource)
            assert operation is not None
            for _ in range(_TRIES):
                if self.over or self._proven.accepted.get(operation.key):
                    break
                stage = self._stage(None)
                try:
                    stage.create(resource)
                except (Impossible, Unsatisfiable):
                    break
                self._play(stage, "")

    def rounds(self, first: int, last: int) -> None:
        """Provoke every law everywhere, in rounds, as long as something new shows."""
        # All laws have a walk before any has another: time may end the round.
        sought = self._options.sought
        order = sorted(self._tasks(), key=lambda task: (task.law.name != sought, task.number))
        for number in range(first, last):
            before = self._news
            tasks = [*self._left_over, *((task, number) for task in order)]
            self._left_over = []
            for index, (task, own) in enumerate(tasks):
                if self.over:
                    self._left_over = tasks[index:]
                    return
                self._progress(f"round {own + 1}: {index + 1} of {len(tasks)} walks")
                self._provoke(task, own)
                if own and index % 4 == 0:
                    self._wander(own * len(tasks) + index)
            if number + 1 >= _ROUNDS and self._news == before:
                return

    def explain_request(self, name: str, request: Request) -> bool:
        """Whether one value of a request that made the server fail does so alone."""
        law = next((one for one in self._laws if one.narrow is not None), None)
        operation = self.api.named(name)
        if law is None or operation is None or self.over:
            return False
        try:
            body = json.loads(request.body) if request.body else ABSENT
        except ValueError:
            return False
        return self._explain(law, operation, body, _queried(operation, request.url))

    def _explain(self, law: Law, operation: Operation, body: Any, query: Mapping[str, Any]) -> bool:
        """Whether one value of a request that broke a law breaks it alone; that is a finding."""
        assert law.narrow is not None
        stage = self._stage(None)
        try:
            law.narrow(stage, operation, body, query)
        except (Impossible, Unsatisfiable):
            return False
        history = self._play(stage, _NARROWING)
        self._judge(history)
        return any(
            chance.problem and chance.place and chance.where.operation is operation
            for chance in law.judge(history)
        )

    def clean(self) -> None:
        """Remove what was created, where the description offers a way."""
        for entry in list(self.ledger.removals()):
            assert entry.removal is not None
            try:
                with self._target.stand() as stand:
                    self._player(stand).play(Walk((entry.removal,), "clean"))
            except NoAnswer:
                return

    # One walk

    @property
    def over(self) -> bool:
        """Whether time is up, or what was sought is found."""
        return time.monotonic() > self.until or self.found_what_was_sought

    @property
    def found_what_was_sought(self) -> bool:
        """Whether the law or check that was sought is found broken."""
        sought = self._options.sought
        return bool(sought) and any(one.name == sought for one in self.findings)

    def _tasks(self) -> Iterator[_Task]:
        for law in self._laws:
            if law.subjects is None or law.provoke is None:
                continue
            subjects = list(law.subjects(self.api))
            if not subjects:
                self.tested.reasons.setdefault(law.name, "The description offers no way to try it.")
            for number, subject in enumerate(subjects):
                yield _Task(law, subject, number)

    def _provoke(self, task: _Task, number: int) -> None:
        stage = self._stage(self._random(f"{task.name}/{number}") if number else None)
        assert task.law.provoke is not None
        try:
            task.law.provoke(stage, task.subject)
        except (Impossible, Unsatisfiable) as error:
            self.tested.reasons.setdefault(task.law.name, str(error))
            return
        except Exception:  # noqa: BLE001 - one law that fails on an odd description ends no run
            self._failed(task.law.name)
            return
        self._judge(self._play(stage, task.law.name))

    def _wander(self, number: int) -> None:
        stage = self._stage(self._random(f"wander/{number}"))
        try:
            wander(stage)
        except (Impossible, Unsatisfiable):
            return
        except Exception:  # noqa: BLE001 - as with laws
            self._failed("wander")
            return
        self._judge(self._play(stage, ""))

    def _random(self, name: str) -> Random:
        return Random(f"{self._options.seed}/{name}")  # noqa: S311 - the same seed, the same run

    def _stage(self, random: Random | None) -> Stage:
        return Stage(self.api, self._samples, self._proven, random)

    def _play(self, stage: Stage, purpose: str) -> History:
        steps = tuple(stage.steps)
        if self._options.read_only:
            steps = tuple(step for step in steps if _is_safe(step))
        history = self._played(Walk(steps, purpose) if steps else Walk(()))
        for index, recipe in stage.recipes.items():
            for exchange in history:
                if exchange.index == index and not self._options.read_only:
                    self._proven.note(exchange.operation.key, recipe, accepted=exchange.ok)
        return history

    def _played(self, walk: Walk) -> History:
        with self._target.stand() as stand:
            return self._player(stand).play(walk)

    def _player(self, stand: Stand) -> Player:
        return Player(
            self.api, stand.sender, stand.clock, stand.headers, self._novelty, self._watch
        )

    def _novelty(self) -> str:
        """The new part of what must be new: the same in the same run of the same seed."""
        self._words += 1
        told = f"{self._options.seed}/{self._words}"
        return hashlib.sha256(told.encode()).hexdigest()[:8]

    def _watch(self, exchange: Exchange) -> None:
        self.exchanges += 1
        self.findings.taken.note(exchange)
        known = self._statuses.setdefault(exchange.operation.name, set())
        if exchange.status not in known:
            self._news += 1
            known.add(exchange.status)
        self.ledger.note(exchange)
        self._tell(exchange)

    # Judging

    def _judge(self, history: History) -> None:
        for law in self._laws:
            try:
                chances = list(law.judge(history))
            except Exception:  # noqa: BLE001 - one law that fails on an odd answer ends no run
                self._failed(law.name)
                continue
            if chances:
                count = self.tested.chances.get(law.name, 0)
                self._news += not count
                self.tested.chances[law.name] = count + len(chances)
            for chance in chances:
                if chance.problem:
                    self._found(law, history, chance)

    def _failed(self, name: str) -> None:
        """Tell of a fault of our own, once for each law."""
        if name not in self.tested.failed:
            self.tested.failed.add(name)
            _log.exception("%s failed; what it would have shown is lost. Please report it.", name)

    def _found(self, law: Law, history: History, chance: Chance) -> None:
        original, chance = chance, self._put_down(chance)
        finding = finding_of(law, chance, history.walk)
        if self.findings.known(finding):
            return
        self._news += 1
        explained, shortest = False, None
        try:
            explained = self._is_explained(law, history, chance)
            if not explained:
                shortest = shrunk(law, history.walk, original, self._played, _REPLAYS)
        finally:
            # Whatever ends the run here, what showed is told.
            if shortest is None and not explained:
                self.findings.add(replace(finding, kind=Kind.UNCLEAR))
        if shortest is None:
            return
        walk, _, found = shortest
        found = self._put_down(found)
        self.findings.add(replace(finding_of(law, found, walk), operations=finding.operations))

    def _is_explained(self, law: Law, history: History, chance: Chance) -> bool:
        """Whether what is broken has its cause in one place, and is told of that place instead."""
        if law.narrow is None or chance.place or history.walk.purpose == _NARROWING:
            return False
        step = chance.where.step
        body = _free(step.body) if isinstance(step.body, Mapping) else ABSENT
        query = _free(step.values.get("query", {}))
        return self._explain(law, chance.where.operation, body, query)

    def _put_down(self, chance: Chance) -> Chance:
        """A crash is put down to an odd value only where the operation does well without it."""
        one = chance.where
        does_well = any(
            status < _REFUSED for status in self._statuses.get(one.operation.name, set()) if status
        )
        return chance if does_well or not one.crashed else replace(chance, place="")


def _queried(operation: Operation, url: str) -> dict[str, Any]:
    """The parameters in the query of a URL that the operation has; numbers as numbers."""
    texts = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    found: dict[str, Any] = {}
    for one in operation.parameters:
        if one.place == "query" and one.name in texts:
            text = texts[one.name]
            is_number = "integer" in shapes.types(one.schema) and re.fullmatch(r"-?\d{1,30}", text)
            found[one.name] = int(text) if is_number else text
    return found


def _free(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that refer to no step of their walk, so that another one can have them."""
    return {name: value for name, value in values.items() if not refs_in(value)}


def finding_of(law: Law, chance: Chance, walk: Walk) -> Finding:
    """The finding that a chance makes."""
    resource = next(
        (one.collection.resource for one in reversed(chance.exchanges) if one.collection), None
    )
    where = chance.where
    return Finding(
        name=law.name,
        sentence=law.sentence,
        problem=chance.problem,
        operations=(chance.where.operation.name,),
        history=tuple(map(told, chance.exchanges)),
        place=chance.place,
        subject=resource or chance.where.operation.name,
        cause=said(where.request, where.response) if where.crashed else chance.cause,
        walk=walk,
    )


def told(exchange: Exchange) -> Told:
    """An exchange as a report tells it."""
    return Told(
        exchange.operation.name,
        exchange.request,
        exchange.response,
        exchange.who,
        exchange.failure,
    )


def _is_safe(step: Step) -> bool:
    return step.operation.partition(" ")[0] in SAFE


__all__ = ["NotPossible", "Options", "Run", "Stand", "Target", "finding_of", "shown", "told"]
