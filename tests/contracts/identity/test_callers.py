"""Requests are sent as two identities that a run has or makes, and it survives losing them."""

import contextlib
import copy
import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flask
import pytest
import yaml

from contracts.api import Api
from contracts.exchange import Request, Response, first
from contracts.identity.callers import Callers
from contracts.identity.forgery import FORGERIES
from contracts.identity.identities import Identities
from contracts.play import NotPossible, Player
from contracts.stands import Stands
from contracts.steps import FIRST, FORGED, NOBODY, OUTDATED, SECOND, Step, Walk
from contracts.target import UnusableTarget
from contracts.targets.app import in_process
from contracts.targets.over_http import OverHttp
from openapi.description import read
from openapi.loading import BUILT_IN
from tests.contracts.identity.conftest import MakeApi
from understudy.pytest_plugin import Understudy

LOGIN = "/auth/login"


class Sends:
    """Callers with short ways to send."""

    def __init__(self, notes: Any, api: Api, **known: Any) -> None:
        self.secrets: list[str] = []
        self.identities = Identities(api, learn=self.secrets.append, **known)
        self.callers = Callers(
            self.identities, in_process(notes.app()), (("X-Sandbox", "s"),), lambda: notes.now
        )

    def send(self, key: str, who: str = FIRST, variant: int = 0, path: str = "") -> Response:
        """The answer to an operation by its `METHOD /path`."""
        operation = self.identities.api.by_key[key]
        url = f"{self.callers.url}{path or operation.path}"
        return self.callers.send(Request(operation.method, url), operation, who, variant)


def test_two_accounts_are_made_without_any_configuration(notes: Any, notes_api: Api) -> None:
    """Where the description offers it, both identities are accounts of the run's own."""
    sends = Sends(notes, notes_api)
    first, second = (sends.send("GET /me", who).value["email"] for who in (FIRST, SECOND))
    assert first != second
    assert set(notes.people) == {first, second}
    assert [one.who for one in sends.identities.registrations] == [FIRST, SECOND]
    for password in notes.people.values():
        assert 8 <= len(password) <= 20
        assert password in sends.secrets
    assert any(secret.count(".") == 2 for secret in sends.secrets)


def test_signing_in_goes_where_the_walk_goes(notes: Any, notes_api: Api) -> None:
    """Requests that make accounts and sign in carry the headers of the sandbox."""
    seen = []
    app = notes.app()
    app.before_request(lambda: seen.append(flask.request.headers.get("X-Sandbox")))
    sends = Sends(notes, notes_api)
    sends.callers = Callers(sends.identities, in_process(app), (("X-Sandbox", "s"),))
    sends.send("GET /me")
    assert seen == ["s", "s", None]


def test_nobody_and_open_operations_go_without(notes: Any, notes_api: Api) -> None:
    """Nobody has no credentials, also none that stand in the request; an open operation gets none,
    and signs nobody in.
    """
    sends = Sends(notes, notes_api)
    assert sends.send("GET /open").ok
    operation = notes_api.by_key["GET /me"]
    request = Request("GET", f"{sends.callers.url}/me", (("authorization", "Bearer x"),))
    assert sends.callers.send(request, operation, NOBODY, 0).status == 401
    assert notes.seen == [("GET", "/open", None), ("GET", "/me", None)]


def test_an_answer_tells_the_request_as_it_was_sent(notes: Any, notes_api: Api) -> None:
    """With the credentials, so that a report's lines can be sent again by hand."""
    sends = Sends(notes, notes_api)
    for who in (FIRST, FORGED):
        asked = sends.send("GET /me", who).asked
        assert asked is not None
        assert (first(asked.headers, "authorization") or "").startswith("Bearer ")
    nobody = sends.send("GET /me", NOBODY).asked
    assert nobody is not None
    assert first(nobody.headers, "authorization") is None


def test_given_credentials_go_where_none_are_described(notes: Any, make_api: MakeApi) -> None:
    """Whoever gives them knows better than the description; the fuzzer gets them, too."""
    api = make_api(
        {
            "openapi": "3.1.0",
            "info": {"title": "Silent", "version": "1"},
            "paths": {"/me": {"get": {"responses": {"200": {"description": "who"}}}}},
        }
    )
    given = ("Authorization", "token sesame")
    identities = Identities(api, (given,))
    stands = Stands(in_process(notes.app()), identities, "run")
    assert stands.headers(api.description.operations)["Authorization"] == "token sesame"
    with stands.stand() as stand:
        history = Player(api, stand.sender, stand.clock, stand.headers).play(
            Walk((Step("GET /me"), Step("GET /me", who=NOBODY)))
        )
    assert [given in one.request.headers for one in history] == [True, False]


def test_the_environment_signs_in(notes: Any, notes_api: Api) -> None:
    """The bodies of logins come from the environment before accounts are made."""
    notes.people = {"a@b.c": "of the first", "d@e.f": "of the second"}
    environment = {
        "UNDERSTUDY_LOGIN": json.dumps({"email": "a@b.c", "password": "of the first"}),
        "UNDERSTUDY_LOGIN_2": json.dumps({"email": "d@e.f", "password": "of the second"}),
    }
    sends = Sends(notes, notes_api, environment=environment)
    assert sends.send("GET /me").value == {"email": "a@b.c"}
    assert sends.send("GET /me", SECOND).value == {"email": "d@e.f"}
    assert len(notes.people) == 2
    assert {"of the first", "of the second"} <= set(sends.secrets)


def test_a_login_that_is_no_json_is_unusable(notes_api: Api) -> None:
    """A variable that cannot be understood is named."""
    with pytest.raises(UnusableTarget, match="UNDERSTUDY_LOGIN_2 is no JSON"):
        Identities(notes_api, environment={"UNDERSTUDY_LOGIN_2": "{password"})


def test_a_wrong_login_is_told_and_others_are_tried(notes: Any, notes_api: Api) -> None:
    """A login that is refused gives way to an account of the run's own, with a note."""
    environment = {"UNDERSTUDY_LOGIN": '{"email": "a@b.c", "password": "wrong"}'}
    sends = Sends(notes, notes_api, environment=environment)
    assert sends.send("GET /me").ok
    assert list(sends.identities.notes) == ["login signed nobody in (status 401)."]


def test_headers_of_the_user_are_the_first_identity(notes: Any, notes_api: Api) -> None:
    """A given header goes with every request of the first, and with none of another's."""
    notes.people["a@b.c"] = "x"
    headers = (("authorization", f"Bearer {notes.token('a@b.c')}"), ("X-Tenant", "7"))
    sends = Sends(notes, notes_api, headers=headers)
    assert sends.send("GET /me").value == {"email": "a@b.c"}
    assert sends.send("GET /open").ok
    assert sends.send("GET /me", SECOND).value["email"] != "a@b.c"
    assert sends.send("GET /me", NOBODY).status == 401
    assert [told == headers[0][1] for _, path, told in notes.seen if path != "/auth"] == [
        *(True, True),
        *(False, False, False, False),
    ]
    assert sends.identities.plain_headers == (("X-Tenant", "7"),)


def test_a_token_of_the_environment(notes: Any, notes_api: Api) -> None:
    """The variable of a scheme holds its token; without a way to a second there is none."""
    notes.people["a@b.c"] = "x"
    environment = {"UNDERSTUDY_BEARER": notes.token("a@b.c")}
    sends = Sends(notes, notes_api, environment=environment, may_register=False)
    assert sends.send("GET /me").value == {"email": "a@b.c"}
    with pytest.raises(NotPossible):
        sends.send("GET /me", SECOND)


def test_without_any_credentials_requests_go_plain(notes: Any, notes_api: Api) -> None:
    """What is not known is not sent, and nothing is forged of it."""
    sends = Sends(notes, notes_api, may_register=False)
    assert sends.send("GET /me").status == 401
    for who in (SECOND, FORGED, OUTDATED):
        with pytest.raises(NotPossible):
            sends.send("GET /me", who)
    assert len(notes.people) == 0


def test_a_token_that_expired_is_renewed(notes: Any, notes_api: Api) -> None:
    """A 401 leads to signing in again, once, and the request is sent again."""
    sends = Sends(notes, notes_api)
    email = sends.send("GET /me").value["email"]
    notes.now += timedelta(hours=2)
    assert sends.send("GET /me").value == {"email": email}
    assert (notes.logins, sends.callers.changes) == (2, 0)


def test_an_operation_that_always_refuses_costs_one_renewal(notes: Any, notes_api: Api) -> None:
    """A refusal that a fresh token does not help against is not fought again."""
    app = notes.app()
    app.before_request(lambda: ({}, 401) if flask.request.path == "/admin" else None)
    sends = Sends(notes, notes_api)
    sends.callers = Callers(sends.identities, in_process(app))
    assert [sends.send("GET /admin").status for _ in range(4)] == [401] * 4
    assert sends.send("GET /me").ok
    assert (notes.logins, sends.callers.changes) == (2, 0)


@pytest.mark.parametrize("how", ["DELETE /me", "PUT /me/password"])
def test_a_run_that_loses_its_account_becomes_another(notes: Any, notes_api: Api, how: str) -> None:
    """What a run does to its own account costs it no more than that account."""
    sends = Sends(notes, notes_api)
    email = sends.send("GET /me").value["email"]
    assert sends.send(how).ok
    notes.generation += 1  # whatever token there was is refused now
    assert sends.send("GET /me").status == 401
    assert sends.callers.changes == 1
    other = sends.send("GET /me").value["email"]
    assert other not in {email, None}
    assert "lost" in " ".join(sends.identities.notes)


def test_an_account_that_cannot_sign_in_any_more_is_lost(notes: Any, notes_api: Api) -> None:
    """A refused login says it all, also where nothing was shown to the account before."""
    sends = Sends(notes, notes_api)
    assert sends.send("GET /admin").status == 403
    notes.people.clear()
    assert sends.send("GET /admin").status == 401
    assert sends.send("GET /me").ok
    assert sends.callers.changes == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_login_that_comes_at_a_bad_time_loses_nothing(
    notes: Any, notes_api: Api, status: int
) -> None:
    """A login that is put off leaves the account what it is."""
    busy: list[int] = []
    app = notes.app()
    app.before_request(lambda: ({}, busy[0]) if busy and flask.request.path == LOGIN else None)
    sends = Sends(notes, notes_api)
    sends.callers = Callers(sends.identities, in_process(app))
    email = sends.send("GET /me").value["email"]
    notes.generation += 1
    busy.append(status)
    assert sends.send("GET /admin").status == 401
    busy.clear()
    assert sends.send("GET /me").value == {"email": email}
    assert sends.callers.changes == 0


def test_an_account_that_is_barred_is_noticed_by_what_it_could_do(
    notes: Any, notes_api: Api
) -> None:
    """Where even what the account was shown before is forbidden to it, it is lost."""
    barred: set[str] = set()
    app = notes.app()
    app.before_request(lambda: ({}, 403) if notes.who() in barred else None)
    sends = Sends(notes, notes_api)
    sends.callers = Callers(sends.identities, in_process(app))
    assert sends.send("GET /me").ok
    assert sends.send("GET /notes/{id}", path="/notes/mine").ok
    barred.add(next(iter(notes.people)))
    assert sends.send("GET /notes/{id}", path="/notes/mine").status == 403
    assert sends.send("GET /notes/{id}", path="/notes/mine").ok
    assert sends.callers.changes == 1


def test_another_ones_item_is_no_loss(notes: Any, notes_api: Api) -> None:
    """A refusal of one item leaves the account what it is."""
    sends = Sends(notes, notes_api)
    assert sends.send("GET /me").ok
    assert sends.send("GET /notes/{id}", path="/notes/mine").ok
    assert sends.send("GET /notes/{id}", path="/notes/yours").status == 403
    assert sends.callers.changes == 0


def test_an_account_without_successor_is_kept_and_told(notes: Any, notes_api: Api) -> None:
    """When there is no other account the run goes on, says so, and asks for no more of them."""
    notes.people["a@b.c"] = "x"
    environment = {"UNDERSTUDY_BEARER": notes.token("a@b.c")}
    sends = Sends(notes, notes_api, environment=environment, may_register=False)
    assert sends.send("GET /me").ok
    notes.generation += 1
    assert [sends.send("GET /me").status for _ in range(3)] == [401] * 3
    assert len(notes.seen) == 5  # one more, to see whether all is lost
    assert "there is no other" in " ".join(sends.identities.notes)


def test_what_may_have_cost_the_account_is_told(notes: Any, notes_api: Api) -> None:
    """The last change that was made with it, and how to leave that out."""
    notes.people["a@b.c"] = "x"
    environment = {"UNDERSTUDY_BEARER": notes.token("a@b.c")}
    sends = Sends(notes, notes_api, environment=environment, may_register=False)
    assert sends.send("GET /me").ok
    assert sends.send("DELETE /me").ok
    notes.generation += 1
    assert sends.send("GET /me").status == 401
    assert "--exclude 'DELETE /me'" in " ".join(sends.identities.notes)


def test_registering_that_is_refused_is_not_tried_again(notes: Any, notes_api: Api) -> None:
    """A server that makes no accounts is asked a few times in the whole run, not at each walk."""
    notes.closed = True
    sends = Sends(notes, notes_api)
    assert sends.send("GET /me").status == 401
    asked = len(notes.seen)
    assert asked <= 6
    sends.callers = Callers(sends.identities, in_process(notes.app()))
    assert sends.send("GET /me").status == 401
    assert len(notes.seen) == asked + 1


def test_several_threads_make_one_account(notes: Any, notes_api: Api) -> None:
    """Requests that are sent together sign in, and renew, once."""
    sends = Sends(notes, notes_api)

    def together() -> None:
        threads = [threading.Thread(target=lambda: sends.send("GET /me")) for _ in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    together()
    assert (len(notes.people), notes.logins) == (1, 1)
    notes.now += timedelta(hours=2)
    together()
    assert (len(notes.people), notes.logins) == (1, 2)


def test_forged_credentials_are_refused_by_a_correct_server(notes: Any, notes_api: Api) -> None:
    """Each way to forge a token is sent once, is no longer the token, and changes nothing else."""
    sends = Sends(notes, notes_api)
    assert sends.send("GET /me").ok
    good = notes.seen[-1][2]
    statuses = [sends.send("GET /me", FORGED, way).status for way in range(len(FORGERIES))]
    assert statuses == [401] * len(FORGERIES)
    sent = [told for _, path, told in notes.seen if path == "/me"][1:]
    assert len({*sent, good}) == len(FORGERIES) + 1
    assert sends.send("GET /me").ok
    assert notes.logins == 1
    with pytest.raises(NotPossible):
        sends.send("GET /me", FORGED, len(FORGERIES))
    with pytest.raises(NotPossible):
        sends.send("GET /open", FORGED)


def test_an_outdated_token_is_the_first_one_after_its_time(notes: Any, notes_api: Api) -> None:
    """It is sent only when its time has passed on the target's clock, and is never renewed."""
    sends = Sends(notes, notes_api)
    assert sends.send("GET /me").ok
    first = notes.seen[-1][2]
    with pytest.raises(NotPossible):
        sends.send("GET /me", OUTDATED)
    notes.now += timedelta(seconds=3601)
    assert sends.send("GET /me").ok  # renewed
    assert sends.send("GET /me", OUTDATED).status == 401
    assert notes.seen[-1][2] == first
    sends.callers = Callers(sends.identities, in_process(notes.app()))  # knows no time
    assert sends.send("GET /me").ok
    with pytest.raises(NotPossible):
        sends.send("GET /me", OUTDATED)


def test_who_may_choose_gets_a_short_token_to_outdate(
    notes: Any, notes_text: str, make_api: MakeApi
) -> None:
    """It is asked for beside the usual one, which stays good, and is sent when it is over."""
    document = yaml.safe_load(notes_text)
    login = document["paths"]["/auth/login"]["post"]
    login["requestBody"] = copy.deepcopy(login["requestBody"])
    schema = login["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"]["lifetime"] = {"type": "integer", "minimum": 2}
    sends = Sends(notes, make_api(document))
    assert sends.send("GET /me").ok
    usual = notes.seen[-1][2]
    with pytest.raises(NotPossible):
        sends.send("GET /me", OUTDATED)
    notes.now += timedelta(seconds=3)
    assert sends.send("GET /me", OUTDATED).status == 401
    assert notes.seen[-1][2] != usual
    assert sends.send("GET /me").ok
    assert notes.seen[-1][2] == usual


def test_a_given_token_is_outdated_by_what_it_says(notes: Any, notes_api: Api) -> None:
    """A token that was not signed in for tells its own time."""
    notes.people["a@b.c"] = "x"
    sends = Sends(notes, notes_api, headers=[("Authorization", f"Bearer {notes.token('a@b.c')}")])
    with pytest.raises(NotPossible):
        sends.send("GET /me", OUTDATED)
    notes.now += timedelta(seconds=3601)
    assert sends.send("GET /me", OUTDATED).status == 401


def test_a_description_without_security(notes: Any, make_api: Any, notes_text: str) -> None:
    """Where none is described, a token goes with all but what signs in and registers."""
    for words in ("security: [{bearer: []}]", "security: [], ", "security: []"):
        notes_text = notes_text.replace(words, "")
    api = make_api(re.sub(r"components:.*?paths:", "paths:", notes_text, flags=re.DOTALL))
    sends = Sends(notes, api)
    assert sends.send("GET /me").ok
    assert sends.send("GET /open").ok
    sends.send("POST /auth/login")
    tokens = [(path, told is not None) for _, path, told in notes.seen]
    assert tokens[2:] == [("/me", True), ("/open", True), (LOGIN, False)]


def test_a_login_that_is_said_to_be_protected(notes: Any, make_api: Any, notes_text: str) -> None:
    """A description that protects even its login is understood: that is sent without a token."""
    notes.people["a@b.c"] = "password"
    environment = {"UNDERSTUDY_LOGIN": '{"email": "a@b.c", "password": "password"}'}
    api = make_api(notes_text.replace("      security: []\n", ""))
    sends = Sends(notes, api, environment=environment)
    sends.send("POST /auth/login")
    assert notes.seen == [("POST", LOGIN, None)]
    assert sends.send("GET /me").value == {"email": "a@b.c"}


def test_a_key_beside_a_token(notes: Any, make_api: Any, notes_text: str) -> None:
    """The key of a program goes along with whoever signs in, and alone where nobody does."""
    described = notes_text.replace(
        "    bearer: {", "    key: {type: apiKey, in: query, name: key}\n    bearer: {"
    ).replace("security: [{bearer: []}]", "security: [{bearer: [], key: []}]")
    api = make_api(described.replace("{security: [], ", "{security: [{key: []}], "))
    keys = []
    app = notes.app()
    app.before_request(lambda: keys.append((flask.request.path, flask.request.args.get("key"))))
    for may_register in (True, False):
        sends = Sends(
            notes, api, environment={"UNDERSTUDY_KEY": "secret-key"}, may_register=may_register
        )
        sends.callers = Callers(sends.identities, in_process(app))
        keys.clear()
        assert sends.send("GET /open").ok
        assert keys[-1] == ("/open", "secret-key")
        assert sends.send("GET /me").status == (200 if may_register else 401)
        if may_register:
            assert sends.send("GET /me", SECOND).ok
            assert [key for path, key in keys if path == "/me"] == ["secret-key"] * 2


CREDENTIALS = {
    "didomi": {
        "type": "api-key",
        "key": "understudy-didomi-key",
        "secret": "understudy-didomi-secret",
    },
    "nullplatform": {"api_key": "dW5kZXJzdHVkeQ==.bnVsbHBsYXRmb3Jt"},
}
READS = {
    "didomi": ("GET /dsar/requests", "/dsar/requests?organization_id=org-1"),
    "nullplatform": ("GET /link", "/link"),
    "namirial": ("GET /requests", "/requests"),
}


@pytest.mark.parametrize("name", ["didomi", "nullplatform", "namirial"])
def test_the_built_in_mocks_are_signed_in_to(understudy: Understudy, name: str) -> None:
    """With the README's credentials in the environment all three let the first in, and nobody
    else: no forged, no outdated token.
    """
    understudy.settings.put({name: {"credentials": "known"}})
    environment = {
        "UNDERSTUDY_LOGIN": json.dumps(CREDENTIALS.get(name)),
        "UNDERSTUDY_API_KEY_AUTH": "understudy-namirial-key",
    }
    api = Api(read(BUILT_IN / f"{name}.yaml"))
    now: Callable[[], Any] = understudy.clock.now
    target = OverHttp(understudy.url(name))
    try:
        callers = Callers(Identities(api, environment=environment), target, now=now)
        _assert_let_in(callers, understudy, name, api)
    finally:
        target.close()


def _assert_let_in(callers: Callers, understudy: Understudy, name: str, api: Api) -> None:
    key, path = READS[name]
    request = Request("GET", f"{callers.url}{path}")

    def status(who: str, way: int = 0) -> int:
        return callers.send(request, api.by_key[key], who, way).status

    assert (status(FIRST), status(NOBODY)) == (200, 401)
    refused = {}
    for way, told in enumerate(FORGERIES):
        with contextlib.suppress(NotPossible):
            refused[told] = status(FORGED, way)
    assert set(refused.values()) == {401}
    assert len(refused) >= (4 if name == "namirial" else 6)  # whose key is no token
    if name != "namirial":
        understudy.clock.advance(seconds=24 * 3600)
        assert status(OUTDATED) == 401
        assert status(FIRST) == 200
