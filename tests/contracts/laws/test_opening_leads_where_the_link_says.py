"""The law that opening a link leads where it was made to lead, and does what it says."""

from tests.contracts.laws.links import REQUEST, THANKS, chances, found, made, opened, patched, shown

LAW = "opening_leads_where_the_link_says"
ELSEWHERE = "Opening a link redirects elsewhere than to the URL that it was made with."
UNDONE = "After a link to `verified` was opened, the status is another."


def test_its_address_keeps_it() -> None:
    """What a server adds to the query, or a slash at the end, is no other address."""
    for location in (THANKS, f"{THANKS}/", f"{THANKS}?status=verified"):
        assert found(LAW, made(), opened(0, location=location)) == [""]


def test_another_address_breaks_it() -> None:
    """Another scheme, host or path, or a query that got lost."""
    for location in (
        "https://shop.example/",
        "http://shop.example/thanks",
        "https://other.example/thanks",
    ):
        broken = chances(LAW, made(), opened(0, location=location))
        assert [one.problem for one in broken] == [ELSEWHERE]
        assert [one.index for one in broken[0].exchanges] == [0, 1]
    asking = made(redirect_url=f"{THANKS}?order=7")
    assert found(LAW, asking, opened(0)) == [ELSEWHERE]


def test_what_the_link_says_has_happened() -> None:
    """The status is that of its event, or it is broken."""
    assert found(LAW, made(), opened(0), shown("verified")) == ["", ""]
    assert found(LAW, made(), opened(0), shown("unverified")) == ["", UNDONE]


def test_others_may_have_changed_it() -> None:
    """Somebody else's change after the opening counts, and so does another link's."""
    assert found(LAW, made(), opened(0), patched("refused"), shown("refused")) == [""]
    other = made("t2", event={"status": "refused", "request_id": REQUEST})
    lines = (made(), other, opened(0), opened(1), shown("refused"))
    assert found(LAW, *lines) == ["", "", ""]


def test_a_refused_or_late_opening_proves_nothing() -> None:
    """It is to do nothing, and to lead nowhere."""
    assert found(LAW, made(), opened(0, status=400), shown("unverified")) == []
    assert found(LAW, made(), opened(0, at=960, location="https://shop.example/")) == []
    assert found(LAW, made(at=None), opened(0, location="https://shop.example/")) == []
