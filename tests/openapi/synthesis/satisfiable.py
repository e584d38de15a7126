"""Schemas that are known to be satisfiable: each is built around a value that fits it.

A keyword is drawn at random, mostly from the value, and stays where the value still fits. What fits
is judged by `jsonschema`, which the mock does not use, and by the mock's validator, since the two
differ in corners of regular expressions and of floats.
"""

import re
from collections.abc import Callable
from typing import Any

import jsonschema_rs
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from openapi.usable import FORMATS, is_base64

Draw = Callable[[st.SearchStrategy[Any]], Any]
Schema = dict[str, Any] | bool

CHECKER = FormatChecker()
CHECKER.checks("byte")(lambda value: not isinstance(value, str) or is_base64(value))
_ANYTHING: Schema = {
    "anyOf": [
        {"type": "array", "items": {"$ref": "#/$defs/Anything"}},
        {"type": "object", "additionalProperties": {"$ref": "#/$defs/Anything"}},
        {"type": ["string", "number", "boolean", "null"]},
    ]
}
_DEPTH = 3
_NAMES = ["id", "name", "first_name", "kind", "size", "x-1", "Created", "tags", "a", "b2"]
_SHAPED = [
    *("2024-02-29", "2024-05-06T07:08:09Z", "2024-05-06T07:08:09.123+02:00", "11:12:13Z", "P3DT4H"),
    *("ada@example.com", "example.com", "10.0.0.1", "2001:db8::1", "https://example.com/a?b=c#d"),
    *("urn:isbn:1", "/a/b~1c", "0/a", "00000000-0000-4000-8000-000000000001", "^a+$", "../up"),
    *("QUJD", "ABC-123", "+49 30 1234", "de-DE", "a/b/c", "", "Zoë", "naïve café"),
]
_FORMAT_NAMES = ["date", "date-time", "uuid", "ipv4", "ipv6", "byte", "password", "unheard-of"]
"""Formats on which the validators agree, so that they may stand below a `not`."""

_TEXTS = (
    st.sampled_from(_SHAPED)
    | st.text("abcxyzABC0129-_ ./", max_size=12)
    | st.from_regex(r"\A[A-Z]{2,4}-[0-9]{1,5}\Z")
)
_NUMBERS = (
    st.integers(-50, 50)
    | st.integers(-(10**12), 10**12)
    | st.integers(-5_000, 5_000).map(lambda cents: cents / 100)
    | st.sampled_from([0.1, 0.3, 1.1, 19.99, 1e-7, 1e15, -2.5, 2**31, 2**53 + 1])
)
_SCALARS = st.none() | st.booleans() | _NUMBERS | _TEXTS
_KEYS = st.sampled_from(_NAMES) | st.text("abcXY_1", max_size=4)
_FLAT = st.lists(_SCALARS, max_size=3) | st.dictionaries(_KEYS, _SCALARS, max_size=3)
_INNER = _SCALARS | _FLAT
VALUES = (
    _SCALARS
    | _TEXTS
    | _NUMBERS
    | st.lists(_INNER, max_size=4)
    | st.lists(_SCALARS, min_size=1, max_size=5)
    | st.dictionaries(_KEYS, _INNER, max_size=5)
    | st.dictionaries(_KEYS, _SCALARS, min_size=2, max_size=5)
    | st.dictionaries(st.sampled_from(_NAMES), _INNER, min_size=1, max_size=6)
)
"""JSON values, two levels deep: deeper ones are slow to draw, and show nothing new."""

_UP_TO = [st.integers(0, most) for most in range(64)]


def fits(schema: Schema, value: Any) -> bool:
    """True when the value is valid, formats asserted, whoever is asked."""
    rust = jsonschema_rs.Draft202012Validator(
        schema, validate_formats=True, formats=FORMATS, offline=True
    )
    if not rust.is_valid(value):
        return False
    return Draft202012Validator(schema, format_checker=CHECKER).is_valid(value)


@st.composite
def satisfiable_schemas(draw: Draw) -> tuple[dict[str, Any], Any]:
    """A schema that stands alone, and the value that it was built around."""
    value = draw(VALUES)
    builder = _Builder(draw)
    schema = builder.around(value, _DEPTH)
    return schema | {"$defs": builder.definitions}, value


class _Builder:
    """Builds one schema; references lead into `definitions`."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.definitions: dict[str, Any] = {}

    def around(self, value: Any, depth: int) -> dict[str, Any]:
        """A schema that the value fits."""
        schema: dict[str, Any] = {}
        if self._chance(4):
            schema["type"] = self._type(value)
        makers = _MAKERS_BY_TYPE.get(type(value), []) * 2
        # What names the value, or shows it, hides the other keywords: now and then only.
        makers += [] if self._chance(3) else _MAKERS_FOR_ALL
        if depth > 0:
            makers += _NESTED_BY_TYPE.get(type(value), []) * 3
            makers += _NESTED_FOR_ALL
        count = self._int(1, 4) if depth == _DEPTH else self._int(0, 3)
        chosen = [self._pick(makers) for _ in range(count if makers else 0)]
        if depth > 0 and not self._chance(3):
            chosen += _LAST_BY_TYPE.get(type(value), [])
        for make in chosen:
            more = make(self, value, schema, depth - 1)
            if more and not (more.keys() & schema.keys()) and self._fits(schema | more, value):
                schema |= more
        return schema

    def other(self, value: Any, depth: int) -> Schema:
        """Some schema that the value need not fit; its type is often the value's."""
        other = self.draw(_NEAR.get(type(value), _SCALARS) if self._chance(3) else _INNER)
        return self.around(other, min(depth, 1))

    def _fits(self, schema: Schema, value: Any) -> bool:
        if isinstance(schema, bool):
            return schema
        return fits(schema | {"$defs": self.definitions}, value)

    def _chance(self, one_in: int) -> bool:
        """False once in so many."""
        return self._int(1, one_in) > 1

    def _int(self, low: int, high: int) -> int:
        return low + int(self.draw(_UP_TO[high - low]))

    def _pick(self, values: Any) -> Any:
        values = list(values)
        return values[self._int(0, len(values) - 1)]

    def _mixed(self, first: Any, others: list[Any]) -> list[Any]:
        """All of them, the first one anywhere."""
        place = self._int(0, len(others))
        return [*others[:place], first, *others[place:]]

    def _type(self, value: Any) -> Any:
        names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
        name = names.get(type(value)) or ("integer" if value == int(value) else "number")
        if name == "integer" and self._chance(2):
            name = "number"
        if self._chance(3):
            return name
        return [name, self._pick(sorted({"string", "null", "array", "object"} - {name}))]

    # Any value

    def enum(self, value: Any, _schema: Any, _depth: int) -> dict[str, Any]:
        values = self._mixed(value, [self.draw(_SCALARS) for _ in range(self._int(0, 2))])
        return {"enum": [each for n, each in enumerate(values) if each not in values[:n]]}

    def const(self, value: Any, _schema: Any, _depth: int) -> dict[str, Any]:
        return {"const": value}

    def all_of(self, value: Any, _schema: Any, depth: int) -> dict[str, Any]:
        return {"allOf": [self.around(value, depth) for _ in range(self._int(1, 3))]}

    def any_of(self, value: Any, _schema: Any, depth: int) -> dict[str, Any]:
        others = [self.other(value, depth) for _ in range(self._int(0, 2))]
        return {"anyOf": self._mixed(self.around(value, depth), others)}

    def one_of(self, value: Any, _schema: Any, depth: int) -> dict[str, Any]:
        others = [self.other(value, depth) for _ in range(self._int(1, 3))]
        others = [schema for schema in others if not self._fits(schema, value)]
        return {"oneOf": self._mixed(self.around(value, depth), others)}

    def negation(self, value: Any, _schema: Any, depth: int) -> dict[str, Any]:
        return {"not": self.other(value, depth)}

    def condition(self, value: Any, _schema: Any, depth: int) -> dict[str, Any]:
        condition = self.around(value, depth) if self._chance(2) else self.other(value, depth)
        holds = self._fits(condition, value)
        then = self.around(value, depth) if holds else self.other(value, depth)
        otherwise = self.other(value, depth) if holds else self.around(value, depth)
        made: dict[str, Any] = {"if": condition, "then": then, "else": otherwise}
        if not self._chance(3):
            del made["else" if holds else "then"]
        return made

    def reference(self, value: Any, _schema: Any, depth: int) -> dict[str, Any]:
        if not self._chance(3):
            self.definitions["Anything"] = _ANYTHING
            return {"$ref": "#/$defs/Anything"}
        return {"$ref": f"#/$defs/{self._defined(self.around(value, depth))}"}

    def _defined(self, schema: Schema) -> str:
        name = f"Part-{len(self.definitions)}"
        self.definitions[name] = schema
        return name

    def shown(self, value: Any, _schema: Any, _depth: int) -> dict[str, Any]:
        keyword = self._pick(["example", "examples", "default"])
        shown = value if self._chance(3) else self.draw(_SCALARS)
        return {keyword: [shown] if keyword == "examples" else shown}

    # Strings

    def lengths(self, value: str, _schema: Any, _depth: int) -> dict[str, Any]:
        limits = {
            "minLength": self._int(max(0, len(value) - 3), len(value)),
            "maxLength": len(value) + self._int(0, 3),
        }
        return self._some_of(limits)

    def _some_of(self, limits: dict[str, Any]) -> dict[str, Any]:
        kept = {name: limit for name, limit in limits.items() if self._chance(2)}
        return kept or limits

    def pattern(self, value: str, _schema: Any, _depth: int) -> dict[str, Any]:
        start = self._int(0, len(value))
        part = re.escape(value[start : self._int(start, len(value))]).replace(r"\ ", " ")
        whole = "".join(self._char(char) for char in value)
        patterns = [
            f"^{part}",
            f"{part}$",
            part,
            f"^{whole}$",
            f"^(?:{whole}|zz+)$",
            f"^(?=.*{part}).{{{len(value)},}}$",
            "^(?!zz)[^|]*$",
            "^[\\s\\S]{0,40}$",
            f"({part}|[0-9]){{1,3}}",
        ]
        return {"pattern": self._pick(patterns).replace(r"\-", "-")}

    def _char(self, char: str) -> str:
        for kind in ("[0-9]", "[a-z]", "[A-Z]"):
            if re.fullmatch(kind, char):
                return str(self._pick([kind, char, f"{kind}+", f"{kind}{{1,2}}"]))
        return re.escape(char).replace(r"\ ", " ")

    def format(self, value: str, _schema: Any, _depth: int) -> dict[str, Any]:
        formats = [name for name in _FORMAT_NAMES if self._fits({"format": name}, value)]
        return {"format": self._pick(formats)}

    def encoding(self, _value: str, _schema: Any, _depth: int) -> dict[str, Any]:
        return {"contentEncoding": "base64", "contentMediaType": "application/json"}

    # Numbers

    def limits(self, value: float, _schema: Any, _depth: int) -> dict[str, Any]:
        span = self._pick([0, 1, 7, 0.5, 0.01, 1000])
        limits = {
            "minimum": value - span,
            "maximum": value + span,
            "exclusiveMinimum": value - span - 1,
            "exclusiveMaximum": value + span + 0.25,
        }
        return self._some_of(limits)

    def multiple_of(self, value: float, _schema: Any, _depth: int) -> dict[str, Any]:
        # Validators disagree on whether 19.99 is a multiple of 0.01, not on halves and quarters.
        steps = [
            1,
            2,
            3,
            5,
            7,
            10,
            0.5,
            0.25,
            *([value] if value > 0 and value % 0.25 == 0 else []),
        ]
        fitting = [step for step in steps if self._fits({"multipleOf": step}, value)]
        return {"multipleOf": self._pick(fitting)} if fitting else {}

    # Arrays

    def sizes(self, value: list[Any], _schema: Any, _depth: int) -> dict[str, Any]:
        limits: dict[str, Any] = {
            "minItems": self._int(0, len(value)),
            "maxItems": len(value) + self._int(0, 2),
            "uniqueItems": True,
        }
        limits = self._some_of(limits)
        return limits if self._fits(limits, value) else {}

    def items(self, value: list[Any], _schema: Any, depth: int) -> dict[str, Any]:
        return {
            "items": {"anyOf": [self.around(item, depth) for item in value]} if value else False
        }

    def same_items(self, value: list[Any], _schema: Any, depth: int) -> dict[str, Any]:
        return {"items": self.around(self._pick(value), depth) if value else True}

    def prefix(self, value: list[Any], _schema: Any, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        known = self._int(0, len(value))
        if known:
            made["prefixItems"] = [self.around(item, depth) for item in value[:known]]
        rest = value[known:]
        made["items"] = self.around(rest[0], depth) if rest else self._pick([True, False])
        return made

    def contains(self, value: list[Any], _schema: Any, depth: int) -> dict[str, Any]:
        wanted = self.around(self._pick(value), depth) if value else {"type": "string"}
        count = sum(self._fits(wanted, item) for item in value)
        limits = {
            "minContains": self._int(0, count),
            "maxContains": max(1, count) + self._int(0, 1),
        }
        made = {"contains": wanted} | (self._some_of(limits) if self._chance(3) else {})
        return made if count else made | {"minContains": 0}

    def unevaluated_items(self, _value: Any, _schema: Any, depth: int) -> dict[str, Any]:
        return {"unevaluatedItems": self._pick([False, True, self.around("abc", depth)])}

    # Objects

    def properties(self, value: dict[str, Any], _schema: Any, depth: int) -> dict[str, Any]:
        known = [name for name in value if self._chance(4)]
        made: dict[str, Any] = {name: self.around(value[name], depth) for name in known}
        absent = [name for name in _NAMES if name not in value and not self._chance(6)]
        made |= {name: self.other(value, depth) for name in absent}
        return {"properties": made}

    def required(self, value: dict[str, Any], _schema: Any, _depth: int) -> dict[str, Any]:
        return {"required": [name for name in value if self._chance(3)]}

    def pattern_properties(self, value: dict[str, Any], _schema: Any, depth: int) -> dict[str, Any]:
        pattern = self._pick(["^x-", "^[a-z]+$", "name", "[0-9]$", "^[A-Z]", "^..$"])
        found = [each for name, each in value.items() if re.search(pattern, name)]
        schemas = [self.around(each, depth) for each in found]
        return {"patternProperties": {pattern: {"anyOf": schemas} if schemas else False}}

    def additional(self, value: dict[str, Any], schema: Any, depth: int) -> dict[str, Any]:
        known = schema.get("properties", {})
        rest = [each for name, each in value.items() if name not in known]
        if not rest:
            return {"additionalProperties": self._pick([False, {"type": "integer"}])}
        return {"additionalProperties": self.around(self._pick(rest), depth)}

    def property_names(self, value: dict[str, Any], _schema: Any, _depth: int) -> dict[str, Any]:
        rules = [
            {"maxLength": max(map(len, value), default=3)},
            {"minLength": min(map(len, value), default=2)},
            {"enum": sorted({*value, "zeta", "eta"})},
            {"pattern": "^[A-Za-z0-9_-]*$"},
            {"not": {"const": "alpha"}},
        ]
        return {"propertyNames": self._pick(rules)}

    def counts(self, value: dict[str, Any], _schema: Any, _depth: int) -> dict[str, Any]:
        limits = {
            "minProperties": self._int(0, len(value)),
            "maxProperties": len(value) + self._int(0, 2),
        }
        return self._some_of(limits)

    def dependent_required(
        self, value: dict[str, Any], _schema: Any, _depth: int
    ) -> dict[str, Any]:
        name = self._pick([*value, "kind", "size"])
        present = [other for other in value if self._chance(2)]
        return {"dependentRequired": {name: present if name in value else ["a", "b2"]}}

    def dependent_schemas(self, value: dict[str, Any], _schema: Any, depth: int) -> dict[str, Any]:
        name = self._pick([*value, "kind", "size"])
        schema = self.around(value, depth) if name in value else self.other(value, depth)
        return {"dependentSchemas": {name: schema}}

    def unevaluated(self, _value: Any, _schema: Any, depth: int) -> dict[str, Any]:
        return {"unevaluatedProperties": self._pick([False, True, self.around("abc", depth)])}

    def discriminated(self, value: dict[str, Any], _schema: Any, depth: int) -> dict[str, Any]:
        said = [name for name, each in value.items() if isinstance(each, str)]
        if not said:
            return {}
        name = self._pick(said)
        mine = self.around(value, depth) | {"required": [name]}
        theirs = {"type": "object", "required": [name], "properties": {name: {"const": "other"}}}
        refs = [f"#/$defs/{self._defined(schema)}" for schema in (mine, theirs)]
        return {
            "oneOf": self._mixed({"$ref": refs[0]}, [{"$ref": refs[1]}]),
            "discriminator": {
                "propertyName": name,
                "mapping": {value[name]: refs[0], "other": refs[1]},
            },
        }


Maker = Callable[[_Builder, Any, dict[str, Any], int], dict[str, Any]]

_NUMBER_MAKERS: list[Maker] = [_Builder.limits, _Builder.multiple_of]
_MAKERS_FOR_ALL: list[Maker] = [_Builder.enum, _Builder.const, _Builder.shown]
_MAKERS_BY_TYPE: dict[type, list[Maker]] = {
    str: [_Builder.lengths, _Builder.pattern, _Builder.format, _Builder.encoding],
    int: _NUMBER_MAKERS,
    float: _NUMBER_MAKERS,
    list: [_Builder.sizes],
    dict: [
        _Builder.required,
        _Builder.property_names,
        _Builder.counts,
        _Builder.dependent_required,
    ],
}
_NESTED_FOR_ALL: list[Maker] = [
    *(_Builder.all_of, _Builder.any_of, _Builder.one_of),
    *(_Builder.negation, _Builder.condition, _Builder.reference),
]
_NESTED_BY_TYPE: dict[type, list[Maker]] = {
    list: [_Builder.items, _Builder.same_items, _Builder.prefix, _Builder.contains],
    dict: [
        *(_Builder.properties, _Builder.pattern_properties, _Builder.additional),
        *(_Builder.dependent_schemas, _Builder.discriminated),
    ],
}
_LAST_BY_TYPE: dict[type, list[Maker]] = {
    list: [_Builder.unevaluated_items],
    dict: [_Builder.unevaluated],
}
_NEAR: dict[type, st.SearchStrategy[Any]] = {
    str: _TEXTS,
    int: _NUMBERS,
    float: _NUMBERS,
    list: _FLAT,
    dict: _FLAT,
}
