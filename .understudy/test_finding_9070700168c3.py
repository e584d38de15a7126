import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-9070700168c3.json')


def test_positive_data_acceptance_9070700168c3():
    'What the description allows is accepted. Schema-valid request rejected: Valid data should have been accepted Expected: 2xx, 3xx, 401, 403, 404, 409, 429, 5xx Hint: The request body contains 5 additional properties not defined in the schema (` X\U000194e8`, `#\xeb\U000cf5d9\xc2`, `c\xe5 \xf8\xfe\xe9` and 2 more). The server appears to reject properties the schema allows. Declare `additionalProperties: fals'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
