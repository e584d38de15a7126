"""All sandboxes of a server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.refusals import BadRequest
from mock_server.sandbox.sandboxes import Sandboxes


def test_a_sandbox_opens_when_it_is_first_named() -> None:
    """And is the same one afterwards."""
    sandboxes = Sandboxes({})
    assert sandboxes.names() == []
    assert sandboxes["b"] is sandboxes["b"]
    assert sandboxes["a"] is not sandboxes["b"]
    assert sandboxes.names() == ["b", "a"]
    assert sandboxes["a"].name == "a"


def test_a_deleted_sandbox_opens_anew() -> None:
    """Nothing of it is left, and only one that exists can be deleted."""
    sandboxes = Sandboxes({})
    old = sandboxes["a"]
    old.store.put("t", "1", {})
    assert sandboxes.delete("a") is True
    assert sandboxes.names() == []
    assert sandboxes.delete("a") is False
    assert sandboxes["a"].store.tables() == []


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", fullmatch=True))
def test_names_are_what_a_path_segment_can_hold(name: str) -> None:
    """Up to 100 letters, digits, dots, underscores and hyphens."""
    assert Sandboxes({})[name].name == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "a b", "a/b", "../a", ".", "-a", "_a", "é", "a\n", "a%20b", "~a", "a" * 101, "٣"],
)
def test_other_names_are_refused(name: str) -> None:
    """And open no sandbox."""
    sandboxes = Sandboxes({})
    with pytest.raises(BadRequest, match="cannot name a sandbox"):
        sandboxes[name]
    assert sandboxes.names() == []
