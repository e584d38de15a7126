"""What schemas say of objects and lists: properties, keys, and where an item or a list stands.

Nothing is validated here. Schemas stand alone (`openapi.schemas.standing_alone`), and so do the
parts that are given back.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from openapi.pointers import at
from openapi.schemas import Schema, part_of

Place = tuple[str, ...]
"""Property names on the way from the body down to what is meant; empty for the body itself."""

_LIST_NAMES = (
    "data",
    "items",
    "results",
    "entries",
    "values",
    "records",
    "content",
    "list",
    "rows",
)
_WRAPPERS = ("data", "result", "response", "item", "payload")
_THING = "item"
"""A wrapper, or a property that names another thing."""
_KEYS = ("id", "uuid", "guid")
_NAMES = ("sid", "key", "slug", "code", "name", "number", "identifier", "username", "email")
"""What may serve as a key where nothing better is there, in their `spelling`."""

_COMMON = re.compile(
    r"(?:id|uuid|name|type|kind|status|state|href|url|self|links|ok|object"
    r"|(?:date|time)?(?:created|updated|modified|deleted)(?:at|on|by|date|time)?)"
)
"""Names that tell nothing of what an object is, in their `spelling`."""


def spelling(name: str) -> str:
    """The name as it is compared: `petId`, `pet_id` and `Pet-ID` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def singular(word: str) -> str:
    """A guess at the singular of an English plural, for comparing names."""
    for plural, single in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("s", "")):
        if word.endswith(plural) and not word.endswith("ss") and len(word) > len(plural) + 1:
            return word[: -len(plural)] + single
    return word


def holding(schema: Schema, *, branches: bool = True) -> Iterator[dict[str, Any]]:
    """The schema and all that hold together with it, references followed.

    With `branches`, those of which only some hold (`oneOf`, `anyOf`) come, too.
    """
    seen: set[int] = set()
    waiting: list[Any] = [schema]
    while waiting:
        node = waiting.pop(0)
        if not isinstance(node, dict) or id(node) in seen:
            continue
        seen.add(id(node))
        if node.keys() - {"$ref", "$defs"}:
            yield node
        if isinstance(node.get("$ref"), str):
            # What stands beside a reference holds as well, and is nearer.
            waiting.insert(0, at(schema, node["$ref"]))
        for key in ("allOf", "oneOf", "anyOf") if branches else ("allOf",):
            if isinstance(node.get(key), list):
                waiting += node[key]


def properties(schema: Schema) -> dict[str, Schema]:
    """The described properties by name; those that are not allowed are left out."""
    found: dict[str, Schema] = {}
    barred: set[str] = set()
    for node in holding(schema):
        listed = node.get("properties")
        for name, part in listed.items() if isinstance(listed, dict) else ():
            if part is False:
                barred.add(name)
            found.setdefault(name, part_of(schema, part))
    return {name: part for name, part in found.items() if name not in barred}


def required(schema: Schema) -> frozenset[str]:
    """The properties that every value has."""
    return frozenset(
        name
        for node in holding(schema, branches=False)
        for name in (node["required"] if isinstance(node.get("required"), list) else ())
    )


def read_only(schema: Schema) -> frozenset[str]:
    """The properties that only the server may set."""
    return frozenset(
        name
        for name, part in properties(schema).items()
        if any(node.get("readOnly") is True for node in holding(part, branches=False))
    )


def types(schema: Schema) -> frozenset[str]:
    """The types that a value may have, as far as it is said; what is told otherwise is guessed."""
    named: set[str] = set()
    for node in holding(schema):
        kinds = node.get("type", ())
        named |= {kinds} if isinstance(kinds, str) else set(kinds)
        if not kinds:
            named |= {"object"} if "properties" in node else set()
            named |= {"array"} if "items" in node else set()
    return frozenset(named)


def items(schema: Schema) -> Schema:
    """The schema of an array's items; True where nothing is said."""
    for node in holding(schema):
        if "items" in node:
            return part_of(schema, node["items"])
    return True


def keyword(schema: Schema, name: str) -> Any:
    """The value of a keyword in the schema or what holds with it; None where there is none."""
    return next((node[name] for node in holding(schema) if name in node), None)


def at_place(schema: Schema, place: Place) -> Schema:
    """The schema of what stands at a place."""
    for name in place:
        schema = properties(schema).get(name, True)
    return schema


def key_names(parameter: str | None, word: str) -> tuple[str, ...]:
    """What the key of an item is called, likeliest first, in their `spelling`.

    `parameter` is the placeholder of the item's path; `word` is the collection's last name.
    """
    noun = singular(spelling(word))
    called = spelling(parameter or "")
    # `petId` names the `id` of a pet.
    ending = max(filter(called.endswith, (*_KEYS, *_NAMES)), key=len, default="")
    names = (called, ending, *_KEYS, *(noun + name for name in _KEYS))
    return tuple(dict.fromkeys(name for name in names if name))


def key_in(schema: Schema, names: Sequence[str]) -> str | None:
    """The property that holds the key of an item, by its `key_names`; None where there is none."""
    return _named(schema, names) or _named(schema, _NAMES)


def _named(schema: Schema, names: Sequence[str]) -> str | None:
    by_spelling = {spelling(name): name for name in reversed(list(properties(schema)))}
    return next((by_spelling[name] for name in names if name in by_spelling), None)


def item_place(schema: Schema, names: Sequence[str], word: str) -> Place | None:
    """Where an item stands in a body: the body itself, or one property of it; None: nowhere.

    `names` are the `key_names` of the item, `word` is the collection's last name.
    """
    described = properties(schema)
    if not described:
        return () if "object" in types(schema) else None
    if _named(schema, names) is not None:
        return ()
    own = {spelling(word), singular(spelling(word))}
    for name, part in described.items():
        called = spelling(name)
        likely = called in own or (called in _WRAPPERS and _wraps(called, part, schema))
        if likely and "object" in types(part):
            named = _named(part, names) is not None
            if named or _named(schema, _NAMES) is None:
                return (name,)
    return ()


def _wraps(called: str, part: Schema, whole: Schema) -> bool:
    """Whether a part is the item itself, and no free object or reference beside other values."""
    if len(properties(whole)) == 1:
        return True
    told = set(map(spelling, properties(part)))
    return bool(told) and (called != _THING or not told <= {*_KEYS, "type"})


def list_place(schema: Schema, word: str) -> Place | None:
    """Where a list of items stands in a body: itself, a property, or one below; None: nowhere."""
    kinds = types(schema)
    if "array" in kinds and "object" not in kinds:
        return () if _may_hold_objects(items(schema)) else None
    described = properties(schema)
    if "id" in described:
        return None
    lists = [
        name
        for name, part in described.items()
        if "array" in types(part) and _may_hold_objects(items(part))
    ]
    likely = (spelling(word), *_LIST_NAMES)
    ranked = sorted(lists, key=lambda name: _rank(spelling(name), likely))
    if ranked and spelling(ranked[0]) in likely:
        return (ranked[0],)
    if len(ranked) == 1:
        # Beside an item, a list tells of that.
        return (
            None if any("id" in properties(part) for part in described.values()) else (ranked[0],)
        )
    for name, part in described.items():
        if not ranked and "object" in types(part) and spelling(name) in _WRAPPERS:
            below = list_place(part, word)
            if below is not None:
                return (name, *below)
    return None


def _rank(name: str, likely: Sequence[str]) -> int:
    return likely.index(name) if name in likely else len(likely)


def _may_hold_objects(schema: Schema) -> bool:
    kinds = types(schema)
    return not kinds or "object" in kinds


def alike(one: Schema, other: Schema) -> bool:
    """Whether two schemas seem to describe the same kind of object.

    They do if they are the same by name. If not, what the smaller one describes has to be in the
    other, but for a third; what any object may have, such as `id` or `created_at`, tells nothing.
    """
    if reference(one) is not None and reference(one) == reference(other):
        return True
    mine, theirs = (set(map(spelling, properties(schema))) for schema in (one, other))
    kinds = [({name for name in one if not _COMMON.fullmatch(name)}, one) for one in (mine, theirs)]
    telling, smaller = min(kinds, key=lambda kind: (len(kind[1]), len(kind[0])))
    return bool(smaller) and 3 * len(telling & mine & theirs) >= 2 * len(telling)


def reference(schema: Schema) -> str | None:
    """The name that the document gives a schema; None where it has none."""
    pointer = schema.get("$ref") if isinstance(schema, dict) else None
    return re.sub(r"-[0-9]+$", "", pointer) if isinstance(pointer, str) else None
