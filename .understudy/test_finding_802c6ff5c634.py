import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-802c6ff5c634.json')


def test_positive_data_acceptance_802c6ff5c634():
    'What the description allows is accepted. Schema-valid request rejected: Valid data should have been accepted Expected: 2xx, 3xx, 401, 403, 404, 409, 429, 5xx Hint: The request body contains 1 additional property not defined in the schema (`\x19\U000dc88a\U000474d1\xa6\xb1i`). The server appears to reject properties the schema allows. Declare `additionalProperties: false` if extras are not accepte'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
