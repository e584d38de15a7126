"""Schemathesis' phases against a target: examples, coverage, fuzzing, stateful, and its checks."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from unittest.mock import patch

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core import NotSet
from schemathesis.core.transport import Response as SchemathesisResponse
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import Interaction, ScenarioRecorder
from schemathesis.generation.case import Case
from schemathesis.transport.requests import SameHostRedirectsSession

from contracts.api import Api
from contracts.causes import told
from contracts.deadline import Deadline
from contracts.exchange import ABSENT, OutOfTime, Request, Response
from contracts.findings import Finding, Kind, Told
from contracts.history import Exchange
from contracts.plainly import plainly
from contracts.relay import Relay
from contracts.steps import Step
from openapi import shapes
from openapi.description import Description, Operation
from openapi.orders import orders
from openapi.references import LIFECYCLE

_ACCEPTED = ("2xx", "3xx", "401", "403", "404", "409", "429", "5xx")
"""Statuses that Schemathesis lets valid data have; `x-refuses` adds to them."""

_UNORDERED = ("400", "422")
"""Statuses that refuse values which are in the wrong order."""
ALL_PHASES = ("examples", "coverage", "fuzzing", "stateful")

_USUAL_REFUSALS = {400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 414, 415, 422, 429}
"""Statuses by which servers turn requests down as a rule, documented or not."""
_GAPS = {"status_code_conformance", "content_type_conformance", "unsupported_method"}
"""Checks that a refusal breaks because the description does not mention it."""

NO_FAILURE = "not_a_server_error"
"""The check that the server never fails."""
_SAY_MORE = {"not_a_server_error", "positive_data_acceptance"}
"""Checks that an answer breaks which often says why."""

SENTENCES: Mapping[str, str] = {
    "not_a_server_error": "The server never fails on a request.",
    "status_code_conformance": "Every status is documented.",
    "content_type_conformance": "Every media type of an answer is documented.",
    "response_headers_conformance": "Answers have the headers that are documented.",
    "response_schema_conformance": "Every answer fits its schema.",
    "negative_data_rejection": "What the description does not allow is refused.",
    "positive_data_acceptance": "What the description allows is accepted.",
    "use_after_free": "What was deleted cannot be used.",
    "ensure_resource_availability": "What was created is there.",
    "ignored_auth": "Credentials are asked for where the description says so.",
    "unsupported_method": "Methods that are not described are refused.",
    "missing_required_header": "A request without a required header is refused.",
    "allow_header_conformance": "`Allow` names the methods that are described.",
}
"""What is true where a check of Schemathesis is kept; all of them are run."""


@dataclass(frozen=True)
class Options:
    """How the phases go."""

    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with every request: credentials, and what names the run."""
    phases: Sequence[str] = ALL_PHASES
    max_examples: int = 25
    seed: int = 1
    until: float = float("inf")
    """When to end at the latest, in seconds of `time.monotonic`."""
    deadline: Deadline = field(default_factory=Deadline)
    """When nothing is sent any more: that of the target."""
    include: Callable[[str], bool] = lambda _: True
    """Tells of `METHOD /path` whether the operation is to be tested."""
    sought: str = ""
    """A check; the phases end once it is found broken."""


@dataclass(slots=True)
class Seen:
    """What the phases have seen."""

    findings: list[Finding] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """What kept Schemathesis from testing something."""


class Target(Protocol):
    """What is tested."""

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end."""

    def send(self, request: Request) -> Response:
        """The answer to a request. Raises NoAnswer."""


def run(
    api: Api,
    target: Target,
    options: Options,
    progress: Callable[[str], None] = lambda _: None,
    watch: Callable[[Exchange], None] = lambda _: None,
) -> Seen:
    """Test the target, with all checks.

    The same seed sends the same requests to a fresh target, unless time cuts it short. `progress`
    is told of each operation as it is done with, `watch` of each exchange.
    """
    description = api.description
    config = SchemathesisConfig.from_dict(_configuration(description, target.url, options))
    schema = schemathesis.openapi.from_dict(dict(description.source), config=config)
    unwanted = [one.key for one in description.operations if not options.include(one.key)]
    tested = (
        schema.exclude(lambda context: context.operation.label in unwanted) if unwanted else schema
    )
    seen = Seen()
    stream = from_schema(tested).execute()

    def send(request: Request) -> Response:
        try:
            return target.send(request)
        except OutOfTime:
            # Else it would go on trying until the operation is done with.
            stream.stop()
            raise

    with _sending_through(send):
        for event in stream:
            if isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished):
                _note(event.recorder, api, seen, watch)
                progress(event.recorder.label)
            elif options.deadline.over:
                pass  # Errors come of nothing being sent any more.
            elif isinstance(event, events.NonFatalError):
                seen.errors.append(f"{event.label}: {event.value}")
            elif isinstance(event, events.FatalError):
                seen.errors.append(str(event.exception))
            sought = any(one.name == options.sought for one in seen.findings)
            if sought or options.deadline.over or time.monotonic() > options.until:
                stream.stop()
    return seen


@contextmanager
def _sending_through(send: Callable[[Request], Response]) -> Iterator[None]:
    """Within, whatever Schemathesis would send is given to `send`.

    Its own sessions read a body for as long as it comes, trust other authorities than the walks do,
    and know no deadline. They are made in several places, all of this one class.
    """
    relay = Relay(send)
    with patch.object(SameHostRedirectsSession, "get_adapter", lambda *_, **__: relay):
        yield


def _configuration(description: Description, url: str, options: Options) -> dict[str, Any]:
    left = options.until - time.monotonic()
    limits: dict[str, Any] = {} if left == float("inf") else {"max-time": max(1, round(left))}
    return limits | {
        "seed": options.seed,
        "base-url": url,
        "headers": dict(options.headers),
        "max-redirects": 0,  # a link may lead anywhere; only where it leads is tested
        "continue-on-failure": True,
        "phases": {name: {"enabled": name in options.phases} for name in ALL_PHASES},
        "generation": {"max-examples": options.max_examples, "database": "none"},
        "operations": [
            {
                # Two filters of one entry are alternatives; the name holds method and path.
                "include-name": operation.key,
                "checks": {
                    "positive_data_acceptance": {
                        "expected-statuses": [*_ACCEPTED, *_refusals(operation)]
                    }
                },
            }
            for operation in description.operations
            if _refusals(operation)
        ],
    }


def _refusals(operation: Operation) -> list[str]:
    """Statuses that may refuse what fits the schema: that in words says more than it does."""
    told: tuple[str, ...] = _UNORDERED if orders(operation) else ()
    contents = operation.body.content.values() if operation.body is not None else ()
    for schema in [one.schema for one in contents if one.schema is not None]:
        if any(shapes.keyword(part, LIFECYCLE) for part in shapes.properties(schema).values()):
            told = ("4xx",)
    return list(dict.fromkeys([*map(str, operation.refuses), *told]))


def _note(
    recorder: ScenarioRecorder, api: Api, seen: Seen, watch: Callable[[Exchange], None]
) -> None:
    for case_id, node in recorder.cases.items():
        case = node.value
        label = f"{case.operation.method.upper()} {case.operation.path}"
        operation = api.by_key.get(label)
        interaction = recorder.interactions.get(case_id)
        # Methods that are not described are sent as well, by the name of one that is.
        if operation and interaction is not None and case.method.upper() == operation.method:
            watch(_exchange(api, operation, case, interaction))
        name = operation.name if operation is not None else label
        for finding in _findings(recorder, case_id, name):
            if operation is None:
                seen.findings.append(finding)
            else:
                seen.findings += plainly(finding, api, operation, _plain(case))


def _exchange(
    api: Api, operation: Operation, case: Case[Any], interaction: Interaction
) -> Exchange:
    """What Schemathesis sent and got, as an exchange of a walk would be."""
    sent = _parameters(case)
    values = {
        (one.place, one.name): held[one.name]
        for one in operation.parameters
        if isinstance(held := sent.get(one.place), Mapping) and one.name in held
    }
    told = _told(interaction, operation.name)
    return Exchange(
        index=0,
        step=Step(operation.key),
        operation=operation,
        part=api.parts[operation.key],
        values=values,
        sent=ABSENT if isinstance(case.body, NotSet) else case.body,
        request=told.request,
        response=told.response,
        api=api,
    )


def _parameters(case: Case[Any]) -> dict[str, Any]:
    """The parameters of a request by their place."""
    return {
        "path": case.path_parameters,
        "query": case.query,
        "header": case.headers,
        "cookie": case.cookies,
    }


def _plain(case: Case[Any]) -> dict[tuple[str, str], str | float]:
    """Its parameters that are texts or numbers, by place and name, headers in small letters."""
    return {
        (place, name.lower() if place == "header" else name): value
        for place, named in _parameters(case).items()
        if isinstance(named, Mapping)
        for name, value in named.items()
        if isinstance(value, str | int | float)
    }


def _findings(recorder: ScenarioRecorder, case_id: str, operation: str) -> Iterator[Finding]:
    for check in recorder.checks.get(case_id, ()):
        if check.status is not Status.FAILURE or check.failure_info is None:
            continue
        failure = check.failure_info.failure
        history = _history(recorder, case_id, operation)
        answer = history[-1].response if history else None
        if answer is not None and answer.failed and check.name != NO_FAILURE:
            continue  # whatever else is wrong with the answer comes of the failure
        is_gap = check.name in _GAPS and answer is not None and answer.status in _USUAL_REFUSALS
        message = _essence(failure.message)
        last = history[-1] if history else None
        says_more = check.name in _SAY_MORE and last is not None
        yield Finding(
            name=check.name,
            sentence=SENTENCES.get(check.name, failure.title),
            problem=f"{failure.title}: {message}" if message else f"{failure.title}.",
            operations=(operation,),
            history=history,
            kind=Kind.GAP if is_gap else Kind.FAULT,
            subject=operation,
            cause=told(last.request, last.response) if says_more and last is not None else "",
            is_law=False,
        )


def _essence(message: str) -> str:
    """A message without its advice, which quotes what was sent."""
    told = message.partition("Hint:")[0].partition("Validated against the response schema")[0]
    return " ".join(told.split())[:300]


def _history(recorder: ScenarioRecorder, case_id: str, operation: str) -> tuple[Told, ...]:
    """The request that shows it, and those that it came from, in order."""
    told: list[Told] = []
    current: str | None = case_id
    while current is not None and current in recorder.cases:
        interaction = recorder.interactions.get(current)
        if interaction is not None:
            case = recorder.cases[current].value
            label = f"{case.operation.method.upper()} {case.operation.path}"
            told.append(_told(interaction, operation if current == case_id else label))
        current = recorder.cases[current].parent_id
    return tuple(reversed(told))


def _told(interaction: Interaction, operation: str) -> Told:
    sent = interaction.request
    headers = tuple((name, value) for name, values in sent.headers.items() for value in values)
    request = Request(sent.method, sent.uri, headers, sent.body or b"")
    answer = interaction.response
    return Told(operation, request, None if answer is None else _answer(answer))


def _answer(answer: SchemathesisResponse) -> Response:
    headers = tuple((name, value) for name, values in answer.headers.items() for value in values)
    return Response(answer.status_code, headers, answer.content)
