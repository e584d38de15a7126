"""What a target took in spite of its description: what shows it later is no fault of its own."""

from collections.abc import Mapping

from contracts.exchange import ABSENT, Response
from contracts.history import Exchange, plain_values
from openapi.resources import sent_schema


class Taken:
    """The values that clients sent, the description forbids, and the target accepted."""

    def __init__(self) -> None:
        self._values: set[tuple[str, str]] = set()

    def note(self, exchange: Exchange) -> None:
        """Remember what an exchange shows to be accepted."""
        if exchange.safe or not exchange.ok or not isinstance(exchange.sent, Mapping | list):
            return
        validator = exchange.api.validator(sent_schema(exchange.operation))
        if validator.is_valid(exchange.sent):
            return
        for error in validator.iter_errors(exchange.sent):
            place = "/".join("*" if isinstance(one, int) else str(one) for one in error.path)
            self._values.add((_name(place), repr(error.instance)))

    def is_in(self, place: str, response: Response | None) -> bool:
        """Whether an answer holds such a value in a place, or in all of some (`/a, /b/*`)."""
        if not place or response is None or response.value is ABSENT:
            return False
        shown = {(name, repr(value)) for name, value in plain_values(response.value)}
        found = shown & self._values
        return all(any(name == _name(one) for name, _ in found) for one in place.split(", "))


def _name(place: str) -> str:
    """The name nearest to a place."""
    return next((part for part in reversed(place.split("/")) if part not in {"", "*"}), "")
