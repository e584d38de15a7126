"""Synthesis over schemas of every keyword, judged by a validator that the mock does not use."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from openapi.synthesis import Synthesiser
from tests.openapi.synthesis.satisfiable import CHECKER, fits, satisfiable_schemas

_GENERATED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _assert_synthesised(schema: dict[str, Any], seed: int) -> None:
    checker = Draft202012Validator(schema, format_checker=CHECKER)
    for required_only in (False, True):
        value = Synthesiser(schema, required_only=required_only).value(Random(seed))
        assert checker.is_valid(value), value


@settings(_GENERATED, max_examples=300)
@given(satisfiable_schemas(), st.integers(0, 2**32))
def test_satisfiable_schema_is_satisfied(schema: tuple[dict[str, Any], Any], seed: int) -> None:
    """Whatever its keywords are, a schema that has a valid value gets one."""
    assert fits(*schema), "the strategy itself is wrong"
    _assert_synthesised(schema[0], seed)


@pytest.mark.nightly
@settings(_GENERATED, max_examples=5_000)
@given(satisfiable_schemas(), st.integers(0, 2**32))
def test_thousands_of_schemas_are_satisfied(schema: tuple[dict[str, Any], Any], seed: int) -> None:
    """As above, for thousands of schemas."""
    _assert_synthesised(schema[0], seed)
