"""Servers with bugs over HTTP."""

import httpx
import pytest

from benchmarks.bugs.catalogue import RACES, Server
from benchmarks.bugs.servers import SERVERS
from benchmarks.bugs.serving import serving


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_a_server_answers_on_loopback_below_its_base_path_to_several_at_once(
    server: Server,
) -> None:
    """Its race shows over HTTP, too, where requests are answered by several threads."""
    (race,) = [bug for bug in server.bugs.values() if bug.words == RACES]
    for names, showing in ((frozenset(server.bugs), True), (frozenset[str](), False)):
        with serving(server, names) as url, httpx.Client(base_url=url) as client:
            assert race.proof(client) is showing
