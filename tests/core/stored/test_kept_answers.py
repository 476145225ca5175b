"""Answers that are kept in a study's folder: equal to fresh ones, and never believed wrongly."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from core.stored import kept_answers
from core.stored.kept_answers import FOLDER, kept
from core.study.one_at_a_time import one_at_a_time
from core.study.watched import Stopped, watched
from core.trust import answers as trust
from core.trust.calibration import Reliability
from core.trust.classes_off import ClassesOff
from core.trust.detection import Detection
from core.trust.intervals import UNKNOWN, Estimate
from core.trust.judged import judge
from tests.core.trust.made_study import made_predictions, made_values
from tests.patience import SECONDS

ROOT = Path(__file__).resolve().parents[3]

TYPES = (trust.Numbers, Estimate, Reliability, ClassesOff, Detection)


class Pair(NamedTuple):
    number: float
    names: tuple


@dataclass(frozen=True)
class Row:
    values: np.ndarray
    pairs: dict


def same(one, other):
    """Equal types, and equal numbers to the last bit; nan equals nan."""
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, strict=True)
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for key in one:
            same(one[key], other[key])
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            same(left, right)
    elif hasattr(one, "__dataclass_fields__"):
        for name in one.__dataclass_fields__:
            same(getattr(one, name), getattr(other, name))
    else:
        assert one == other or (one != one and other != other)  # noqa: PLR0124 - nan


def never():
    raise AssertionError("computed anew")


def test_trusts_answers_come_back_bit_for_bit(tmp_path):
    logits, labels = made_values(800, 5)
    judged = judge(made_predictions(logits, labels))

    def both():
        return trust.numbers(judged), trust.detections(judged), trust.differences(judged)

    fresh = kept(tmp_path, "net-numbers", "1", TYPES, both)
    same(kept(tmp_path, "net-numbers", "1", TYPES, never), fresh)
    same(both(), fresh)


def test_every_plain_value_comes_back(tmp_path):
    value = Row(
        np.arange(6, dtype=np.float32).reshape(2, 3),
        {"a": Pair(float("nan"), ("é", 1, None, True)), "b": Pair(float("inf"), ())},
    )
    kept(tmp_path, "one", "1", (Pair, Row), lambda: value)
    same(kept(tmp_path, "one", "1", (Pair, Row), never), value)


@pytest.mark.parametrize("change", ["stamp", "code", "cut", "foreign", "pickled", "other type"])
def test_what_does_not_fit_is_computed_anew(change, tmp_path, monkeypatch):
    kept(tmp_path, "one", "1", (Pair,), lambda: Pair(1.0, ()))
    path = tmp_path / FOLDER / "one.npz"
    if change == "code":
        monkeypatch.setattr(kept_answers, "_code", lambda: "of later code")
    elif change == "cut":
        path.write_bytes(path.read_bytes()[:-40])
    elif change == "foreign":
        path.write_bytes(b"<html>")
    elif change == "pickled":
        np.savez(path, form=np.array([{"stamp": "1"}], object))
    types = (Row,) if change == "other type" else (Pair,)
    stamp = "2" if change == "stamp" else "1"
    assert kept(tmp_path, "one", stamp, types, lambda: Pair(2.0, ())) == Pair(2.0, ())
    if change != "other type":
        assert kept(tmp_path, "one", stamp, types, never) == Pair(2.0, ())


def test_where_nothing_can_be_kept_it_is_computed_each_time(tmp_path):
    assert kept(None, "one", "1", (), lambda: 3) == 3
    assert kept(tmp_path / "gone", "one", "1", (), lambda: 4) == 4
    assert not (tmp_path / "gone").exists()


def test_of_two_who_need_it_at_once_one_computes_it(tmp_path):
    computing, go_on, computed = threading.Event(), threading.Event(), []

    def slow():
        computing.set()
        assert go_on.wait(SECONDS)
        computed.append(1)
        return Estimate(0.5, 0.25, 0.75)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept, tmp_path, "answer", "s", (Estimate,), slow)
        assert computing.wait(SECONDS)
        second = pool.submit(kept, tmp_path, "answer", "s", (Estimate,), slow)
        other = kept(tmp_path, "another", "s", (Estimate,), lambda: UNKNOWN)  # waits for nobody
        same(other, UNKNOWN)
        assert not second.done()
        go_on.set()
        same(first.result(SECONDS), Estimate(0.5, 0.25, 0.75))
        same(second.result(SECONDS), Estimate(0.5, 0.25, 0.75))
    assert computed == [1]


def test_the_turn_of_a_process_that_is_killed_is_free(tmp_path):
    program = (
        "import sys, time; from pathlib import Path\n"
        "from core.study.one_at_a_time import one_at_a_time\n"
        "with one_at_a_time(Path(sys.argv[1])): print('in', flush=True); time.sleep(600)"
    )
    path = tmp_path / "answer.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert holder.stdout.readline() == "in\n"

    def stop(share):
        raise Stopped

    with watched(stop), pytest.raises(Stopped), one_at_a_time(path):
        pass
    holder.kill()
    holder.communicate()
    with one_at_a_time(path):
        assert path.exists()


def test_where_there_is_no_folder_nobody_waits(tmp_path):
    path = tmp_path / "none" / "of" / "these.lock"
    with one_at_a_time(path), one_at_a_time(path):
        assert not path.exists()
