"""A run that nobody let in says so, and one that got in somewhere is a run."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from contracts.seen import Seen
from contracts.shut_out import told_of_all, told_of_some
from openapi.description import read

SHOP = read(Path(__file__).parents[1] / "examples/shop.yaml")
URL = "https://staging.example.com"


def seen(failure: str = "", **statuses: Iterable[int]) -> Seen:
    """What came, by operation."""
    made = Seen(failure=failure, led_to="https://login.example.com/")
    for name, came in statuses.items():
        made.of(name).statuses.update(came)
    return made


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ([404, 404, 401], "but 404 and 401. --url stands in the place"),
        ([401], "but 401. Give it credentials"),
        ([0, 503], "but 503. It is not in service"),
        ([307], "but 307. It leads to https://login.example.com/: is that where"),
    ],
)
def test_nothing_but_a_door(statuses: list[int], told: str) -> None:
    """What came most often says what to do."""
    assert told in told_of_all(seen(listOrders=statuses), URL, SHOP.operations)


def test_credentials_are_named() -> None:
    """By the description's own variables, also where what one may not see is not found."""
    came = seen(listOrders=[404, 404, 401])
    told = told_of_all(came, URL, SHOP.operations, ["UNDERSTUDY_API_KEY", "UNDERSTUDY_LOGIN"])
    assert "with -H, or by UNDERSTUDY_API_KEY or UNDERSTUDY_LOGIN in the environment" in told


def test_nothing_at_all() -> None:
    """Why the last request got no answer; where none was sent, that time was over."""
    told = told_of_all(seen("It hung up.", listOrders=[0, 0]), URL, SHOP.operations)
    assert told == f"{URL} answered none of 2 requests. It hung up."
    assert "--max-time waits longer" in told_of_all(seen(), URL, SHOP.operations)


@pytest.mark.parametrize("status", [200, 400, 405, 409, 500])
def test_one_answer_is_enough(status: int) -> None:
    """Whatever an implementation itself may say."""
    assert told_of_all(seen(listOrders=[401], readOrder=[status]), URL, SHOP.operations) == ""


def test_operations_that_let_nobody_in_are_told_of() -> None:
    """By status, a few by name; what was not found is none of them."""
    some = seen(listOrders=[200], readOrder=[401, 401], createOrder=[401], deleteOrder=[404])
    [told] = told_of_some(some, SHOP.operations)
    assert told.startswith("Nothing but 401 came from createOrder, readOrder. Give it credentials")
