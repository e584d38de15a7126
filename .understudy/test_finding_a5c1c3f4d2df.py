import os
import subprocess
import sys
from pathlib import Path

FINDING = Path(__file__).with_name('finding-a5c1c3f4d2df.json')


def test_ensure_resource_availability_a5c1c3f4d2df():
    'What was created is there. Created resource not found: The API returned `404 Not Found` for a resource that was just created. Created with : `POST /documents` Not available with: `GET /documents/{documentId}/content`'
    command = [sys.executable, "-m", "understudy", "replay", str(FINDING)]
    if "UNDERSTUDY_URL" in os.environ:
        command += ["--url", os.environ["UNDERSTUDY_URL"]]
    replayed = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
