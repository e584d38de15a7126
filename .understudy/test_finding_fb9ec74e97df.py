import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-fb9ec74e97df.json')


def test_positive_data_acceptance_fb9ec74e97df():
    'What the description allows is accepted. Schema-valid request rejected: Valid data should have been accepted Expected: 2xx, 3xx, 401, 403, 404, 409, 429, 5xx Hint: The request body contains 5 additional properties not defined in the schema (``, `nextmarker`, `\xa7G\U00088336>p\U0004ab92\xbc\xb3q \x83:` and 2 more). The server appears to reject properties the schema allows. Declare `additionalPropert'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
