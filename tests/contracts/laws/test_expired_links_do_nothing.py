"""The law that a link that has expired does nothing any more, and says so."""

from tests.contracts.laws.links import chances, found, made, opened, patched, shown

LAW = "expired_links_do_nothing"
CHANGED = "A link changes a status after its time is over."


def test_a_link_that_is_gone_after_its_end_keeps_it() -> None:
    """It has the declared status, and what it is about is as before."""
    gone = opened(0, at=960, status=410)
    assert found(LAW, made(), gone) == [""]
    assert found(LAW, made(), shown("unverified"), gone, shown("unverified")) == [""]


def test_a_link_that_leads_on_after_its_end_breaks_it() -> None:
    """So does one that is answered with another status than the declared one."""
    for status in (302, 404):
        broken = chances(LAW, made(), opened(0, at=960, status=status))
        problem = f"A link is answered {status} after its time is over."
        assert [one.problem for one in broken] == [problem]


def test_a_link_that_acts_after_its_end_breaks_it() -> None:
    """It says that it is over, and changes the status of what it is about."""
    lines = (made(), shown("unverified"), opened(0, at=960, status=410), shown("verified"))
    broken = chances(LAW, *lines)
    assert [one.problem for one in broken] == [CHANGED]
    assert [one.index for one in broken[0].exchanges] == [0, 1, 2, 3]


def test_others_may_have_acted() -> None:
    """A status that somebody else changed meanwhile is not the link's doing."""
    gone = opened(0, at=960, status=410)
    lines = (made(), shown("unverified"), gone, patched("verified"), shown("verified"))
    assert found(LAW, *lines) == [""]


def test_before_the_end_or_at_an_unknown_time_nothing_is_demanded() -> None:
    """The end itself belongs to nobody, and a crash is for another law."""
    assert found(LAW, made(), opened(0)) == []
    assert found(LAW, made(), opened(0, at=901)) == []
    assert found(LAW, made(at=None), opened(0, at=None)) == []
    assert found(LAW, made(), opened(0, at=960, status=500)) == []
