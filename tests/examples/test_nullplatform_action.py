"""An action carries its link from pending to active."""

import httpx

from understudy.pytest_plugin import Understudy

SPECIFICATION = "00000000-0000-4000-8000-000000000001"
CREATE = "00000000-0000-4000-8000-000000000011"


def test_a_create_action_makes_a_link_active(understudy: Understudy) -> None:
    """pending, in_progress, success: and the link is active."""
    with httpx.Client(base_url=understudy.url("nullplatform")) as nullplatform:
        token = nullplatform.post("/token", json={"api_key": "any"}).json()["access_token"]
        nullplatform.headers["Authorization"] = f"Bearer {token}"

        link = nullplatform.post(
            "/link",
            json={
                "name": "Orders database",
                "service_id": "3f1c1d52-60a7-4b5e-9d53-7a3d3c1a2b10",
                "entity_nrn": "organization=1:account=2:namespace=3:application=4",
                "specification_id": SPECIFICATION,
            },
        ).json()
        assert link["status"] == "pending"

        actions = f"/link/{link['id']}/action"
        action = nullplatform.post(actions, json={"specification_id": CREATE}).json()
        assert action["status"] == "pending"
        assert nullplatform.get(f"/link/{link['id']}").json()["status"] == "creating"

        for status in ("in_progress", "success"):
            answer = nullplatform.patch(f"{actions}/{action['id']}", json={"status": status})
            assert answer.json()["status"] == status
        assert nullplatform.get(f"/link/{link['id']}").json()["status"] == "active"

        backwards = nullplatform.patch(f"{actions}/{action['id']}", json={"status": "pending"})
        assert backwards.status_code == 400
