"""Every bug shows when it is on, and only then: what checks find is measured by that."""

import pytest

from benchmarks.bugs.catalogue import RACES, Bug, Server
from benchmarks.bugs.servers import SERVERS

_BUGS = [
    pytest.param(server, bug, id=f"{server.name}-{bug.name}")
    for server in SERVERS.values()
    for bug in server.bugs.values()
]

_RACES = 20
"""A race that nobody won shows nothing: how often one is run until it shows."""


def _shows(server: Server, bug: Bug, names: frozenset[str]) -> bool:
    with server.client(names) as client:
        return bug.proof(client)


@pytest.mark.parametrize(("server", "bug"), _BUGS)
def test_a_bug_shows_when_it_is_on_alone_or_beside_all_others(server: Server, bug: Bug) -> None:
    """A bug shows when it is on, also where all others are on with it."""
    times = _RACES if bug.words == RACES else 1
    assert any(_shows(server, bug, frozenset({bug.name})) for _ in range(times))
    assert any(_shows(server, bug, frozenset(server.bugs)) for _ in range(times))


@pytest.mark.parametrize(("server", "bug"), _BUGS)
def test_a_bug_does_not_show_when_it_is_off_whatever_else_is_on(server: Server, bug: Bug) -> None:
    """A bug does not show on the honest server, nor where all the others are on."""
    assert not _shows(server, bug, frozenset())
    assert not _shows(server, bug, frozenset(server.bugs) - {bug.name})
