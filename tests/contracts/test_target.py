"""What every target makes of a request before it is sent."""

from hypothesis import example, given
from hypothesis import strategies as st

from contracts.exchange import Request, first
from contracts.target import encoded, request_target, sent_headers

SENDABLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#")


@given(st.text(SENDABLE))
@example("a%2F..//./%zz?x")
def test_what_may_stand_in_a_request_stays(text: str) -> None:
    """Whatever a path and query may hold is sent as it is, and a fragment is not."""
    assert request_target(f"http://host:80/{text}#?/fragment") == f"/{text}"


@given(st.text())
def test_every_url_can_be_sent(text: str) -> None:
    """A request target begins with a slash and is printable ASCII without a space or `#`."""
    target = request_target(f"http://host{text}")
    assert target.startswith("/")
    assert target.isascii()
    assert target.isprintable()
    assert not {" ", "#"} & set(target)


def test_a_url_without_a_path_has_the_root() -> None:
    """The path that goes without saying is `/`."""
    assert request_target("http://host") == "/"
    assert request_target("http://host?a/b") == "/?a/b"


def test_a_message_gets_what_it_needs() -> None:
    """Host and length are added where they are missing, the host without credentials."""
    url = "http://user:pass@host:8080/"
    assert sent_headers(Request("GET", url)) == (("Host", "host:8080"),)
    assert sent_headers(Request("POST", url)) == (("Host", "host:8080"), ("Content-Length", "0"))
    assert first(sent_headers(Request("DELETE", url, (), b"12")), "content-length") == "2"
    given_headers = (("HOST", "other"), ("content-length", "7"))
    assert sent_headers(Request("POST", url, given_headers, b"1")) == given_headers


def test_headers_are_written_in_the_smaller_set() -> None:
    """ISO 8859-1 where that has all letters, else UTF-8."""
    assert (encoded("é"), encoded("✓é")) == (b"\xe9", "✓é".encode())
