"""XML bodies: written and read by the `xml` hints of the description."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_server.gateway import xml_value
from mock_server.gateway.xml_shape import INSTANCE
from mock_server.gateway.xml_text import rendered
from openapi.schemas import standing_alone
from tests.mock_server.gateway.own import own_api, places

DESCRIPTION = """
paths:
  /pets:
    put:
      operationId: echo
      requestBody:
        required: true
        content: {application/xml: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses:
        "200":
          content:
            application/json: {}
            application/xml: {schema: {$ref: '#/components/schemas/Pet'}}
  /raw:
    put:
      operationId: raw
      requestBody: {content: {text/xml: {schema: {type: string}}}}
      responses: {"200": {content: {application/json: {}}}}
components:
  schemas:
    Pet:
      type: object
      required: [id]
      xml: {name: pet, namespace: "http://pets.test/", prefix: p}
      properties:
        id: {type: integer, xml: {attribute: true}}
        name: {type: string, xml: {name: called}}
        alive: {type: boolean}
        weight: {type: [number, 'null']}
        tags:
          type: array
          xml: {name: labels, wrapped: true}
          items: {type: string, xml: {name: label}}
        legs: {type: array, items: {type: integer, xml: {name: leg}}}
        friends: {type: array, items: {$ref: '#/components/schemas/Pet'}}
        home: {$ref: '#/components/schemas/Home'}
        note:
          allOf: [{$ref: '#/components/schemas/Note'}]
          xml: {namespace: "http://notes.test/", prefix: n}
    Home: {type: object, properties: {street: {type: string, xml: {prefix: p}}}}
    Note:
      type: object
      properties:
        text: {type: string, xml: {nodeType: text}}
        lang: {type: string, xml: {attribute: true}}
"""
BEHAVIOUR = """
def echo(sandbox, *, body): return body
def raw(sandbox, *, body=None): return body
"""


@pytest.fixture
def api(tmp_path: Path) -> httpx.Client:
    """A client of a server that answers with the body as it was read."""
    return own_api(tmp_path, DESCRIPTION, BEHAVIOUR)


def put(api: httpx.Client, content: str | bytes, **headers: str) -> httpx.Response:
    """The answer to an XML body."""
    sent = {"Content-Type": "application/xml", "Accept": "application/json"} | headers
    return api.put("/pets", content=content, headers=sent)


def parsed(text: str) -> ET.Element:
    """The root of a document, as another parser reads it."""
    return ET.fromstring(text)  # noqa: S314 - it was written here


PET = {
    "id": 1,
    "name": "Tom & <Jerry>",
    "alive": True,
    "weight": 4.5,
    "tags": ["a", " b "],
    "legs": [1, 2],
    "friends": [{"id": 2}, {"id": 3, "tags": []}],
    "home": {"street": "High Street"},
    "note": {"text": "a note", "lang": "en"},
}
XML = """<?xml version="1.0"?>
<!-- a pet -->
<p:pet xmlns:p="http://pets.test/" id="1">
  <called>Tom &amp; <![CDATA[<Jerry>]]></called>
  <alive> true </alive>
  <weight>4.5</weight>
  <labels><label>a</label><label> b </label></labels>
  <leg>1</leg>
  <p:pet id="2"/>
  <leg>2</leg>
  <p:pet id="3"><labels/></p:pet>
  <home><p:street>High Street</p:street></home>
  <n:note xmlns:n="http://notes.test/" lang="en">a note</n:note>
</p:pet>"""


def test_xml_is_read_by_its_hints(api: httpx.Client) -> None:
    """Attributes, other names, wrapped and bare arrays, namespaces and types become the value."""
    assert put(api, XML).json() == PET


def test_a_value_is_written_and_read_back(api: httpx.Client) -> None:
    """What the mock writes is well-formed with its namespaces, and reads back the same."""
    written = put(api, XML, Accept="application/xml")
    root = parsed(written.text)
    assert root.tag == "{http://pets.test/}pet"
    assert root.find("{http://notes.test/}note") is not None
    assert root.find("home/{http://pets.test/}street") is not None
    assert put(api, written.content).json() == PET


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ('<pet id="1"/>', {"id": 1}),
        ('<x:pet xmlns:x="http://pets.test/" id="1"/>', {"id": 1}),
        (
            '<pet xmlns="http://pets.test/" id="1"><alive>true</alive></pet>',
            {"id": 1, "alive": True},
        ),
        ('<pet id="1"><weight/></pet>', {"id": 1, "weight": None}),
        ('<pet id="1"><extra>1</extra></pet>', {"id": 1, "extra": "1"}),
        ('<pet id="1"><extra>1</extra><extra a="b"/></pet>', {"id": 1, "extra": ["1", {"a": "b"}]}),
        (
            f'<pet id="1" xmlns:i="{INSTANCE}"><weight i:nil="true"/></pet>',
            {"id": 1, "weight": None},
        ),
    ],
)
def test_xml_is_read_generously(api: httpx.Client, content: str, value: dict[str, Any]) -> None:
    """Prefixes may differ or be missing, and what is not described is kept."""
    assert put(api, content).json() == value


def test_the_charset_may_be_named(api: httpx.Client) -> None:
    """The header's charset, or that of the XML declaration, says how the bytes are read."""
    text = '<pet id="1"><called>\u00e4</called></pet>'
    kind = "application/xml; charset=iso-8859-1"
    declared = '<?xml version="1.0" encoding="iso-8859-1"?>' + text
    for answer in (
        put(api, text.encode("latin-1"), **{"Content-Type": kind}),
        put(api, declared.encode("latin-1")),
        put(api, text.encode()),
    ):
        assert answer.json()["name"] == "\u00e4"


@pytest.mark.parametrize(
    ("content", "pointer", "reason"),
    [
        ("<pet>", "", "no element found at line 1, column 6"),
        ("{}", "", "not well-formed (invalid token) at line 1, column 1"),
        ('<pet id="1" id="2"/>', "", "duplicate attribute"),
        ("<cat/>", "", "its root is `cat`"),
        ('<pet xmlns="http://cats.test/" id="1"/>', "", "its root is `pet`"),
        ('<pet id="x"/>', "/id", "integer"),
        ('<pet id="1"><leg>one</leg></pet>', "/legs/0", "integer"),
        ('<pet id="1"><alive>true</alive><alive>true</alive></pet>', "/alive", "boolean"),
        ("<pet/>", "/id", "missing"),
        (f'<pet id="{"9" * 5000}"/>', "", "too many digits"),
        ("<pet>" * 201, "", "nested too deeply"),
        (b'<pet id="1">\xff</pet>', "", "not well-formed"),
    ],
)
def test_wrong_xml_is_refused(
    api: httpx.Client, content: str | bytes, pointer: str, reason: str
) -> None:
    """XML that is malformed or breaks the schema is refused with the place."""
    answer = put(api, content)
    assert places(answer) == [("body", pointer)]
    assert reason in answer.json()["detail"]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE pet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE pet [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE pet SYSTEM "http://evil.test/pet.dtd">',
        '<!DOCTYPE pet [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>',
    ],
)
def test_no_entity_is_expanded(api: httpx.Client, declaration: str) -> None:
    """Entity bombs and external entities are refused before anything is expanded or fetched."""
    answer = put(api, f'{declaration}<pet id="1"><called>&a;</called></pet>')
    assert "document type declaration" in answer.json()["detail"]
    assert places(answer) == [("body", "")]


def test_xml_that_is_a_string_stays_as_it_is(api: httpx.Client) -> None:
    """A body that is described as a string is handed on unread, but must be well-formed."""
    headers = {"Content-Type": "text/xml"}
    assert api.put("/raw", content="<a>1</a>", headers=headers).json() == "<a>1</a>"
    assert places(api.put("/raw", content="<a>", headers=headers)) == [("body", "")]


_NAMES = st.from_regex(r"[a-z]{1,4}", fullmatch=True)
_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\r\n\t")
).filter(lambda text: not set(text) & {"\ufffe", "\uffff"})
_NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": _TEXTS,
    "integer": st.integers(),
    "number": _NUMBERS,
    "boolean": st.booleans(),
}

Case = tuple[dict[str, Any], Any]


@st.composite
def scalars(draw: st.DrawFn) -> Case:
    """A schema of a scalar, and a value of it."""
    kind = draw(st.sampled_from(sorted(_SCALARS)))
    return {"type": kind}, draw(_SCALARS[kind])


@st.composite
def lists(draw: st.DrawFn, below: st.SearchStrategy[Case]) -> Case:
    """A schema of a list with its own element, and a value of it."""
    items, value = draw(below)
    schema = {"type": "array", "items": items, "xml": {"wrapped": True}}
    return schema, [value] * draw(st.integers(0, 3))


@st.composite
def objects(draw: st.DrawFn, below: st.SearchStrategy[Case]) -> Case:
    """A schema of an object with hints of every kind, and a value of it."""
    properties, value = {}, {}
    for name, (schema, inner) in draw(st.dictionaries(_NAMES, below, max_size=4)).items():
        hints = dict(schema.get("xml", {}))
        # Names are unlike those of properties, so that no two elements are called the same.
        hints |= draw(st.just({}) | st.just({"name": name.upper()}))
        hints |= draw(st.just({}) | st.just({"namespace": f"http://{name}.test/", "prefix": name}))
        if schema["type"] in _SCALARS and draw(st.booleans()):
            hints["attribute"] = True
        properties[name], value[name] = schema | {"xml": hints}, inner
    return {"type": "object", "properties": properties}, value


CASES = st.recursive(scalars(), lambda below: lists(below) | objects(below), max_leaves=8)


@example(({"type": "string"}, " a\r\nb\rc\n "))
@example(({"type": "string", "xml": {"attribute": True}}, " a\r\nb\tc\n "))
@given(CASES)
def test_what_is_written_is_read_back(case: Case) -> None:
    """Any value of any schema with hints is the same once it was XML."""
    schema, value = case
    alone = standing_alone({}, {"type": "object", "properties": {"it": schema}})
    text = rendered({"it": value}, alone)
    parsed(text)
    assert xml_value.read(text.encode(), alone) == {"it": value}


@given(st.text())
def test_any_text_makes_well_formed_xml(text: str) -> None:
    """Characters that XML cannot hold are replaced, never written."""
    parsed(rendered({"it": text}, {"properties": {"it": {"xml": {"attribute": True}}}}))
    parsed(rendered({"it": text}, None))
