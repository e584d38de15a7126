"""Walks as data: stored, read, and shortened."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.exchange import ABSENT
from contracts.steps import LIKE, Fresh, Ref, Step, Walk, from_json, to_json

EXPRESSIONS = st.sampled_from(["$response.body#/id", "$response.header.Location"])


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    """Walks whose steps refer to earlier ones at any depth."""
    steps = []
    for index in range(draw(st.integers(1, 6))):
        leaves: st.SearchStrategy[object] = st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.text(max_size=5),
            st.binary(max_size=5),
            st.builds(Fresh, st.text()),
        )
        if index:
            leaves |= st.builds(Ref, st.integers(0, index - 1), EXPRESSIONS, st.booleans())
        bodies = st.recursive(
            leaves,
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
            ),
            max_leaves=6,
        )
        steps.append(
            Step(
                operation=draw(st.sampled_from(["POST /a", "GET /a/{id}"])),
                values={"path": {"id": draw(leaves)}},
                body=draw(st.just(ABSENT) | bodies),
                who=draw(st.sampled_from(["first", "second"])),
                together=draw(st.booleans()),
                wait=draw(st.sampled_from([0, 1.5])),
            )
        )
    return Walk(tuple(steps), "some_law")


@given(walks())
def test_what_is_written_can_be_read(walk: Walk) -> None:
    """A walk comes back from its JSON as it was."""
    assert from_json(json.loads(json.dumps(to_json(walk)))) == walk


def test_a_text_may_be_drawn_by_a_schema() -> None:
    """The same new part draws the same text, another part another one."""
    like = Fresh("code", LIKE + json.dumps({"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"}))
    drawn = {like.value(f"{number:08x}") for number in range(50)}
    assert len(drawn) == 50
    assert all(re.fullmatch("[A-Z]{3}-[0-9]{4}", one) for one in drawn)
    assert like.value("0badcafe") == like.value("0badcafe")


@given(walks(), st.data())
def test_leaving_a_step_out_leaves_no_loose_end(walk: Walk, data: st.DataObject) -> None:
    """Who refers to a step goes with it; all others refer to what they referred to before."""
    number = data.draw(st.integers(0, len(walk.steps) - 1))
    left = walk.without(number)
    assert len(left.steps) < len(walk.steps)
    for index, step in enumerate(left.steps):
        assert all(ref < index for ref in step.refs)
    kept = [step.operation for step in left.steps]
    assert kept == [
        step.operation for index, step in enumerate(walk.steps) if index not in _gone(walk, number)
    ]


def _gone(walk: Walk, number: int) -> set[int]:
    gone = {number}
    for index, step in enumerate(walk.steps):
        if step.refs & gone:
            gone.add(index)
    return gone


def test_references_are_counted_anew() -> None:
    """What refers to a step behind the one that is left out refers to it still."""
    ref = Ref(1, "$response.body#/id")
    walk = Walk((Step("GET /x"), Step("POST /a"), Step("GET /a/{id}", {"path": {"id": ref}})))
    left = walk.without(0)
    assert left.steps[1].values == {"path": {"id": Ref(0, "$response.body#/id")}}


@pytest.mark.parametrize("written", [{}, {"steps": 1}, {"steps": [{"nothing": 1}]}, {"steps": [1]}])
def test_what_is_no_walk_is_refused(written: dict[str, object]) -> None:
    """A file that holds something else is told apart from a walk."""
    with pytest.raises(ValueError, match="It holds no walk"):
        from_json(written)
