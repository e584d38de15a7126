import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-ef614aa13504.json')


def test_positive_data_acceptance_ef614aa13504():
    'What the description allows is accepted. Schema-valid request rejected: Valid data should have been accepted Expected: 2xx, 3xx, 401, 403, 404, 409, 429, 5xx Hint: The request body contains 4 additional properties not defined in the schema (``, `<\x81 ;)XT\x8a\xbb``, ``\U0004d487\U000327f7\xeb\x8d\U000c8cac "` and 1 more). The server appears to reject properties the schema allows. Declare `additionalProperties:'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
