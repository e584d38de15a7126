"""Parameters: every style, there and back by an encoder of RFC 6570 that is written here."""

import itertools
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.gateway.parameters import typed
from tests.mock_server.gateway.own import ECHO, own_api, places, refused

SCHEMAS = {
    "text": "{type: string}",
    "number": "{type: number}",
    "list": "{type: array, items: {type: string}}",
    "numbers": "{type: array, items: {type: integer}}",
    "object": "{type: object, properties: {R: {type: integer}, G: {type: string},"
    " b c: {type: boolean}}}",
}
STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form",),
    "header": ("simple",),
}
OPERATORS = {
    # RFC 6570, appendix A: first, separator, named, what an empty value looks like
    "simple": ("", ",", False, ""),
    "label": (".", ".", False, ""),
    "matrix": (";", ";", True, ""),
    "form": ("?", "&", True, "="),
}


def expansion(style: str, explode: bool, name: str, value: Any) -> str:
    """The expansion of a variable as RFC 6570 section 3.2.1 defines it."""
    first, separator, named, if_empty = OPERATORS[style]
    start = f"{encoded(name)}" if named else ""

    def pair(key: str, item: Any) -> str:
        text = encoded(item)
        return f"{key}={text}" if text or not named else f"{key}{if_empty}"

    if isinstance(value, dict):
        if explode:
            return first + separator.join(pair(encoded(k), v) for k, v in value.items())
        joined = ",".join(encoded(part) for kv in value.items() for part in kv)
    elif isinstance(value, list):
        if explode:
            pieces = [pair(start, item) if named else encoded(item) for item in value]
            return first + separator.join(pieces)
        joined = ",".join(encoded(item) for item in value)
    else:
        return first + (pair(start, value) if named else encoded(value))
    return first + (f"{start}={joined}" if named else joined)


def plain(value: Any) -> str:
    """A value as text, before anything is encoded."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def encoded(value: Any) -> str:
    """A value as text in which only unreserved characters are left as they are."""
    return quote(plain(value), safe="")


@pytest.mark.parametrize(
    ("style", "explode", "value", "expected"),
    [
        ("simple", False, ["red", "green"], "red,green"),
        ("simple", True, {"semi": ";", "dot": "."}, "semi=%3B,dot=."),
        ("label", False, ["red", "green"], ".red,green"),
        ("label", True, ["red", "green"], ".red.green"),
        ("label", True, {"semi": ";", "dot": "."}, ".semi=%3B.dot=."),
        ("matrix", False, {"semi": ";", "dot": "."}, ";keys=semi,%3B,dot,."),
        ("matrix", True, ["red", ""], ";keys=red;keys"),
        ("matrix", False, "", ";keys"),
        ("form", False, ["red", "green"], "?keys=red,green"),
        ("form", True, {"semi": ";", "comma": ","}, "?semi=%3B&comma=%2C"),
        ("form", True, "", "?keys="),
    ],
)
def test_the_encoder_keeps_to_the_examples_of_rfc_6570(
    style: str, explode: bool, value: Any, expected: str
) -> None:
    """The encoder of these tests expands as the examples of RFC 6570 section 3.2 do."""
    assert expansion(style, explode, "keys", value) == expected


def paths() -> str:
    """One operation for each place, style, explode and schema: `/PLACE/STYLE/EXPLODE/SCHEMA`."""
    found = ["paths:"]
    combinations = [
        (place, style, explode, kind)
        for place, styles in STYLES.items()
        for style, explode, kind in itertools.product(styles, ("true", "false"), SCHEMAS)
    ]
    combinations += [
        ("query", style, "false", kind)
        for style in ("spaceDelimited", "pipeDelimited")
        for kind in ("list", "numbers", "object")
    ]
    combinations += [("query", "deepObject", "true", "object")]
    combinations += [("cookie", "form", "false", kind) for kind in SCHEMAS]
    for place, style, explode, kind in combinations:
        path = f"/{place}/{style}/{explode}/{kind}"
        found.append(
            f"""
  {path}{"/{v}" if place == "path" else ""}:
    get:
      operationId: {place}_{style}_{explode}_{kind}
      parameters:
        - name: v
          in: {place}
          required: {str(place == "path").lower()}
          style: {style}
          explode: {explode}
          schema: {SCHEMAS[kind]}
      responses: {{"200": {{content: {{application/json: {{}}}}}}}}"""
        )
    return "\n".join(found)


def behaviour() -> str:
    """For each operation a function that answers with what it got as `v`."""
    ids = [line.split()[1] for line in paths().splitlines() if "operationId" in line]
    return "\n".join(f"def {id}(sandbox, *, v=None):\n    return v\n" for id in ids)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> httpx.Client:
    """A client of an API with every style."""
    return own_api(tmp_path_factory.mktemp("styles"), paths(), behaviour())


def get(api: httpx.Client, target: str, **headers: str) -> httpx.Response:
    """The answer to GET with that raw target and those headers."""
    url = httpx.URL("http://mock.test").copy_with(raw_path=target.encode())
    return api.send(api.build_request("GET", url, headers=headers))


def found(answer: httpx.Response) -> Any:
    """What the operation got."""
    assert answer.status_code == 200, answer.text
    return answer.json()


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="."), min_size=1)
"""Without a dot: as a label's separator it cannot be told from one in a value."""


def values_of(texts: st.SearchStrategy[str]) -> dict[str, st.SearchStrategy[Any]]:
    """Values by kind of schema; empty ones have no expansion, or one like that of no value."""
    objects = st.fixed_dictionaries(
        {}, optional={"R": st.integers(), "G": texts, "b c": st.booleans()}
    )
    return {
        "text": texts,
        "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        "list": st.lists(texts, min_size=1, max_size=4),
        "numbers": st.lists(st.integers(), min_size=1, max_size=4),
        "object": objects.filter(bool),
    }


def dotless(value: Any) -> bool:
    """True for what a label can carry."""
    return "." not in str(value)


@pytest.mark.parametrize("kind", SCHEMAS)
@pytest.mark.parametrize("explode", ["true", "false"])
@pytest.mark.parametrize("style", ["simple", "label", "matrix", "form"])
def test_what_is_expanded_is_read_back(
    api: httpx.Client, style: str, explode: str, kind: str
) -> None:
    """A value that is expanded into a path or query arrives as it was."""
    place = "query" if style == "form" else "path"

    @given(values_of(TEXTS)[kind].filter(dotless if style == "label" else lambda _: True))
    @settings(max_examples=20, deadline=None)
    def there_and_back(value: Any) -> None:
        sent = expansion(style, explode == "true", "v", value)
        slash = "/" if place == "path" else ""
        assert found(get(api, f"/{place}/{style}/{explode}/{kind}{slash}{sent}")) == value

    there_and_back()


PLAIN_TEXTS = st.text("abcXYZ019-_.~!*+é", min_size=1)
"""What a header or cookie carries as it is: neither is percent-encoded."""


@pytest.mark.parametrize("kind", SCHEMAS)
@pytest.mark.parametrize("explode", ["true", "false"])
def test_headers_are_read_back(api: httpx.Client, explode: str, kind: str) -> None:
    """A value in a header arrives as it was, with white space around it left out."""

    @given(values_of(PLAIN_TEXTS)[kind])
    @settings(max_examples=20, deadline=None)
    def there_and_back(value: Any) -> None:
        if isinstance(value, dict):
            sign = "=" if explode == "true" else ","
            text = ",".join(f"{k}{sign}{plain(v)}" for k, v in value.items())
        else:
            text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        url = f"http://mock.test/header/simple/{explode}/{kind}"
        assert found(api.get(url, headers=[(b"V", f" {text} ".encode("latin-1"))])) == value

    there_and_back()


@pytest.mark.parametrize("kind", SCHEMAS)
def test_cookies_are_read_back(api: httpx.Client, kind: str) -> None:
    """A value in a cookie arrives as it was."""

    @given(values_of(st.text("abcXYZ019-_.~!*+", min_size=1))[kind])
    @settings(max_examples=20, deadline=None)
    def there_and_back(value: Any) -> None:
        if isinstance(value, dict):
            value.pop("b c", None)  # a cookie holds no space
            text = ",".join(f"{k},{v}" for k, v in value.items())
        else:
            text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        expected = value or None
        cookie = f"a=1; v={text}; b=2" if text else "a=1"
        answer = get(api, f"/cookie/form/false/{kind}", Cookie=cookie)
        assert found(answer) == (value if kind in {"text", "number"} else expected)

    there_and_back()


@pytest.mark.parametrize("kind", ["list", "numbers", "object"])
@pytest.mark.parametrize(
    ("style", "delimiter"),
    [
        ("spaceDelimited", "%20"),
        ("spaceDelimited", "+"),
        ("pipeDelimited", "|"),
        ("pipeDelimited", "%7C"),
        ("pipeDelimited", "%7c"),
    ],
)
def test_delimited_lists_are_read_back(
    api: httpx.Client, style: str, delimiter: str, kind: str
) -> None:
    """Lists whose items are set apart by a space or a pipe, encoded or not, arrive as they were."""
    texts = st.text("abc,;.&=#é%", min_size=1)

    @given(values_of(texts)[kind])
    @settings(max_examples=15, deadline=None)
    def there_and_back(value: Any) -> None:
        if isinstance(value, dict):
            value.pop("b c", None)
        items = itertools.chain(*value.items()) if isinstance(value, dict) else value
        text = delimiter.join(encoded(item) for item in items)
        answer = get(api, f"/query/{style}/false/{kind}?v={text}")
        assert found(answer) == value

    there_and_back()


@given(values_of(TEXTS)["object"], st.booleans())
@settings(max_examples=20, deadline=None)
def test_deep_objects_are_read_back(
    api: httpx.Client, value: dict[str, Any], brackets_encoded: bool
) -> None:
    """An object of `name[key]=value` pairs arrives as it was, brackets encoded or not."""
    begin, end = ("%5B", "%5d") if brackets_encoded else ("[", "]")
    query = "&".join(f"v{begin}{encoded(k)}{end}={encoded(v)}" for k, v in value.items())
    assert found(get(api, f"/query/deepObject/true/object?other[R]=1&{query}")) == value


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("/query/form/true/text?v=a+b%2Bc", "a b+c"),
        ("/query/form/true/text?v=", ""),
        ("/query/form/true/text?v", ""),
        ("/query/form/true/text?v=a=b", "a=b"),
        ("/query/form/true/text?v=a,b", "a,b"),
        ("/query/form/true/text?%76=a", "a"),
        ("/query/form/true/text?&&v=a&", "a"),
        ("/query/form/true/text?V=a", None),
        ("/query/form/true/text?", None),
        ("/query/form/true/text?v=%zz", "%zz"),
        ("/query/form/true/list?v=a", ["a"]),
        ("/query/form/true/list?v=a&x=1&v=b,c", ["a", "b,c"]),
        ("/query/form/true/list?v=&v=a", ["", "a"]),
        ("/query/form/false/list?v=a,,b", ["a", "", "b"]),
        ("/query/form/false/list?v=a%2Cb,c", ["a,b", "c"]),
        ("/query/form/false/list?v=", []),
        ("/query/form/true/number?v=1e3", 1000.0),
        ("/query/form/true/number?v=-0.5", -0.5),
        ("/query/form/true/number?v=12", 12),
        ("/query/form/true/object?R=1&G=2&H=3", {"R": 1, "G": "2"}),
        ("/query/form/true/object?H=3", None),
        ("/query/form/true/object?b+c=true", {"b c": True}),
        ("/query/form/false/object?v=R,1,H,x", {"R": 1, "H": "x"}),
        ("/query/deepObject/true/object?v=1", None),
        ("/query/deepObject/true/object?v[R]=1&v[G]=&v[H]=x", {"R": 1, "G": "", "H": "x"}),
        ("/path/simple/false/list/a,b%2Cc", ["a", "b,c"]),
        ("/path/simple/true/object/R=1,G=a=b", {"R": 1, "G": "a=b"}),
        ("/path/label/false/text/.a.b", "a.b"),
        ("/path/label/false/text/a", "a"),
        ("/path/matrix/true/object/;R=1;G", {"R": 1, "G": ""}),
    ],
)
def test_edges_of_styles(api: httpx.Client, target: str, value: Any) -> None:
    """Odd but readable parameters mean what their style says."""
    answer = found(get(api, target))
    assert (answer, type(answer)) == (value, type(value))


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("/path/label/false/list/..a,.b", [".a", ".b"]),
        ("/path/label/false/numbers/.1,2", [1, 2]),
        ("/path/matrix/true/list/;v=a;v", ["a", ""]),
        ("/path/matrix/true/list/;v;v=a", ["", "a"]),
        ("/path/matrix/false/text/;v", ""),
    ],
)
def test_expansions_with_dots_and_empty_texts(api: httpx.Client, target: str, value: Any) -> None:
    """A label's items may begin with a dot, and a matrix leaves the `=` of an empty text out."""
    assert found(get(api, target)) == value


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("/query/form/true/text?v=a&v=b", ("query", "/v")),
        ("/query/form/true/text?v=a&%76=a", ("query", "/v")),
        ("/query/form/false/list?v=a&v=b", ("query", "/v")),
        ("/query/form/true/text?v=%ff", ("query", "/v")),
        ("/query/form/true/text?v=%C3", ("query", "/v")),
        ("/query/form/true/text?v=%ED%A0%80", ("query", "/v")),
        ("/query/form/true/text?%ff=1", ("query", "")),
        ("/query/form/true/list?v=a&v=%ff", ("query", "/v")),
        ("/query/deepObject/true/object?v[G]=%ff", ("query", "/v")),
        ("/query/form/true/object?G=%ff", ("query", "/v")),
        ("/query/form/false/object?v=R", ("query", "/v")),
        ("/query/form/true/number?v=" + "9" * 5000, ("query", "/v")),
        ("/query/form/true/number?v=1e999", ("query", "/v")),
        ("/query/form/true/number?v=-1e999", ("query", "/v")),
        ("/query/form/true/number?v=1.0.0", ("query", "/v")),
        ("/query/form/true/number?v=", ("query", "/v")),
        ("/query/form/true/number?v=NaN", ("query", "/v")),
        ("/query/form/true/number?v=Infinity", ("query", "/v")),
        ("/query/form/true/number?v=1_000", ("query", "/v")),
        ("/query/form/true/number?v=%D9%A3", ("query", "/v")),
        ("/query/form/true/number?v=0x10", ("query", "/v")),
        ("/query/form/true/numbers?v=1&v=x", ("query", "/v/1")),
        ("/query/form/true/numbers?v=%D9%A3", ("query", "/v/0")),
        ("/query/form/false/numbers?v=1,,2", ("query", "/v/1")),
        ("/query/form/true/object?R=x", ("query", "/v/R")),
        ("/query/form/true/object?b+c=TRUE", ("query", "/v/b c")),
        ("/path/simple/false/text/%ff", ("path", "/v")),
        ("/path/simple/false/numbers/1,%ff", ("path", "/v")),
        ("/path/simple/false/object/R,1,G", ("path", "/v")),
        ("/path/simple/false/number/" + "9" * 5000, ("path", "/v")),
    ],
)
def test_unreadable_parameters_are_refused_with_their_place(
    api: httpx.Client, target: str, place: tuple[str, str]
) -> None:
    """What is given twice, is not UTF-8, or does not fit its type is refused where it is."""
    assert places(get(api, target)) == [place]


def test_what_was_wrong_is_said(api: httpx.Client) -> None:
    """The detail names the parameter and the reason."""
    twice = refused(get(api, "/query/form/true/text?v=a&v=b"), 422)["detail"]
    assert twice == "The query parameter `v` cannot be read: it is given more than once."
    no_text = refused(get(api, "/path/simple/false/text/%ff"), 422)["detail"]
    assert no_text == "The path parameter `v` cannot be read: it is not UTF-8."
    odd = refused(get(api, "/path/simple/false/object/R,1,G"), 422)["detail"]
    assert odd == "The path parameter `v` cannot be read: names and values do not pair up."


@pytest.mark.parametrize(
    ("text", "types", "value"),
    [
        ("1", {"integer"}, 1),
        ("-0", {"integer"}, 0),
        ("007", {"integer"}, 7),
        ("1.0", {"integer"}, "1.0"),
        ("+1", {"integer"}, "+1"),
        (" 1", {"integer"}, " 1"),
        ("1", {"string"}, "1"),
        ("1", {"integer", "string"}, 1),
        ("x", {"integer", "string"}, "x"),
        ("1", set(), "1"),
        ("1.5", {"number"}, 1.5),
        ("1", {"number"}, 1),
        ("1e2", {"number"}, 100.0),
        (".5", {"number"}, ".5"),
        ("true", {"boolean"}, True),
        ("True", {"boolean"}, "True"),
        ("1", {"boolean"}, "1"),
        ("", {"null", "integer"}, None),
        ("null", {"null", "integer"}, None),
        ("null", {"null", "string"}, "null"),
        ("", {"string", "null"}, ""),
    ],
)
def test_text_becomes_the_first_type_it_fits(text: str, types: set[str], value: object) -> None:
    """Text becomes a number, a boolean or null where the schema allows it, else stays text."""
    found_value = typed(text, frozenset(types))
    assert (found_value, type(found_value)) == (value, type(value))


MANY = """
components:
  schemas:
    Limit: {type: integer, minimum: 1}
    Ids: {type: array, items: {$ref: '#/components/schemas/Limit'}}
    Filter: {type: object, properties: {ids: {$ref: '#/components/schemas/Ids'},
      limit: {$ref: '#/components/schemas/Limit'}}}
paths:
  /many:
    get:
      operationId: echo
      parameters:
        - {name: $limit, in: query, schema: {$ref: '#/components/schemas/Limit'}}
        - {name: "status[$in]", in: query, schema: {type: array, items: {type: string}}}
        - {name: ids, in: query, schema: {$ref: '#/components/schemas/Ids'}}
        - {name: either, in: query, schema: {anyOf: [{type: integer}, {type: boolean}]}}
        - {name: kind, in: query, schema: {enum: [1, two]}}
        - {name: maybe, in: query, schema: {type: [integer, "null"]}}
        - {name: class, in: query, schema: {}}
        - {name: 2nd, in: query, schema: {}}
        - {name: page, in: query, schema: {type: integer, default: 1}}
        - {name: deep, in: query, style: deepObject, schema: {$ref: '#/components/schemas/Filter'}}
        - name: json
          in: query
          content: {application/json: {schema: {type: object, properties: {a: {type: integer}}}}}
        - {name: X-Mark, in: header, schema: {type: integer}}
        - {name: Accept, in: header, schema: {type: integer}}
        - {name: Content-Type, in: header, required: false, schema: {type: integer}}
        - {name: Authorization, in: header, schema: {type: integer}}
      responses: {"200": {content: {application/json: {}}}}
  /needs:
    get:
      operationId: needs
      parameters:
        - {name: q, in: query, required: true, schema: {type: integer}}
        - {name: X-H, in: header, required: true, schema: {type: integer}}
        - {name: c, in: cookie, required: true, schema: {type: integer}}
      responses: {"200": {content: {application/json: {}}}}
"""


@pytest.fixture
def many(tmp_path: Path) -> httpx.Client:
    """A client of an API with parameters of many kinds."""
    return own_api(tmp_path, MANY, ECHO + "def needs(sandbox, **arguments):\n    return arguments")


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("", {}),
        ("$limit=5", {"_limit": 5}),
        ("%24limit=5", {"_limit": 5}),
        ("status[$in]=a&status%5B%24in%5D=b", {"status__in_": ["a", "b"]}),
        ("ids=1&ids=2", {"ids": [1, 2]}),
        ("either=1", {"either": 1}),
        ("either=true", {"either": True}),
        ("kind=1", {"kind": 1}),
        ("kind=two", {"kind": "two"}),
        ("maybe=null", {"maybe": None}),
        ("maybe=", {"maybe": None}),
        ("class=a", {"_class": "a"}),
        ("2nd=a", {"_2nd": "a"}),
        ("page=3", {"page": 3}),
        ("deep[limit]=3", {"deep": {"limit": 3}}),
        ('json={"a":1}', {"json": {"a": 1}}),
        ("json=%7B%7D", {"json": {}}),
        ("unknown=1", {}),
    ],
)
def test_arguments_have_python_names_and_types(
    many: httpx.Client, query: str, arguments: dict[str, Any]
) -> None:
    """Each parameter arrives under a name that Python can hold, typed through references."""
    assert found(get(many, f"/many?{query}")) == {"page": 1} | arguments


def test_lists_within_objects_are_typed(many: httpx.Client) -> None:
    """The items of a list within an object have the type that is described for them."""
    answer = get(many, "/many?deep[ids]=1&deep[ids]=2")
    assert found(answer) == {"page": 1, "deep": {"ids": [1, 2]}}


def test_header_names_have_no_case(many: httpx.Client) -> None:
    """A header is found in any case; those that HTTP itself uses are left alone."""
    answer = many.get("/many", headers={"x-mark": "7", "Authorization": "Bearer x"})
    assert found(answer) == {"page": 1, "X_Mark": 7}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "",
        "%ff",
        "[" * 10_000,
        '{"a":1}{"a":1}',
        "NaN",
        '{"b":NaN}',
        '{"b":1e999}',
        '{"b":"\\ud800"}',
    ],
)
def test_a_json_parameter_must_be_json(many: httpx.Client, text: str) -> None:
    """A parameter that holds JSON is refused where it is none, as a body would be."""
    assert places(get(many, f"/many?json={text}")) == [("query", "/json")]


def test_missing_parameters_are_listed(many: httpx.Client) -> None:
    """All required parameters that are missing are named at once, each with its place."""
    answer = many.get("/needs")
    assert places(answer) == [("query", "/q"), ("header", "/X-H"), ("cookie", "/c")]
    assert refused(answer, 422)["detail"] == "The required query parameter `q` is missing."


def test_all_faults_of_parameters_are_listed(many: httpx.Client) -> None:
    """Faults in different places are named together."""
    answer = many.get("/needs?q=x", headers={"X-H": "y", "Cookie": "c=z"})
    assert places(answer) == [("query", "/q"), ("header", "/X-H"), ("cookie", "/c")]
