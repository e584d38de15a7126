"""What the tests of nullplatform share: the scene's ids, and a client that may pass."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from understudy.pytest_plugin import Understudy

API_KEY = "dW5kZXJzdHVkeQ==.bnVsbHBsYXRmb3Jt"
_TLS = ssl.create_default_context()
"""Shared, as making one takes longer than most tests do; it is never used."""

NRN = "organization=1:account=2:namespace=3:application=4"


def numbered(number: int) -> str:
    """The id of an object of the scene."""
    return f"00000000-0000-4000-8000-{number:012}"


WITH_ACTIONS, WITHOUT_ACTIONS = numbered(1), numbered(2)
CREATE, UPDATE, DELETE = numbered(11), numbered(12), numbered(13)
RESIZE, DIAGNOSE, SNAPSHOT = numbered(14), numbered(15), numbered(16)
ACTIVE, ALSO_ACTIVE, PENDING, KNOWN_ENDPOINT, FAILED = (numbered(n) for n in range(21, 26))
RESIZED, SNAPSHOTTING, WAITING = (numbered(n) for n in range(31, 34))
SERVICE, NOBODY = numbered(41), numbered(99)


def stranger_to(understudy: Understudy) -> httpx.Client:
    """A client of the sandbox's API that carries no token."""
    return httpx.Client(base_url=understudy.url("nullplatform"), verify=_TLS)


@contextmanager
def signed_in(understudy: Understudy) -> Iterator[httpx.Client]:
    """A client of the sandbox's API that carries a fresh token."""
    with stranger_to(understudy) as client:
        token = client.post("/token", json={"api_key": API_KEY}).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def link_status(client: httpx.Client, link: str) -> str:
    """Where a link is now."""
    status: str = client.get(f"/link/{link}").json()["status"]
    return status


def act(client: httpx.Client, link: str, specification: str, **body: Any) -> httpx.Response:
    """The answer to the creation of an action."""
    return client.post(f"/link/{link}/action", json={"specification_id": specification, **body})


def acted(client: httpx.Client, link: str, specification: str, **body: Any) -> dict[str, Any]:
    """An action that was created just now."""
    answer = act(client, link, specification, **body)
    assert answer.status_code == 200, answer.text
    action: dict[str, Any] = answer.json()
    return action


def report(client: httpx.Client, action: Mapping[str, Any], **body: Any) -> httpx.Response:
    """The answer to the change of an action."""
    return client.patch(f"/link/{action['link_id']}/action/{action['id']}", json=body)


def refused(answer: httpx.Response, status: int = 400) -> str:
    """The message of a refusal in the API's shape."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["statusCode"] == status
    assert set(body) - {"code"} == {"statusCode", "error", "message"}
    message: str = body["message"]
    return message


def read(client: httpx.Client, action: dict[str, Any], **query: Any) -> dict[str, Any]:
    """The action as it is now."""
    answer = client.get(f"/link/{action['link_id']}/action/{action['id']}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
