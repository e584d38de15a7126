"""Short links in Flask: they redirect, pause, and expire."""

import secrets
import time
from datetime import UTC, datetime
from typing import Any

from httpx import Client

from benchmarks.bugs import catalogue as words
from benchmarks.bugs.catalogue import Server
from benchmarks.bugs.clock import later, seconds
from benchmarks.bugs.concurrency import at_once
from benchmarks.bugs.service import Call, Refused, Reply, Service, flask_app

Row = dict[str, Any]
_MOVES = {"active": ("paused", "revoked"), "paused": ("active", "revoked")}


class Links(Service):
    """The state and the operations."""

    description = "links.yaml"
    racing = {"slug_taken_twice": "createLink"}

    def __init__(self, bugs: frozenset[str]) -> None:
        super().__init__(bugs)
        self.links: dict[str, Row] = {}
        self.created = 0

    def list_links(self, call: Call) -> Reply:
        """A page of the links."""
        rows = list(map(self._shown, list(self.links.values())))
        if call["status"] is not None:
            rows = [row for row in rows if self._has_status(row, call["status"])]
        if "named_not_listed" in self.bugs:
            rows = [row for row in rows if "slug" not in row]
        start = call["offset"]
        return Reply({"data": rows[start : start + call["limit"]], "total": len(rows)})

    def _has_status(self, row: Row, status: str) -> bool:
        if "active_finds_paused" in self.bugs and status == "active":
            return row["status"] in {"active", "paused"}
        return bool(row["status"] == status)

    def create_link(self, call: Call) -> Reply:
        """One link more."""
        self._claim(call.body.get("slug"))
        if "newer_ends_older" in self.bugs:
            for row in self.links.values():
                if row["url"] == call.body["url"]:
                    row["status"] = "revoked"
        self.created += 1
        row = self._new(call.body)
        self.links[row["token"]] = row
        return Reply(self._shown(row), 201)

    def _claim(self, slug: str | None) -> None:
        """Raises Refused where another link has the slug."""
        taken = [row for row in list(self.links.values()) if slug and row.get("slug") == slug]
        if "slug_taken_twice" in self.bugs:
            time.sleep(0.01)
        if taken and "taken_slug_replaces" in self.bugs:
            self.links.pop(taken[0]["token"], None)
        elif taken:
            raise Refused(409, "Another link has this slug.")

    def _new(self, body: Row) -> Row:
        default = 600 if "default_too_short" in self.bugs else 900
        row = {name: body[name] for name in ("url", "slug", "label") if name in body}
        if "url_cut" in self.bugs:
            row["url"] = row["url"][:255]
        begins_paused = "label_pauses" in self.bugs and "label" in body
        now = seconds()
        lifetime = body.get("lifetime", default)
        return row | {
            "token": f"t{self.created:08}" if "tokens_count" in self.bugs else _token(),
            "lifetime": lifetime,
            "status": "paused" if begins_paused else "active",
            "created": now,
            "expires": now + lifetime,
        }

    def read_link(self, call: Call) -> Reply:
        """One link."""
        return Reply(self._shown(self._link(call)))

    def pause_link(self, call: Call) -> Reply:
        """A link rests."""
        row = self._link(call)
        if "pausing_expired_crashes" in self.bugs and self._status(row) == "expired":
            raise ArithmeticError("negative time left")
        if "newest_paused" in self.bugs:
            row = next(reversed(self.links.values()))
        return self._move(row, "paused")

    def resume_link(self, call: Call) -> Reply:
        """A link works again."""
        row = self._link(call)
        if "revoked_resumes" in self.bugs and row["status"] == "revoked":
            row["status"] = "paused"
        return self._move(row, "active")

    def revoke_link(self, call: Call) -> Reply:
        """A link never works again."""
        return self._move(self._link(call), "revoked")

    def _move(self, row: Row, status: str) -> Reply:
        now = self._status(row)
        if status not in _MOVES.get(now, ()):
            raise Refused(409, f"The link is {now}.")
        row["status"] = status
        return Reply(self._shown(row))

    def open_link(self, call: Call) -> Reply:
        """Off to where the link leads."""
        row = self._link(call)
        status = row["status"] if "expired_opens" in self.bugs else self._status(row)
        half = row["created"] + row["lifetime"] / 2
        if "half_a_lifetime" in self.bugs and half <= seconds() < row["expires"]:
            status = "expired"
        if status == "paused":
            raise Refused(409, "The link is paused.")
        if status != "active":
            raise Refused(410, f"The link is {status}.")
        if "opening_extends" in self.bugs:
            row["expires"] = seconds() + row["lifetime"]
        url = row["url"].partition("?")[0] if "query_lost" in self.bugs else row["url"]
        return Reply(status=302, headers={"Location": url})

    def _link(self, call: Call) -> Row:
        row = self.links.get(call["token"])
        if row is None:
            raise Refused(404, "There is no such link.")
        return row

    def _status(self, row: Row) -> str:
        ended = row["expires"] <= seconds() and row["status"] != "revoked"
        return "expired" if ended else str(row["status"])

    def _shown(self, row: Row) -> Row:
        kept = "expired_looks_active" in self.bugs
        return {key: row[key] for key in row if key not in {"created", "expires"}} | {
            "status": row["status"] if kept else self._status(row),
            "createdAt": _moment(row["created"]),
            "expiresAt": _moment(row["expires"]),
        }


def _token() -> str:
    return secrets.token_urlsafe(16)


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def make_app(bugs: frozenset[str]) -> Any:
    """The links with those bugs."""
    return flask_app(Links(bugs))


LINKS = Server("links", make_app)


def _link(client: Client, **given: Any) -> Row:
    answer = client.post("/links", json={"url": "https://example.com/a?b=c"} | given)
    assert answer.status_code == 201, answer.text
    row: Row = answer.json()
    return row


def _open(client: Client, link: Row) -> int:
    return client.get(f"/o/{link['token']}").status_code


def _act(client: Client, link: Row, action: str) -> int:
    return client.post(f"/links/{link['token']}/{action}").status_code


def _seen(client: Client, link: Row) -> Row:
    row: Row = client.get(f"/links/{link['token']}").json()
    return row


def _left(link: Row) -> float:
    """Seconds from a link's beginning to its end."""
    created, expires = (datetime.fromisoformat(link[name]) for name in ("createdAt", "expiresAt"))
    return (expires - created).total_seconds()


@LINKS.bug("openLink", "createLink", words=words.EXPIRES)
def expired_opens(client: Client) -> bool:
    """An expired link redirects."""
    link = _link(client, lifetime=60)
    with later(61):
        return _open(client, link) == 302


@LINKS.bug("openLink", "createLink", words=words.EXPIRES)
def half_a_lifetime(client: Client) -> bool:
    """A link redirects for half of its lifetime only."""
    link = _link(client, lifetime=60)
    with later(31):
        return _open(client, link) == 410


@LINKS.bug("createLink", "readLink", words=(*words.EXPIRES, "default"))
def default_too_short(client: Client) -> bool:
    """A link without a lifetime lives for 600 seconds."""
    return _left(_link(client)) == 600


@LINKS.bug("createLink", "openLink", "readLink", words=words.EXPIRES + words.NAMED + ("earlier",))
def newer_ends_older(client: Client) -> bool:
    """A second link to the same place ends the first."""
    first, _ = _link(client), _link(client)
    return bool(_seen(client, first)["status"] == "revoked")


@LINKS.bug("resumeLink", "readLink", "openLink", words=words.LIFE)
def revoked_resumes(client: Client) -> bool:
    """A revoked link can be resumed."""
    link = _link(client)
    _act(client, link, "revoke")
    return _act(client, link, "resume") == 200


@LINKS.bug("createLink", "readLink", words=words.LIFE)
def label_pauses(client: Client) -> bool:
    """A link with a label begins as paused."""
    return bool(_link(client, label="News")["status"] == "paused")


@LINKS.bug("openLink", words=("redirect", "location", "does exactly", "url"))
def query_lost(client: Client) -> bool:
    """A redirect loses the query."""
    answer = client.get(f"/o/{_link(client)['token']}")
    return bool(answer.headers.get("Location") == "https://example.com/a")


@LINKS.bug("openLink", "readLink", words=words.READS + words.EXPIRES)
def opening_extends(client: Client) -> bool:
    """Opening a link makes it live longer."""
    link = _link(client, lifetime=60)
    with later(20):
        _open(client, link)
        return _left(_seen(client, link)) > 60


@LINKS.bug("createLink", words=("guess", "entropy", "sequential"))
def tokens_count(client: Client) -> bool:
    """The tokens of links are counted."""
    tokens = [_link(client)["token"] for _ in range(2)]
    return tokens == ["t00000001", "t00000002"]


@LINKS.bug("createLink", "readLink", words=words.CONFLICTS)
def taken_slug_replaces(client: Client) -> bool:
    """A link with a slug that another has takes its place."""
    first = _link(client, slug="news")
    client.post("/links", json={"url": "https://example.com/", "slug": "news"})
    return client.get(f"/links/{first['token']}").status_code == 404


@LINKS.bug("createLink", "listLinks", words=words.RACES)
def slug_taken_twice(client: Client) -> bool:
    """Links made at the same time all get the same slug."""
    body = {"url": "https://example.com/", "slug": "news"}
    made = at_once(lambda: client.post("/links", json=body).json().get("token"))
    links = [client.get(f"/links/{token}").status_code for token in made if token]
    return links.count(200) > 1


@LINKS.bug("createLink", "readLink", "openLink", words=words.KEPT)
def url_cut(client: Client) -> bool:
    """A url loses what comes after 255 characters."""
    return len(_link(client, url="https://example.com/" + "x" * 300)["url"]) == 255


@LINKS.bug("listLinks", words=words.FILTERS)
def active_finds_paused(client: Client) -> bool:
    """The filter for active links finds paused ones."""
    _act(client, _link(client), "pause")
    found = client.get("/links", params={"status": "active"}).json()["data"]
    return [row["status"] for row in found] == ["paused"]


@LINKS.bug("pauseLink", "readLink", words=words.NAMED)
def newest_paused(client: Client) -> bool:
    """Pausing a link pauses the newest one."""
    first, last = _link(client), _link(client, url="https://example.com/")
    _act(client, first, "pause")
    return bool(_seen(client, last)["status"] == "paused")


@LINKS.bug("readLink", "listLinks", words=words.EXPIRES + words.LIFE)
def expired_looks_active(client: Client) -> bool:
    """The status of an expired link is active."""
    link = _link(client, lifetime=60)
    with later(61):
        return bool(_seen(client, link)["status"] == "active")


@LINKS.bug("pauseLink", words=words.CRASH, evidence="negative time")
def pausing_expired_crashes(client: Client) -> bool:
    """Pausing an expired link is a 500."""
    link = _link(client, lifetime=60)
    with later(61):
        return _act(client, link, "pause") == 500


@LINKS.bug("createLink", "listLinks", words=words.LISTED)
def named_not_listed(client: Client) -> bool:
    """A link with a slug is not listed."""
    _link(client, slug="news")
    return bool(client.get("/links").json()["data"] == [])


app = LINKS.from_environment()
