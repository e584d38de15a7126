"""Schemas that stand alone mean what they mean within their document."""

from copy import deepcopy
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from mock_server.validators import validator
from openapi.schemas import Schema, at, escaped, resolved, standing_alone

NAMES = ("Pet", "a/b", "t~x", "two words", "100%", "ümläut", "404", "$ref", "properties", 'q"t')
"""Names of component schemas that are awkward in a reference."""
PROPERTIES = ("a", "$ref", "properties", "default", "enum", "x-a", "a/b", "$id")


def pointer_to(name: str) -> str:
    """The reference to a component schema."""
    return f"#/components/schemas/{quote(escaped(name), safe='~')}"


def document_of(schemas: dict[str, Any]) -> dict[str, Any]:
    """A document with these component schemas."""
    return {"openapi": "3.1.0", "components": {"schemas": schemas}}


def valid_within(document: dict[str, Any], schema: Schema, value: Any) -> bool:
    """What jsonschema says, with the whole document at hand."""
    whole = document | {"x-asked": schema}
    resource = Resource.from_contents(whole, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:whole", resource)
    asked = {"$ref": "urn:whole#/x-asked"}
    return Draft202012Validator(asked, registry=registry).is_valid(value)


def references(later_than: int) -> st.SearchStrategy[Schema]:
    """References to later schemas, alone or beside other keywords: none can come back here."""
    if later_than + 1 >= len(NAMES):
        return st.booleans()
    beside: list[dict[str, Any]] = [{}, {"maxProperties": 2}, {"minLength": 2}, {"type": "object"}]
    return st.builds(
        lambda name, more: {"$ref": pointer_to(name)} | more,
        st.sampled_from(NAMES[later_than + 1 :]),
        st.sampled_from(beside),
    )


LEAVES: st.SearchStrategy[Schema] = st.sampled_from(
    [
        True,
        {},
        {"type": "integer"},
        {"type": ["string", "null"]},
        {"const": {"$ref": "#/nowhere"}},
        {"enum": [{"properties": {"a": 1}}, "x", 1]},
        {"type": "object", "default": {"$ref": "#/nowhere"}},
        {"minLength": 2, "examples": [{"$ref": "#/nowhere"}]},
        {"x-more": {"$ref": "#/nowhere"}, "maxItems": 1},
    ]
)


def schemas(index: int, depth: int = 2) -> st.SearchStrategy[Schema]:
    """Schemas; below a property or an item they may refer to any other, also to themselves."""
    flat = LEAVES | references(index)
    if depth == 0:
        return flat
    inner = schemas(index, depth - 1)
    anywhere = inner | st.sampled_from(NAMES).map(lambda name: {"$ref": pointer_to(name)})
    name = st.sampled_from(PROPERTIES)
    objects = st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(name, anywhere),
            "patternProperties": st.fixed_dictionaries({"^a": anywhere}),
            "additionalProperties": anywhere,
            "unevaluatedProperties": inner,
            "dependentSchemas": st.dictionaries(name, inner, max_size=1),
            "required": st.lists(name, max_size=1),
        },
    )
    arrays = st.fixed_dictionaries(
        {"items": anywhere, "$defs": st.just({"Pet-0": {"type": "null"}})},
        optional={"prefixItems": st.lists(anywhere, min_size=1, max_size=2)},
    )
    some = st.lists(inner, min_size=1, max_size=2)
    mixed = st.fixed_dictionaries(
        {}, optional={"allOf": some, "anyOf": some, "oneOf": some, "not": references(index)}
    )
    return flat | objects | arrays | mixed


DOCUMENTS = st.tuples(*(schemas(index) for index in range(len(NAMES)))).map(
    lambda found: document_of(dict(zip(NAMES, found, strict=True)))
)
VALUES = st.recursive(
    st.sampled_from([None, True, 1, 1.5, "", "x", "xy"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(PROPERTIES), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(DOCUMENTS, st.sampled_from(NAMES), st.lists(VALUES, min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_a_schema_means_the_same_alone(
    document: dict[str, Any], name: str, values: list[Any]
) -> None:
    """The validator of a schema that stands alone agrees with jsonschema on the whole document."""
    before = deepcopy(document)
    for schema in ({"$ref": pointer_to(name)}, document["components"]["schemas"][name]):
        alone = validator(standing_alone(document, schema))
        assert [alone.is_valid(value) for value in values] == [
            valid_within(document, schema, value) for value in values
        ]
    assert document == before


@given(DOCUMENTS, st.sampled_from(NAMES))
@settings(max_examples=25, deadline=None)
def test_nothing_is_shared_with_the_document(document: dict[str, Any], name: str) -> None:
    """What is added to a schema that stands alone does not reach the document."""
    before = deepcopy(document)
    schema = document["components"]["schemas"][name]
    alone = standing_alone(document, schema)
    if isinstance(alone, dict):
        alone.setdefault("$defs", {})["more"] = True
        alone.setdefault("properties", {})["more"] = True
    assert document == before


def test_recursion_ends() -> None:
    """A schema that refers to itself, also by way of another, is brought along once."""
    tree = {
        "properties": {"left": {"$ref": pointer_to("Tree")}, "leaf": {"$ref": pointer_to("Leaf")}}
    }
    leaf = {"type": "object", "properties": {"tree": {"$ref": pointer_to("Tree")}}}
    alone = standing_alone(document_of({"Tree": tree, "Leaf": leaf}), tree)
    assert isinstance(alone, dict)
    assert len(alone["$defs"]) == 2
    check = validator(alone)
    assert check.is_valid({"left": {"left": {"leaf": {"tree": {}}}}})
    assert not check.is_valid({"left": {"left": {"leaf": {"tree": {"leaf": 1}}}}})


def test_only_what_is_reached_is_copied() -> None:
    """What no reference leads to is left behind."""
    schemas = {"A": {"type": "string"}, "B": {"items": {"$ref": "#/components/schemas/A"}}}
    alone = standing_alone(document_of(schemas | {"C": {}}), {"$ref": pointer_to("B")})
    assert isinstance(alone, dict)
    assert sorted(d.partition("-")[0] for d in alone["$defs"]) == ["A", "B"]


def test_what_stands_beside_a_reference_holds_too() -> None:
    """Keywords beside a `$ref` apply together with what it means."""
    document = document_of({"Name": {"type": "string", "minLength": 2}})
    check = validator(standing_alone(document, {"$ref": pointer_to("Name"), "maxLength": 3}))
    assert [check.is_valid(text) for text in ("a", "ab", "abcd")] == [False, True, False]


@pytest.mark.parametrize("name", ["$ref", "properties", "default", "enum", "$id", "x-a", "$defs"])
def test_a_property_may_be_named_like_a_keyword(name: str) -> None:
    """Below `properties` a keyword is a name, and its schema is brought along."""
    document = document_of({"Count": {"type": "integer"}})
    check = validator(
        standing_alone(document, {"properties": {name: {"$ref": pointer_to("Count")}}})
    )
    assert check.is_valid({name: 1})
    assert not check.is_valid({name: "one"})


def test_an_id_does_not_lead_references_astray() -> None:
    """References of a schema with an `$id` lead into the document, as its author meant them."""
    document = document_of(
        {
            "A": {"$id": "https://example.com/a", "properties": {"b": {"$ref": pointer_to("B")}}},
            "B": {"$id": "urn:b", "type": "integer"},
        }
    )
    check = validator(standing_alone(document, {"items": {"$ref": pointer_to("A")}}))
    assert [check.is_valid([{"b": value}]) for value in (1, "x")] == [True, False]


def test_booleans_are_schemas() -> None:
    """`true` and `false` stand alone, also behind a reference."""
    document = document_of({"Never": False})
    assert standing_alone(document, True) is True
    assert not validator(standing_alone(document, {"$ref": pointer_to("Never")})).is_valid(1)


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", "all"),
        ("#", "all"),
        ("/a~1b", 1),
        ("#/a~1b", 1),
        ("/m~0n", 2),
        ("/~01", 3),
        ("/", 4),
        ("/list/1", 6),
        ("/c%25d", 7),
        ("#/c%2525d", 7),
        ("#/%C3%BC", 8),
        ("/ü", 8),
        ("#/list/0", 5),
    ],
)
def test_pointers_are_read_as_rfc_6901_says(pointer: str, found: object) -> None:
    """A JSON pointer escapes `~` and `/`, and as a fragment is percent-encoded besides."""
    document: dict[str, Any] = {"a/b": 1, "m~n": 2, "~1": 3, "": 4, "list": [5, 6]}
    document |= {"c%25d": 7, "ü": 8}
    assert at(document, pointer) == (document if found == "all" else found)


@pytest.mark.parametrize(
    "pointer", ["/x", "/list/2", "/list/-1", "/list/-", "/list/²", "/a/b", "a"]
)
def test_a_pointer_to_nothing_is_refused(pointer: str) -> None:
    """A pointer that leads nowhere raises, and names itself."""
    with pytest.raises(LookupError, match="There is nothing at"):
        at({"a": 1, "list": [1, 2]}, pointer)


@given(st.text())
def test_escaped_keys_are_found(key: str) -> None:
    """Any key, escaped, leads to its value."""
    assert at({"a": {key: 1}}, f"/a/{escaped(key)}") == 1


def test_references_are_followed_to_the_end() -> None:
    """A reference to a reference means what the last one leads to."""
    document = document_of({"A": {"$ref": pointer_to("B")}, "B": {"$ref": pointer_to("C")}, "C": 1})
    assert resolved(document, {"$ref": pointer_to("A")}) == 1


def test_circles_and_other_files_are_refused() -> None:
    """A reference in a circle or to another file raises."""
    document = document_of({"A": {"$ref": pointer_to("B")}, "B": {"$ref": pointer_to("A")}})
    with pytest.raises(LookupError, match="leads back to itself"):
        resolved(document, {"$ref": pointer_to("A")})
    with pytest.raises(LookupError, match="out of the file"):
        resolved(document, {"$ref": "other.yaml#/components/schemas/A"})


HEIRS: dict[str, Any] = {
    "Animal": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}, "friend": {"$ref": pointer_to("Animal")}},
        "discriminator": {"propertyName": "kind", "mapping": {"cat": pointer_to("Cat")}},
    },
    "Cat": {"allOf": [{"$ref": pointer_to("Animal")}, {"required": ["lives"]}]},
    "Dog": {"allOf": [{"$ref": pointer_to("Animal")}], "properties": {"bark": {"type": "string"}}},
    "Puppy": {"allOf": [{"$ref": pointer_to("Dog")}], "required": ["age"]},
}


@pytest.mark.parametrize(
    ("value", "is_valid"),
    [
        ({"kind": "cat", "lives": 9}, True),
        ({"kind": "cat"}, False),
        ({"kind": "Cat", "lives": 9}, False),
        ({"kind": "Dog", "bark": "loud"}, True),
        ({"kind": "Dog", "bark": 1}, False),
        ({"kind": "Puppy", "age": 1}, True),
        ({"kind": "Puppy"}, False),
        ({"kind": "Puppy", "age": 1, "bark": 1}, False),
        ({"kind": "Animal"}, False),
        ({"kind": "Dog", "friend": {"kind": "cat"}}, False),
        ({"kind": "Dog", "friend": {"kind": "cat", "lives": 1}}, True),
    ],
)
def test_a_discriminator_stands_for_the_heirs(value: Any, is_valid: bool) -> None:
    """Without a `oneOf`, a schema with a discriminator is one of those that inherit from it."""
    whole = {"type": "array", "items": {"$ref": pointer_to("Animal")}}
    alone = standing_alone(deepcopy(document_of(HEIRS)), whole)
    assert validator(alone).is_valid([value]) == is_valid


def test_a_mapped_base_is_one_of_its_heirs() -> None:
    """A schema that its own mapping names may be an instance itself."""
    document = document_of(deepcopy(HEIRS))
    mapping = {"any": pointer_to("Animal")}
    document["components"]["schemas"]["Animal"]["discriminator"]["mapping"] = mapping
    checker = validator(standing_alone(document, {"$ref": pointer_to("Animal")}))
    assert checker.is_valid({"kind": "any"})
    assert not checker.is_valid({"kind": "Animal"})


@pytest.mark.parametrize("careless", [True, {}, {"mapping": {"cat": 1}}, {"propertyName": 7}])
def test_a_discriminator_that_tells_nothing_is_left_out(careless: Any) -> None:
    """Without a property to tell by, a `oneOf` is one like any other."""
    branches = [{"type": "string"}, {"type": "integer"}]
    alone = standing_alone({}, {"oneOf": branches, "discriminator": careless})
    assert alone == {"oneOf": branches}
