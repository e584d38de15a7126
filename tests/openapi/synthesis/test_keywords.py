"""Each keyword by itself, and the combinations that are easily got wrong."""

import re
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from openapi.synthesis import Synthesiser, Unsatisfiable
from tests.openapi.synthesis.satisfiable import CHECKER

_TREE = {
    "type": "object",
    "required": ["name", "next"],
    "properties": {
        "name": {"type": "string"},
        "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
        "next": {"oneOf": [{"$ref": "#/$defs/Tree"}, {"type": "null"}]},
    },
}
_MANY = {"type": "array", "minItems": 1_000}
_PET = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}

TABLE: dict[str, dict[str, Any]] = {
    "type": {"type": "boolean"},
    "types": {"type": ["integer", "null"]},
    "no_type": {"maxItems": 3},
    "enum": {"enum": ["red", 7, None, {"a": 1}]},
    "enum_within_limits": {"enum": [1, 5, "x", 12], "minimum": 4, "type": "integer", "maximum": 9},
    "const": {"const": {"deep": [1, 2]}},
    "required_and_undescribed": {"type": "object", "required": ["a", "b"]},
    "closed": {
        "type": "object",
        "properties": {"a": {"type": "null"}},
        "additionalProperties": False,
    },
    "additional": {
        "type": "object",
        "minProperties": 4,
        "additionalProperties": {"type": "integer", "minimum": 3},
    },
    "pattern_properties": {
        "type": "object",
        "minProperties": 3,
        "patternProperties": {"^[a-c]{2}$": {"type": "integer"}},
        "additionalProperties": False,
    },
    "two_patterns_for_one_property": {
        "type": "object",
        "required": ["x_id"],
        "patternProperties": {
            "^x_": {"type": "integer"},
            "id$": {"minimum": 5000, "maximum": 5001},
        },
    },
    "property_names": {
        "type": "object",
        "minProperties": 6,
        "propertyNames": {"pattern": "^[A-F]$"},
    },
    "property_names_enumerated": {
        "type": "object",
        "minProperties": 2,
        "propertyNames": {"enum": ["only", "these"]},
        "additionalProperties": {"type": "boolean"},
    },
    "max_properties": {
        "type": "object",
        "required": ["c"],
        "maxProperties": 2,
        "properties": {name: {"type": "string"} for name in "abcd"},
    },
    "dependent_required": {
        "type": "object",
        "properties": {"card": {"type": "string"}, "owner": {"type": "string"}},
        "dependentRequired": {"card": ["owner", "address"]},
    },
    "dependent_schemas": {
        "type": "object",
        "required": ["card"],
        "dependentSchemas": {"card": {"required": ["code"], "properties": {"code": {"const": 7}}}},
    },
    "dependent_and_too_many": {
        "type": "object",
        "maxProperties": 1,
        "minProperties": 1,
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "dependentRequired": {"a": ["b"]},
    },
    "unevaluated_properties": {
        "allOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]}],
        "anyOf": [{"properties": {"b": {"type": "integer"}}, "required": ["b"]}],
        "type": "object",
        "unevaluatedProperties": False,
        "minProperties": 2,
    },
    "unevaluated_by_two_branches": {
        "type": "object",
        "anyOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}],
        "required": ["a", "b"],
        "unevaluatedProperties": False,
    },
    "items": {"type": "array", "items": {"type": "string", "format": "uuid"}, "minItems": 5},
    "no_items": {"type": "array", "items": False},
    "prefix_items": {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"type": "integer"}],
        "items": {"type": "null"},
        "minItems": 4,
    },
    "contains": {"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 9_000}},
    "contains_behind_the_prefix": {
        "type": "array",
        "prefixItems": [{"type": "string"}],
        "contains": {"type": "integer"},
        "minContains": 2,
        "maxContains": 2,
        "minItems": 5,
    },
    "contains_two_in_one": {
        "type": "array",
        "maxItems": 1,
        "allOf": [{"contains": {"minimum": 5}}, {"contains": {"type": "integer", "maximum": 6}}],
    },
    "contains_none": {"type": "array", "contains": {"type": "string"}, "minContains": 0},
    "unique_items": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1, "maximum": 30},
        "uniqueItems": True,
        "minItems": 30,
    },
    "unique_objects": {
        "type": "array",
        "items": {"type": "object"},
        "minItems": 3,
        "uniqueItems": True,
    },
    "unique_booleans": {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True},
    "unique_and_equal": {
        "type": "array",
        "items": {"enum": [1, 1.0, True, "1"]},
        "uniqueItems": True,
        "minItems": 3,
    },
    "unevaluated_items": {
        "type": "array",
        "prefixItems": [{"type": "string"}],
        "contains": {"type": "integer"},
        "unevaluatedItems": False,
        "minItems": 3,
    },
    "min_length": {"type": "string", "minLength": 200},
    "max_length": {"type": "string", "maxLength": 1},
    "empty_text": {"type": "string", "maxLength": 0},
    "pattern": {"type": "string", "pattern": r"^(\+\d{1,3})?\(?[0-9]{3}\)?-[0-9]{3,4}$"},
    "pattern_unanchored": {"type": "string", "pattern": "b{3}", "minLength": 12, "maxLength": 14},
    "pattern_with_looks_ahead": {"pattern": r"^(?=.*[a-z])(?=.*\d)(?!.*00)[a-z\d]{8,12}$"},
    "patterns_together": {"allOf": [{"pattern": "^a"}, {"pattern": "z$"}, {"pattern": r"\d{2}"}]},
    "pattern_not": {"type": "string", "pattern": "^[ab]{2}$", "not": {"pattern": "a"}},
    "pattern_beyond_ascii": {"type": "string", "pattern": "^[\u03b1-\u03c9]{3}\u00e9$"},
    "pattern_and_format": {"type": "string", "format": "date", "pattern": "^2031-02-"},
    "format_and_length": {"type": "string", "format": "email", "maxLength": 7},
    "format_long": {"type": "string", "format": "uri", "minLength": 120},
    "base64_by_a_pattern": {
        "type": "string",
        "format": "byte",
        "pattern": "^[ab]+$",
        "minLength": 5,
    },
    "no_base64": {"type": "string", "pattern": "^[a-z]{4}", "not": {"format": "byte"}},
    "base64_of_a_length": {"type": "string", "format": "byte", "minLength": 101, "maxLength": 106},
    "base64_too_short": {
        "type": "string",
        "contentEncoding": "base64",
        "maxLength": 1,
        "not": {"const": ""},
    },
    "not_unevaluated": {
        "type": "object",
        "not": {"properties": {"a": {}}, "unevaluatedProperties": {"type": "string"}},
    },
    "minimum": {"type": "integer", "minimum": 10**9},
    "maximum": {"type": "number", "maximum": -1e12},
    "exclusive": {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
    "exclusive_and_tight": {"type": "number", "exclusiveMinimum": 0.1, "exclusiveMaximum": 0.10001},
    "multiple_of": {"type": "integer", "multipleOf": 7, "minimum": 700, "maximum": 710},
    "multiple_of_decimals": {"type": "number", "multipleOf": 0.01, "minimum": 1, "maximum": 2},
    "multiple_of_two": {"allOf": [{"multipleOf": 0.75}, {"multipleOf": 0.5}], "type": "integer"},
    "no_integer": {"type": "number", "not": {"type": "integer"}, "minimum": 1, "maximum": 3},
    "large": {"type": "integer", "minimum": 2**62, "format": "int64"},
    "all_of_objects": {
        "allOf": [
            {"$ref": "#/$defs/Pet"},
            {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer"}}},
            {"properties": {"kind": {"enum": ["cat", "dog"]}, "size": {"maximum": 3}}},
        ],
        "$defs": {"Pet": _PET},
    },
    "all_of_limits": {"allOf": [{"minimum": 3}, {"maximum": 4}], "type": "integer", "minimum": 1},
    "any_of": {"anyOf": [{"type": "string", "minLength": 5}, {"type": "integer", "minimum": 5}]},
    "any_of_with_siblings": {"anyOf": [{"type": "string"}, {"minimum": 9}], "type": "integer"},
    "one_of": {"oneOf": [{"type": "integer"}, {"type": "integer", "minimum": 5}, False]},
    "one_of_overlapping": {
        "type": "object",
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}, {"required": ["a", "b"]}],
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
    },
    "one_of_objects": {
        "oneOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}},
            {"type": "object", "properties": {"a": {"type": "integer"}}},
        ]
    },
    "not": {"not": {"type": ["string", "number", "null", "array", "boolean"]}},
    "not_required": {"type": "object", "properties": {"a": {}}, "not": {"required": ["a"]}},
    "not_properties": {"type": "object", "not": {"properties": {"a": {"type": "string"}}}},
    "not_names": {"type": "object", "not": {"propertyNames": {"pattern": "^a"}}},
    "not_pattern_properties": {
        "type": "object",
        "not": {"patternProperties": {"^a": {"type": "string"}}},
    },
    "not_additional": {
        "type": "object",
        "not": {"properties": {"a": {}}, "additionalProperties": {"type": "string"}},
    },
    "not_dependent": {
        "type": "object",
        "not": {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"required": ["d"]}}},
    },
    "not_items": {"type": "array", "not": {"items": {"type": "string"}}},
    "not_prefix_items": {"type": "array", "not": {"prefixItems": [{"type": "string"}]}},
    "not_contains": {"type": "array", "minItems": 2, "not": {"contains": {"type": "string"}}},
    "not_contains_few": {
        "type": "array",
        "not": {"contains": {"type": "string"}, "minContains": 2, "maxContains": 3},
    },
    "not_unique": {"type": "array", "items": {"type": "integer"}, "not": {"uniqueItems": True}},
    "not_sizes": {"type": "array", "not": {"minItems": 1, "maxItems": 4}},
    "not_lengths": {"type": "string", "not": {"minLength": 3, "maxLength": 80}},
    "not_counts": {"type": "object", "not": {"minProperties": 1, "maxProperties": 3}},
    "not_limits": {"type": "integer", "not": {"minimum": 1, "maximum": 10_000}},
    "not_exclusive": {"type": "integer", "not": {"exclusiveMinimum": 1, "exclusiveMaximum": 90}},
    "not_multiple": {"type": "integer", "multipleOf": 2, "not": {"multipleOf": 6}},
    "not_format": {"type": "string", "not": {"format": "ipv4"}},
    "not_one_of": {"type": "integer", "not": {"oneOf": [{"minimum": 5}, {"multipleOf": 2}]}},
    "not_any_of": {"type": "integer", "not": {"anyOf": [{"minimum": 5}, {"multipleOf": 2}]}},
    "not_all_of": {"type": "integer", "not": {"allOf": [{"minimum": 5}, {"multipleOf": 2}]}},
    "not_not": {"not": {"not": {"type": "string", "pattern": "^q"}}},
    "not_if": {
        "type": "integer",
        "not": {"if": {"minimum": 5}, "then": {"multipleOf": 2}, "else": {"maximum": 0}},
    },
    "not_reference": {"type": "object", "not": {"$ref": "#/$defs/Pet"}, "$defs": {"Pet": _PET}},
    "not_enum": {"type": "boolean", "not": {"enum": [True, 1, None]}},
    "not_const": {"enum": ["a", "b"], "not": {"const": "a"}},
    "if_then_else": {
        "type": "object",
        "required": ["country", "code"],
        "properties": {"country": {"enum": ["US", "NL"]}, "code": {"type": "string"}},
        "if": {"properties": {"country": {"const": "US"}}},
        "then": {"properties": {"code": {"pattern": "^[0-9]{5}$"}}},
        "else": {"properties": {"code": {"pattern": "^[0-9]{4} [A-Z]{2}$"}}},
    },
    "if_for_each_kind": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": [*"abcdefgh"]}},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"required": [f"of_{kind}"]},
                "else": {"properties": {f"of_{kind}": False}},
            }
            for kind in "abcdefgh"
        ],
    },
    "reference_with_siblings": {
        "$ref": "#/$defs/Pet",
        "required": ["kind", "tail"],
        "properties": {"tail": {"type": "boolean"}},
        "$defs": {"Pet": _PET},
    },
    "reference_to_escaped_name": {
        "$ref": "#/$defs/a~1b%20c",
        "$defs": {"a/b c": {"type": "integer", "multipleOf": 11}},
    },
    "recursion": {"$ref": "#/$defs/Tree", "$defs": {"Tree": _TREE}},
    "recursion_of_required_branches": {
        "$ref": "#/$defs/Expression",
        "$defs": {
            "Expression": {
                "anyOf": [
                    {
                        "type": "object",
                        "required": ["left", "right"],
                        "properties": {
                            "left": {"$ref": "#/$defs/Expression"},
                            "right": {"$ref": "#/$defs/Expression"},
                        },
                        "additionalProperties": False,
                    },
                    {"type": "number"},
                ]
            }
        },
    },
    "null": {"type": "null"},
    "encoded": {"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"},
    "unknown_format": {"type": "string", "format": "made-up"},
}


@pytest.mark.parametrize("case", TABLE)
def test_keyword_is_kept(case: str) -> None:
    """A value fits its schema, whatever the seed, and with required properties only."""
    schema = TABLE[case]
    checker = Draft202012Validator(schema, format_checker=CHECKER)
    for required_only in (False, True):
        synthesiser = Synthesiser(schema, required_only=required_only)
        for seed in range(10):
            value = synthesiser.value(Random(seed), "thing")
            assert checker.is_valid(value), value


@pytest.mark.parametrize("schema", [True, {}, {"description": "Anything."}])
def test_anything_goes(schema: Any) -> None:
    """A schema that says nothing gets an object, or a text where a name asks for one."""
    assert Synthesiser(schema).value(Random(1)) == {}
    assert isinstance(Synthesiser(schema).value(Random(1), "city"), str)


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        (False, "#"),
        ({"type": "string", "minLength": 10**9}, "#"),
        ({"type": "string", "minLength": 10**9, "pattern": "^a+$"}, "#"),
        ({"type": "array", "minItems": 10**9}, "#"),
        ({"type": "object", "minProperties": 10**9}, "#"),
        (_MANY | {"items": _MANY | {"items": _MANY}}, "#"),
        ({"type": "integer", "minimum": 3, "maximum": 2}, "#"),
        ({"type": "object", "required": ["a"], "properties": {"a": False}}, "#"),
        ({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}}, "#"),
        (
            {
                "type": "object",
                "required": ["a/b"],
                "properties": {"a/b": {"type": "string", "pattern": "^a$", "format": "uuid"}},
            },
            "#/properties/a~1b",
        ),
        ({"enum": [1, 2], "not": {"type": "integer"}}, "#"),
    ],
)
def test_unsatisfiable_is_said(schema: Any, pointer: str) -> None:
    """Where no value fits, the message names the part of the schema that has none."""
    with pytest.raises(Unsatisfiable, match=f"at {pointer}\\.$"):
        Synthesiser(schema).value(Random(1))


def test_reference_to_itself_adds_nothing() -> None:
    """A schema that is part of itself without a step down means what is beside the reference."""
    circle = {"allOf": [{"$ref": "#/$defs/A"}, {"type": "integer"}]}
    schema = {"$ref": "#/$defs/A", "$defs": {"A": circle}}
    value = Synthesiser(schema, validator=lambda _value: True).value(Random(1))
    assert isinstance(value, int)


def test_unicode_category_is_kept() -> None:
    """A category of Unicode is a pattern too, though Python does not know it."""
    text = Synthesiser({"type": "string", "pattern": r"^\p{Lu}\p{Ll}{3}\P{L}$"}).value(Random(1))
    assert re.fullmatch("[A-Z][a-z]{3}[^A-Za-z]", text)


def test_validator_has_the_last_word() -> None:
    """A value that the given validator turns down is not handed out."""
    synthesiser = Synthesiser({"type": "integer"}, validator=lambda value: value % 2 == 0)
    assert all(synthesiser.value(Random(seed)) % 2 == 0 for seed in range(5))
    with pytest.raises(Unsatisfiable):
        Synthesiser({"type": "integer"}, validator=lambda _value: False).value(Random(1))
