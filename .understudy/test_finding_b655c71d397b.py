import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-b655c71d397b.json')


def test_links_cannot_be_guessed_b655c71d397b():
    'Links that are handed out differ, and none can be guessed from the others. Two links that were handed out are the same.'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
