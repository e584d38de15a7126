"""What the tests of the controls share: clients, and something for a sandbox to remember."""

import ssl
from collections.abc import Mapping
from typing import Any

import httpx

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Never used on loopback, and made once: loading certificates takes longer than most tests."""

SCENE_SIZE = 7
"""How many requests of didomi the scene holds."""


def client(base_url: str, headers: Mapping[str, str] | None = None) -> httpx.Client:
    """A client of a server on loopback."""
    return httpx.Client(base_url=base_url, headers=headers, verify=NO_TLS)


def sign_in(didomi: httpx.Client) -> None:
    """Open a session of org-1 at the sandbox's present time."""
    session = {"type": "api-key", "key": "any", "secret": "any"}
    answer = didomi.post("/sessions", json=session)
    assert answer.status_code == 200, answer.text
    didomi.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    didomi.params = httpx.QueryParams(organization_id="org-1")


def create(didomi: httpx.Client, name: str = "ada") -> dict[str, Any]:
    """A request for privacy, for which a mail goes out."""
    request = {
        "organization_user_id": name,
        "user_right_id": "cpra_access_my_data",
        "status": "unverified",
        "request_fields": [{"field_id": "email", "value": f"{name}@example.com"}],
        "source": {"type": "DSAR"},
    }
    answer = didomi.post("/dsar/requests", json=request)
    assert answer.status_code == 200, answer.text
    created: dict[str, Any] = answer.json()
    return created


def names(didomi: httpx.Client) -> list[str]:
    """The names of those whose requests were created after the scene, sorted."""
    answer = didomi.get("/dsar/requests", params={"$limit": 100})
    assert answer.status_code == 200, answer.text
    found = [row["organization_user_id"] for row in answer.json()["data"]]
    return sorted(name for name in found if not name.startswith("person-"))
