"""Bookings of rooms in Starlette: unique slots, bare arrays with headers, PUT and PATCH."""

import time
import uuid
from typing import Any

from httpx import Client, Response

from benchmarks.bugs import catalogue as words
from benchmarks.bugs.catalogue import Server
from benchmarks.bugs.concurrency import at_once
from benchmarks.bugs.service import Call, Refused, Reply, Service, starlette_app

Row = dict[str, Any]
_FIELDS = ("roomId", "start", "end", "guest", "guests", "note", "reference")


class Bookings(Service):
    """The state and the operations."""

    description = "bookings.yaml"
    racing = {"slot_booked_twice": "createBooking"}

    def __init__(self, bugs: frozenset[str]) -> None:
        super().__init__(bugs)
        self.rooms: dict[int, Row] = {}
        self.bookings: dict[str, Row] = {}
        self.deleted: set[str] = set()
        self.created = 0

    def refusal(self, status: int, message: str) -> Reply:
        """A refusal with its reason."""
        return Reply({"reason": message}, status)

    def list_rooms(self, _call: Call) -> Reply:
        """All rooms."""
        return Reply(list(self.rooms.values()))

    def create_room(self, call: Call) -> Reply:
        """One room more, with a name of its own."""
        if any(row["name"] == call.body["name"] for row in self.rooms.values()):
            raise Refused(409, "There is a room of this name.")
        self.created += 1
        row = {"id": self.created, "name": call.body["name"], "capacity": call.body["capacity"]}
        self.rooms[row["id"]] = row
        return Reply(row, 201)

    def read_room(self, call: Call) -> Reply:
        """One room."""
        return Reply(self._room(call["roomId"]))

    def delete_room(self, call: Call) -> Reply:
        """No such room any more."""
        id = self._room(call["roomId"])["id"]
        if any(row["roomId"] == id for row in self.bookings.values()):
            raise Refused(409, "It has bookings.")
        if "deleted_room_stays" not in self.bugs:
            del self.rooms[id]
        return Reply(status=204)

    def _room(self, id: int) -> Row:
        row = self.rooms.get(id)
        if row is None:
            raise Refused(404, f"There is no room {id}.")
        return row

    def list_bookings(self, call: Call) -> Reply:
        """The bookings that match."""
        rows = list(self.bookings.values())
        found = [row for row in rows if self._matches(call, row)]
        offset, limit = call["offset"], call["limit"]
        if "large_offset_crashes" in self.bugs:
            offset = int.from_bytes(offset.to_bytes(4, "big", signed=True), "big")
        page = found[offset : offset + limit]
        self._count_nights(page)
        total = len(rows if "total_ignores_filters" in self.bugs else found)
        headers = {"X-Total-Count": str(total)}
        if offset + limit < len(found):
            headers["Link"] = f'<{self._next(call)}>; rel="next"'
        return Reply(page, headers=headers)

    def _matches(self, call: Call, row: Row) -> bool:
        room, first, last = call["roomId"], call["from"], call["to"]
        if room is not None and row["roomId"] != room and "room_filter_ignored" not in self.bugs:
            return False
        if first is not None and row["end"] < first:
            return False
        if last is None:
            return True
        exclusive = "to_exclusive" in self.bugs
        return bool(row["start"] < last if exclusive else row["start"] <= last)

    def _next(self, call: Call) -> str:
        skipped = 1 if "next_link_skips" in self.bugs else 0
        given = {key: call[key] for key in ("roomId", "from", "to") if call[key] is not None}
        query = given | {
            "limit": call["limit"],
            "offset": call["offset"] + call["limit"] + skipped,
        }
        return f"{call.base}/api/bookings?" + "&".join(f"{key}={query[key]}" for key in query)

    def _count_nights(self, rows: list[Row]) -> None:
        """What the last day of the calendar does to those who add a day to it."""
        if "failed_create_poisons" in self.bugs:
            for row in rows:
                if row["end"] == "9999-12-31":
                    raise OverflowError("date value out of range")

    def create_booking(self, call: Call) -> Reply:
        """One booking more."""
        row = self._fields({"guests": 1} | call.body) | {"id": str(uuid.uuid4())}
        self._room(row["roomId"])
        if "end_before_start_accepted" not in self.bugs:
            self._check_days(row)
        taken = self._taken(row)
        if taken and "taken_slot_crashes" in self.bugs:
            raise RuntimeError("violates exclusion constraint bookings_room_days")
        if taken:
            raise Refused(409, "The room is taken.")
        if "slot_booked_twice" in self.bugs:
            time.sleep(0.01)
        self.bookings[row["id"]] = row
        self._count_nights([row])
        place = row["roomId"] if "location_leads_astray" in self.bugs else row["id"]
        return Reply(row, 201, {"Location": f"{call.base}/api/bookings/{place}"})

    def _fields(self, body: Row) -> Row:
        row = {name: body[name] for name in _FIELDS if name in body}
        if "guest_in_capitals" in self.bugs and "guest" in row:
            row["guest"] = row["guest"].title()
        if "reference_rounded" in self.bugs and "reference" in row:
            row["reference"] = int(float(row["reference"]))
        return row

    def _check_days(self, row: Row) -> None:
        if row["end"] < row["start"]:
            raise Refused(422, "The end is before the start.")

    def _taken(self, row: Row) -> bool:
        return any(
            one["roomId"] == row["roomId"]
            and one["id"] != row["id"]
            and one["start"] <= row["end"]
            and row["start"] <= one["end"]
            for one in list(self.bookings.values())
        )

    def read_booking(self, call: Call) -> Reply:
        """One booking."""
        row = self._booking(call)
        self._count_nights([row])
        return Reply(row)

    def replace_booking(self, call: Call) -> Reply:
        """A booking anew."""
        old = self._booking(call)
        kept = old if "put_merges_booking" in self.bugs else {"id": old["id"], "guests": 1}
        row = kept | self._fields(call.body)
        self._room(row["roomId"])
        self._check_days(row)
        if self._taken(row) and "put_takes_taken_slot" not in self.bugs:
            raise Refused(409, "The room is taken.")
        self.bookings[row["id"]] = row
        return Reply(row)

    def patch_booking(self, call: Call) -> Reply:
        """A booking, changed."""
        old = self._booking(call)
        row = old | self._fields(call.body)
        if "patch_resets_guests" in self.bugs and "guests" not in call.body:
            row["guests"] = 1
        self._room(row["roomId"])
        if "refused_patch_saves" in self.bugs:
            self.bookings[row["id"]] = row
        self._check_days(row)
        if self._taken(row):
            raise Refused(409, "The room is taken.")
        self.bookings[row["id"]] = row
        return Reply(row)

    def delete_booking(self, call: Call) -> Reply:
        """No such booking any more."""
        id = call["bookingId"].lower()
        if "second_delete_crashes" in self.bugs and id in self.deleted:
            raise KeyError(id)
        del self.bookings[self._booking(call)["id"]]
        self.deleted.add(id)
        return Reply(status=204)

    def _booking(self, call: Call) -> Row:
        row = self.bookings.get(call["bookingId"].lower())
        if row is None:
            raise Refused(404, "There is no such booking.")
        return row


def make_app(bugs: frozenset[str]) -> Any:
    """The bookings with those bugs."""
    return starlette_app(Bookings(bugs))


BOOKINGS = Server("bookings", make_app, asgi=True)


def _room(client: Client, name: str = "Garden") -> int:
    id: int = client.post("/rooms", json={"name": name, "capacity": 4}).json()["id"]
    return id


def _booked(client: Client, room: int, **given: Any) -> Response:
    body = {"roomId": room, "start": "2031-03-01", "end": "2031-03-04", "guest": "Ida"}
    return client.post("/bookings", json=body | given)


def _booking(client: Client, room: int, **given: Any) -> Row:
    answer = _booked(client, room, **given)
    assert answer.status_code == 201, answer.text
    row: Row = answer.json()
    return row


def _days(first: str, last: str) -> dict[str, str]:
    return {"start": f"2031-03-{first}", "end": f"2031-03-{last}"}


def _three(client: Client) -> list[Row]:
    room = _room(client)
    return [_booking(client, room, **_days(day, day)) for day in ("01", "02", "03")]


def _listed(client: Client, **query: Any) -> list[str]:
    return [row["id"] for row in client.get("/bookings", params=query).json()]


@BOOKINGS.bug("createBooking", "readBooking", words=("location",))
def location_leads_astray(client: Client) -> bool:
    """The Location of a new booking is that of nothing."""
    answer = _booked(client, _room(client))
    return not answer.headers["Location"].endswith(answer.json()["id"])


@BOOKINGS.bug("listBookings", words=words.PAGES)
def next_link_skips(client: Client) -> bool:
    """The link to the next page leaves out a booking."""
    third = _three(client)[2]
    following = client.get("/bookings", params={"limit": 1}).links["next"]["url"]
    return [row["id"] for row in client.get(following).json()] == [third["id"]]


@BOOKINGS.bug("listBookings", words=words.PAGES)
def total_ignores_filters(client: Client) -> bool:
    """X-Total-Count counts also bookings that do not match."""
    _three(client)
    answer = client.get("/bookings", params={"from": "2031-03-03"})
    return answer.headers["X-Total-Count"] == "3"


@BOOKINGS.bug("listBookings", words=words.FILTERS)
def to_exclusive(client: Client) -> bool:
    """A booking that starts just on the day `to` is not listed."""
    second = _three(client)[1]
    return second["id"] not in _listed(client, to="2031-03-02")


@BOOKINGS.bug("listBookings", words=words.FILTERS)
def room_filter_ignored(client: Client) -> bool:
    """Bookings of other rooms are listed."""
    _booking(client, _room(client))
    return _listed(client, roomId=_room(client, "Tower")) != []


@BOOKINGS.bug("createBooking", words=words.RULES)
def end_before_start_accepted(client: Client) -> bool:
    """A booking may end before it starts."""
    return _booked(client, _room(client), **_days("05", "02")).status_code == 201


@BOOKINGS.bug("createBooking", words=words.CRASH + words.CONFLICTS, evidence="exclusion")
def taken_slot_crashes(client: Client) -> bool:
    """A second booking of a room and day is a 500."""
    room = _room(client)
    _booking(client, room)
    return _booked(client, room).status_code == 500


@BOOKINGS.bug("createBooking", "listBookings", words=words.RACES)
def slot_booked_twice(client: Client) -> bool:
    """Bookings at the same time get the same room and day."""
    room = _room(client)
    statuses = at_once(lambda: _booked(client, room).status_code)
    return statuses.count(201) > 1


@BOOKINGS.bug("replaceBooking", "readBooking", words=words.CONFLICTS)
def put_takes_taken_slot(client: Client) -> bool:
    """A PUT moves a booking to where another one is."""
    first, second, _ = _three(client)
    answer = client.put(f"/bookings/{first['id']}", json=second)
    return answer.status_code == 200


@BOOKINGS.bug("replaceBooking", "readBooking", words=words.REPLACED)
def put_merges_booking(client: Client) -> bool:
    """A PUT without a note keeps the old one."""
    row = _booking(client, _room(client), note="Late")
    body = {name: row[name] for name in ("roomId", "start", "end", "guest")}
    return "note" in client.put(f"/bookings/{row['id']}", json=body).json()


@BOOKINGS.bug("patchBooking", "readBooking", words=words.PATCHED)
def patch_resets_guests(client: Client) -> bool:
    """A PATCH of the note makes the number of guests 1 again."""
    row = _booking(client, _room(client), guests=3)
    answer = client.patch(f"/bookings/{row['id']}", json={"note": "Late"})
    return bool(answer.json()["guests"] == 1)


@BOOKINGS.bug("deleteRoom", "readRoom", "listRooms", words=words.GONE)
def deleted_room_stays(client: Client) -> bool:
    """A deleted room is still there."""
    path = f"/rooms/{_room(client)}"
    return client.delete(path).status_code == 204 and client.get(path).status_code == 200


@BOOKINGS.bug("deleteBooking", words=words.CRASH + words.GONE, evidence="KeyError")
def second_delete_crashes(client: Client) -> bool:
    """Deleting a deleted booking is a 500."""
    path = f"/bookings/{_booking(client, _room(client))['id']}"
    return [client.delete(path).status_code for _ in range(2)] == [204, 500]


@BOOKINGS.bug("patchBooking", "readBooking", words=words.REFUSALS)
def refused_patch_saves(client: Client) -> bool:
    """A PATCH that is refused changes the booking."""
    path = f"/bookings/{_booking(client, _room(client))['id']}"
    client.patch(path, json={"end": "2031-02-01"})
    return bool(client.get(path).json()["end"] == "2031-02-01")


@BOOKINGS.bug(
    "createBooking",
    "listBookings",
    "readBooking",
    words=words.CRASH + words.REFUSALS,
    evidence="out of range",
)
def failed_create_poisons(client: Client) -> bool:
    """A booking to the end of the calendar is a 500, and from then on so is the list."""
    _booked(client, _room(client), start="9999-12-30", end="9999-12-31")
    return client.get("/bookings").status_code == 500


@BOOKINGS.bug("listBookings", words=words.CRASH, evidence="too big")
def large_offset_crashes(client: Client) -> bool:
    """An offset beyond 32 bits is a 500."""
    return client.get("/bookings", params={"offset": 2**32}).status_code == 500


@BOOKINGS.bug("createBooking", "replaceBooking", "patchBooking", "readBooking", words=words.KEPT)
def guest_in_capitals(client: Client) -> bool:
    """The parts of a guest's name begin with capitals."""
    row = _booking(client, _room(client), guest="Ida van Dyk")
    return bool(row["guest"] == "Ida Van Dyk")


@BOOKINGS.bug(
    "createBooking",
    "replaceBooking",
    "patchBooking",
    "readBooking",
    "listBookings",
    words=(*words.KEPT, "maximum"),
)
def reference_rounded(client: Client) -> bool:
    """A reference beyond 53 bits comes back as another one."""
    row = _booking(client, _room(client), reference=2**53 + 1)
    return bool(row["reference"] == 2**53)


app = BOOKINGS.from_environment()
