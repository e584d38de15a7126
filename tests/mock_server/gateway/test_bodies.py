"""Bodies that are no plain JSON: compressed, forms by encoding, multipart, sequences, text."""

import gzip
import json
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.gateway.bodies import body_reader
from mock_server.gateway.content_coding import MOST_BYTES, decoded
from mock_server.refusals import TooLarge
from openapi.description import Content
from tests.mock_server.gateway.own import own_api, places, refused

DESCRIPTION = """
paths:
  /json:
    put:
      operationId: json
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {"200": {content: {application/json: {}}}}
  /form:
    put:
      operationId: form
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              properties:
                comma: {type: array, items: {type: integer}}
                piped: {type: array, items: {type: string}}
                colour: {$ref: '#/components/schemas/Colour'}
                deep: {$ref: '#/components/schemas/Colour'}
                flat: {$ref: '#/components/schemas/Colour'}
                json: {type: array, items: {type: integer}}
            encoding:
              comma: {explode: false}
              piped: {style: pipeDelimited, explode: false}
              deep: {style: deepObject, explode: true}
              flat: {style: form, explode: false}
              json: {contentType: application/json}
      responses: {"200": {content: {application/json: {}}}}
  /parts:
    put:
      operationId: parts
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              required: [count]
              properties:
                count: {type: integer}
                colour: {$ref: '#/components/schemas/Colour'}
                xml: {$ref: '#/components/schemas/Colour'}
                colours: {type: array, items: {$ref: '#/components/schemas/Colour'}}
                numbers: {type: array, items: {type: integer}}
                picture: {type: string, format: binary}
                files: {type: array, items: {type: string, format: binary}}
                note: {type: string, maxLength: 6}
                signed: {type: string}
            encoding:
              xml: {contentType: application/xml}
              picture: {contentType: "image/png, image/jpeg"}
              signed: {headers: {X-Signature: {required: true, schema: {type: string}}}}
      responses: {"200": {content: {application/json: {}}}}
  /mixed:
    put:
      operationId: mixed
      requestBody:
        content: {multipart/mixed: {schema: {type: array, items: {type: object}}}}
      responses: {"200": {content: {application/json: {}}}}
  /text:
    put:
      operationId: text
      requestBody:
        content:
          text/plain: {schema: {type: [integer, boolean]}}
          text/csv: {schema: {type: string}}
      responses: {"200": {content: {application/json: {}}}}
  /lines:
    put:
      operationId: lines
      requestBody:
        content:
          application/x-ndjson: {schema: {$ref: '#/components/schemas/Colour'}}
          application/jsonl: {itemSchema: {$ref: '#/components/schemas/Colour'}}
          application/json-seq: {itemSchema: {$ref: '#/components/schemas/Colour'}}
      responses:
        "200":
          content:
            application/json: {}
            application/x-ndjson: {schema: {$ref: '#/components/schemas/Colour'}}
            application/json-seq: {itemSchema: {$ref: '#/components/schemas/Colour'}}
            text/event-stream: {itemSchema: {type: object}}
  /image:
    put:
      operationId: image
      requestBody:
        content:
          image/*: {schema: {type: string, format: binary}}
          application/octet-stream: {}
      responses: {"200": {content: {application/json: {}}}}
components:
  schemas:
    Colour:
      type: object
      required: [red]
      properties: {red: {type: integer}, name: {type: string}}
"""
BEHAVIOUR = """
def json(sandbox, *, body): return body
def form(sandbox, *, body=None): return body
def parts(sandbox, *, body=None): return body
def mixed(sandbox, *, body=None): return body
def text(sandbox, *, body=None): return body
def lines(sandbox, *, body=None): return body
def image(sandbox, *, body=None): return body
"""


@pytest.fixture
def api(tmp_path: Path) -> httpx.Client:
    """A client of a server that answers with the body as it was read."""
    return own_api(tmp_path, DESCRIPTION, BEHAVIOUR)


def put(api: httpx.Client, path: str, content: bytes, **headers: str) -> httpx.Response:
    """The answer to a body with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.put(path, content=content, headers={"Content-Type": "application/json", **named})


def zipped(content: bytes) -> bytes:
    """Gzipped, the same each time."""
    return gzip.compress(content, mtime=0)


def raw_deflated(content: bytes) -> bytes:
    """Deflated without the wrapping that RFC 9110 asks for, as some clients do."""
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(content) + compressor.flush()


@pytest.mark.parametrize(
    ("coding", "content"),
    [
        ("gzip", zipped(b'{"a":1}')),
        ("X-GZIP", zipped(b'{"a":1}')),
        ("gzip", zipped(b'{"a"') + zipped(b":1}")),
        ("deflate", zlib.compress(b'{"a":1}')),
        ("deflate", raw_deflated(b'{"a":1}')),
        ("deflate, gzip", zipped(zlib.compress(b'{"a":1}'))),
        ("identity", b'{"a":1}'),
        ("", b'{"a":1}'),
    ],
)
def test_compressed_bodies_are_read(api: httpx.Client, coding: str, content: bytes) -> None:
    """A body is read through its content codings, the last one first (RFC 9110 section 8.4)."""
    assert put(api, "/json", content, Content_Encoding=coding).json() == {"a": 1}


@pytest.mark.parametrize(
    ("coding", "content"),
    [("gzip", b'{"a":1}'), ("gzip", zipped(b'{"a":1}')[:-3]), ("deflate", b"\xff")],
)
def test_what_does_not_fit_its_coding_is_refused(
    api: httpx.Client, coding: str, content: bytes
) -> None:
    """A body that cannot be decoded is refused, and the coding is named."""
    detail = refused(put(api, "/json", content, Content_Encoding=coding), 400)["detail"]
    assert coding in detail


def test_unknown_codings_are_refused_with_those_that_are_known(api: httpx.Client) -> None:
    """Another coding is 415 with `Accept-Encoding` (RFC 9110 section 15.5.16)."""
    answer = put(api, "/json", b"{}", Content_Encoding="gzip, br")
    refused(answer, 415)
    assert answer.headers["accept-encoding"] == "gzip, deflate"


def test_a_bomb_does_not_go_off(api: httpx.Client) -> None:
    """A small body that would decode to more than the limit is refused, also when nested."""
    bomb = zipped(b" " * (MOST_BYTES + 1))
    assert len(bomb) < MOST_BYTES / 100
    refused(put(api, "/json", bomb, Content_Encoding="gzip"), 413)
    nested = zipped(zipped(b" " * MOST_BYTES) * 200)
    refused(put(api, "/json", nested, Content_Encoding="gzip, gzip"), 413)


def test_no_more_is_decoded_than_the_limit() -> None:
    """What a bomb would become is never held in memory."""
    bomb = zipped(bytes(10 * MOST_BYTES))
    tracemalloc.start()
    with pytest.raises(TooLarge):
        decoded(bomb, "gzip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * MOST_BYTES


def form(api: httpx.Client, content: str) -> httpx.Response:
    """The answer to a URL-encoded form."""
    kind = "application/x-www-form-urlencoded"
    return put(api, "/form", content.encode(), Content_Type=kind)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("comma=1,2", {"comma": [1, 2]}),
        ("piped=a%7Cb|c", {"piped": ["a", "b", "c"]}),
        ('colour={"red":1}', {"colour": {"red": 1}}),
        ("colour[red]=1&colour[name]=a+b", {"colour": {"red": 1, "name": "a b"}}),
        ("deep%5Bred%5D=1", {"deep": {"red": 1}}),
        ("flat=red,1,name,x", {"flat": {"red": 1, "name": "x"}}),
        ("json=[1,2]", {"json": [1, 2]}),
        ("other=1&other=2&one=3", {"other": ["1", "2"], "one": "3"}),
    ],
)
def test_form_fields_follow_their_encoding(
    api: httpx.Client, content: str, value: dict[str, Any]
) -> None:
    """Style, explode and content type of a field's encoding say how it is written."""
    assert form(api, content).json() == value


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ("comma=1,x", "/comma/1"),
        ("colour={red}", "/colour"),
        ("colour[name]=x", "/colour/red"),
        ("flat=red", "/flat"),
        ("json=x", "/json"),
    ],
)
def test_wrong_form_fields_are_refused(api: httpx.Client, content: str, pointer: str) -> None:
    """A field that cannot be read as its encoding says is refused with its place."""
    assert places(form(api, content)) == [("body", pointer)]


File = tuple[str | None, bytes | str] | tuple[str | None, bytes | str, str]


def parts(api: httpx.Client, *sent: tuple[str, File]) -> httpx.Response:
    """The answer to these parts: name, and file name, content and media type."""
    return api.put("/parts", files=[*sent, ("count", (None, "1"))])


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ([("colour", (None, '{"red": 1}'))], {"colour": {"red": 1}}),
        ([("colour", (None, '{"red": 1}', "application/json"))], {"colour": {"red": 1}}),
        ([("colour", (None, '{"red": 1}', "text/plain"))], {"colour": {"red": 1}}),
        ([("xml", (None, "<xml><red>1</red></xml>"))], {"xml": {"red": 1}}),
        (
            [("colours", (None, '{"red": 1}')), ("colours", (None, '{"red": 2}'))],
            {"colours": [{"red": 1}, {"red": 2}]},
        ),
        ([("colours", (None, '[{"red": 1}]', "application/json"))], {"colours": [{"red": 1}]}),
        ([("numbers", (None, "1")), ("numbers", (None, "2"))], {"numbers": [1, 2]}),
        ([("picture", ("a.png", b"\xff\x00", "image/png"))], {"picture": "\xff\x00"}),
        ([("files", ("a.json", b"{}", "application/json"))], {"files": ["{}"]}),
        ([("files", ("a", b"\xfe")), ("files", ("b", b"\r\n"))], {"files": ["\xfe", "\r\n"]}),
        ([("note", (None, "h\u00e4"))], {"note": "h\u00e4"}),
        ([("note", (None, b"h\xe4", "text/plain; charset=latin-1"))], {"note": "h\u00e4"}),
        ([("gr\u00f6\u00dfe", (None, "1"))], {"gr\u00f6\u00dfe": "1"}),
        ([("x", (None, "1")), ("x", (None, "2"))], {"x": ["1", "2"]}),
        ([("x", (None, '{"y": 1}', "application/json"))], {"x": {"y": 1}}),
    ],
)
def test_parts_are_read_by_type_and_description(
    api: httpx.Client, sent: list[tuple[str, File]], value: dict[str, Any]
) -> None:
    """Each part has the type of its property; JSON, XML, texts and files are told apart."""
    answer = parts(api, *sent)
    assert (answer.status_code, answer.json()) == (200, value | {"count": 1})


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        (("picture", ("a.gif", b"GIF", "image/gif")), "/picture"),
        (("colour", (None, "{")), "/colour"),
        (("colour", (None, '{"red": "x"}')), "/colour/red"),
        (("xml", (None, "<xml>")), "/xml"),
        (("numbers", (None, "x")), "/numbers/0"),
        (("note", (None, "seven!!")), "/note"),
        (("note", (None, b"\xff")), "/note"),
        (("note", (None, "x", "text/plain; charset=none")), "/note"),
        (("count", (None, "2")), "/count"),
        (("signed", (None, "x")), "/signed"),
    ],
)
def test_a_wrong_part_is_refused_with_its_name(
    api: httpx.Client, sent: tuple[str, File], place: str
) -> None:
    """A part of another type, without its header, or that cannot be read, is where the fault is."""
    assert places(parts(api, sent)) == [("body", place)]


def test_a_part_may_need_headers(api: httpx.Client) -> None:
    """A header that the encoding requires makes the part readable."""
    content = (
        b"--x\r\nContent-Disposition: form-data; name=signed\r\nX-Signature: s\r\n\r\nme\r\n"
        b"--x\r\nContent-Disposition: form-data; name=count\r\n\r\n1\r\n--x--\r\n"
    )
    answer = put(api, "/parts", content, Content_Type="multipart/form-data; boundary=x")
    assert answer.json() == {"signed": "me", "count": 1}


@pytest.mark.parametrize(
    ("media_type", "status"),
    [("multipart/form-data", 415), ("multipart/form-data; boundary=y", 422)],
)
def test_a_boundary_is_needed(api: httpx.Client, media_type: str, status: int) -> None:
    """A multipart type without a boundary is none; one that does not fit is a fault of the body."""
    refused(put(api, "/parts", b"--x\r\n\r\n--x--", Content_Type=media_type), status)


def test_parts_without_names_are_a_list(api: httpx.Client) -> None:
    """A multipart body that is described as an array is the list of its parts."""
    content = b'--x\r\nContent-Type: application/json\r\n\r\n{"a": 1}\r\n--x\r\n\r\n{}\r\n--x--'
    answer = put(api, "/mixed", content, Content_Type="multipart/mixed; boundary=x")
    assert answer.json() == [{"a": 1}, {}]


@given(st.lists(st.binary(), min_size=1, max_size=4))
def test_files_come_out_as_they_went_in(files: list[bytes]) -> None:
    """Any bytes survive a multipart body, line ends and what looks like a boundary included."""
    request = httpx.Request("PUT", "http://x", files=[("f", ("n", file)) for file in files])
    schema = {"properties": {"f": {"type": "array", "items": {"type": "string"}}}}
    read = body_reader("multipart/form-data", Content(schema))
    value = read(request.read(), request.headers["content-type"])
    assert [text.encode("latin-1") for text in value["f"]] == files


@pytest.mark.parametrize(
    ("content", "media_type", "value"),
    [
        (b" 12\n", "text/plain", 12),
        (b"true", "text/plain", True),
        (b"12", "text/csv", "12"),
        (b"\xe4", "text/csv; charset=ISO-8859-1", "\u00e4"),
        ("\u00e4".encode("utf-16"), 'text/csv; charset="utf-16"', "\u00e4"),
    ],
)
def test_text_is_typed_and_decoded(
    api: httpx.Client, content: bytes, media_type: str, value: Any
) -> None:
    """A text is the number or boolean that its schema wants, in the charset that is named."""
    assert put(api, "/text", content, Content_Type=media_type).json() == value


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(b"x", "text/plain"), (b"\xff", "text/csv"), (b"x", "text/csv; charset=none")],
)
def test_text_of_another_kind_is_refused(
    api: httpx.Client, content: bytes, media_type: str
) -> None:
    """A text that is no number, or not in its charset, is refused."""
    assert places(put(api, "/text", content, Content_Type=media_type)) == [("body", "")]


COLOURS = [{"red": 1}, {"red": 2, "name": "x"}]


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("application/x-ndjson", b'{"red":1}\n{"red":2,"name":"x"}\n'),
        ("application/x-ndjson", b'{"red":1}\r\n\r\n{"red":2,"name":"x"}'),
        ("application/jsonl", b'{"red":1}\n{"red":2,"name":"x"}'),
        ("application/json-seq", b'\x1e{"red":\n1}\n\x1e{"red":2,"name":"x"}\n'),
    ],
)
def test_sequences_are_read(api: httpx.Client, media_type: str, content: bytes) -> None:
    """A body of JSON values in a row is their list."""
    assert put(api, "/lines", content, Content_Type=media_type).json() == COLOURS


@pytest.mark.parametrize(
    ("content", "pointer"),
    [(b'{"red":1}\n{"red"}', "/1"), (b'{"red":1}\n{"red":"x"}', "/1/red"), (b"\xff", "")],
)
def test_a_wrong_value_of_a_sequence_has_its_place(
    api: httpx.Client, content: bytes, pointer: str
) -> None:
    """The pointer of a fault begins with the number of the value."""
    answer = put(api, "/lines", content, Content_Type="application/x-ndjson")
    assert places(answer) == [("body", pointer)]


@pytest.mark.parametrize(
    ("accept", "text"),
    [
        ("application/x-ndjson", '{"red":1}\n{"red":2,"name":"x"}\n'),
        ("application/json-seq", '\x1e{"red":1}\n\x1e{"red":2,"name":"x"}\n'),
        ("text/event-stream", 'data: {"red":1}\n\ndata: {"red":2,"name":"x"}\n\n'),
    ],
)
def test_sequences_are_written(api: httpx.Client, accept: str, text: str) -> None:
    """A list is written as one value after the other where its media type says so."""
    content = json.dumps(COLOURS[0]) + "\n" + json.dumps(COLOURS[1])
    kind = "application/x-ndjson"
    answer = put(api, "/lines", content.encode(), Content_Type=kind, Accept=accept)
    assert answer.text == text
    assert answer.headers["content-type"].partition(";")[0] == accept


def test_events_have_their_fields(api: httpx.Client) -> None:
    """An event with data has each of its fields on lines of its own (HTML, 9.2.6)."""
    event = {"red": 1, "event": "new", "id": "7", "data": "two\nlines"}
    answer = put(
        api,
        "/lines",
        json.dumps(event).encode(),
        Content_Type="application/x-ndjson",
        Accept="text/event-stream",
    )
    assert answer.text == "event: new\ndata: two\ndata: lines\nid: 7\n\n"


@pytest.mark.parametrize("media_type", ["image/png", "application/octet-stream"])
def test_bytes_are_read(api: httpx.Client, media_type: str) -> None:
    """Bytes under a range, or without any schema, have one character each."""
    answer = put(api, "/image", b"\x89PNG\xff", Content_Type=media_type)
    assert answer.json() == "\x89PNG\xff"
