import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-0f9ef197f394.json')


def test_links_work_until_they_expire_0f9ef197f394():
    'A link that was handed out works until it expires. A link is answered 404 before its time is over.'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
