"""The law that a link works until it expires."""

from tests.contracts.laws.links import chances, found, made, opened, patched

LAW = "links_work_until_they_expire"


def test_a_link_that_works_again_and_again_keeps_it() -> None:
    """Opening it does not use it up."""
    assert found(LAW, made(), opened(0), opened(0, at=890)) == ["", ""]


def test_a_link_that_is_gone_before_its_end_breaks_it() -> None:
    """At the first time or at the second."""
    for status in (404, 410):
        problem = f"A link is answered {status} before its time is over."
        assert found(LAW, made(), opened(0, status=status)) == [problem]
        assert found(LAW, made(), opened(0), opened(0, status=status)) == ["", problem]


def test_the_lifetime_that_was_asked_for_counts() -> None:
    """A link that lives for a minute may be gone after two, one that lives for an hour may not."""
    assert found(LAW, made(lifetime=60), opened(0, at=120, status=410)) == []
    broken = chances(LAW, made(lifetime=3600), opened(0, at=960, status=410))
    assert [one.index for one in broken[0].exchanges] == [0, 1]


def test_other_writes_may_end_it() -> None:
    """What it is about may not be there any more; what was refused changed nothing."""
    assert found(LAW, made(), patched("refused"), opened(0, status=410)) == []
    assert found(LAW, made(), made("t2"), opened(0, status=410)) == []


def test_an_unknown_time_or_another_refusal_proves_nothing() -> None:
    """Who opens it may lack something that a link has no part in."""
    assert found(LAW, made(at=None), opened(0, status=410)) == []
    assert found(LAW, made(), opened(0, at=None, status=410)) == []
    assert found(LAW, made(), opened(0, status=400)) == []
