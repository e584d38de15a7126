"""Links in headers."""

import pytest

from contracts.linking import linked


@pytest.mark.parametrize(
    ("header", "url"),
    [
        ('</b?page=2>; rel="next"', "/b?page=2"),
        ("</b?x=1,2>; rel=next", "/b?x=1,2"),
        ('</a>; rel="prev", </b>; title="a; b, c"; rel="last next"', "/b"),
        ('</a>; rel="prev"', None),
        ("next", None),
    ],
)
def test_the_link_with_the_relation_is_found(header: str, url: str | None) -> None:
    """Among several, whatever their parameters hold."""
    assert linked(header, "next") == url
