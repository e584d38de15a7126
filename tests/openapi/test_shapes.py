"""What schemas say of objects and lists."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openapi import shapes

TEXT = {"type": "string"}
OBJECTS = {"type": "array", "items": {"type": "object"}}


def having(**properties: Any) -> dict[str, Any]:
    """The schema of an object."""
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize("name", ["petId", "pet_id", "Pet-ID", "pet.id", "PETID"])
def test_spellings(name: str) -> None:
    """Names that differ in case and punctuation are one."""
    assert shapes.spelling(name) == "petid"


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("pets", "pet"),
        ("categories", "category"),
        ("classes", "class"),
        ("boxes", "box"),
        ("branches", "branch"),
        ("address", "address"),
        ("news", "new"),
        ("as", "as"),
        ("s", "s"),
        ("fish", "fish"),
    ],
)
def test_singulars(word: str, one: str) -> None:
    """English plurals lose their ending; what is none stays."""
    assert shapes.singular(word) == one


def test_what_holds_together() -> None:
    """References and all three combinations are followed, and circles end."""
    schema = {
        "$ref": "#/$defs/A",
        "$defs": {
            "A": {"allOf": [{"$ref": "#/$defs/B"}], "properties": {"a": TEXT}},
            "B": {"oneOf": [{"$ref": "#/$defs/A"}, {"anyOf": [{"properties": {"b": TEXT}}]}]},
        },
    }
    assert set(shapes.properties(schema)) == {"a", "b"}
    assert len(list(shapes.holding(schema, branches=False))) == 2


def test_what_stands_beside_a_reference_is_nearer() -> None:
    """A keyword beside a reference holds, and before that of what the reference names."""
    schema = {
        "$ref": "#/$defs/A",
        "default": 1,
        "$defs": {"A": {"default": 2, "enum": [1, 2]}},
    }
    assert shapes.keyword(schema, "default") == 1
    assert shapes.keyword(schema, "enum") == [1, 2]


def test_what_is_not_allowed_is_no_property() -> None:
    """`false` bars a property, wherever else it is described."""
    schema = {"allOf": [having(a=TEXT, b=TEXT), having(a=False)]}
    assert shapes.properties(schema) == {"b": TEXT}


def test_parts_stand_alone() -> None:
    """A property takes the definitions along that it needs."""
    schema = having(a={"$ref": "#/$defs/A"}) | {"$defs": {"A": having(b=TEXT)}}
    assert shapes.properties(shapes.properties(schema)["a"]) == {
        "b": TEXT | {"$defs": schema["$defs"]}
    }
    assert shapes.properties(shapes.at_place(schema, ("a",))).keys() == {"b"}
    assert shapes.at_place(schema, ("c",)) is True


def test_what_is_required() -> None:
    """Only what every value has counts; a branch may not hold."""
    schema = {"required": ["a"], "allOf": [{"required": ["b"]}], "oneOf": [{"required": ["c"]}]}
    assert shapes.required(schema) == {"a", "b"}


def test_what_is_read_only() -> None:
    """Also where it stands beside a reference or in an `allOf`."""
    schema = having(a={"readOnly": True}, b={"allOf": [{"readOnly": True}]}, c=TEXT)
    assert shapes.read_only(schema) == {"a", "b"}


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        (TEXT, {"string"}),
        ({"type": ["string", "null"]}, {"string", "null"}),
        ({"properties": {}}, {"object"}),
        ({"items": {}}, {"array"}),
        ({"oneOf": [TEXT, {"type": "null"}]}, {"string", "null"}),
        (True, set()),
    ],
)
def test_types(schema: Any, types: set[str]) -> None:
    """What is not said is guessed from the keywords."""
    assert shapes.types(schema) == types


def test_items() -> None:
    """Items may be described beside a reference, or not at all."""
    assert shapes.items({"allOf": [{"type": "array"}, {"items": TEXT}]}) == TEXT
    assert shapes.items({"type": "array"}) is True


@pytest.mark.parametrize(
    ("placeholder", "collection", "described", "key"),
    [
        ("petId", "pets", ["id", "petId"], "petId"),
        ("petId", "pets", ["name", "pet_id"], "pet_id"),
        ("petId", "pets", ["name", "id"], "id"),
        ("pet", "pets", ["uuid", "name"], "uuid"),
        ("pet", "pets", ["petUuid", "name"], "petUuid"),
        ("username", "user", ["id", "username"], "username"),
        ("Sid", "Calls", ["account_sid", "sid"], "sid"),
        ("pet_slug", "pets", ["id", "slug"], "slug"),
        ("x", "pets", ["code", "slug"], "slug"),
        ("x", "pets", ["colour"], None),
        (None, "pets", ["pet_id"], "pet_id"),
    ],
)
def test_keys(placeholder: str, collection: str, described: list[str], key: str | None) -> None:
    """The placeholder's own name comes first, then what keys are called."""
    names = shapes.key_names(placeholder, collection)
    assert shapes.key_in(having(**dict.fromkeys(described, TEXT)), names) == key


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        (having(id=TEXT, name=TEXT), ()),
        (having(pet=having(id=TEXT)), ("pet",)),
        (having(data=having(id=TEXT), meta=having(id=TEXT)), ("data",)),
        (having(pet=having(colour=TEXT), at=TEXT), ("pet",)),
        (having(item=having(id=TEXT)), ("item",)),
        (having(payload={"type": "object"}, kind=TEXT), ()),
        (having(payload={"type": "object"}), ("payload",)),
        (having(item=having(id=TEXT, type=TEXT), message=TEXT), ()),
        (having(item=having(id=TEXT, colour=TEXT), at=TEXT), ("item",)),
        (having(pet=having(colour=TEXT), name=TEXT), ()),
        (having(other=having(id=TEXT)), ()),
        ({"type": "object"}, ()),
        (TEXT, None),
        ({"type": "array", "items": having(id=TEXT)}, None),
    ],
)
def test_where_an_item_stands(schema: Any, place: tuple[str, ...] | None) -> None:
    """It is the body, or what a likely name wraps."""
    assert shapes.item_place(schema, shapes.key_names("petId", "pets"), "pets") == place


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        (OBJECTS, ()),
        ({"type": "array", "items": TEXT}, None),
        ({"items": {}}, ()),
        (having(anything=OBJECTS, total={"type": "integer"}), ("anything",)),
        (having(tags=OBJECTS, pets=OBJECTS), ("pets",)),
        (having(tags=OBJECTS, items=OBJECTS, pets=OBJECTS), ("pets",)),
        (having(tags=OBJECTS, people=OBJECTS), None),
        (having(names={"type": "array", "items": TEXT}), None),
        (having(id=TEXT, pets=OBJECTS), None),
        (having(file=having(id=TEXT), comments=OBJECTS), None),
        (having(paging=having(total=TEXT), things=OBJECTS), ("things",)),
        (having(data=having(pets=OBJECTS)), ("data", "pets")),
        (having(data=having(data=having(items=OBJECTS))), ("data", "data", "items")),
        (having(data=having(name=TEXT), result=having(items=OBJECTS)), ("result", "items")),
        (having(other=having(pets=OBJECTS)), None),
        (TEXT, None),
    ],
)
def test_where_a_list_stands(schema: Any, place: tuple[str, ...] | None) -> None:
    """It is the body, the only array of objects, or the one with the likeliest name."""
    assert shapes.list_place(schema, "pets") == place


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (having(id=TEXT, colour=TEXT), having(id=TEXT, colour=TEXT, size=TEXT), True),
        (having(id=TEXT, colour=TEXT), having(id=TEXT, size=TEXT, weight=TEXT), False),
        (having(a=TEXT, b=TEXT, c=TEXT), having(a=TEXT, b=TEXT, d=TEXT), True),
        (having(id=TEXT, created_at=TEXT), having(id=TEXT, colour=TEXT), True),
        (having(), having(id=TEXT), False),
        (
            {"$ref": "#/$defs/A-0", "$defs": {"A-0": {}}},
            {"$ref": "#/$defs/A-0", "$defs": {"A-0": {}}},
            True,
        ),
    ],
)
def test_likeness(one: Any, other: Any, alike: bool) -> None:
    """Two thirds of the telling properties of the smaller one are enough."""
    assert shapes.alike(one, other) is alike
    assert shapes.alike(other, one) is alike


NAMES = st.text("abcXYZ_-.", max_size=6)
SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    st.booleans()
    | st.fixed_dictionaries({}, optional={"type": st.sampled_from(["object", "array"])}),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(NAMES, inner, max_size=3),
            "items": inner,
            "allOf": st.lists(inner, max_size=2),
            "oneOf": st.lists(inner, max_size=2),
            "$ref": st.sampled_from(["#", "#/properties/a", "#/allOf/0"]),
        },
    ),
    max_leaves=8,
)


@given(SCHEMAS, NAMES, NAMES)
def test_places_lead_to_what_they_promise(schema: Any, placeholder: str, word: str) -> None:
    """Whatever the schema, an answer is found in bounded time, and it is true."""
    try:
        place = shapes.list_place(schema, word)
    except (LookupError, RecursionError):
        return  # No reference of a loaded description leads nowhere.
    if place is not None:
        assert "array" in shapes.types(shapes.at_place(schema, place))
    names = shapes.key_names(placeholder, word)
    key = shapes.key_in(schema, names)
    assert key is None or key in shapes.properties(schema)
    assert shapes.alike(schema, schema) is bool(shapes.properties(schema)) or "$ref" in schema
