import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-58ab164fb9be.json')


def test_positive_data_acceptance_58ab164fb9be():
    'What the description allows is accepted. Schema-valid request rejected: Valid data should have been accepted Expected: 2xx, 3xx, 401, 403, 404, 409, 429, 5xx Hint: The request body contains 3 additional properties not defined in the schema (``, `\xf6\x16`, `\U00104fca;\U000b7ce0\x94\x14`). The server appears to reject properties the schema allows. Declare `additionalProperties: false` if extras are '
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
