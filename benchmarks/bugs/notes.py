"""Notes of users in Flask: registration, tokens that expire, everybody's own notes."""

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import jwt
from httpx import Client

from benchmarks.bugs import catalogue as words
from benchmarks.bugs.catalogue import Server
from benchmarks.bugs.clock import later, seconds
from benchmarks.bugs.concurrency import at_once
from benchmarks.bugs.service import Call, Refused, Reply, Service, flask_app

Row = dict[str, Any]
_KEY = "the key of a server that nobody depends on"
_OPEN = ("register", "login")
_FIELDS = ("title", "text", "tags", "remindAt")
_USERS = ("ann", "ben")
_PASSWORD = "correct horse"


class Notes(Service):
    """The state and the operations; ann and ben are registered from the start."""

    description = "notes.yaml"
    racing = {"name_registered_twice": "register"}

    def __init__(self, bugs: frozenset[str]) -> None:
        super().__init__(bugs)
        self.users: dict[str, Row] = {}
        self.notes: dict[str, Row] = {}
        for name in _USERS:
            self._add_user({"username": name, "password": _PASSWORD})

    def refusal(self, status: int, message: str) -> Reply:
        """Problem details."""
        body = {"status": status, "title": message.partition("\n")[0][:200], "detail": message}
        challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
        return Reply(body, status, challenge, "application/problem+json")

    def guard(self, call: Call) -> None:
        """Everybody but newcomers shows a token."""
        if call.operation.id in _OPEN:
            return
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            if call.operation.id == "archiveNote" and "archive_needs_no_token" in self.bugs:
                return
            raise Refused(401, "A token is needed.")
        call.parameters["user"] = self._user_of(token)

    def read_user(self, call: Call) -> Row:
        """Who sent the request."""
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return next(iter(self.users.values()))
        return self._user_of(token)

    def _user_of(self, token: str) -> Row:
        try:
            claims = self._claims(token)
            user = self.users[claims["sub"]]
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise Refused(401, "The token is not good.") from error
        outdated = claims.get("version") != user["version"]
        if outdated and "tokens_outlive_password" not in self.bugs:
            raise Refused(401, "The token has ended.")
        return user

    def _claims(self, token: str) -> Row:
        options: Any = {"verify_exp": False, "require": ["exp", "sub"]}
        if jwt.get_unverified_header(token).get("alg") == "none":
            if "unsigned_token_accepted" not in self.bugs:
                raise jwt.InvalidAlgorithmError
            options["verify_signature"] = False
        elif "altered_token_accepted" in self.bugs:
            options["verify_signature"] = False
        claims = jwt.decode(token, _KEY, algorithms=["HS256"], options=options)
        if claims["exp"] <= seconds() and "tokens_never_expire" not in self.bugs:
            raise jwt.ExpiredSignatureError
        return claims

    def register(self, call: Call) -> Reply:
        """One user more."""
        if call.body["username"] in self.users:
            raise Refused(409, "This name is taken.")
        if "name_registered_twice" in self.bugs:
            time.sleep(0.01)
        return Reply(_shown(self._add_user(call.body)), 201)

    def _add_user(self, body: Row) -> Row:
        user = {
            "id": str(uuid.uuid4()),
            "username": body["username"],
            "role": "user",
            "password": body["password"],
            "version": 0,
        }
        if "displayName" in body:
            user["displayName"] = body["displayName"]
        self.users[user["username"]] = user
        return user

    def login(self, call: Call) -> Reply:
        """A token."""
        user = self.users.get(call.body["username"])
        if user is None or user["password"] != call.body["password"]:
            raise Refused(401, "There is no such user with this password.")
        lifetime = call.body.get("lifetime", 900)
        claims = {
            "sub": user["username"],
            "version": user["version"],
            "exp": int(seconds()) + lifetime,
        }
        return Reply({"token": jwt.encode(claims, _KEY, "HS256"), "expiresIn": lifetime})

    def read_me(self, call: Call) -> Reply:
        """Who is signed in."""
        return Reply(_shown(self.read_user(call)))

    def patch_me(self, call: Call) -> Reply:
        """The name that is shown."""
        user = self.read_user(call)
        if "displayName" in call.body:
            user["displayName"] = call.body["displayName"]
        if "role_settable" in self.bugs and call.body.get("role"):
            user["role"] = call.body["role"]
        return Reply(_shown(user))

    def change_password(self, call: Call) -> Reply:
        """Another password; every token ends."""
        user = self.read_user(call)
        if user["password"] != call.body["old"]:
            raise Refused(403, "The old password is another one.")
        user["password"] = call.body["new"]
        user["version"] += 1
        return Reply(status=204)

    def list_users(self, call: Call) -> Reply:
        """All users, for administrators."""
        if self.read_user(call)["role"] != "admin":
            raise Refused(403, "This is for administrators.")
        return Reply([_shown(user) for user in self.users.values()])

    def list_notes(self, call: Call) -> Reply:
        """A page of one's own notes."""
        own = self.read_user(call)["username"]
        everybodys = "tag_finds_foreign_notes" in self.bugs and call["tag"] is not None
        rows = [row for row in self.notes.values() if everybodys or row["owner"] == own]
        rows = [row for row in rows if self._matches(call, row)]
        start = self._start(call["cursor"])
        end = start + call["limit"]
        more = end < len(rows)
        if "cursor_skips_a_note" in self.bugs:
            return Reply({"notes": rows[start:end], "next": str(end + 1) if more else None})
        return Reply({"notes": rows[start:end], "next": str(end) if more else None})

    def _matches(self, call: Call, row: Row) -> bool:
        if row["deleted"] and "deleted_still_listed" not in self.bugs:
            return False
        if call["archived"] is not None and row["archived"] != call["archived"]:
            return False
        return call["tag"] is None or call["tag"] in row.get("tags", [])

    def _start(self, cursor: str | None) -> int:
        if cursor is None:
            return 0
        if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 9:
            raise Refused(400, "That is no cursor of ours.")
        return int(cursor)

    def create_note(self, call: Call) -> Reply:
        """One note more."""
        now = _now()
        row = {
            "id": str(uuid.uuid4()),
            "owner": self.read_user(call)["username"],
            "archived": False,
            "deleted": False,
            "createdAt": now,
            "updatedAt": now,
        }
        row |= self._fields(call.body)
        if "owner_settable" in self.bugs and call.body.get("owner"):
            row["owner"] = call.body["owner"]
        self.notes[row["id"]] = row
        return Reply(_shown(row), 201)

    def _fields(self, body: Row) -> Row:
        fields = {name: body[name] for name in _FIELDS if name in body}
        if "letters_lost" in self.bugs and "text" in fields:
            fields["text"] = fields["text"].encode("latin-1", "replace").decode("latin-1")
        if "zone_lost" in self.bugs and "remindAt" in fields:
            fields["remindAt"] = fields["remindAt"][:19] + "Z"
        return fields

    def read_note(self, call: Call) -> Reply:
        """One note."""
        row = self._note(call, foreign="foreign_note_readable" in self.bugs)
        if "reading_touches" in self.bugs:
            row["updatedAt"] = _now()
        return Reply(_shown(row))

    def patch_note(self, call: Call) -> Reply:
        """What is sent, changed."""
        row = self._note(call, foreign="foreign_note_writable" in self.bugs)
        if "patch_wipes_tags" in self.bugs:
            row.pop("tags", None)
        row |= self._fields(call.body) | {"updatedAt": _now()}
        return Reply(_shown(row))

    def delete_note(self, call: Call) -> Reply:
        """No such note any more."""
        row = self._note(call, foreign="foreign_note_deletable" in self.bugs)
        row["deleted"] = True
        return Reply(status=204)

    def archive_note(self, call: Call) -> Reply:
        """The note, put away."""
        anybody = "authorization" not in call.headers
        row = self._note(call, foreign=anybody)
        row |= {"archived": True, "updatedAt": _now()}
        return Reply(_shown(row))

    def _note(self, call: Call, *, foreign: bool) -> Row:
        row = self.notes.get(call["noteId"].lower())
        own = self.read_user(call)["username"]
        if row is None or row["deleted"] or not (foreign or row["owner"] == own):
            raise Refused(404, "There is no such note.")
        return row


def _shown(row: Row) -> Row:
    """What others see of a row."""
    return {key: row[key] for key in row if key not in {"password", "version", "deleted"}}


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def make_app(bugs: frozenset[str]) -> Any:
    """The notes with those bugs."""
    return flask_app(Notes(bugs))


def sign_in(client: Client, name: str = "ann", lifetime: int = 900) -> dict[str, str]:
    """The headers of one of the two users that are there from the start."""
    body = {"username": name, "password": _PASSWORD, "lifetime": lifetime}
    return _bearer(client.post("/login", json=body).json()["token"])


def _login(name: str) -> str:
    return json.dumps({"username": name, "password": _PASSWORD})


NOTES = Server(
    "notes",
    make_app,
    sign_in=sign_in,
    credentials={"UNDERSTUDY_LOGIN": _login("ann"), "UNDERSTUDY_LOGIN_2": _login("ben")},
)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _good(client: Client, headers: dict[str, str]) -> bool:
    return client.get("/me", headers=headers).status_code == 200


def _note(client: Client, headers: dict[str, str], **given: Any) -> Row:
    answer = client.post("/notes", json={"title": "Milk"} | given, headers=headers)
    assert answer.status_code == 201, answer.text
    row: Row = answer.json()
    return row


def _note_of_ann_for_ben(client: Client, **given: Any) -> tuple[str, dict[str, str]]:
    note = _note(client, sign_in(client), **given)
    return f"/notes/{note['id']}", sign_in(client, "ben")


@NOTES.bug("readMe", "listNotes", "readNote", "createNote", words=words.TOKENS)
def altered_token_accepted(client: Client) -> bool:
    """A token with a wrong signature is good."""
    claims = {"sub": "ben", "version": 0, "exp": int(seconds()) + 900}
    return _good(client, _bearer(jwt.encode(claims, "x" * 40, "HS256")))


@NOTES.bug("readMe", "listNotes", "readNote", "createNote", words=words.TOKENS)
def unsigned_token_accepted(client: Client) -> bool:
    """A token with the algorithm "none" is good."""
    claims = {"sub": "ben", "version": 0, "exp": int(seconds()) + 900}
    return _good(client, _bearer(jwt.encode(claims, None, "none")))


@NOTES.bug("login", "readMe", "listNotes", "readNote", words=words.TOKENS + words.EXPIRES)
def tokens_never_expire(client: Client) -> bool:
    """A token is good after its lifetime."""
    headers = sign_in(client, lifetime=1)
    with later(2):
        return _good(client, headers)


@NOTES.bug("changePassword", "readMe", "listNotes", words=words.TOKENS)
def tokens_outlive_password(client: Client) -> bool:
    """A token is good after the password was changed."""
    headers = sign_in(client)
    body = {"old": _PASSWORD, "new": "battery staple"}
    client.put("/me/password", json=body, headers=headers)
    return _good(client, headers)


@NOTES.bug("archiveNote", "readNote", words=words.TOKENS)
def archive_needs_no_token(client: Client) -> bool:
    """Notes can be archived without a token."""
    path, _ = _note_of_ann_for_ben(client)
    return client.post(f"{path}/archive").status_code == 200


@NOTES.bug("readNote", words=words.FOREIGN)
def foreign_note_readable(client: Client) -> bool:
    """A note of another user can be read."""
    path, ben = _note_of_ann_for_ben(client)
    return client.get(path, headers=ben).status_code == 200


@NOTES.bug("patchNote", "readNote", words=words.FOREIGN)
def foreign_note_writable(client: Client) -> bool:
    """A note of another user can be changed."""
    path, ben = _note_of_ann_for_ben(client)
    answer = client.patch(path, json={"title": "Beer"}, headers=ben)
    return answer.status_code == 200


@NOTES.bug("deleteNote", "readNote", words=words.FOREIGN)
def foreign_note_deletable(client: Client) -> bool:
    """A note of another user can be deleted."""
    path, ben = _note_of_ann_for_ben(client)
    return client.delete(path, headers=ben).status_code == 204


@NOTES.bug("listNotes", words=words.FOREIGN + words.FILTERS)
def tag_finds_foreign_notes(client: Client) -> bool:
    """With a tag, the list holds notes of other users."""
    _, ben = _note_of_ann_for_ben(client, tags=["home"])
    return bool(client.get("/notes", params={"tag": "home"}, headers=ben).json()["notes"] != [])


@NOTES.bug("patchMe", "readMe", words=words.NOT_SETTABLE)
def role_settable(client: Client) -> bool:
    """A user can make themselves an administrator."""
    ann = sign_in(client)
    return bool(client.patch("/me", json={"role": "admin"}, headers=ann).json()["role"] == "admin")


@NOTES.bug("createNote", "readNote", words=words.NOT_SETTABLE)
def owner_settable(client: Client) -> bool:
    """A new note belongs to whom the client says."""
    return bool(_note(client, sign_in(client), owner="ben")["owner"] == "ben")


@NOTES.bug("createNote", "patchNote", "readNote", words=words.KEPT)
def letters_lost(client: Client) -> bool:
    """Letters beyond Latin-1 become question marks."""
    return bool(_note(client, sign_in(client), text="Łódź")["text"] == "?ód?")


@NOTES.bug("createNote", "patchNote", "readNote", words=words.KEPT)
def zone_lost(client: Client) -> bool:
    """The time of a reminder loses its offset from UTC."""
    note = _note(client, sign_in(client), remindAt="2031-05-04T08:30:00+02:00")
    return bool(note["remindAt"] == "2031-05-04T08:30:00Z")


@NOTES.bug("patchNote", "readNote", words=words.PATCHED)
def patch_wipes_tags(client: Client) -> bool:
    """A PATCH of the title takes the tags away."""
    ann = sign_in(client)
    note = _note(client, ann, tags=["home"])
    path = f"/notes/{note['id']}"
    return "tags" not in client.patch(path, json={"title": "Oats"}, headers=ann).json()


@NOTES.bug("readNote", "listNotes", words=words.READS)
def reading_touches(client: Client) -> bool:
    """Reading a note changes when it was updated."""
    ann = sign_in(client)
    note = _note(client, ann)
    seen = client.get(f"/notes/{note['id']}", headers=ann).json()
    return bool(seen["updatedAt"] != note["updatedAt"])


@NOTES.bug("register", words=words.RACES)
def name_registered_twice(client: Client) -> bool:
    """Registrations at the same time all get the same name."""
    body = {"username": "cora", "password": _PASSWORD}
    statuses = at_once(lambda: client.post("/register", json=body).status_code)
    return statuses.count(201) > 1


@NOTES.bug("listNotes", "deleteNote", words=words.GONE)
def deleted_still_listed(client: Client) -> bool:
    """A deleted note stays in the list."""
    ann = sign_in(client)
    note = _note(client, ann)
    client.delete(f"/notes/{note['id']}", headers=ann)
    return bool(client.get("/notes", headers=ann).json()["notes"] != [])


@NOTES.bug("listNotes", words=words.PAGES + words.LISTED)
def cursor_skips_a_note(client: Client) -> bool:
    """The next page begins one note too late."""
    ann = sign_in(client)
    for title in ("one", "two", "three"):
        _note(client, ann, title=title)
    first = client.get("/notes", params={"limit": 1}, headers=ann).json()
    query = {"limit": 1, "cursor": first["next"]}
    second = client.get("/notes", params=query, headers=ann).json()
    return [note["title"] for note in second["notes"]] == ["three"]


app = NOTES.from_environment()
