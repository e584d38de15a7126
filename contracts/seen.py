"""What a run has seen of its target, operation by operation."""

from collections import Counter
from dataclasses import dataclass, field

from contracts.branches import Branches
from contracts.history import Exchange
from contracts.outcome import Coverage


@dataclass
class OfOperation:
    """What was seen of one operation."""

    statuses: Counter[int] = field(default_factory=Counter)
    """How often each came; 0 stands for no answer."""
    parameters: set[tuple[str, str]] = field(default_factory=set)
    branches: Branches | None = None
    """Made when it is called first: that reads its schemas."""

    @property
    def coverage(self) -> Coverage:
        """It as a report tells it."""
        return Coverage(
            frozenset(self.statuses),
            frozenset(self.parameters),
            self.statuses.total(),
            self.branches.seen if self.branches is not None else {},
        )


@dataclass
class Seen:
    """What was seen, whoever sent the requests."""

    by_name: dict[str, OfOperation] = field(default_factory=dict)
    failure: str = ""
    """Why the last request that got no answer got none."""
    led_to: str = ""
    """Where the last redirect leads."""

    @property
    def exchanges(self) -> int:
        """How many there were."""
        return sum(one.statuses.total() for one in self.by_name.values())

    def note(self, exchange: Exchange) -> None:
        """Take an exchange into account."""
        own = self.of(exchange.operation.name)
        own.statuses[exchange.status] += 1
        own.parameters.update(exchange.values)
        if own.branches is None:
            own.branches = Branches(exchange.api, exchange.operation)
        own.branches.note(exchange)
        self.failure = exchange.failure or self.failure
        if exchange.response is not None:
            self.led_to = exchange.response.header("location") or self.led_to

    def of(self, name: str) -> OfOperation:
        """What was seen of an operation."""
        return self.by_name.setdefault(name, OfOperation())
