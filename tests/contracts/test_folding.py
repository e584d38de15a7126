"""Findings of one cause become one, and those of others stay apart."""

from dataclasses import replace

from contracts.exchange import Request, Response
from contracts.findings import Finding, Kind, Told
from contracts.folding import folded


def finding(name: str, *operations: str, status: int = 200, place: str = "") -> Finding:
    """A finding of a law or a check, by its name."""
    answer = Response(status)
    return Finding(
        name=name,
        sentence="It is so.",
        problem=f"{name} is broken.",
        operations=operations,
        history=(Told(operations[0], Request("GET", "http://testserver/"), answer),),
        place=place,
        subject=operations[0],
        is_law=not name.startswith(("not_a_", "use_", "status_")),
    )


def test_a_check_is_folded_into_the_law_that_tells_more() -> None:
    """What it saw at other operations is added."""
    law = finding("deleted_is_gone", "readBook")
    check = finding("use_after_free", "readBook", "changeBook")
    (told,) = folded([check, law])
    assert (told.name, told.operations) == ("deleted_is_gone", ("readBook", "changeBook"))


def test_another_operation_is_another_cause() -> None:
    """And so is another kind, and a law that tells of something else."""
    check = finding("use_after_free", "readPen")
    law = finding("deleted_is_gone", "readBook")
    assert len(folded([check, law])) == 2
    unclear = replace(law, operations=("readPen",), kind=Kind.UNCLEAR)
    assert len(folded([check, unclear])) == 2
    assert len(folded([check, finding("ids_are_unique", "readPen")])) == 2


def test_a_failure_is_told_once() -> None:
    """By a law, unless that says which value it comes of: then another may be behind it."""
    check = finding("not_a_server_error", "createBook", status=500)
    law = finding("conflicts_are_refused", "createBook", status=500)
    assert folded([check, law]) == [law]
    with_value = finding("requests_never_crash", "createBook", status=500, place="/title")
    assert len(folded([check, with_value])) == 2
    assert len(folded([check, finding("created_can_be_read", "createBook")])) == 2


def test_what_follows_from_another_law_is_no_cause_of_its_own() -> None:
    """What is not on the whole list is on none of its pages."""
    listed = finding("created_is_listed", "listBooks")
    assert folded([finding("pages_lose_nothing", "listBooks"), listed]) == [listed]
    begun = finding("statuses_start_as_declared", "createBook", place="status")
    chosen = finding("clients_cannot_set_what_is_the_servers", "readBook", place="status")
    (told,) = folded([begun, replace(chosen, subject=begun.subject)])
    assert told.name == chosen.name


def test_a_value_that_is_there_already_is_a_conflict() -> None:
    """It fails only where the same request with another value does not."""
    conflict = finding("conflicts_are_refused", "createUser", status=500)
    alone = finding("requests_never_crash", "createUser", status=500, place="/email")
    compared = replace(alone, history=(*alone.history, *alone.history))
    assert folded([conflict, compared]) == [conflict]
    assert len(folded([conflict, alone])) == 2


def test_a_cause_that_shows_in_every_property_is_one() -> None:
    """As where PUT merges."""
    shown = [finding("put_replaces_the_whole", "putPen", place=one) for one in ("a", "b", "c")]
    assert len(folded(shown)) == 1
    assert len(folded([replace(one, name="values_come_back_as_sent") for one in shown])) == 3
