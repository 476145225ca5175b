"""Work in a thread: how far it is, who may end it, and what goes wrong in it."""

import threading

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.measures.probabilities import blocks
from core.study.watched import Stopped, tell, watched
from core.trust.intervals import bootstrap
from tests.patience import SECONDS
from ui import long_work
from ui.long_work import Job


class Gate:
    """A step of two blocks that waits between them to be let on."""

    def __init__(self):
        self.reached, self.open, self.finished = threading.Event(), threading.Event(), False

    def __call__(self):
        for rows in blocks(20, 10, 12_000):
            if rows.start == 1:
                self.reached.set()
                assert self.open.wait(SECONDS)
        self.finished = True


def test_steps_are_done_in_their_order_and_say_how_far_they_are():
    gate, done = Gate(), []
    job = Job([("First", lambda: done.append(1)), ("Second", gate)])
    assert gate.reached.wait(SECONDS)
    assert done == [1]
    assert job.text() == "Second (2 of 2)"
    assert job.share() == pytest.approx((1 + 1 / 20) / 2)
    gate.open.set()
    assert job.wait(SECONDS)
    assert gate.finished
    assert job.error() is None


def test_work_that_nobody_waits_for_ends_at_its_next_block():
    gate, later = Gate(), []
    job = Job([("First", gate), ("Second", lambda: later.append(1))])
    assert gate.reached.wait(SECONDS)
    job.leave()
    job.stop()
    gate.open.set()
    assert job.wait(SECONDS)
    assert isinstance(job.error(), Stopped)
    assert not gate.finished
    assert not later


def test_work_that_everybody_has_left_ends_by_itself_and_not_while_somebody_waits(monkeypatch):
    monkeypatch.setattr(long_work, "ALONE", -1)
    for leaves in (1, 2):
        gate = Gate()
        job = Job([("First", gate)])
        job.join()
        assert gate.reached.wait(SECONDS)
        for _ in range(leaves):
            job.leave()
        gate.open.set()
        assert job.wait(SECONDS)
        assert gate.finished == (leaves == 1)
        assert job.is_stopping == (leaves == 2)


def test_one_visitor_cannot_end_what_another_waits_for():
    gate = Gate()
    job = Job([("First", gate)])
    assert gate.reached.wait(SECONDS)
    job.stop()
    gate.open.set()
    assert job.wait(SECONDS)
    assert gate.finished
    assert job.error() is None


def test_what_goes_wrong_is_there_for_the_page_to_say():
    def fail():
        raise ValueError("values.npy is cut off")

    job = Job([("First", fail)])
    assert job.wait(SECONDS)
    assert str(job.error()) == "values.npy is cut off"


def test_a_bootstrap_says_how_far_it_is_and_can_be_ended():
    told = []
    with watched(told.append):
        drawn = bootstrap(np.ones(1_000, int), lambda size: size.sum(1), 1_000)
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) > 2
    assert (drawn == 1_000).all()

    def stop(share):
        raise Stopped

    with watched(stop), pytest.raises(Stopped):
        bootstrap(np.ones(1_000, int), lambda size: size.sum(1), 1_000)
    tell(1, 2)  # nobody watches any more


TWICE = """
import time
from ui import long_work
steps = [("Working", lambda: time.sleep(0.3))]
for _ in range(2):
    long_work.prepare("the same", steps, long_work.LARGE)
import streamlit as st
st.write("done")
"""


def test_a_page_may_wait_twice_for_the_same_work(monkeypatch):
    monkeypatch.setattr(long_work, "SILENT", 0)
    at = AppTest.from_string(TWICE, default_timeout=SECONDS).run()
    assert [error.message for error in at.exception] == []
    assert at.markdown[-1].value == "done"
