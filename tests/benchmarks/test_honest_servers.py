"""The servers without bugs: what is found on them would be a false alarm."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.bugs.catalogue import Server
from benchmarks.bugs.servers import SERVERS
from benchmarks.bugs.validation import Operation, document_of, operations_of, resolved

_BODIES: dict[str, dict[str, Any]] = {
    "createProduct": {"name": "Mug", "price": 5, "category": "cups", "stock": 3},
    "replaceProduct": {"name": "Cup", "price": 0.5, "category": "cups", "stock": 3},
    "createCustomer": {"name": "Ann", "email": "ann@example.com", "birthday": "2001-02-03"},
    "createOrder": {"customerId": "ID", "lines": [{"productId": 1, "quantity": 2}]},
    "register": {"username": "cora", "password": "correct horse", "displayName": "Cora"},
    "login": {"username": "ann", "password": "correct horse", "lifetime": 900},
    "patchMe": {"displayName": "Ann", "role": "admin"},
    "changePassword": {"old": "correct horse", "new": "correct horse"},
    "createNote": {"title": "Milk", "text": "Two", "tags": ["home"], "owner": "ben"},
    "patchNote": {"title": "Oats", "remindAt": "2031-05-04T08:30:00+02:00"},
    "createRoom": {"name": "Garden", "capacity": 4},
    "createBooking": {"roomId": 1, "start": "2031-03-01", "end": "2031-03-04", "guest": "Ida"},
    "replaceBooking": {"roomId": 1, "start": "2031-03-02", "end": "2031-03-05", "guest": "Ida"},
    "patchBooking": {"note": "Late", "guests": 3, "reference": 2**53 + 1},
    "createDocument": {"title": "Minutes", "kind": "report", "size": 5, "public": False},
    "replaceDocument": {"title": "Letter", "kind": "letter"},
    "createTag": {"name": "new"},
    "createLink": {"url": "https://example.com/a?b=c", "lifetime": 60, "slug": "news"},
}
_TEXTS = ["", " ", "0", "1", "-1", str(2**31), str(2**63), str(2**64), "\0", "'", '"', "%", "ü"]
_TEXTS += ["x" * 3000, "name", "-price", "2031-03-02", "9999-12-31", "0000-01-01", "nan", "1e400"]
_VALUES: list[Any] = [
    *_TEXTS,
    0,
    -1,
    2**31,
    2**63,
    2**64,
    10**5000,
    1.5,
    1e300,
    None,
    True,
    [],
    {},
    "\ud800",
]
_TYPES = ["application/json", "application/x-www-form-urlencoded", "application/octet-stream"]
_ACCEPTED = ["*/*", "application/json", "application/xml;q=0.9", "text/csv", "image/png", ";;,"]
_SERVERS = pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)


def _documented(server: Server, operation: Operation) -> set[int]:
    document = document_of(server.description)
    path = operation.path.removeprefix(server.base)
    told = document["paths"][path][operation.method.lower()]
    return {int(status) for status in resolved(document, told["responses"])}


def _request(data: st.DataObject, operation: Operation, ids: list[str]) -> dict[str, Any]:
    """A request near one that the operation takes."""
    texts = st.sampled_from([*ids, *_TEXTS[3:]])
    path = operation.path
    for one in operation.parameters:
        if one.where == "path":
            path = path.replace(f"{{{one.name}}}", quote(data.draw(texts) or "1", safe=""))
    queried = [one.name for one in operation.parameters if one.where == "query"]
    queried = data.draw(st.lists(st.sampled_from(queried), max_size=3)) if queried else []
    body = json.loads(json.dumps(_BODIES.get(operation.id, {})).replace('"ID"', f'"{ids[-1]}"'))
    for name in data.draw(st.lists(st.sampled_from([*body, "x"]), max_size=2)):
        body[name] = data.draw(st.sampled_from(_VALUES))
    return {
        "method": operation.method,
        "url": path,
        "params": [(name, data.draw(texts)) for name in queried],
        "content": data.draw(st.sampled_from([_json(body)] * 8 + [b"", b"[", b"null", b"\xff"])),
        "headers": {
            "Content-Type": data.draw(st.sampled_from([_TYPES[0]] * 6 + _TYPES)),
            "Accept": data.draw(st.sampled_from(_ACCEPTED)),
            "Idempotency-Key": data.draw(st.sampled_from(["a", "b", "c", "", "?"])),
        },
    }


def _json(body: dict[str, Any]) -> bytes:
    """JSON text; a number has as many digits as it has."""
    parts = [f"{json.dumps(key)}: {_literal(value)}" for key, value in body.items()]
    return f"{{{', '.join(parts)}}}".encode()


def _literal(value: Any) -> str:
    return "1" + "0" * 5000 if value == 10**5000 else json.dumps(value)


@_SERVERS
def test_an_honest_server_refuses_or_takes_each_odd_value(server: Server) -> None:
    """Each odd text in each parameter, and each odd value in each property: no crash."""
    with server.client(frozenset()) as client:
        client.headers.update(server.sign_in(client) if server.sign_in else {})
        client.base_url = "http://testserver"
        for operation in operations_of(server.description).values():
            documented = _documented(server, operation)
            for sent in _odd_requests(operation):
                answer = client.request(operation.method, **sent)
                assert answer.status_code in documented, (operation.id, sent, answer.text)


def _odd_requests(operation: Operation) -> Iterator[dict[str, Any]]:
    body = _BODIES.get(operation.id)
    path = re.sub(r"\{\w+\}", "1", operation.path)
    for one in operation.parameters:
        for text in _TEXTS:
            if one.where == "query":
                yield {"url": path, "params": {one.name: text}, "json": body}
            elif one.where == "path" and text:
                yield {"url": operation.path.replace(f"{{{one.name}}}", quote(text)), "json": body}
    for name in body or {}:
        for value in _VALUES:
            content = _json(body | {name: value}) if body else b""
            yield {"url": path, "content": content, "headers": {"Content-Type": _TYPES[0]}}


@_SERVERS
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_an_honest_server_answers_whatever_comes_with_a_documented_status(
    server: Server, data: st.DataObject
) -> None:
    """Without bugs, a server never crashes, and answers with the statuses of its description."""
    operations = operations_of(server.description)
    ids = ["6f1c1d0e-0a54-4c9f-8f0b-0c6a2f2b7c11"]
    with server.client(frozenset()) as client:
        client.headers.update(server.sign_in(client) if server.sign_in else {})
        client.base_url = "http://testserver"
        for id in data.draw(st.lists(st.sampled_from(sorted(operations)), min_size=4, max_size=12)):
            sent = _request(data, operations[id], ids)
            answer = client.request(**sent)
            assert answer.status_code in _documented(server, operations[id]), (sent, answer.text)
            if answer.status_code == 201:
                row = answer.json() if "json" in answer.headers["Content-Type"] else {}
                ids.append(str(row.get("token", row.get("id", "1"))))


@_SERVERS
def test_a_method_that_a_path_does_not_take_is_refused_with_those_that_it_takes(
    server: Server,
) -> None:
    """Each framework answers 405 with an Allow of the path's methods."""
    by_path: dict[str, set[str]] = {}
    for one in operations_of(server.description).values():
        by_path.setdefault(one.path.replace("{", "").replace("}", ""), set()).add(one.method)
    with server.client(frozenset()) as client:
        client.base_url = "http://testserver"
        for path, methods in by_path.items():
            answer = client.request("QUERY", path)
            assert answer.status_code == 405
            assert methods <= set(answer.headers["Allow"].split(", "))
