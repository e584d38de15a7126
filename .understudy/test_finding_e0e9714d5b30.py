import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-e0e9714d5b30.json')


def test_content_type_conformance_e0e9714d5b30():
    'Every media type of an answer is documented. Missing Content-Type header: The following media types are documented in the schema: - `application/json`'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
