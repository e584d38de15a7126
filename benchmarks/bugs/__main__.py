"""Counts how many of the known bugs a tool finds: `python -m benchmarks.bugs`."""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.bugs.catalogue import Bug, Server
from benchmarks.bugs.counting import names_bug, shown
from benchmarks.bugs.report import Finding, findings_of
from benchmarks.bugs.servers import SERVERS
from benchmarks.bugs.serving import serving

CHECK = (
    "understudy check {description} --url {url} --report json={report} "
    "--max-time {seconds} --seed {seed}"
)
_EACH_SECONDS = 15
_ALL_SECONDS = 60
_GRACE = 60
"""Seconds that a tool may take beyond its budget."""


@dataclass(frozen=True)
class Tool:
    """What is run on a server."""

    command: str
    """Its arguments; {description}, {url}, {report}, {seconds}, {seed} and {auth} are filled in."""
    seconds: int
    seed: int

    def findings(self, server: Server, names: frozenset[str]) -> list[Finding]:
        """What it finds on a fresh server with those bugs. Raises SystemExit without a report."""
        with tempfile.TemporaryDirectory() as folder, serving(server, names) as url:
            report = Path(folder) / "report"
            folders = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
            ran = subprocess.run(
                self._arguments(server, url, report),
                cwd=folder,
                env=os.environ | server.credentials | {"PATH": folders},
                capture_output=True,
                text=True,
                timeout=self.seconds + _GRACE,
                check=False,
            )
            try:
                return findings_of(report, server.operation_named)
            except (OSError, ValueError, KeyError) as error:
                raise SystemExit(f"No findings: {error}\n{ran.stdout}\n{ran.stderr}") from error

    def _arguments(self, server: Server, url: str, report: Path) -> list[str]:
        told = {
            "description": server.description,
            "url": url,
            "report": report,
            "seconds": self.seconds,
            "seed": self.seed,
        }
        arguments = []
        for part in shlex.split(self.command):
            if part == "{auth}":
                arguments += _headers(server, url)
            else:
                arguments.append(part.format(**told))
        return arguments


def _headers(server: Server, url: str) -> list[str]:
    """`-H NAME: VALUE` for everything that signs in."""
    if server.sign_in is None:
        return []
    with httpx.Client(base_url=url) as client:
        headers = server.sign_in(client)
    return [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]


def all_at_once(servers: Iterable[Server], tool: Tool) -> None:
    """Each server with all of its bugs."""
    seen = known = noise = total = 0
    for server in servers:
        findings = tool.findings(server, frozenset(server.bugs))
        named = shown(server.bugs.values(), findings)
        missed = [bug for bug in server.bugs.values() if bug.name not in named]
        strays = [
            finding
            for finding in findings
            if not any(names_bug(finding, bug) for bug in server.bugs.values())
        ]
        _tell(server, missed, findings, strays)
        known += len(server.bugs)
        seen += len(named)
        noise += len(strays)
        total += len(findings)
    print(f"findings that name no bug: {_share(noise, total)}")
    print(f"shown {_share(seen, known)}")


def _tell(
    server: Server, missed: list[Bug], findings: list[Finding], strays: list[Finding]
) -> None:
    found = len(server.bugs) - len(missed)
    print(f"{server.name}: {found} of {len(server.bugs)} shown by {len(findings)} findings")
    for bug in missed:
        print(f"  not shown  {bug.name}: {bug.fact}")
    for finding in strays:
        print(f"  of no bug  {_line(finding)}")
    sys.stdout.flush()


def one_by_one(servers: Iterable[Server], tool: Tool, chosen: frozenset[str]) -> None:
    """Each server with one bug at a time, beside the honest one."""
    seen = known = alarms = 0
    for server in servers:
        honest = tool.findings(server, frozenset())
        alarms += len(honest)
        for finding in honest:
            print(f"{server.name}: false alarm  {_line(finding)}")
        usual = {_line(finding) for finding in honest}
        for bug in [bug for bug in server.bugs.values() if bug.name in chosen]:
            findings = tool.findings(server, frozenset({bug.name}))
            news = [finding for finding in findings if _line(finding) not in usual]
            seen += bool(news)
            known += 1
            told = sorted(news, key=lambda finding: not names_bug(finding, bug))
            line = f"shown      {bug.name}  {_line(told[0])}" if told else f"not shown  {bug.name}"
            print(f"{server.name}: {line}")
            sys.stdout.flush()
    print(f"false alarms on the honest servers: {alarms}")
    print(f"shown {_share(seen, known)}")


def _line(finding: Finding) -> str:
    said = " ".join(finding.said.partition("test case id")[2][8:].split() or finding.said.split())
    return f"{', '.join(sorted(finding.operations))}: {said[:120]}"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.0%})" if whole else "0 of 0"


def main(arguments: list[str] | None = None) -> None:
    """Counts, and prints what is counted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bugs", description=__doc__)
    parser.add_argument("--server", action="append", choices=SERVERS, help="repeatable; else all")
    parser.add_argument("--seconds", type=int, help="for one run of the tool")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", action="store_true", help="one bug at a time, and none")
    parser.add_argument("--bug", action="append", help="with --each, only this one; repeatable")
    parser.add_argument("--command", default=CHECK, help=f"the tool, such as: {CHECK}")
    given = parser.parse_args(arguments)
    servers = [SERVERS[name] for name in given.server or SERVERS]
    seconds = given.seconds or (_EACH_SECONDS if given.each else _ALL_SECONDS)
    tool = Tool(given.command, seconds, given.seed)
    if given.each:
        known = {name for server in servers for name in server.bugs}
        if unknown := sorted(set(given.bug or ()) - known):
            parser.error(f"there is no bug {', '.join(unknown)}")
        one_by_one(servers, tool, frozenset(given.bug or known))
    else:
        all_at_once(servers, tool)


if __name__ == "__main__":
    main()
