"""What descriptions say in words of the order of two properties."""

import json
from pathlib import Path
from typing import Any

import pytest

from openapi.description import read
from openapi.orders import Order, orders

DATE = {"type": "string", "format": "date"}
NUMBER = {"type": "integer"}


def _orders(folder: Path, properties: dict[str, Any], said: str = "", refusal: str = "") -> Any:
    schema = {"type": "object", "properties": properties}
    responses = {"201": {"description": "Done."}, "422": {"description": refusal}}
    create = {
        "description": said,
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": responses,
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things": {"post": create}},
    }
    path = folder / "api.json"
    path.write_text(json.dumps(document))
    return orders(read(path).operations[0])


DAYS = {"start": DATE, "end": DATE}
RISING = (Order("start", "end"),)


@pytest.mark.parametrize(
    "said",
    [
        "`end` is never before `start`.",
        "The end must be after the start.",
        "The start must not be later than the end.",
        "Nothing is lost, the start must not, in any case, be later than the end.",
        "start has to be earlier than end",
    ],
)
def test_a_sentence_with_both_names_tells(tmp_path: Path, said: str) -> None:
    """Whichever comes first, and whether it demands or forbids."""
    assert _orders(tmp_path, DAYS, said) == RISING


def test_a_refusal_tells_what_must_not_be(tmp_path: Path) -> None:
    """Unless it says what must be."""
    assert _orders(tmp_path, DAYS, refusal="The end is before the start.") == RISING
    assert _orders(tmp_path, DAYS, refusal="The end must be after the start.") == RISING
    said = "A room does not exist, or `start` is later than `end`"
    assert _orders(tmp_path, DAYS, refusal=said) == RISING


def test_a_property_tells_of_itself(tmp_path: Path) -> None:
    """It need not say its own name."""
    least = {**NUMBER, "description": "Must not be greater than maxGuests."}
    found = _orders(tmp_path, {"minGuests": least, "maxGuests": NUMBER})
    assert found == (Order("minGuests", "maxGuests"),)
    end = {**DATE, "description": "Not before `start`"}
    assert _orders(tmp_path, {"start": DATE, "end": end}) == RISING


@pytest.mark.parametrize(
    "said",
    [
        "The start and the end of the stay.",
        "It starts before noon.",
        "The end comes after the start, and before anything else.",
        "The end is told before.",
    ],
)
def test_other_sentences_tell_nothing(tmp_path: Path, said: str) -> None:
    """They name one property only, compare nothing, or more than two."""
    assert _orders(tmp_path, DAYS, said) == ()


def test_what_cannot_be_compared_has_no_order(tmp_path: Path) -> None:
    """A day is not less than a number."""
    assert _orders(tmp_path, {"start": DATE, "end": NUMBER}, "end must be after start.") == ()


def test_only_both_values_can_be_in_the_wrong_order() -> None:
    """Moments by their time, numbers by their size; what is alike is fine."""
    order = Order("start", "end")
    assert order.is_broken({"start": "2031-01-02", "end": "2031-01-01"})
    assert order.is_broken({"start": 2, "end": 1})
    assert not order.is_broken({"start": 1, "end": 1})
    assert not order.is_broken({"start": 2})
    assert not order.is_broken({"start": True, "end": False})
