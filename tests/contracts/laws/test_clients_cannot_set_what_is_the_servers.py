"""The law that what only the server sets stays as it is."""

from tests.contracts.laws.books import BOOK, KEPT, SENT, created, found, patched, shown

LAW = "clients_cannot_set_what_is_the_servers"

EARLY = "2001-02-03T04:05:06Z"


def _by(method: str) -> str:
    return f"A client sets what only the server may set, by {method}."


def test_what_is_ignored_keeps_it() -> None:
    """It shows what the server gave it."""
    forged = created(8, {**SENT, "created_at": EARLY}, created_at=BOOK["created_at"])
    assert found(LAW, created(7), forged, shown(8)) == [KEPT]


def test_what_is_taken_breaks_it() -> None:
    """By a create, where others show that it is the server's to set."""
    forged = created(8, {**SENT, "created_at": EARLY})
    told = (_by("POST"), "created_at")
    assert found(LAW, created(7), forged, shown(8, created_at=EARLY)) == [told]
    assert found(LAW, forged) == []


def test_what_is_taken_by_a_change_breaks_it() -> None:
    """It was other before."""
    forged = patched({"status": "lent"})
    told = [(_by("PATCH"), "status")]
    assert found(LAW, created(), shown(), forged, shown(status="lent")) == told
    assert found(LAW, created(), shown(), forged, shown()) == [KEPT]
    already = shown(status="lent")
    assert found(LAW, created(), already, forged, already) == []


def test_what_is_only_repeated_in_the_answer_is_not_set() -> None:
    """A read tells more than the answer of a write."""
    forged = created(8, {**SENT, "created_at": EARLY})
    assert found(LAW, created(7), forged, shown(8)) == [KEPT]


def test_what_is_offered_elsewhere_is_the_clients() -> None:
    """A PATCH need not name all that a create does."""
    moved = patched({"authorId": "other"})
    assert found(LAW, created(), shown(), moved, shown(authorId="other")) == []


def test_refused_is_well_done() -> None:
    """There is nothing to say of it."""
    assert found(LAW, created(), shown(), patched({"status": "lent"}, status=400), shown()) == []
