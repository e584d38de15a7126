"""Every call makes new links to an onboarding request; all of them work until they expire."""

import httpx

from understudy.pytest_plugin import Understudy

TWO_ACTORS = "00000000-0000-4000-8000-000000000002"


def test_links_work_until_the_request_expires(understudy: Understudy) -> None:
    """Two sets of links both work; one actor's alone can be had; a month later all are gone."""
    key = {"X-Api-Key": "any non-empty key"}
    with httpx.Client(base_url=understudy.url("namirial"), headers=key) as namirial:
        created = namirial.post("/requests", json={"requestTypeId": TWO_ACTORS}).json()
        request = f"/request/{created['id']}"
        assert namirial.get(request).json()["status"] == "CREATED"

        again = namirial.post(f"{request}/links").json()["links"]
        assert [link["actor"] for link in again] == ["customer", "secondSigner"]
        for link in [*created["links"], *again]:
            assert httpx.get(link["link"]).status_code == 200
        assert namirial.get(request).json()["status"] == "RUNNING"

        one = namirial.post(f"{request}/links", json={"onlyForActors": ["customer"]}).json()
        assert [link["actor"] for link in one["links"]] == ["customer"]

        understudy.clock.advance(seconds=32 * 24 * 3600)
        assert httpx.get(one["links"][0]["link"]).status_code == 410
        assert namirial.get(request).json()["status"] == "EXPIRED"
        refused = namirial.post(f"{request}/links")
        assert refused.status_code == 400
        assert refused.headers["content-type"] == "application/problem+json"
