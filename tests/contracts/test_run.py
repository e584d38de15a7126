"""Schemathesis finds nothing on the built-in APIs, over real HTTP, and finds what is broken."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from contracts.api import Api
from contracts.run import Options, Seen, run
from contracts.targets.over_http import OverHttp
from openapi.description import Response, read
from openapi.loading import BUILT_IN, built_in_names
from understudy.pytest_plugin import Understudy

APIS = built_in_names()


def known_credentials(understudy: Understudy, api: str) -> dict[str, str]:
    """Accept only the README's credentials, and give the header that carries them."""
    understudy.settings.put({api: {"credentials": "known"}})
    if api == "namirial":
        return {"X-Api-Key": "understudy-namirial-key"}
    path, body = {
        "didomi": (
            "/sessions",
            {
                "type": "api-key",
                "key": "understudy-didomi-key",
                "secret": "understudy-didomi-secret",
            },
        ),
        "nullplatform": ("/token", {"api_key": "dW5kZXJzdHVkeQ==.bnVsbHBsYXRmb3Jt"}),
    }[api]
    answer = httpx.post(understudy.url(api) + path, json=body).raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


Reached = dict[str, set[int]]
"""Statuses by operation."""


def checked(understudy: Understudy, api: str, *, max_examples: int) -> tuple[Seen, Reached]:
    """A run against a built-in API in the test's sandbox."""
    options = Options(headers=known_credentials(understudy, api), max_examples=max_examples)
    described = Api(read(BUILT_IN / f"{api}.yaml"))
    reached: Reached = {one.name: set() for one in described.description.operations}
    target = OverHttp(understudy.url(api))
    seen = run(
        described, target, options, watch=lambda one: reached[one.operation.name].add(one.status)
    )
    target.close()
    return seen, reached


def assert_kept(understudy: Understudy, api: str, *, max_examples: int) -> None:
    """Nothing is found or left untested; every operation succeeds, every refusal is reached."""
    outcome, reached = checked(understudy, api, max_examples=max_examples)
    assert outcome.findings == []
    assert outcome.errors == []
    _open_what_is_missing_or_expired(understudy, api, reached)
    operations = read(BUILT_IN / f"{api}.yaml").operations
    never = {
        operation.name
        for operation in operations
        if not any(
            _reached(reached[operation.name], response)
            for response in operation.responses
            if response.status[0] in "23"
        )
    }
    unreached = {
        (operation.name, response.status)
        for operation in operations
        for response in operation.responses
        if response.status[0] == "4" and not _reached(reached[operation.name], response)
    }
    assert (never, unreached) == (set(), set())


def _reached(statuses: set[int], response: Response) -> bool:
    if response.status.endswith("XX"):
        return any(str(status)[0] == response.status[0] for status in statuses)
    return int(response.status) in statuses


def _open_what_is_missing_or_expired(
    understudy: Understudy, api: str, reached: dict[str, set[int]]
) -> None:
    """What fuzzing meets by chance only: ids that nobody has, and links after their time."""
    headers = known_credentials(understudy, api)
    tenant = {"organization_id": "org-1"}
    with httpx.Client(base_url=understudy.url(api), headers=headers) as client:
        for operation in read(BUILT_IN / f"{api}.yaml").operations:
            path = re.sub(r"{[^}]+}", "00000000-0000-4000-8000-999999999999", operation.path)
            body = next(iter(operation.body.content.values())).examples if operation.body else ()
            answer = client.request(
                operation.method, path, params=tenant, json=next(iter(body), None)
            )
            reached[operation.name].add(answer.status_code)
        understudy.clock.advance(seconds=40 * 24 * 3600)
        for name, method, path, form in EXPIRED.get(api, ()):
            for url in (path, path.replace("scene", "no")):
                reached[name].add(client.request(method, url, data=form).status_code)


EXPIRED: dict[str, list[tuple[str, str, str, dict[str, str] | None]]] = {
    "didomi": [
        ("executeLink", "GET", "/dsar/links/execute?token=scene-verification-link", None),
    ],
    "namirial": [
        ("resTokenGet", "GET", "/res/scene-customer-link", None),
        ("resTokenPost", "POST", "/res/scene-customer-link", {"outcome": "complete"}),
    ],
}
"""Links of the scene, as operation, method, path and form."""


@pytest.mark.parametrize("api", APIS)
def test_nothing_is_found(understudy: Understudy, api: str) -> None:
    """All phases and checks with 25 examples an operation find nothing."""
    assert_kept(understudy, api, max_examples=25)


@pytest.mark.nightly
@pytest.mark.parametrize("api", APIS)
def test_nothing_is_found_by_a_deep_run(understudy: Understudy, api: str) -> None:
    """All phases and checks with 200 examples an operation find nothing."""
    assert_kept(understudy, api, max_examples=200)


def _title_is_a_number(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["UserRight"]["properties"]["name"] = {"type": "integer"}


def _refuses_nothing(document: dict[str, Any]) -> None:
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("x-refuses", None)


def _forgets_a_status(document: dict[str, Any]) -> None:
    del document["paths"]["/dsar/links"]["post"]["responses"]["404"]


@pytest.mark.parametrize(
    ("broken", "check"),
    [
        (_title_is_a_number, "response_schema_conformance"),
        (_refuses_nothing, "positive_data_acceptance"),
        (_forgets_a_status, "status_code_conformance"),
    ],
)
def test_a_broken_contract_is_found(
    understudy: Understudy,
    tmp_path: Path,
    broken: Callable[[dict[str, Any]], None],
    check: str,
) -> None:
    """A description that the mock does not keep brings a finding of the check it breaks."""
    document = yaml.safe_load((BUILT_IN / "didomi.yaml").read_text())
    broken(document)
    path = tmp_path / "didomi.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    headers = known_credentials(understudy, "didomi")
    options = Options(headers=headers, max_examples=5)
    target = OverHttp(understudy.url("didomi"))
    outcome = run(Api(read(path)), target, options)
    target.close()
    assert check in {finding.name for finding in outcome.findings}
