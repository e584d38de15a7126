"""Findings are kept once for each cause."""

from dataclasses import replace

from contracts.findings import Finding, Findings, Kind

CRASH = Finding(
    name="requests_never_crash",
    sentence="No request makes the server fail.",
    problem="The server fails: 500.",
    operations=("createBook",),
    history=(),
    place="/title",
    subject="books",
)
CHECK = Finding(
    name="not_a_server_error",
    sentence="The server never fails on a request.",
    problem="Server error.",
    operations=("createBook",),
    history=(),
    subject="createBook",
    is_law=False,
)
LACKS = Finding(
    name="answers_fit_the_description",
    sentence="Every answer is one that the description tells of.",
    problem="The answer 200 lacks a required property.",
    operations=("readBook",),
    history=(),
    place="/title",
    subject="books",
)
LACKS_TOO = replace(
    LACKS,
    name="response_schema_conformance",
    operations=("listBooks",),
    place="/items/*/title",
    is_law=False,
)
THROWN = "java.lang.IllegalArgumentException: json can not be null"


def _kept(*findings: Finding) -> list[tuple[str, tuple[str, ...]]]:
    """Name and operations of what is left of them, in the order of names."""
    found = Findings()
    for one in findings:
        found.add(one)
    return sorted((one.name, one.operations) for one in found)


def test_a_check_does_not_say_again_what_a_law_says() -> None:
    """Whichever comes first, the law's finding is kept, which was shortened."""
    only = [("requests_never_crash", ("createBook",))]
    assert _kept(CRASH, CHECK) == _kept(CHECK, CRASH) == only


def test_a_check_elsewhere_is_kept() -> None:
    """At another operation, in another place, or of another kind."""
    assert len(_kept(CRASH, replace(CHECK, operations=("readBook",)))) == 2
    assert len(_kept(CRASH, replace(CHECK, place="/copies"))) == 2
    assert len(_kept(CRASH, replace(CHECK, kind=Kind.GAP))) == 2
    assert len(_kept(CRASH, replace(CHECK, name="use_after_free"))) == 2


def test_what_is_left_of_a_check_is_kept() -> None:
    """At the operations of which the law says nothing."""
    check = replace(CHECK, operations=("createBook", "readBook"))
    left = [("not_a_server_error", ("readBook",)), ("requests_never_crash", ("createBook",))]
    assert _kept(check, CRASH) == left


def test_the_same_cause_is_one_wherever_it_shows() -> None:
    """In another place, at another operation, seen by a check or by a law."""
    law = replace(CRASH, cause=THROWN)
    other = replace(law, operations=("findBooks",), place="", subject="shelves")
    check = replace(CHECK, operations=("importBooks",), subject="importBooks", cause=THROWN)
    where = ("createBook", "findBooks", "importBooks")
    assert _kept(law, other, check) == [("requests_never_crash", where)]
    assert _kept(check, law) == [("requests_never_crash", ("createBook",))]


def test_other_causes_without_a_place_are_others() -> None:
    """What was thrown tells them apart; where nothing is told, a law's place does."""
    law = replace(CRASH, cause=THROWN, place="")
    assert len(_kept(law, replace(law, cause=""))) == 1
    assert len(_kept(law, replace(law, cause="java.lang.Error: the heap is full of it"))) == 2
    assert len(_kept(CRASH, replace(CRASH, place="/copies"))) == 2


def test_what_shows_each_time_is_not_unclear_as_well() -> None:
    """Whichever comes first."""
    unclear = replace(CRASH, kind=Kind.UNCLEAR)
    for order in ((unclear, CRASH), (CRASH, unclear)):
        found = Findings()
        for one in order:
            found.add(one)
        assert [one.kind for one in found] == [Kind.FAULT]


def test_a_check_is_one_for_each_operation() -> None:
    """Whatever a server answers to one value after another that it does not take."""
    refused = replace(CHECK, name="positive_data_acceptance", cause="The title is too long by far.")
    again = replace(refused, cause="The title must not be empty.")
    elsewhere = replace(again, operations=("changeBook",))
    assert len(_kept(refused, again)) == 1
    assert len(_kept(refused, elsewhere)) == 2


def test_an_item_is_the_same_alone_and_in_a_list() -> None:
    """What its answers lack is one finding."""
    both = [("answers_fit_the_description", ("readBook", "listBooks"))]
    assert _kept(LACKS, LACKS_TOO) == both
    made = replace(LACKS_TOO, problem="The answer 201 lacks a required property.")
    assert _kept(LACKS, made) == both
