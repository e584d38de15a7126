"""What values look like: examples, names, formats, sizes, discriminators, and the same again."""

import json
import re
import subprocess
import sys
from random import Random
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from openapi.synthesis import Synthesiser

_PERSON: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer"},
        "first_name": {"type": "string"},
        "email": {"type": "string", "format": "email"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]+$"},
        "created_at": {"type": "string", "format": "date-time"},
        "either": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
    },
}


def _value(schema: Any, name: str = "", seed: int = 1, **options: Any) -> Any:
    return Synthesiser(schema, **options).value(Random(seed), name)


def test_same_seed_same_value() -> None:
    """A value depends on the schema and the random state, not on what was made before."""
    used = Synthesiser(_PERSON)
    for seed in range(20):
        used.value(Random(seed))
    assert used.value(Random(7)) == _value(_PERSON, seed=7)
    assert used.value(Random(7)) != used.value(Random(8))


def test_same_value_in_another_process() -> None:
    """Hash seeds do not show in values."""
    script = (
        "import json, sys; from random import Random;"
        "from openapi.synthesis import Synthesiser;"
        "print(json.dumps(Synthesiser(json.load(sys.stdin)).value(Random(7))))"
    )
    answers = {
        subprocess.run(  # noqa: S603  # our own interpreter
            [sys.executable, "-c", script],
            input=json.dumps(_PERSON),
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in (1, 2)
    }
    assert [json.loads(answer) for answer in answers] == [_value(_PERSON, seed=7)]


def test_value_is_the_callers_own() -> None:
    """Whoever changes a value changes neither the schema nor the next value."""
    synthesiser = Synthesiser({"examples": [{"a": [1]}]})
    synthesiser.value(Random(1))["a"].append(2)
    assert synthesiser.value(Random(1)) == {"a": [1]}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "example": "shown"}, "shown"),
        ({"type": "string", "examples": ["shown"], "default": "usual"}, "shown"),
        ({"type": "string", "default": "usual"}, "usual"),
        ({"type": "string", "examples": [7], "default": "usual"}, "usual"),
        ({"enum": ["a", "b", "c"], "default": "b"}, "b"),
        ({"type": "object", "properties": {"a": {"default": 3}}}, {"a": 3}),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"example": [1]}}}, [1]),
        ({"$ref": "#/$defs/A", "example": [2], "$defs": {"A": {"example": [1]}}}, [2]),
        ({"oneOf": [{"type": "integer", "example": 4}]}, 4),
    ],
)
def test_examples_come_first(schema: Any, expected: Any) -> None:
    """Valid examples are shown, else a valid default, whatever it is a part of."""
    assert _value(schema) == expected


def test_example_that_does_not_fit_is_not_shown() -> None:
    """Validity beats examples."""
    assert _value({"type": "integer", "minimum": 5, "example": 4}) >= 5


def test_items_show_one_example_each() -> None:
    """A list of things whose id has an example does not repeat it."""
    item = {"type": "object", "properties": {"id": {"type": "integer", "example": 123456}}}
    items = _value({"type": "array", "items": item, "minItems": 3})
    assert items[0] == {"id": 123456}
    assert len({each["id"] for each in items}) == 3


@pytest.mark.parametrize(
    ("name", "kind", "shape"),
    [
        ("first_name", "string", r"[A-Z][a-z]+"),
        ("billingFirstName", "string", r"[A-Z][a-z]+"),
        ("Last-Name", "string", r"[A-Z][A-Za-z']+"),
        ("email", "string", r"\S+@example\.(com|net|org)"),
        ("country_code", "string", r"[A-Z]{2}"),
        ("currency", "string", r"[A-Z]{3}"),
        ("phone", "string", r"\+1-202-555-01\d\d"),
        ("homepage_url", "string", r"https?://\S+"),
        ("created_at", "string", r"202\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        ("id", "integer", r"[1-9]\d{0,3}|10000"),
        ("age", "integer", r"1[89]|[2-8]\d|90"),
        ("price", "number", r"\d{1,3}(\.\d\d?)?"),
        ("latitude", "number", r"-?\d{1,2}(\.\d{1,6})?"),
        ("total_count", "integer", r"[1-9]\d?|100"),
        ("whatever", "string", r"\S.*\S"),
    ],
)
def test_name_tells_what_it_looks_like(name: str, kind: str, shape: str) -> None:
    """The last words of a property's name decide, however it is written."""
    for seed in range(10):
        assert re.fullmatch(shape, str(_value({"type": kind}, name, seed)))
    inside = _value({"type": "object", "properties": {name: {"type": kind}}})
    assert re.fullmatch(shape, str(inside[name]))
    listed = _value({"type": "object", "properties": {f"{name}s": {"items": {"type": kind}}}})
    assert all(re.fullmatch(shape, str(item)) for item in listed[f"{name}s"])


def test_validity_beats_the_name() -> None:
    """A name is made to fit the limits: shorter, longer, or another thing altogether."""
    assert re.fullmatch("[A-Z]{2}", _value({"type": "string", "maxLength": 2}, "country"))
    assert 40 <= len(_value({"type": "string", "minLength": 40, "maxLength": 44}, "city")) <= 44
    assert _value({"type": "string", "pattern": "^zz+$"}, "email").startswith("zz")
    assert _value({"type": "integer", "maximum": 5}, "age") <= 5


@pytest.mark.parametrize(
    "name",
    [
        *("email", "idn-email", "uuid", "date-time", "date", "time", "duration", "uri", "iri"),
        *("uri-reference", "iri-reference", "uri-template", "hostname", "idn-hostname", "ipv4"),
        *("ipv6", "regex", "json-pointer", "relative-json-pointer", "byte", "binary", "password"),
    ],
)
def test_format_is_kept(name: str) -> None:
    """A text of a format is one, also where its length or its beginning is prescribed."""
    known = Draft202012Validator({"format": name}, validate_formats=True)
    made = {_value({"type": "string", "format": name}, seed=seed) for seed in range(20)}
    assert len(made) > 5
    assert all(map(known.is_valid, made))
    for limits in ({"minLength": 3}, {"maxLength": 50}, {"pattern": "[0-9:/a-z]"}):
        assert known.is_valid(_value({"type": "string", "format": name, **limits}))


def test_required_only_leaves_the_rest_out() -> None:
    """With `required_only` an object has what it must have."""
    assert _value(_PERSON, required_only=True).keys() == {"id"}
    assert _value(_PERSON).keys() == _PERSON["properties"].keys()


def test_required_only_keeps_what_is_given() -> None:
    """A property with a default, or a list of items with one, is what the API has by itself."""
    schema = {
        "properties": {
            "name": {"type": "string", "default": "x"},
            "list": {"type": "array", "items": {"default": 1}},
            "other": {"type": "string", "examples": ["y"]},
            "others": {"type": "array", "items": {"type": "string"}},
        },
        "type": "object",
    }
    found = _value(schema, required_only=True)
    assert found.keys() == {"name", "list"}
    assert found["name"] == "x"
    assert set(found["list"]) <= {1}


def test_arrays_have_as_many_items_as_usual() -> None:
    """Where the schema names no number; its own numbers win."""
    items = {"type": "array", "items": {"type": "integer"}}
    schema = {
        "properties": {"any": items, "own": items | {"maxItems": 2}},
        "required": ["any", "own"],
    }
    for required_only in (False, True):
        maker = Synthesiser(schema, required_only=required_only, usual_items=(4, 5))
        found = [maker.value(Random(seed)) for seed in range(20)]
        assert {len(value["any"]) for value in found} == {4, 5}
        assert max(len(value["own"]) for value in found) <= 2


def test_arrays_are_short() -> None:
    """One to three items where nothing else is said."""
    lengths = {len(_value({"type": "array", "items": {}}, seed=seed)) for seed in range(40)}
    assert lengths == {1, 2, 3}


def test_null_is_the_last_resort() -> None:
    """What may be null is shown as what it may be else."""
    for seed in range(10):
        assert _value({"type": ["null", "integer"]}, seed=seed) is not None
        assert _value({"anyOf": [{"type": "null"}, {"type": "integer"}]}, seed=seed) is not None


def test_recursion_ends_after_some_levels() -> None:
    """A tree has branches, but not many levels of them."""
    tree = {"properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}}
    schema = {"$ref": "#/$defs/Tree", "$defs": {"Tree": {"type": "object", **tree}}}
    text = json.dumps(_value(schema))
    assert 1 < text.count("children") < 20


def test_size_is_bounded() -> None:
    """A thousand properties that are all of the same kind make no endless value."""
    wide = {"type": "object", "properties": {f"p{n}": {"$ref": "#/$defs/W"} for n in range(1_000)}}
    value = _value({"$ref": "#/$defs/W", "$defs": {"W": wide}})
    assert len(value) == 1_000
    assert json.dumps(value).count(":") < 3_000


@pytest.mark.parametrize("combined", ["oneOf", "anyOf"])
@pytest.mark.parametrize("mapping", [{"meow": "#/components/schemas/Cat"}, {}])
def test_discriminator_says_which_branch(combined: str, mapping: dict[str, str]) -> None:
    """The property has the mapped value of the branch, else the name of its schema."""
    cat = {"type": "object", "required": ["lives"], "properties": {"kind": {"type": "string"}}}
    dog = {"type": "object", "required": ["tricks"], "properties": {"kind": {"type": "string"}}}
    schema = {
        combined: [{"$ref": "#/$defs/Cat-0"}, {"$ref": "#/$defs/Dog-1"}],
        "discriminator": {"propertyName": "kind", "mapping": mapping},
        "$defs": {"Cat-0": cat, "Dog-1": dog},
    }
    kinds = {_value(schema, seed=seed)["kind"] for seed in range(20)}
    assert kinds == {"meow" if mapping else "Cat", "Dog"}


def test_discriminator_of_a_base_schema_names_the_heir() -> None:
    """What extends a schema with a discriminator has its own name in that property."""
    pet = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind", "mapping": {"puppy": "Dog"}},
    }
    schema = {
        "prefixItems": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
        "minItems": 2,
        "type": "array",
        "$defs": {
            "Pet": pet,
            "Cat": {"allOf": [{"$ref": "#/$defs/Pet"}]},
            "Dog": {"allOf": [{"$ref": "#/$defs/Pet"}]},
        },
    }
    assert [each["kind"] for each in _value(schema)[:2]] == ["Cat", "puppy"]


def test_faker_is_loaded_at_need() -> None:
    """A value that needs no words does not wait for Faker."""
    script = (
        "import sys; from random import Random; from openapi.synthesis import Synthesiser;"
        "Synthesiser({'type': 'integer'}).value(Random(1)); sys.exit('faker' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603  # our own interpreter
