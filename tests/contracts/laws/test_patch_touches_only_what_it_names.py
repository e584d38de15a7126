"""The law that a PATCH touches only what it names."""

from tests.contracts.histories import Line
from tests.contracts.laws.books import BOOK, KEPT, created, found, patched, shown

LAW = "patch_touches_only_what_it_names"

TOUCHED = "A PATCH changes what it does not name."
PATCH = patched({"copies": 3})


def test_what_it_does_not_name_stays() -> None:
    """Only what it names changed."""
    assert found(LAW, created(), shown(), PATCH, shown(copies=3)) == [KEPT]


def test_what_it_wipes_or_changes_breaks_it() -> None:
    """The property is named."""
    wiped = shown(copies=3, subtitle=None)
    assert found(LAW, created(), shown(), PATCH, wiped) == [(TOUCHED, "subtitle")]
    changed = shown(copies=3, subtitle="Another")
    assert found(LAW, created(), shown(), PATCH, changed) == [(TOUCHED, "subtitle")]


def test_a_patch_of_nothing_changes_nothing() -> None:
    """The body is empty."""
    assert found(LAW, created(), shown(), patched({}), shown()) == [KEPT]
    changed = shown(subtitle="Another")
    assert found(LAW, created(), shown(), patched({}), changed) == [(TOUCHED, "subtitle")]


def test_what_the_server_sets_may_change() -> None:
    """Its status and times, and what nobody can set."""
    after = shown(copies=3, status="lent", updated_at="2026-01-02T00:00:00Z")
    assert found(LAW, created(), shown(), PATCH, after) == [KEPT]


def test_other_writes_in_between_prove_nothing() -> None:
    """Nor do refused ones."""
    lent = Line("POST /books/7/lend", 200, BOOK)
    assert found(LAW, created(), shown(), PATCH, lent, shown(subtitle="Another")) == []
    refused = patched({"copies": 3}, status=400)
    assert found(LAW, created(), shown(), refused, shown(subtitle="Another")) == []
