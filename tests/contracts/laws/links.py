"""Didomi's links and requests, and what histories of them consist of."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openapi
from contracts.law import Chance
from contracts.steps import Ref
from tests.contracts.histories import Line, judged
from tests.contracts.provoking import api_at

SEEDS = Path(openapi.__file__).parent
DIDOMI = api_at(SEEDS / "didomi.yaml")

REQUEST = "00000000-0000-4000-8000-000000000001"
THANKS = "https://shop.example/thanks"
SENT: dict[str, Any] = {
    "action": "request.update",
    "event": {"status": "verified", "request_id": REQUEST},
    "redirect_url": THANKS,
    "lifetime": 900,
}


def after(seconds: float) -> datetime:
    """A time on the target's clock."""
    return datetime(2026, 1, 31, tzinfo=UTC) + timedelta(seconds=seconds)


def made(name: str = "t1", at: float | None = 0, **changes: Any) -> Line:
    """A link is made, for 900 seconds unless something else is said."""
    sent = {key: one for key, one in {**SENT, **changes}.items() if one is not None}
    url = f"https://api.didomi.io/v1/dsar/links/execute?token={name}"
    told = {"lifetime": 900, **sent, "id": name, "organization_id": "org-1", "url": url}
    now = None if at is None else after(at)
    return Line("POST /dsar/links?organization_id=org-1", 200, told, sent=sent, now=now)


def opened(index: int, at: float | None = 10, status: int = 302, location: str = THANKS) -> Line:
    """The link that an earlier line made is opened."""
    return Line(
        f"GET /dsar/links/execute?token=t{index + 1}",
        status,
        headers={"location": location} if status == 302 else {},
        url=Ref(index, "$response.body#/url"),
        now=None if at is None else after(at),
    )


def shown(status: str) -> Line:
    """The request that the links are about is read."""
    answer = {"id": REQUEST, "status": status}
    return Line(f"GET /dsar/requests/{REQUEST}?organization_id=org-1", 200, answer)


def patched(status: str) -> Line:
    """The request that the links are about is changed by its organization."""
    answer = {"id": REQUEST, "status": status}
    line = f"PATCH /dsar/requests/{REQUEST}?organization_id=org-1"
    return Line(line, 200, answer, sent={"status": status})


def chances(law: str, *lines: Line) -> list[Chance]:
    """What a law finds in these lines."""
    return judged(law, DIDOMI, *lines)


def found(law: str, *lines: Line) -> list[str]:
    """The problem of each chance, in order; empty texts where it was kept."""
    return [one.problem for one in chances(law, *lines)]
