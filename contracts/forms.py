"""What other representations than JSON say: values by their names, as texts."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import yaml

from contracts.exchange import Response
from contracts.history import leaves
from contracts.values import same
from openapi.shapes import spelling

_DEEP = (list, Mapping)


class Unreadable(ValueError):  # noqa: N818 - the answer is what fails
    """A body is not what its media type says."""


@dataclass(frozen=True)
class Said:
    """The values of a representation."""

    by_name: Mapping[str, Sequence[str]]
    """Texts by the `spelling` of the element, column or property that holds them."""
    is_table: bool = False
    """Whether it has one row for each item, and nothing within."""
    rows: int = 0

    @property
    def all(self) -> set[str]:
        """All texts."""
        return {text for texts in self.by_name.values() for text in texts}


def is_readable(media_type: str) -> bool:
    """Whether what a media type holds can be compared with JSON."""
    return _kind(media_type) is not None


def said_by(response: Response) -> Said | None:
    """What an answer says; None where it cannot be compared. Raises Unreadable."""
    kind = _kind(response.media_type)
    try:
        text = response.body.decode("utf-8-sig")
        if kind == "xml":
            return _collected(_in_xml(ET.fromstring(response.body)))  # noqa: S314 - expat bounds it
        if kind == "csv":
            return _in_csv(text)
        if kind == "yaml":
            return _collected(leaves(yaml.safe_load(text)))
    except (ET.ParseError, UnicodeDecodeError, csv.Error, yaml.YAMLError) as error:
        raise Unreadable(str(error)) from error
    return None


def _kind(media_type: str) -> str | None:
    ending = media_type.partition("/")[2].rpartition("+")[2].removeprefix("x-")
    return ending if ending in {"xml", "csv", "yaml"} else None


def _in_xml(root: ET.Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        for name, text in element.attrib.items():
            yield name.rpartition("}")[2], text
        if len(element) == 0 and element.text:
            yield element.tag.rpartition("}")[2], element.text


def _in_csv(text: str) -> Said:
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    rows = [row for row in rows if row]
    if not rows:
        return Said({}, is_table=True)
    if any(len(row) != len(rows[0]) for row in rows):
        raise Unreadable("The rows have other columns than the first one.")
    pairs = ((name, cell) for row in rows[1:] for name, cell in zip(rows[0], row, strict=True))
    said = _collected((name, cell) for name, cell in pairs if cell)
    return Said(said.by_name, is_table=True, rows=len(rows) - 1)


def _collected(pairs: Iterator[tuple[str, str]]) -> Said:
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(spelling(name), []).append(text)
    return Said(found)


def missing(value: Any, said: Said) -> str | None:
    """The name of a value in JSON that another representation does not hold; None: it has all.

    Where it has the name, it has to have the values there; else anywhere.
    """
    by_name: dict[str, list[str]] = {}
    if said.is_table:
        # How a list or an object stands in one cell is nowhere said.
        value = [{name: v for name, v in one.items() if not isinstance(v, _DEEP)} for one in value]
    for name, text in leaves(value):
        by_name.setdefault(name, []).append(text)
    for name, texts in by_name.items():
        there = said.by_name.get(spelling(name))
        if there is None and said.is_table:
            # A table need not have every column.
            continue
        left = list(there) if there is not None and len(there) >= len(texts) else list(said.all)
        is_short = there is not None and len(there) < len(texts)
        for text in texts:
            found = next((one for one in left if _alike(text, one)), None)
            if found is None or (is_short and not _alike_any(text, there or ())):
                return name
            if there is not None and not is_short:
                left.remove(found)
    return None


def _alike_any(text: str, others: Sequence[str]) -> bool:
    return any(_alike(text, one) for one in others)


def _alike(one: str, other: str) -> bool:
    first, second = one.strip(), other.strip()
    if same(first, second) or first.replace("\r\n", "\n") == second.replace("\r\n", "\n"):
        return True
    if {first.lower(), second.lower()} <= {"true", "false"}:
        return first.lower() == second.lower()
    try:
        return float(first) == float(second)
    except ValueError:
        return False
