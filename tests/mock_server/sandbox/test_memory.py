"""The store in memory, against a model that copies everything at each transaction."""

import tracemalloc
from contextlib import AbstractContextManager
from copy import deepcopy
from math import nan
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mock_server.sandbox.memory import MemoryStore
from mock_server.sandbox.store import Row, Table, rows_by_table

TABLES = st.sampled_from(["red", "blue"])
IDS = st.sampled_from(["", "a", "b", "c", "d", "é/~1"])
FIELDS = st.sampled_from(["size", "name", "more"])
SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.5, "a", "b", ""])
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(FIELDS, SCALARS, max_size=2)
ROWS = st.dictionaries(FIELDS, VALUES, max_size=3)
WHERE = st.none() | st.dictionaries(FIELDS, SCALARS | st.lists(SCALARS, max_size=3), max_size=2)

Model = dict[str, dict[str, Row]]


class Failure(Exception):  # noqa: N818 - it is thrown by the test, and nothing of it is wrong
    """What a behaviour might raise."""


def put_and_fail(store: MemoryStore, id: str, failure: type[BaseException]) -> None:
    """A transaction that puts a row and then raises."""
    with store.transaction():
        store.put("t", id, {})
        raise failure


def fits(row: Row, where: dict[str, Any] | None) -> bool:
    """The model's idea of a filter."""
    for field, wanted in (where or {}).items():
        allowed = wanted if isinstance(wanted, list) else [wanted]
        if not any(row.get(field) == value for value in allowed):
            return False
    return True


def rank(value: Any) -> tuple[int, Any]:
    """The model's idea of an order: nothing, numbers, text, the rest by its text."""
    if value is None:
        return 0, 0
    if isinstance(value, (bool, int, float)):
        return 1, value
    return (2, value) if isinstance(value, str) else (3, str(value))


def spoil(value: Any) -> None:
    """Change everything in a JSON value."""
    if isinstance(value, dict):
        for item in value.values():
            spoil(item)
        value["spoilt"] = True
    elif isinstance(value, list):
        for item in value:
            spoil(item)
        value.append("spoilt")


class StoreMachine(RuleBasedStateMachine):
    """Does the same to a store and to the model, and looks for a difference after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.store = MemoryStore()
        self.model: Model = {"red": {}, "blue": {}}
        self.before: Model = {}
        self.open: list[AbstractContextManager[None]] = []

    @rule(table=TABLES, id=IDS, row=ROWS)
    def put(self, table: str, id: str, row: Row) -> None:
        """A row is kept as it was when it was put, whatever becomes of it later."""
        self.model[table][id] = deepcopy(row)
        Table(self.store, table).put(id, row)
        spoil(row)

    @rule(table=TABLES, id=IDS)
    def delete(self, table: str, id: str) -> None:
        """A row is gone, and deleting nothing is no fault."""
        self.model[table].pop(id, None)
        Table(self.store, table).delete(id)

    @rule(table=TABLES, id=IDS)
    def replace(self, table: str, id: str) -> None:
        """A row that is deleted and put again goes to the end."""
        row = self.model[table].pop(id, {"size": 1})
        self.model[table][id] = row
        Table(self.store, table).delete(id)
        Table(self.store, table).put(id, row)

    @rule()
    def clear(self) -> None:
        """Every row is gone."""
        self.model = {"red": {}, "blue": {}}
        self.store.clear()

    @rule(table=TABLES, id=IDS)
    def get(self, table: str, id: str) -> None:
        """A row that was read is the reader's own."""
        row = Table(self.store, table).get(id)
        assert row == self.model[table].get(id)
        spoil(row)

    @rule(
        table=TABLES,
        where=WHERE,
        sort=st.none() | FIELDS,
        descending=st.booleans(),
        offset=st.integers(0, 4),
        limit=st.none() | st.integers(0, 4),
    )
    def find(
        self,
        table: str,
        where: dict[str, Any] | None,
        sort: str | None,
        descending: bool,
        offset: int,
        limit: int | None,
    ) -> None:
        """Filter, then sort without disturbing equals, then cut the page."""
        expected = [row for row in self.model[table].values() if fits(row, where)]
        assert Table(self.store, table).count(where) == len(expected)
        if sort is not None:
            expected.sort(key=lambda row: rank(row.get(sort)), reverse=descending)
        elif descending:
            expected.reverse()
        expected = expected[offset:][:limit]
        found = Table(self.store, table).find(
            where, sort=sort, descending=descending, offset=offset, limit=limit
        )
        assert found == expected
        spoil(found)

    @precondition(lambda self: len(self.open) < 3)
    @rule()
    def begin(self) -> None:
        """A transaction opens, perhaps within another."""
        if not self.open:
            self.before = deepcopy(self.model)
        self.open.append(self.store.transaction())
        self.open[-1].__enter__()

    @precondition(lambda self: self.open)
    @rule()
    def end_well(self) -> None:
        """What happened inside is kept, as far as the outer one keeps it."""
        self.open.pop().__exit__(None, None, None)

    @precondition(lambda self: self.open)
    @rule()
    def fail(self) -> None:
        """A failure that nobody catches undoes all that the outermost one holds."""
        failure = Failure()
        while self.open:
            assert not self.open.pop().__exit__(Failure, failure, None)
        self.model = deepcopy(self.before)

    @precondition(lambda self: len(self.open) > 1)
    @rule()
    def fail_inside(self) -> None:
        """A failure that is caught between two leaves the decision to the outer one."""
        assert not self.open.pop().__exit__(Failure, Failure(), None)

    @precondition(lambda self: not self.open)
    @rule()
    def fail_while_putting(self) -> None:
        """A row that cannot be kept leaves everything as it was, outside a transaction too."""
        endless: Row = {}
        endless["more"] = endless
        with pytest.raises(RecursionError):
            Table(self.store, "red").put("a", endless)

    @invariant()
    def same(self) -> None:
        """The store holds what the model holds, in the same order."""
        for table, rows in self.model.items():
            assert list(self.store.ids(table)) == list(rows)
            assert self.store.find(table) == list(rows.values())
            assert self.store.count(table) == len(rows)
        held = {table: rows for table, rows in self.model.items() if rows}
        assert dict(rows_by_table(self.store)) == held
        assert set(self.store.tables()) == held.keys()

    def teardown(self) -> None:
        """A last failure finds every mistake that waits in the notes."""
        if self.open:
            self.fail()
        self.same()


StoreMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
test_store_does_what_the_model_does = StoreMachine.TestCase


def test_a_transaction_that_raises_leaves_no_trace() -> None:
    """Added, changed, deleted and replaced rows are as before, also in their order."""
    store = MemoryStore()
    for id in "abc":
        store.put("t", id, {"id": id})

    def everything() -> None:
        with store.transaction():
            store.put("t", "new", {})
            store.put("t", "a", {"changed": True})
            store.delete("t", "b")
            store.put("t", "b", {"again": True})
            store.delete("t", "c")
            raise Failure

    with pytest.raises(Failure):
        everything()
    assert store.find("t") == [{"id": "a"}, {"id": "b"}, {"id": "c"}]


def test_a_caught_failure_rolls_nothing_back() -> None:
    """Only what leaves the outermost transaction undoes it."""
    store = MemoryStore()
    with store.transaction():
        store.put("t", "a", {})
        with pytest.raises(Failure):
            put_and_fail(store, "b", Failure)
    assert store.ids("t") == ["a", "b"]


def test_an_interruption_rolls_back_too() -> None:
    """Ctrl-C in the middle of an operation is no reason to keep half of it."""
    store = MemoryStore()
    with pytest.raises(KeyboardInterrupt):
        put_and_fail(store, "a", KeyboardInterrupt)
    assert store.tables() == []


def test_a_failed_transaction_can_be_followed_by_another() -> None:
    """Nothing of the first is undone or kept by the second."""
    store = MemoryStore()
    with pytest.raises(Failure):
        put_and_fail(store, "a", Failure)
    with store.transaction():
        store.put("t", "b", {})
    with pytest.raises(Failure):
        put_and_fail(store, "c", Failure)
    assert store.ids("t") == ["b"]


def test_the_order_is_put_back_in_every_transaction() -> None:
    """A table whose order changed for good in one transaction is put back by a later one."""
    store = MemoryStore()
    for id in "abc":
        store.put("t", id, {})
    with store.transaction():
        store.delete("t", "a")
        store.put("t", "a", {})
    assert store.ids("t") == ["b", "c", "a"]

    def replace_and_fail() -> None:
        with store.transaction():
            store.delete("t", "b")
            store.put("t", "b", {})
            raise Failure

    with pytest.raises(Failure):
        replace_and_fail()
    assert store.ids("t") == ["b", "c", "a"]


def test_deleted_rows_leave_no_gap_in_a_page() -> None:
    """Within the transaction, a deleted row is not counted, found or listed any more."""
    store = MemoryStore()
    for id in "abcd":
        store.put("t", id, {"id": id})
    with store.transaction():
        store.delete("t", "b")
        assert store.get("t", "b") is None
        assert store.find("t", offset=1, limit=1) == [{"id": "c"}]
        assert store.ids("t") == ["a", "c", "d"]
        assert store.count("t") == 3


@given(st.lists(SCALARS, max_size=8), st.booleans())
@settings(max_examples=50, deadline=None)
def test_every_mixture_of_values_can_be_sorted(values: list[Any], descending: bool) -> None:
    """Types that Python cannot compare stand apart from each other, and equals keep their order."""
    store = MemoryStore()
    for number, value in enumerate(values):
        store.put("t", str(number), {"value": value, "number": number})
    ranks = [rank(row["value"]) for row in store.find("t", sort="value", descending=descending)]
    assert ranks == sorted(ranks, reverse=descending)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (None, "abc"),
        ({}, "abc"),
        ({"size": 1}, "a"),
        ({"size": [1, 2]}, "ab"),
        ({"size": (2,)}, "b"),
        ({"size": {1, 2}}, "ab"),
        ({"size": frozenset()}, ""),
        ({"size": None}, "c"),
        ({"nowhere": None}, "abc"),
        ({"nowhere": 1}, ""),
        ({"size": 1, "name": "y"}, ""),
        ({"size": 2, "name": "y"}, "b"),
    ],
)
def test_rows_are_found_by_their_fields(where: dict[str, Any] | None, expected: str) -> None:
    """A value or any of several for each field; a field that is missing counts as null."""
    store = MemoryStore()
    store.put("t", "a", {"id": "a", "size": 1, "name": "x"})
    store.put("t", "b", {"id": "b", "size": 2, "name": "y"})
    store.put("t", "c", {"id": "c"})
    assert "".join(row["id"] for row in store.find("t", where)) == expected
    assert store.count("t", where) == len(expected)


def test_replacing_a_whole_table_costs_no_more_than_the_table() -> None:
    """Restoring a state deletes and puts every row in one transaction: no copy for each of them."""
    store = MemoryStore()
    for number in range(1500):
        store.put("t", str(number), {})
    tracemalloc.start()
    try:
        with store.transaction():
            for id in store.ids("t"):
                store.delete("t", id)
            for number in range(1500):
                store.put("t", str(number), {})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000


def plainly_found(rows: list[Row], where: dict[str, Any], **page: Any) -> list[Row]:
    """What a scan of all rows finds."""
    found = [row for row in rows if fits(row, where)]
    if page["sort"] is not None:
        found.sort(key=lambda row: rank(row.get(page["sort"])), reverse=page["descending"])
    elif page["descending"]:
        found.reverse()
    return found[page["offset"] :][: page["limit"]]


def some_changes(store: MemoryStore, rows: dict[str, Row], random: Random, number: int) -> None:
    """Puts, changes and deletions, in the store and in the model."""
    for _ in range(number):
        id = str(random.randrange(400))
        if random.random() < 0.2:
            store.delete("t", id)
            rows.pop(id, None)
        else:
            row = {"id": id, "kind": random.choice("abc"), "size": random.randrange(50)}
            store.put("t", id, row)
            rows[id] = row


def some_failure(store: MemoryStore, rows: dict[str, Row], random: Random) -> None:
    """Changes that are undone."""
    with store.transaction():
        some_changes(store, dict(rows), random, 20)
        raise Failure


@given(st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_an_index_finds_what_a_scan_finds(random: Random) -> None:
    """In a table of hundreds, on any page, while rows come, change, go and come back."""
    store, rows = MemoryStore(), dict[str, Row]()
    some_changes(store, rows, random, 500)
    for _ in range(25):
        if random.random() < 0.5:
            some_changes(store, rows, random, 5)
        else:
            with pytest.raises(Failure):
                some_failure(store, rows, random)
        where: dict[str, Any] = {}
        if random.random() < 0.6:
            where["kind"] = random.choice(["a", ["a", "c"], [["a"], "b"], "nothing"])
        if random.random() < 0.3:
            where["size"] = [random.randrange(50) for _ in range(random.randrange(30))]
        page: dict[str, Any] = {
            "sort": random.choice([None, "size", "kind", "id", "nowhere"]),
            "descending": random.random() < 0.5,
            "offset": random.choice([0, 1, 99, 100, 101, 180, 1000]),
            "limit": random.choice([None, 0, 1, 10]),
        }
        expected = plainly_found(list(rows.values()), where, **page)
        assert store.find("t", where, **page) == expected
        assert store.count("t", where) == sum(fits(row, where) for row in rows.values())
        assert store.ids("t") == list(rows)


def test_any_number_of_fields_can_be_searched() -> None:
    """More fields than are indexed at a time."""
    store = MemoryStore()
    for round in range(2):
        store.put("t", str(round), {f"field {number}": round for number in range(40)})
        for number in range(40):
            assert store.count("t", {f"field {number}": round}) == 1


def test_what_is_no_number_does_not_get_lost() -> None:
    """A behaviour may compute a NaN: its row can still be found, changed and deleted."""
    store = MemoryStore()
    for id, value in (("a", 1), ("b", nan), ("c", 2), ("d", nan)):
        store.put("t", id, {"id": id, "size": value})
    assert [row["id"] for row in store.find("t", sort="size")] == ["a", "c", "b", "d"]
    store.put("t", "b", {"id": "b", "size": 0})
    store.delete("t", "d")
    assert [row["id"] for row in store.find("t", sort="size")] == ["b", "a", "c"]
