"""A library of documents as a bare WSGI function: ETags, idempotency keys, JSON, XML and CSV."""

import csv
import io
import time
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from httpx import Client
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from benchmarks.bugs import catalogue as words
from benchmarks.bugs.catalogue import Server
from benchmarks.bugs.concurrency import at_once
from benchmarks.bugs.service import Call, Refused, Reply, Service, wsgi_app

Row = dict[str, Any]
_COLUMNS = ("id", "title", "kind", "size", "public")


class Library(Service):
    """The state and the operations."""

    description = "library.yaml"
    racing = {"tag_created_twice": "createTag"}

    def __init__(self, bugs: frozenset[str]) -> None:
        super().__init__(bugs)
        self.documents: dict[int, Row] = {}
        self.versions: dict[int, int] = {}
        self.contents: dict[int, bytes] = {}
        self.keys: dict[str, tuple[Row, Row]] = {}
        self.tags: dict[int, Row] = {}
        self.listed_tags: list[Row] = []
        self.created = 0

    def list_documents(self, call: Call) -> Reply:
        """The documents that match."""
        form = _wanted(call, "application/json", "text/csv")
        kind = call["kind"]
        rows = [row for row in self.documents.values() if kind is None or row["kind"] == kind]
        if form == "text/csv":
            return Reply(self._csv(rows).encode(), media_type="text/csv; charset=utf-8")
        return Reply(rows)

    def _csv(self, rows: list[Row]) -> str:
        lines = [_COLUMNS, *([_text(row[column]) for column in _COLUMNS] for row in rows)]
        if "csv_not_quoted" in self.bugs:
            return "".join(",".join(line) + "\r\n" for line in lines)
        file = io.StringIO()
        csv.writer(file).writerows(lines)
        return file.getvalue()

    def create_document(self, call: Call) -> Reply:
        """One document more, unless the key was there before."""
        form = _wanted(call, "application/json", "application/xml")
        key = call["Idempotency-Key"]
        before = self.keys.get(key)
        if before is not None and "key_acts_again" not in self.bugs:
            if before[0] != call.body:
                raise Refused(422, "The key came with another body before.")
            return self._document(before[1], form, 201)
        self.created += 1
        row: Row = {"id": self.created} | self._fields(call) | {"createdAt": _now()}
        if "id_settable" in self.bugs and call.body.get("id"):
            row["id"] = call.body["id"]
        self.documents[row["id"]] = row
        self.versions[row["id"]] = 1
        if key is not None:
            self.keys[key] = (call.body, row)
        if "created_at_missing" in self.bugs:
            row = {name: row[name] for name in row if name != "createdAt"}
        return self._document(row, form, 201)

    def _fields(self, call: Call) -> Row:
        body = call.body
        row = {
            "title": body["title"],
            "kind": body["kind"],
            "size": body.get("size", 0),
            "public": body.get("public", False),
        }
        if "size_wraps" in self.bugs:
            row["size"] %= 2**32
        if "form_flag_always_true" in self.bugs and "public" in body and _is_form(call):
            row["public"] = True
        return row

    def _document(self, row: Row, form: str, status: int = 200) -> Reply:
        if form != "application/xml":
            return Reply(row, status)
        root = ET.Element("document")
        for name, value in row.items():
            if value or "xml_drops_zero" not in self.bugs:
                ET.SubElement(root, name).text = _text(value)
        return Reply(ET.tostring(root, "utf-8"), status, media_type="application/xml")

    def read_document(self, call: Call) -> Reply:
        """One document."""
        form = _wanted(call, "application/json", "application/xml")
        if "large_id_crashes" in self.bugs:
            call["documentId"].to_bytes(8, "big", signed=True)
        row = self._known_document(call)
        tag = self._etag(row["id"])
        if call["If-None-Match"] is not None and tag in call["If-None-Match"]:
            return Reply(status=304, headers={"ETag": tag})
        reply = self._document(row, form)
        reply.headers["ETag"] = tag
        return reply

    def _etag(self, id: int) -> str:
        version = 1 if "etag_never_changes" in self.bugs else self.versions[id]
        return f'"{id}.{version}"'

    def replace_document(self, call: Call) -> Reply:
        """A document anew."""
        old = self._known_document(call)
        match = call["If-Match"]
        same = match is None or match == "*" or self._etag(old["id"]) in match
        if not same and "if_match_ignored" not in self.bugs:
            raise Refused(412, "The document has changed.")
        row = {"id": old["id"]} | self._fields(call) | {"createdAt": old["createdAt"]}
        self.documents[old["id"]] = row
        self.versions[old["id"]] += 1
        return Reply(row, headers={"ETag": self._etag(old["id"])})

    def delete_document(self, call: Call) -> Reply:
        """No such document any more, nor its content."""
        id = self._known_document(call)["id"]
        going = [id]
        if "delete_takes_more" in self.bugs:
            going = [one for one in self.documents if str(one).startswith(str(id))]
        for one in going:
            del self.documents[one]
            if "content_stays" not in self.bugs:
                self.contents.pop(one, None)
        return Reply(status=204)

    def _known_document(self, call: Call) -> Row:
        row = self.documents.get(call["documentId"])
        if row is None:
            raise Refused(404, "There is no such document.")
        return row

    def read_content(self, call: Call) -> Reply:
        """The bytes of a document."""
        content = self.contents.get(call["documentId"])
        if content is None:
            raise Refused(404, "There is no such content.")
        return Reply(content, media_type="application/octet-stream")

    def put_content(self, call: Call) -> Reply:
        """The bytes of a document anew."""
        id = self._known_document(call)["id"]
        content: bytes = call.body
        if "empty_content_crashes" in self.bugs and not content:
            raise IndexError("cannot tell the type of 0 bytes")
        if "line_ends_changed" in self.bugs:
            content = content.replace(b"\r\n", b"\n")
        self.contents[id] = content
        return Reply(status=204)

    def list_tags(self, _call: Call) -> Reply:
        """All tags."""
        if "new_tag_not_listed" in self.bugs:
            return Reply([tag for tag in self.listed_tags if tag["id"] in self.tags])
        return Reply(list(self.tags.values()), media_type=self._type_of_tags())

    def _type_of_tags(self) -> str:
        return "text/html" if "tag_as_html" in self.bugs else "application/json"

    def create_tag(self, call: Call) -> Reply:
        """One tag more, with a name of its own."""
        name = call.body["name"]
        if "nul_crashes" in self.bugs and "\0" in name:
            raise ValueError("embedded null character")
        if any(row["name"] == name for row in list(self.tags.values())):
            if "known_tag_crashes" in self.bugs:
                raise RuntimeError("UNIQUE constraint failed: tags.name")
            raise Refused(409, "There is a tag of this name.")
        if "tag_created_twice" in self.bugs:
            time.sleep(0.01)
        self.created += 1
        self.listed_tags = list(self.tags.values())
        row = {"id": self.created, "name": name}
        self.tags[row["id"]] = row
        return Reply(row, 201)

    def read_tag(self, call: Call) -> Reply:
        """One tag."""
        return Reply(self._known_tag(call), media_type=self._type_of_tags())

    def delete_tag(self, call: Call) -> Reply:
        """No such tag any more."""
        row = self.tags.pop(self._known_tag(call)["id"])
        if "undocumented_status" in self.bugs:
            return Reply(row, 202)
        return Reply(status=204)

    def _known_tag(self, call: Call) -> Row:
        row = self.tags.get(call["tagId"])
        if row is None:
            raise Refused(404, "There is no such tag.")
        return row


def _wanted(call: Call, *forms: str) -> str:
    """The media type that the client likes best. Raises Refused where it likes none."""
    wanted = parse_accept_header(call.headers.get("accept") or "*/*", MIMEAccept)
    form = wanted.best_match(forms)
    if form is None:
        raise Refused(406, f"It comes as {' or '.join(forms)}.")
    return form


def _is_form(call: Call) -> bool:
    return "form-urlencoded" in call.headers.get("content-type", "")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def make_app(bugs: frozenset[str]) -> Any:
    """The library with those bugs."""
    return wsgi_app(Library(bugs))


LIBRARY = Server("library", make_app)


def _document(client: Client, headers: dict[str, str] | None = None, **given: Any) -> Row:
    body = {"title": "Minutes", "kind": "report"} | given
    answer = client.post("/documents", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    row: Row = answer.json()
    return row


def _path(client: Client) -> str:
    return f"/documents/{_document(client)['id']}"


def _content(client: Client, path: str, content: bytes) -> int:
    headers = {"Content-Type": "application/octet-stream"}
    return client.put(f"{path}/content", content=content, headers=headers).status_code


def _tag(client: Client, name: str = "new") -> int:
    return client.post("/tags", json={"name": name}).status_code


@LIBRARY.bug("readDocument", "createDocument", words=words.FORMS)
def xml_drops_zero(client: Client) -> bool:
    """In XML, a size of 0 and a public of false are missing."""
    text = client.get(_path(client), headers={"Accept": "application/xml"}).text
    return "<title>" in text and "<size>" not in text


@LIBRARY.bug("listDocuments", words=words.FORMS)
def csv_not_quoted(client: Client) -> bool:
    """In CSV, a title with a comma becomes two columns."""
    _document(client, title="Minutes, 2nd part")
    text = client.get("/documents", headers={"Accept": "text/csv"}).text
    return "1,Minutes, 2nd part,report" in text


@LIBRARY.bug("createDocument", "readDocument", words=words.FORMS + words.KEPT)
def form_flag_always_true(client: Client) -> bool:
    """A flag that a form sends as false becomes true."""
    form = {"title": "Minutes", "kind": "report", "public": "false"}
    return bool(client.post("/documents", data=form).json()["public"])


@LIBRARY.bug("readTag", words=words.FORMS)
def tag_as_html(client: Client) -> bool:
    """A tag says that it is HTML."""
    _tag(client)
    return client.get("/tags/1").headers["Content-Type"].startswith("text/html")


@LIBRARY.bug("readDocument", "replaceDocument", words=("etag", "304", "read back", "value"))
def etag_never_changes(client: Client) -> bool:
    """After a PUT, who has the old ETag is told that nothing changed."""
    path = _path(client)
    tag = client.get(path).headers["ETag"]
    client.put(path, json={"title": "Letter", "kind": "letter"})
    return client.get(path, headers={"If-None-Match": tag}).status_code == 304


@LIBRARY.bug(
    "replaceDocument", "readDocument", words=("etag", "if-match", "lost update", "412", "concurren")
)
def if_match_ignored(client: Client) -> bool:
    """A PUT with an ETag that the document never had is done."""
    body = {"title": "Letter", "kind": "letter"}
    answer = client.put(_path(client), json=body, headers={"If-Match": '"old"'})
    return answer.status_code == 200


@LIBRARY.bug("createDocument", "listDocuments", words=("idempoten", "twice"))
def key_acts_again(client: Client) -> bool:
    """The same idempotency key makes a second document."""
    key = {"Idempotency-Key": "k-1"}
    return bool(_document(client, key)["id"] != _document(client, key)["id"])


@LIBRARY.bug("createDocument", "readDocument", words=words.NOT_SETTABLE)
def id_settable(client: Client) -> bool:
    """A new document has the id that the client sends."""
    return bool(_document(client, id=777)["id"] == 777)


@LIBRARY.bug("createDocument", "replaceDocument", "readDocument", words=words.KEPT)
def size_wraps(client: Client) -> bool:
    """A size beyond 32 bits comes back as what its last 32 bits say."""
    return bool(_document(client, size=2**32 + 5)["size"] == 5)


@LIBRARY.bug("readDocument", words=words.CRASH, evidence="too big")
def large_id_crashes(client: Client) -> bool:
    """An id beyond 64 bits is a 500."""
    return client.get(f"/documents/{2**63}").status_code == 500


@LIBRARY.bug("createTag", words=words.CRASH, evidence="null character")
def nul_crashes(client: Client) -> bool:
    """A name with a NUL is a 500."""
    return _tag(client, "a\0b") == 500


@LIBRARY.bug("putContent", words=words.CRASH, evidence="0 bytes")
def empty_content_crashes(client: Client) -> bool:
    """Content of no bytes is a 500."""
    return _content(client, _path(client), b"") == 500


@LIBRARY.bug("putContent", "readContent", words=words.KEPT)
def line_ends_changed(client: Client) -> bool:
    """The bytes of line ends are changed."""
    path = _path(client)
    _content(client, path, b"a\r\nb")
    return client.get(f"{path}/content").content == b"a\nb"


@LIBRARY.bug("deleteDocument", "readContent", words=words.GONE)
def content_stays(client: Client) -> bool:
    """The content of a deleted document can be read."""
    path = _path(client)
    _content(client, path, b"text")
    client.delete(path)
    return client.get(f"{path}/content").status_code == 200


@LIBRARY.bug("deleteDocument", "readDocument", "listDocuments", words=words.NAMED)
def delete_takes_more(client: Client) -> bool:
    """Deleting document 1 deletes 10 as well."""
    for _ in range(10):
        _document(client)
    client.delete("/documents/1")
    return client.get("/documents/10").status_code == 404


@LIBRARY.bug("createDocument", words=("required", "schema", "createdat"))
def created_at_missing(client: Client) -> bool:
    """The answer to a create misses a required property."""
    return "createdAt" not in _document(client)


@LIBRARY.bug("createTag", words=words.CRASH + words.CONFLICTS, evidence="constraint")
def known_tag_crashes(client: Client) -> bool:
    """A second tag of the same name is a 500."""
    return [_tag(client), _tag(client)] == [201, 500]


@LIBRARY.bug("createTag", "listTags", words=words.RACES)
def tag_created_twice(client: Client) -> bool:
    """Tags made at the same time all get the same name."""
    return at_once(lambda: _tag(client)).count(201) > 1


@LIBRARY.bug("createTag", "listTags", words=words.LISTED)
def new_tag_not_listed(client: Client) -> bool:
    """The newest tag is missing in the list."""
    _tag(client)
    return bool(client.get("/tags").json() == [])


@LIBRARY.bug("deleteTag", words=("status", "undocumented"))
def undocumented_status(client: Client) -> bool:
    """Deleting a tag answers with a status that is not described."""
    _tag(client)
    return client.delete("/tags/1").status_code == 202


app = LIBRARY.from_environment()
