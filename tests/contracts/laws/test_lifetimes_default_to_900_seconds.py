"""The law that a link that is made without a lifetime lives 900 seconds."""

from dataclasses import replace

from tests.contracts.histories import Line
from tests.contracts.laws.links import chances, found, made, opened

LAW = "lifetimes_default_to_900_seconds"
BARE = made(lifetime=None)


def telling(lifetime: int) -> Line:
    """A link that was made without a lifetime, and is told one."""
    return replace(BARE, answer={**BARE.answer, "lifetime": lifetime})


def test_900_seconds_keep_it() -> None:
    """They are told, and the link works as long and no longer."""
    assert found(LAW, BARE, opened(0, at=870), opened(0, at=930, status=410)) == [""]


def test_another_lifetime_breaks_it() -> None:
    """It is told in the answer."""
    broken = chances(LAW, telling(3600))
    problem = "A link without a lifetime is told another."
    assert [(one.problem, one.place) for one in broken] == [(problem, "lifetime")]


def test_a_link_that_means_another_breaks_it() -> None:
    """It says 900 seconds, and works for longer, or not as long."""
    longer = "A link without a lifetime lives longer than 900 seconds."
    shorter = "A link without a lifetime dies before 900 seconds."
    assert found(LAW, BARE, opened(0, at=930)) == ["", longer]
    assert found(LAW, BARE, opened(0, at=600, status=410)) == ["", shorter]


def test_a_link_that_was_given_one_proves_nothing() -> None:
    """It lives as long as it was asked to."""
    assert found(LAW, made(lifetime=60), opened(0, at=120, status=410)) == []


def test_an_unknown_time_proves_nothing_of_its_end() -> None:
    """Nor does a time at the very end, nor a crash."""
    assert found(LAW, BARE, opened(0, at=None, status=410)) == [""]
    assert found(LAW, BARE, opened(0, at=902), opened(0, at=898, status=410)) == [""]
    assert found(LAW, BARE, opened(0, at=930, status=500)) == [""]
