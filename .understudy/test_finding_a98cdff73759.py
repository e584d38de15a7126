import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-a98cdff73759.json')


def test_positive_data_acceptance_a98cdff73759():
    'What the description allows is accepted. Schema-valid request rejected: Valid data should have been accepted Expected: 2xx, 3xx, 401, 403, 404, 409, 429, 5xx Hint: The request body contains 3 additional properties not defined in the schema (`hmac`, `~expired`, `\x8c\x92\xd5\xcd \U0006645fC7\x89 H A\xa8v\xe6\U000b750c\x98\xb3\U0003e2ed\xfc\xae\U0007e366^`). The server appears to reject properties the schema allows. Declare `additionalProp'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
