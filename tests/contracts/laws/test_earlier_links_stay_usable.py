"""The law that a link stays usable when another one is handed out."""

from tests.contracts.laws.links import chances, found, made, opened, patched

LAW = "earlier_links_stay_usable"
LATER = made("t2", at=1)


def test_an_earlier_link_that_works_keeps_it() -> None:
    """The first of two links leads on before its end."""
    assert found(LAW, made(), LATER, opened(0)) == [""]


def test_an_earlier_link_that_is_gone_breaks_it() -> None:
    """The first of two links is gone or unknown before its end."""
    for status in (404, 410):
        broken = chances(LAW, made(), LATER, opened(0, status=status))
        problem = f"An earlier link is answered {status} once a later one was made."
        assert [one.problem for one in broken] == [problem]
        assert [one.index for one in broken[0].exchanges] == [0, 1, 2]


def test_the_latest_link_proves_nothing() -> None:
    """Nor does one that nothing was handed out after."""
    assert found(LAW, made(), LATER, opened(1, status=410)) == []
    assert found(LAW, made(), opened(0, status=410)) == []


def test_other_writes_may_end_it() -> None:
    """What else was changed may have withdrawn the link."""
    assert found(LAW, made(), LATER, patched("refused"), opened(0, status=410)) == []


def test_a_link_near_its_end_or_at_an_unknown_time_may_be_gone() -> None:
    """Nothing is demanded after the end, nor where nobody knows the time."""
    assert found(LAW, made(), LATER, opened(0, at=901, status=410)) == []
    assert found(LAW, made(), LATER, opened(0, at=899, status=410)) == []
    assert found(LAW, made(at=None), LATER, opened(0, at=None, status=410)) == []
