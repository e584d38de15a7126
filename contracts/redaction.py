"""An outcome without its secrets: made once, before anything is told of it.

Reports are written from what is left, so that none of them can forget to leave a secret out.
"""

from dataclasses import replace

from contracts.findings import Finding, Told
from contracts.outcome import Outcome
from contracts.redactor import Redactor
from contracts.steps import Walk


def redacted(outcome: Outcome, redactor: Redactor) -> Outcome:
    """The outcome without secrets: those that the redactor knows, and whatever was sent, or handed
    out, as a credential, wherever else it stands.
    """
    for told in (told for finding in outcome.findings for told in finding.history):
        redactor.watch_request(told.request)
        if told.response is not None:
            redactor.watch(told.response)
    text = redactor.text
    return replace(
        outcome,
        source=text(outcome.source),
        target=text(outcome.target),
        findings=[_finding(redactor, one) for one in outcome.findings],
        reasons={name: text(reason) for name, reason in outcome.reasons.items()},
        remaining=[text(one) for one in outcome.remaining],
        notes=[text(one) for one in outcome.notes],
    )


def _finding(redactor: Redactor, finding: Finding) -> Finding:
    return replace(
        finding,
        problem=redactor.text(finding.problem),
        place=redactor.text(finding.place),
        cause=redactor.text(finding.cause),
        history=tuple(_told(redactor, one) for one in finding.history),
        walk=_walk(redactor, finding.walk) if finding.walk is not None else None,
    )


def _told(redactor: Redactor, told: Told) -> Told:
    response = told.response
    return replace(
        told,
        request=redactor.request(told.request),
        response=redactor.response(response) if response is not None else None,
        failure=redactor.text(told.failure),
    )


def _walk(redactor: Redactor, walk: Walk) -> Walk:
    steps = (
        replace(step, values=redactor.value(step.values), body=redactor.value(step.body))
        for step in walk.steps
    )
    return replace(walk, steps=tuple(steps))
