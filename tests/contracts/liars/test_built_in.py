"""Liars about who may do what, and about links, do what they say before the built-in APIs."""

from typing import Any

import httpx
import pytest

from tests.contracts.asking import Asker
from tests.contracts.liars.scene import Script, both, signed_in

IN_ORG_1 = "?organization_id=org-1"
NAMIRIAL = "00000000-0000-4000-8000-0000000000"
LINK = {
    "action": "request.update",
    "event": {"status": "verified", "request_id": f"{NAMIRIAL}01"},
    "redirect_url": "https://shop.example/thanks",
}
REQUEST = {
    "organization_user_id": "ada",
    "user_right_id": "cpra_opt_out",
    "status": "verified",
    "source": {"type": "DSAR"},
}


def path(url: str) -> str:
    """The path and query of a link that was handed out."""
    return httpx.URL(url).raw_path.decode()


def statuses(ask: Asker, *lines: str) -> list[int]:
    """The statuses of some requests."""
    return [ask(line).status_code for line in lines]


# Credentials


def altered_token(nobody: Asker) -> Any:
    """Whether a token whose last characters are other ones is accepted, and one all of its own."""
    signed_in(nobody, "didomi")(f"GET /dsar/requests{IN_ORG_1}")
    session = {"type": "api-key", "key": "any", "secret": "any"}
    good = nobody("POST /sessions", session).json()["access_token"]
    nobody.carrying(Authorization=f"Bearer {good}")(f"GET /dsar/requests{IN_ORG_1}")
    return [
        nobody.carrying(Authorization=f"Bearer {token}")(
            f"GET /dsar/requests{IN_ORG_1}"
        ).status_code
        for token in (good, f"{good[:-8]}altered0", "nothing-like-it")
    ]


def without_token(nobody: Asker) -> Any:
    """Whether anybody reads, and whether anybody writes."""
    ask = signed_in(nobody, "didomi")
    ask(f"GET /dsar/requests{IN_ORG_1}")
    answers = [
        nobody(f"GET /dsar/requests{IN_ORG_1}"),
        nobody(f"POST /dsar/requests{IN_ORG_1}", REQUEST),
    ]
    return [answer.status_code for answer in answers]


def two_organizations(nobody: Asker) -> tuple[Asker, Asker, str]:
    """Two clients, and the id of a request that the first has created."""
    mine, other = signed_in(nobody, "didomi"), signed_in(nobody, "didomi")
    return mine, other, mine(f"POST /dsar/requests{IN_ORG_1}", REQUEST).json()["id"]


def others_list(nobody: Asker) -> Any:
    """How many requests of others are listed for another organization."""
    _, other, _ = two_organizations(nobody)
    return bool(other("GET /dsar/requests?organization_id=org-2").json()["data"])


def others_change(nobody: Asker) -> Any:
    """The status of a request that another organization has tried to change."""
    mine, other, id = two_organizations(nobody)
    refused = other(f"PATCH /dsar/requests/{id}?organization_id=org-2", {"status": "refused"})
    return refused.status_code, mine(f"GET /dsar/requests/{id}{IN_ORG_1}").json()["status"]


# Links


def opened_twice(nobody: Asker) -> Any:
    """Whether a link works again."""
    ask = signed_in(nobody, "didomi")
    line = f"GET {path(ask(f'POST /dsar/links{IN_ORG_1}', LINK).json()['url'])}"
    return statuses(nobody, line, line)


def expired(nobody: Asker) -> Any:
    """What an expired link does."""
    ask = signed_in(nobody, "didomi")
    link = ask(f"POST /dsar/links{IN_ORG_1}", LINK).json()["url"]
    nobody("POST /_understudy/clock/advance", {"seconds": 901})
    answer = nobody(f"GET {path(link)}")
    read = ask(f"GET /dsar/requests/{NAMIRIAL}01{IN_ORG_1}")
    return answer.status_code, read.json()["status"]


def newer_and_older(nobody: Asker) -> Any:
    """Whether a newer and an older link of a request work."""
    ask = signed_in(nobody, "namirial")
    older, newer = (
        path(ask(f"POST /request/{NAMIRIAL}11/links").json()["links"][0]["link"]) for _ in range(2)
    )
    return statuses(nobody, f"GET {newer}", f"GET {older}")


def led(nobody: Asker) -> Any:
    """Where a link leads."""
    ask = signed_in(nobody, "didomi")
    link = ask(f"POST /dsar/links{IN_ORG_1}", LINK).json()["url"]
    return nobody(f"GET {path(link)}").headers["location"]


def link_for_a_stranger(nobody: Asker) -> Any:
    """Whether somebody who is no actor gets a link."""
    ask = signed_in(nobody, "namirial")
    answer = ask(f"POST /request/{NAMIRIAL}11/links", {"onlyForActors": ["mallory"]})
    return answer.status_code, [link["actor"] for link in answer.json().get("links", [])]


def default_lifetime(nobody: Asker) -> Any:
    """The lifetime that a link says, and whether it works after that."""
    ask = signed_in(nobody, "didomi")
    link = ask(f"POST /dsar/links{IN_ORG_1}", LINK).json()
    nobody("POST /_understudy/clock/advance", {"seconds": 901})
    return link["lifetime"], nobody(f"GET {path(link['url'])}").status_code


def alike(nobody: Asker) -> Any:
    """Whether the tokens of two links begin alike, and whether both work."""
    ask = signed_in(nobody, "didomi")
    links = [ask(f"POST /dsar/links{IN_ORG_1}", LINK).json()["url"] for _ in range(2)]
    tokens = [httpx.URL(link).params["token"] for link in links]
    works = statuses(nobody, *(f"GET {path(link)}" for link in links))
    return tokens[0][:20] == tokens[1][:20], tokens[0] == tokens[1], works


def decided(nobody: Asker) -> Any:
    """Whether a link with an alias in its path works, with a body in the request."""
    ask = signed_in(nobody, "namirial")
    link = path(ask(f"POST /request/{NAMIRIAL}11/links").json()["links"][0]["link"])
    status = nobody(f"POST {link}", {"outcome": "complete"}).status_code
    read = ask(f"GET /request/{NAMIRIAL}11")
    return "Zq4vT7" in link, status < 400, read.json()["status"]


# Others


def slug(nobody: Asker) -> Any:
    """The slug of a new link, and how many links are found by it."""
    ask = signed_in(nobody, "nullplatform")
    shown = ask("POST /link", new_link(name="One More Link")).json()["slug"]
    return shown, len(ask(f"GET /link?slug={shown}").json()["results"])


def new_link(**more: Any) -> dict[str, Any]:
    """A link without default actions."""
    return {
        "name": "Orders",
        "service_id": f"{NAMIRIAL}42",
        "specification_id": f"{NAMIRIAL}02",
        "entity_nrn": "organization=1:account=2:namespace=3:application=4",
        "status": "active",
        **more,
    }


def levels(nobody: Asker) -> Any:
    """The levels of two messages, one of which was sent without."""
    ask = signed_in(nobody, "nullplatform")
    id = ask("POST /link", new_link()).json()["id"]
    messages = [{"message": "a"}, {"message": "b", "level": "error"}]
    answer = ask(f"PATCH /link/{id}", {"messages": messages})
    return [message["level"] for message in answer.json()["messages"]]


def same_key_twice(nobody: Asker) -> Any:
    """Whether an answer is repeated, and how many requests were made."""
    ask = signed_in(nobody, "namirial")
    before = ask("GET /requests").json()["page"]["totalElements"]
    sent = {"requestTypeId": f"{NAMIRIAL}01"}
    ids = [ask("POST /requests?idempotencyKey=k", sent).json()["id"] for _ in range(2)]
    after = ask("GET /requests").json()["page"]["totalElements"]
    return ids[0] == ids[1], after - before


CASES: list[tuple[str, str, Script, Any, Any]] = [
    (
        "bad_credentials_are_refused__only_their_first_half_counts",
        "didomi",
        altered_token,
        [200, 401, 401],
        [200, 200, 401],
    ),
    ("schemathesis_ignored_auth__everybody_reads", "didomi", without_token, [401, 401], [200, 401]),
    ("strangers_see_nothing__but_in_lists", "didomi", others_list, False, True),
    (
        "strangers_change_nothing__refused_and_done",
        "didomi",
        others_change,
        (404, "verified"),
        (404, "refused"),
    ),
    ("links_work_until_they_expire__only_once", "didomi", opened_twice, [302, 302], [302, 410]),
    (
        "expired_links_do_nothing__but_what_they_say",
        "didomi",
        expired,
        (410, "unverified"),
        (410, "verified"),
    ),
    (
        "earlier_links_stay_usable__only_the_newest_do",
        "namirial",
        newer_and_older,
        [200, 200],
        [200, 404],
    ),
    (
        "opening_leads_where_the_link_says__without_tls",
        "didomi",
        led,
        "https://shop.example/thanks",
        "http://shop.example/thanks",
    ),
    (
        "only_listed_actors_get_links__anybody_gets_one_by_name",
        "namirial",
        link_for_a_stranger,
        (400, []),
        (200, ["mallory"]),
    ),
    (
        "lifetimes_default_to_900_seconds__it_says_and_means_1800",
        "didomi",
        default_lifetime,
        (900, 410),
        (900, 302),
    ),
    (
        "links_cannot_be_guessed__all_alike_but_for_their_end",
        "didomi",
        alike,
        (False, False, [302, 302]),
        (True, False, [302, 302]),
    ),
    (
        "links_cannot_be_guessed__all_alike_but_for_their_end",
        "namirial",
        decided,
        (False, True, "COMPLETED"),
        (True, True, "COMPLETED"),
    ),
    (
        "slugs_follow_names__with_underscores",
        "nullplatform",
        slug,
        ("one-more-link", 1),
        ("one_more_link", 1),
    ),
    (
        "message_levels_default_to_info__in_another_word",
        "nullplatform",
        levels,
        ["info", "error"],
        ["information", "error"],
    ),
    (
        "idempotency_keys_act_once__but_answer_once",
        "namirial",
        same_key_twice,
        (True, 1),
        (True, 2),
    ),
]


@pytest.mark.parametrize(
    ("name", "api", "script", "honest", "lied"),
    CASES,
    ids=[f"{one[0]}-{one[2].__name__}" for one in CASES],
)
def test_it_lies_as_it_says(name: str, api: str, script: Script, honest: Any, lied: Any) -> None:
    """The same requests get another answer from the liar than from the honest mock."""
    assert both(name, api, script) == (honest, lied)
