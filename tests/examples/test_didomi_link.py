"""A privacy request is verified by the link that its person gets by mail."""

import httpx

from understudy.pytest_plugin import Understudy


def test_a_mailed_link_verifies_until_it_expires(understudy: Understudy) -> None:
    """The link in the mail acts for 900 seconds; after that a click brings a fresh one."""
    tenant = {"organization_id": "org-1"}
    with httpx.Client(base_url=understudy.url("didomi"), params=tenant) as didomi:
        session = {"type": "api-key", "key": "any", "secret": "any"}
        token = didomi.post("/sessions", json=session).json()["access_token"]
        didomi.headers["Authorization"] = f"Bearer {token}"

        def create(email: str) -> str:
            request = {
                "organization_user_id": email,
                "user_right_id": "cpra_access_my_data",
                "status": "unverified",
                "request_fields": [{"field_id": "email", "value": email}],
                "source": {"type": "DSAR"},
            }
            return str(didomi.post("/dsar/requests", json=request).json()["id"])

        def status(id: str) -> str:
            return str(didomi.get("/dsar/requests", params={"id": id}).json()["data"][0]["status"])

        ada, bob = create("ada@example.com"), create("bob@example.com")
        mail_to_ada, mail_to_bob = understudy.outbox

        opened = httpx.get(mail_to_ada["links"][0])
        assert opened.status_code == 302
        assert opened.headers["location"] == understudy.url("didomi") + "/dsar/verified"
        assert status(ada) == "verified"

        understudy.clock.advance(seconds=901)
        assert httpx.get(mail_to_bob["links"][0]).status_code == 410
        assert status(bob) == "unverified"

        fresh_mail = understudy.outbox[-1]
        assert fresh_mail["to"] == "bob@example.com"
        assert httpx.get(fresh_mail["links"][0]).status_code == 302
        assert status(bob) == "verified"
