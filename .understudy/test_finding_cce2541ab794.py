import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-cce2541ab794.json')


def test_positive_data_acceptance_cce2541ab794():
    'What the description allows is accepted. Schema-valid request rejected: Valid data should have been accepted Expected: 2xx, 3xx, 401, 403, 404, 409, 429, 5xx Hint: The request body contains 1 additional property not defined in the schema (`\xc3\xc5\U000678ed\x9e\xe4)\xc0\U000bb430@m\x80\U0008e974\xc2O8\U000e562e\xa2E\U000c7951\U00099905\x9d\xa7\xdfF\xd9\xc2`). The server appears to reject properties the schema allows. Declare `additionalProperties: false` if ex'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
