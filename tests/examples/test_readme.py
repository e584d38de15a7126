"""What the README shows is true: its transcript runs, its code is tested, its commands exist."""

import re
import subprocess
from pathlib import Path

from mock_server.app import Settings, create_app
from understudy.pytest_plugin import Understudy
from understudy.serving import ServerThread

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """The fenced blocks of that language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_transcript_runs(understudy: Understudy) -> None:
    """Every command of the transcript prints what the README shows; `…` stands for anything."""
    start, transcript, _ = blocks("console")
    assert start.startswith("$ understudy serve\n")
    follow(transcript, understudy.url("").removesuffix("/"))


def test_the_transcript_of_an_own_description_runs() -> None:
    """So does the one of a description without code."""
    settings = Settings(apis=[str(ROOT / "tests/examples/shop.yaml")])
    server = ServerThread(create_app(settings))
    server.start()
    follow(blocks("console")[2], server.url)
    server.stop()


def follow(transcript: str, base: str) -> None:
    """Run the commands against a server, and compare what they print."""
    for step in re.split(r"^\$ ", transcript, flags=re.MULTILINE)[1:]:
        command, _, shown = step.partition("\n")
        printed = subprocess.run(  # noqa: S602 - a shell is what the README's reader has
            command.replace("http://127.0.0.1:8080", base),
            shell=True,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout.replace(base, "http://127.0.0.1:8080")
        pattern = ".*?".join(re.escape(piece) for piece in shown.strip().split("…"))
        assert re.fullmatch(pattern, printed.strip(), flags=re.DOTALL), (command, printed)


def test_the_code_is_tested() -> None:
    """The pytest example is a file of tests/examples, to the letter."""
    examples = [path.read_text() for path in (ROOT / "tests/examples").glob("test_*.py")]
    shown = [block for block in blocks("python") if "def test_" in block]
    assert shown
    assert all(block in examples for block in shown)


def test_the_commands_exist() -> None:
    """Every make target that the README names is in the Makefile."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"\bmake (serve|test|check|nightly|bench|\w+ly)\b", README))
    assert {"serve", "test", "check", "nightly", "bench"} <= named
    assert named <= targets
