"""The laws on what one identity created and another one tries to see, change and delete."""

from contracts.steps import SECOND
from tests.contracts.histories import Line
from tests.contracts.laws.rooms import of_letters

SEE, CHANGE, DELETE = (f"strangers_{verb}_nothing" for verb in ("see", "change", "delete"))
SENT = {"subject": "a", "text": "b"}
LETTER = {"id": 7, **SENT}
MADE = Line("POST /letters", 201, LETTER, sent=SENT)
MINE = Line("GET /letters", 200, [LETTER])
THEIRS = Line("GET /letters", 200, [], who=SECOND)
READ = Line("GET /letters/7", 200, LETTER)
MISSING = Line("GET /letters/7", 404, {})
DENIED = Line("GET /letters/7", 404, {}, who=SECOND)
SHOWN = Line("GET /letters/7", 200, LETTER, who=SECOND)


def _patch(status: int) -> Line:
    return Line("PATCH /letters/7", status, {**LETTER, "text": "c"}, sent={"text": "c"}, who=SECOND)


def _delete(status: int) -> Line:
    return Line("DELETE /letters/7", status, who=SECOND)


CHANGED = Line("GET /letters/7", 200, {**LETTER, "text": "c"})


def test_denials_keep_them() -> None:
    """The item is as it was, and there."""
    assert of_letters(SEE, MADE, DENIED) == [("", "", "readLetter")]
    assert of_letters(CHANGE, MADE, READ, _patch(404), READ) == [("", "", "readLetter")]
    assert of_letters(DELETE, MADE, READ, _delete(403), READ) == [("", "", "readLetter")]


def test_a_list_of_ones_own_shows_whose_an_item_is() -> None:
    """What the second identity's list leaves out it may not read, change or delete, either."""
    assert ("Another identity reads what one created for itself.", "readLetter", "readLetter") in (
        of_letters(SEE, MADE, MINE, THEIRS, SHOWN)
    )
    assert of_letters(CHANGE, MADE, MINE, THEIRS, READ, _patch(200), CHANGED) == [
        ("Another identity changes what one created for itself.", "patchLetter", "patchLetter")
    ]
    assert of_letters(DELETE, MADE, MINE, THEIRS, READ, _delete(204), MISSING) == [
        ("Another identity deletes what one created for itself.", "", "deleteLetter")
    ]


def test_a_denied_read_shows_it_for_lists() -> None:
    """A filter opens what is shut."""
    filtered = Line("GET /letters?subject=a", 200, [LETTER], who=SECOND)
    assert ("A list shows what another identity created for itself.", "", "listLetters") in (
        of_letters(SEE, MADE, DENIED, filtered)
    )


def test_what_all_share_is_nobodys() -> None:
    """Without a sign that items are kept apart, nothing is proven."""
    both = Line("GET /letters", 200, [LETTER], who=SECOND)
    assert of_letters(SEE, MADE, MINE, both, SHOWN) == []
    assert of_letters(CHANGE, MADE, READ, _patch(200), CHANGED) == []
    assert of_letters(DELETE, MADE, READ, _delete(204), MISSING) == []


def test_what_is_refused_may_be_done_all_the_same() -> None:
    """That is wrong whoever may do what."""
    assert of_letters(CHANGE, MADE, READ, _patch(403), CHANGED) == [
        ("Another identity's change is refused, and made.", "patchLetter", "patchLetter")
    ]
    assert of_letters(DELETE, MADE, READ, _delete(403), MISSING) == [
        ("Another identity's deletion is refused, and done.", "", "deleteLetter")
    ]


def test_what_the_first_did_itself_proves_nothing() -> None:
    """An item that its own creator changed or deleted was not touched by another."""
    own = Line("PATCH /letters/7", 200, {**LETTER, "text": "c"}, sent={"text": "c"})
    assert of_letters(CHANGE, MADE, MINE, THEIRS, READ, _patch(403), own, CHANGED) == []
    gone = Line("DELETE /letters/7", 204)
    assert of_letters(DELETE, MADE, READ, gone, _delete(404), MISSING) == []
