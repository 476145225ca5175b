"""A fuzzing worker is watched from outside: what it takes on one input, and over many."""

import subprocess
import sys

import pytest

from tests.fuzz import __main__ as runner
from tests.fuzz.watched import ROOM, STATE

GROWS = """
import os, struct, sys, time
path, layout, steps, inputs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
while not os.path.exists(path + ".seen"):
    time.sleep(0.01)
kept = []
for step in range(steps):
    with open(path, "r+b") as state:
        state.write(struct.pack(layout, min(step, inputs), 0.0, 0.0, 0))
    kept.append(bytearray(b"x") * 20_000_000)
    time.sleep(0.15)
time.sleep(600)
"""


@pytest.mark.parametrize(("inputs", "why"), [(100, ""), (0, "takes all memory")])
def test_a_worker_that_grew_over_many_inputs_is_ended_and_none_of_them_is_blamed(
    inputs, why, tmp_path, monkeypatch
):
    state, taken = tmp_path / "state", runner._taken

    def seen(pid: int) -> tuple[float, int]:
        """As before; the worker grows once it has been looked at."""
        found = taken(pid)
        state.with_name("state.seen").touch()
        return found

    monkeypatch.setattr(runner, "LARGE", 150_000_000)
    monkeypatch.setattr(runner, "_taken", seen)
    state.write_bytes(bytes(ROOM))
    asked = [sys.executable, "-c", GROWS, state, STATE.format, "30", str(inputs)]
    worker = subprocess.Popen(list(map(str, asked)))
    assert runner._watched(worker, state, float("inf")) == why
    assert worker.poll() is not None
