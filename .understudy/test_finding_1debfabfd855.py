import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-1debfabfd855.json')


def test_earlier_links_stay_usable_1debfabfd855():
    'A link stays usable when another one is handed out for the same thing. An earlier link is answered 404 once a later one was made.'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
