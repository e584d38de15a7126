"""What `requests` would send goes to a target, and comes back as if it had been sent."""

import gzip

import pytest
import requests

from contracts.exchange import NoAnswer, Request, Response
from contracts.relay import Relay

URL = "http://host/a%2Fb?c=1"


class Target:
    """Remembers what it gets."""

    def __init__(self, answer: Response | NoAnswer) -> None:
        self.sent: list[Request] = []
        self._answer = answer

    def send(self, request: Request) -> Response:
        """The answer that it was given."""
        self.sent.append(request)
        if isinstance(self._answer, NoAnswer):
            raise self._answer
        return self._answer


def session(target: Target) -> requests.Session:
    """A session that sends through it."""
    made = requests.Session()
    made.headers.clear()
    made.mount("http://", Relay(target.send))
    return made


def test_a_request_arrives_as_it_is() -> None:
    """Method, URL, headers and body."""
    target = Target(Response(201))
    session(target).post(URL, data="ü", headers={"X-A": "b "})
    [sent] = target.sent
    assert (sent.method, sent.url, sent.body) == ("POST", URL, "ü".encode())
    assert ("X-A", "b") in sent.headers


def test_files_and_pieces_are_read() -> None:
    """A body that is made while it is sent."""
    target = Target(Response(200))
    session(target).post(URL, data=iter([b"a", b"b"]))
    session(target).post(URL, files={"one": b"two"})
    assert target.sent[0].body == b"ab"
    assert b"two" in target.sent[1].body


def test_an_answer_comes_as_it_is() -> None:
    """Headers of one name stay apart, and a body that is decoded is not decoded again."""
    headers = (("X-A", "1"), ("X-A", "2"), ("Content-Encoding", "gzip"))
    answer = session(Target(Response(410, headers, b"text"))).get(URL, stream=True)
    assert (answer.status_code, answer.reason, answer.content) == (410, "Gone", b"text")
    assert answer.raw.headers.getlist("x-a") == ["1", "2"]
    compressed = gzip.compress(b"text")
    assert session(Target(Response(200, (), compressed))).get(URL).content == compressed


def test_no_answer_is_told_in_its_words() -> None:
    """As an error of the connection."""
    target = Target(NoAnswer("The body does not end."))
    with pytest.raises(requests.ConnectionError, match="The body does not end"):
        session(target).get(URL)
