"""Servers to measure: how they start, when they answer, what they hold in memory."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

HERE = Path(__file__).parent
UNDERSTUDY = (sys.executable, "-m", "understudy", "serve")


@dataclass
class Server:
    """Something to measure; `PORT` in its command stands for a free port."""

    name: str
    command: Sequence[str]
    path: str = "/"
    """Where the measured operation is."""
    checks: str = ""
    """What it validates."""
    environment: dict[str, str] = field(default_factory=dict)
    patience: float = 30
    """Seconds until it must have answered."""


@dataclass
class Running:
    """A server that answers."""

    port: int
    group: int
    """The id of its group of processes."""
    ready: float
    """Seconds from start to the first answer."""

    def megabytes(self) -> float:
        """Resident memory of the largest of its processes."""
        group = str(self.group)
        listed = subprocess.run(["pgrep", "-g", group], capture_output=True, text=True, check=False)
        sizes = [0.0]
        for member in listed.stdout.split():
            status = Path(f"/proc/{member}/status")
            if status.exists() and (found := re.search(r"VmRSS:\s+(\d+)", status.read_text())):
                sizes.append(int(found[1]) / 1024)
        return max(sizes)


def peer(name: str) -> str | None:
    """The command of a peer: in the folder that UNDERSTUDY_PEERS names, or on the PATH."""
    folder = os.environ.get("UNDERSTUDY_PEERS")
    path = f"{folder}/node_modules/.bin" if folder else None
    return shutil.which(name, path=path) or shutil.which(name)


@contextmanager
def running(server: Server) -> Iterator[Running]:
    """Start the server, wait until it answers, and end its whole group of processes."""
    port = _free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        [part.replace("PORT", str(port)) for part in server.command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | server.environment,
    )
    try:
        _wait_for(server, process, port)
        yield Running(port, process.pid, time.perf_counter() - started)
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _wait_for(server: Server, process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + server.patience
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"{server.name} ended: {' '.join(server.command)}")
        try:
            with socket.create_connection(("127.0.0.1", port), 0.2):
                pass
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except URLError as error:
            if hasattr(error, "code"):
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise SystemExit(f"{server.name} did not answer within {server.patience} seconds.")


def told(text: str) -> None:
    """Progress, to standard error."""
    print(text, file=sys.stderr, flush=True)


def verdict(
    what: str, ratio: float, *, least: float | None = None, most: float | None = None
) -> None:
    """One line on whether a figure is held."""
    held = ratio >= least if least is not None else most is not None and ratio <= most
    limit = f"at least {least}" if least is not None else f"at most {most}"
    print(f"{'held    ' if held else 'NOT held'}  {what}: {ratio:.2f} ({limit})")
