import subprocess
import sys
from pathlib import Path

from ui.fair_turns import SECONDS

ROOT = Path(__file__).parents[2]


def test_the_app_gives_waiting_threads_their_turn_sooner_than_python_does():
    script = "import sys; usual = sys.getswitchinterval(); import app; "
    script += "print(usual, sys.getswitchinterval())"
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    usual, now = map(float, found.stdout.split())
    assert abs(now - SECONDS) < 1e-9 and now < usual
