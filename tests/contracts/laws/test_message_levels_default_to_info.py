"""The law that a message without a level has the level `info`."""

from typing import Any

from tests.contracts.histories import Line, judged, problems
from tests.contracts.laws.links import SEEDS
from tests.contracts.provoking import api_at

LAW = "message_levels_default_to_info"
NULLPLATFORM = api_at(SEEDS / "nullplatform.yaml")
OTHER = "A message without a level comes back with another level than info."


def created(*messages: dict[str, Any], status: int = 200) -> Line:
    """An action is created with messages, which the answer does not show."""
    sent = {"name": "x", "messages": list(messages)}
    return Line("POST /link/l1/action", status, {"id": "a1", "name": "x"}, sent=sent)


def shown(*messages: dict[str, Any], action: str = "a1") -> Line:
    """An action is read with its messages."""
    answer = {"id": action, "name": "x", "messages": list(messages)}
    return Line(f"GET /link/l1/action/{action}?include_messages=true", 200, answer)


def found(*lines: Line) -> list[str]:
    """What is wrong, in order."""
    return problems(judged(LAW, NULLPLATFORM, *lines))


def test_info_keeps_it() -> None:
    """For each message without a level."""
    info = [{"message": text, "level": "info"} for text in "ab"]
    assert found(created({"message": "a"}, {"message": "b"}), shown(*info)) == ["", ""]


def test_another_or_none_breaks_it() -> None:
    """A level has to be there, and to be that one."""
    for told in ({"level": "debug"}, {"level": "information"}, {}):
        assert found(created({"message": "a"}), shown({"message": "a", **told})) == [OTHER]


def test_a_level_that_was_sent_proves_nothing() -> None:
    """Nor does a message that nobody sent in this walk, or to another action."""
    error = {"message": "a", "level": "error"}
    assert found(created(error), shown(error)) == []
    assert found(shown(error)) == []
    assert found(created({"message": "a"}), shown(error, action="a2")) == []
    assert found(created({"message": "a"}, status=400), shown(error)) == []
