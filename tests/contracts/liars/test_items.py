"""Liars about single items do what they say, and an honest mock does not."""

from typing import Any

import pytest

from tests.contracts.asking import Asker
from tests.contracts.liars.scene import LIBRARY, Script, both

FULL = {"title": "a", "author": "x", "pages": 9, "tags": ["k"]}


def made(ask: Asker, **more: Any) -> str:
    """The path of a new book."""
    return f"/books/{ask('POST /books', {**FULL, **more}).json()['id']}"


def read_twice(ask: Asker) -> Any:
    """What the first two reads of a new book find."""
    path = made(ask)
    return [ask(f"GET {path}").status_code for _ in range(2)]


def beyond_latin(ask: Asker) -> Any:
    """How texts come back."""
    return ask(f"GET {made(ask, title='é', author='漢字 🎈')}").json()["author"]


def read_after_deletion(ask: Asker) -> Any:
    """Whether a book that was read is found after its deletion."""
    path = made(ask)
    ask(f"GET {path}")
    ask(f"DELETE {path}")
    return ask(f"GET {path}").status_code


def created_then_deleted(ask: Asker) -> Any:
    """Whether a book that nobody has read is found after its deletion."""
    path = made(ask)
    ask(f"DELETE {path}")
    return ask(f"GET {path}").status_code


def ids(ask: Asker) -> Any:
    """Whether each of four new books is shown with an id of its own."""
    shown = [ask("POST /books", FULL).json()["id"] for _ in range(4)]
    return [shown.index(id) for id in shown]


def unknown(ask: Asker) -> Any:
    """What is found under an id that nobody has."""
    made(ask)
    answer = ask("GET /books/987654")
    return answer.status_code, answer.json()["title"] if answer.text else None


def left_out(ask: Asker) -> Any:
    """What a PUT answers of what it leaves out, and what is read later."""
    path = made(ask)
    answers = [ask(f"PUT {path}", {"title": "b"}), ask(f"GET {path}")]
    return [answer.json().get("author") for answer in answers]


def put_twice(ask: Asker) -> Any:
    """Whether the same PUT says the same again."""
    path = made(ask)
    sent = {"title": "b", "author": "y"}
    return [ask(f"PUT {path}", sent).json().get("author") for _ in range(2)]


def deleted_twice(ask: Asker) -> Any:
    """Whether a book is there after each of two deletions."""
    path = made(ask)
    seen = []
    for _ in range(2):
        seen += [ask(f"DELETE {path}").status_code, ask(f"GET {path}").status_code]
    return seen


def patched(ask: Asker) -> Any:
    """A book after its title was changed."""
    path = made(ask)
    ask(f"PATCH {path}", {"title": "b"})
    book = ask(f"GET {path}").json()
    return book["title"], book["author"], book["pages"], book["tags"]


def stock(ask: Asker) -> Any:
    """Whether a client may say how many there are."""
    path = made(ask, stock=123456)
    return ask(f"GET {path}").json()["stock"] == 123456


def neighbour(ask: Asker) -> Any:
    """The title of a book after another was changed."""
    one, other = made(ask), made(ask)
    ask(f"PATCH {one}", {"title": "b"})
    return [ask(f"GET {path}").json()["title"] for path in (one, other)]


def refused_change(ask: Asker) -> Any:
    """A book whose change was refused for one of two properties."""
    path = made(ask)
    status = ask(f"PATCH {path}", {"title": "b", "pages": "many"}).status_code
    return status, ask(f"GET {path}").json()["title"]


def refused_creation(ask: Asker) -> Any:
    """How many books there are once one was refused."""
    status = ask("POST /books", {"title": 5}).status_code
    return status, ask("GET /books").json()["total"]


def list_after_refusal(ask: Asker) -> Any:
    """Whether books are listed after one was refused."""
    before = ask("GET /books").status_code
    ask("POST /books", {"title": 5})
    return before, ask("GET /books").status_code


def list_between_reads(ask: Asker) -> Any:
    """Whether a book is the same before and after a list."""
    path = made(ask)
    before = ask(f"GET {path}").json()
    ask("GET /books")
    return ask(f"GET {path}").json() == before


def two_shelves(ask: Asker) -> Any:
    """What becomes of a shelf whose code is taken."""
    return [ask("POST /shelves", {"code": "a"}).status_code for _ in range(2)]


def location(ask: Asker) -> Any:
    """Where `Location` leads."""
    answer = ask("POST /books", FULL)
    path = answer.headers["location"].removeprefix("http://testserver")
    return next(iter(ask(f"GET {path}").json()))


def large_number(ask: Asker) -> Any:
    """Whether numbers beyond 32 bits are taken in a body, a path and a query."""
    return [
        ask("POST /books", {**FULL, "pages": number}).status_code < 500
        and ask(f"GET /books/{number}").status_code < 500
        and ask(f"GET /books?offset={number}").status_code < 500
        for number in (2**31 - 1, 2**31)
    ]


def xml(ask: Asker) -> Any:
    """The last value of a book in XML."""
    path = made(ask)
    return ask(f"GET {path}", None, Accept="application/xml").text.endswith(
        "<state>shelved</state></xml>"
    )


def torn(ask: Asker) -> Any:
    """A book that two have changed at the same time, and one that was changed by one alone."""
    path = made(ask)
    bodies = [{"title": who, "author": who} for who in ("one", "two")]
    ask.together(*((f"PATCH {path}", body) for body in bodies))
    book = ask(f"GET {path}").json()
    alone = ask(f"PATCH {path}", bodies[0]).json()
    return book["title"] == book["author"], alone["title"] == alone["author"]


def torn_by_put(ask: Asker) -> Any:
    """A book that two have replaced at the same time."""
    path = made(ask)
    bodies = [{"title": who, "author": who} for who in ("one", "two")]
    ask.together(*((f"PUT {path}", body) for body in bodies))
    book = ask(f"GET {path}").json()
    return book["title"] == book["author"]


def translated(ask: Asker) -> Any:
    """Whether a translator needs a language, and whether a title is still needed."""
    sent = {"title": "b", "translator": "t"}
    answers = [ask("POST /books", sent), ask("POST /books", {"translator": "t"})]
    return [answer.status_code for answer in answers]


def tag_after_change(ask: Asker) -> Any:
    """What a conditional read of a changed book answers; an honest mock sends no tag."""
    path = made(ask)
    tag = ask(f"GET {path}").headers.get("etag", '"none"')
    ask(f"PATCH {path}", {"title": "b"})
    return ask(f"GET {path}", None, **{"If-None-Match": tag}).status_code


def first_status(ask: Asker) -> Any:
    """What a book that is created as lent is read as, and once it is shelved; or the refusal."""
    answer = ask("POST /books", {**FULL, "state": "lent"})
    if answer.status_code != 201:
        return answer.status_code
    path = f"/books/{answer.json()['id']}"
    first = ask(f"GET {path}").json()["state"]
    ask(f"PATCH {path}", {"state": "shelved"})
    return [first, ask(f"GET {path}").json()["state"]]


def forbidden_move(ask: Asker) -> Any:
    """The status of a book after a move that is none."""
    path = made(ask)
    status = ask(f"PATCH {path}", {"state": "lost"}).status_code
    return status, ask(f"GET {path}").json()["state"]


def lost(ask: Asker) -> Any:
    """The statuses that a lost book is shown with."""
    path = made(ask)
    ask(f"PATCH {path}", {"state": "lent"})
    answer = ask(f"PATCH {path}", {"state": "lost"})
    return [answer.json()["state"], ask(f"GET {path}").json()["state"]]


CASES: list[tuple[str, Script, Any, Any]] = [
    ("created_can_be_read__only_at_the_second_try", read_twice, [200, 200], [404, 200]),
    ("values_come_back_as_sent__question_marks", beyond_latin, "漢字 🎈", "?? ?"),
    ("deleted_is_gone__but_in_the_cache", read_after_deletion, 404, 200),
    ("deleted_is_gone__but_in_the_cache", created_then_deleted, 404, 200),
    ("ids_are_unique__every_second_repeats", ids, [0, 1, 2, 3], [0, 0, 2, 2]),
    ("unknown_ids_are_not_found__the_first_of_the_list", unknown, (404, None), (200, "a")),
    ("put_replaces_the_whole__but_what_is_read", left_out, [None, None], [None, "x"]),
    ("put_is_idempotent__the_second_drops_what_is_optional", put_twice, ["y", "y"], ["y", None]),
    (
        "delete_is_idempotent__the_second_brings_it_back",
        deleted_twice,
        [204, 404, 404, 404],
        [204, 404, 404, 200],
    ),
    (
        "patch_touches_only_what_it_names__one_more_is_emptied",
        patched,
        ("b", "x", 9, ["k"]),
        ("b", "", 9, ["k"]),
    ),
    (
        "clients_cannot_set_what_is_the_servers__once_sent_it_is_shown",
        stock,
        False,
        True,
    ),
    (
        "operations_act_on_what_their_path_names__and_on_all_others",
        neighbour,
        ["b", "a"],
        ["b", "b"],
    ),
    (
        "refused_requests_change_nothing__what_was_valid_is_kept",
        refused_change,
        (400, "a"),
        (400, "b"),
    ),
    (
        "refused_requests_change_nothing__what_was_valid_is_kept",
        refused_creation,
        (400, 0),
        (400, 1),
    ),
    (
        "refused_requests_poison_no_record__no_list_any_more",
        list_after_refusal,
        (200, 200),
        (200, 500),
    ),
    ("reads_change_nothing__lists_leave_a_mark", list_between_reads, True, False),
    ("conflicts_are_refused__they_crash", two_shelves, [201, 409], [201, 500]),
    ("location_leads_to_what_was_created__to_the_collection", location, "id", "data"),
    ("requests_never_crash__beyond_32_bits", large_number, [True, True], [True, False]),
    ("representations_agree__xml_loses_the_last", xml, True, False),
    ("concurrent_writes_have_an_order__they_are_torn", torn, (True, True), (False, True)),
    ("concurrent_writes_have_an_order__they_are_torn", torn_by_put, True, False),
    (
        "rules_between_fields_are_kept__each_alone_is_enough",
        translated,
        [400, 400],
        [201, 400],
    ),
    ("conditional_requests_hold__an_etag_for_ever", tag_after_change, 200, 304),
    (
        "statuses_start_as_declared__as_the_client_likes",
        first_status,
        409,
        ["lent", "shelved"],
    ),
    (
        "statuses_move_as_declared__refused_and_moved",
        forbidden_move,
        (409, "shelved"),
        (409, "lost"),
    ),
    ("final_statuses_stay__told_once", lost, ["lost", "lost"], ["lost", "lent"]),
]


@pytest.mark.parametrize(
    ("name", "script", "honest", "lied"),
    CASES,
    ids=[f"{one[0]}-{one[1].__name__}" for one in CASES],
)
def test_it_lies_as_it_says(name: str, script: Script, honest: Any, lied: Any) -> None:
    """The same requests get another answer from the liar than from the honest mock."""
    assert both(name, LIBRARY, script) == (honest, lied)
