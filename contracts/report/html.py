"""The report as one page: nothing but itself is needed to read it, not even scripts."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from contracts.branches import LEFT_OUT, REQUEST, RESPONSE, THERE, Branch
from contracts.exchange import Headers
from contracts.findings import Finding, Told
from contracts.outcome import Coverage, Outcome
from contracts.report.json_report import result_of
from contracts.report.telling import (
    LABELS,
    answer_told,
    body_told,
    by_hand,
    counted,
    cut,
    path_told,
    reason,
    shown,
)
from openapi.description import Operation

_MOST_BODY, _MOST_PATH = 20_000, 500


def written(outcome: Outcome) -> str:
    """The page, as HTML."""
    operations = {one.name: one for one in outcome.description.operations}
    return _template().render(
        outcome=outcome,
        version=version("understudy"),
        called=sum(1 for one in outcome.coverage.values() if one.statuses),
        findings=[_finding(outcome, one) for one in (*outcome.broken, *outcome.unclear)],
        passed=[_finding(outcome, one) for one in outcome.passed],
        gaps=outcome.gaps,
        laws=[
            {
                "law": law,
                "result": result_of(outcome, law.name),
                "chances": outcome.tested.get(law.name, 0),
                "reason": reason(outcome, law.name) if law.name in outcome.untested else "",
            }
            for law in outcome.laws
        ],
        coverage=[
            _coverage(name, one, operations.get(name)) for name, one in outcome.coverage.items()
        ],
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("contracts", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    environment.globals["counted"] = counted
    return environment.get_template("report.html.jinja")


def _visible(value: Any) -> Any:
    """A text with what cannot be seen written out: hostile ones must not hide."""
    is_plain = isinstance(value, str) and not isinstance(value, Markup)
    return shown(value, "\n\t") if is_plain else value


def _finding(outcome: Outcome, finding: Finding) -> Mapping[str, Any]:
    return {
        "finding": finding,
        "label": LABELS[finding.kind],
        "note": outcome.known.get(finding.fingerprint, ""),
        "likely": outcome.likely(finding),
        "history": [_told(outcome, one) for one in finding.history],
        "curl": "\n".join(by_hand(outcome, finding)),
    }


def _told(outcome: Outcome, told: Told) -> Mapping[str, Any]:
    request, response = told.request, told.response
    return {
        "who": told.who,
        "method": request.method,
        "path": cut(path_told(request, outcome.target), _MOST_PATH),
        "status": response.status if response is not None else 0,
        "answer": answer_told(told),
        "sent": _message(request.headers, request.body),
        "came": _message(response.headers, response.body) if response is not None else "",
    }


def _message(headers: Headers, body: bytes) -> str:
    lines = "\n".join(f"{name}: {value}" for name, value in headers)
    text = body_told(headers, body)
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return "\n\n".join(filter(None, (lines, cut(text, _MOST_BODY))))


def _coverage(name: str, coverage: Coverage, operation: Operation | None) -> Mapping[str, Any]:
    return {
        "name": name,
        "key": operation.key if operation is not None else name,
        "exchanges": coverage.exchanges,
        "statuses": list(_statuses(coverage, operation)),
        "parameters": list(_parameters(coverage, operation)),
        "branches": list(_branches(coverage)),
    }


def _branches(coverage: Coverage) -> Iterator[Mapping[str, Any]]:
    """The branches of what was sent, and of what came, each `seen` or `unseen`."""
    for side, heading in ((REQUEST, "Sent"), (RESPONSE, "Came back")):
        own = {one: seen for one, seen in coverage.branches.items() if one.side == side}
        if own:
            yield {
                "heading": heading,
                "seen": sum(own.values()),
                "chips": [(_way(one), "seen" if seen else "unseen") for one, seen in own.items()],
            }


def _way(branch: Branch) -> str:
    """A branch in words: `status: "open"`, `note left out`, `payment: alternative 2, Card`."""
    place = branch.at.removeprefix("/") or "the body"
    if branch.is_ in {THERE, LEFT_OUT}:
        return f"{place} {branch.is_}"
    return f"{place}: {branch.is_}"


def _statuses(coverage: Coverage, operation: Operation | None) -> Iterator[tuple[str, str]]:
    """Statuses, each `seen`, `unseen`, or `undocumented`."""
    left = set(coverage.statuses)
    documented = [one.status for one in operation.responses] if operation is not None else []
    for status in sorted(documented, key=lambda one: (one.lower() == "default", one)):
        met = {one for one in left if _documented(operation, one) == status}
        left -= met
        yield status, "seen" if met else "unseen"
    for number in sorted(left):
        yield str(number or "no answer"), "undocumented"


def _documented(operation: Operation | None, status: int) -> str | None:
    """What is documented for a status that came."""
    response = operation.response(status) if operation is not None and status else None
    return response.status if response is not None else None


def _parameters(coverage: Coverage, operation: Operation | None) -> Iterator[tuple[str, str]]:
    documented = (
        [(one.place, one.name) for one in operation.parameters] if operation is not None else []
    )
    for place, name in documented:
        yield f"{name} ({place})", "seen" if (place, name) in coverage.parameters else "unseen"
    for place, name in sorted(coverage.parameters - set(documented)):
        yield f"{name} ({place})", "undocumented"
