"""What descriptions say in words of items of which there may be no two, and by which values."""

import re
from dataclasses import dataclass

from openapi import shapes
from openapi.description import Operation
from openapi.resources import sent_schema
from openapi.schemas import Schema

_UNIQUE = re.compile(
    r"\b(unique|must not (already )?exist|no two|no other \w+ ((may |can )?have|has|uses?))\b",
    re.IGNORECASE,
)
_NOT_UNIQUE = re.compile(r"\b(need not|not|non)[- ]?(be )?unique\b", re.IGNORECASE)
_TAKEN = re.compile(
    r"already (exists?|there|taken|used|in use|registered|booked|reserved|has|have)|there already"
    r"|there (is|are) already"
    r"|\b(taken|duplicates?|in use|same (name|title|email|code|key|slug))\b"
    r"|\b(exists already|overlap|double[- ]book|not unique|must be unique)",
    re.IGNORECASE,
)
"""How descriptions say what their 409 is for."""
_CONFLICT = "409"


@dataclass(frozen=True, slots=True)
class Uniqueness:
    """What an operation may not do a second time."""

    names: frozenset[str]
    """The properties of its body that are said to be unique."""
    conflicts: bool
    """Whether it documents how it refuses what conflicts."""
    refuses_the_same: bool
    """Whether it documents that what is there already is refused."""


def uniqueness(operation: Operation) -> Uniqueness:
    """What an operation may not do a second time, as far as its description says."""
    schema = sent_schema(operation)
    described = shapes.properties(schema)
    settable = described.keys() - shapes.read_only(schema)
    names = frozenset(name for name in settable if _is_unique(described[name]))
    told = [one.description for one in operation.responses if one.status == _CONFLICT]
    return Uniqueness(names, bool(told), bool(_TAKEN.search(" ".join(told))))


def _is_unique(schema: Schema) -> bool:
    told = " ".join(
        text
        for text in (shapes.keyword(schema, "title"), shapes.keyword(schema, "description"))
        if isinstance(text, str)
    )
    flagged = any(shapes.keyword(schema, word) is True for word in ("x-unique", "x-is-unique"))
    return flagged or bool(_UNIQUE.search(told) and not _NOT_UNIQUE.search(told))
