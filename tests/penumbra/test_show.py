"""The dashboard beside a Python program: started, shown, decided in, killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen
from xml.etree import ElementTree

import numpy as np
import pytest

import penumbra
from core.review.database import open_engine
from core.review.decision_schema import open_store
from core.review.decisions import Decision, append
from core.stored.library import Library
from penumbra.server import answers, fetch
from tests.patience import SECONDS

ROOT = Path(__file__).resolve().parents[2]
RNG = np.random.default_rng(0)
PROBS = RNG.dirichlet(np.ones(3), 40)
CODES = RNG.integers(0, 3, 40)
PROGRAM = """
import os, signal, time, penumbra
probs, labels = {probs!r}, {labels!r}
shown = penumbra.show(probs=probs, labels=labels)
signal.signal(signal.SIGINT, lambda *_: os.write(1, b"interrupted\\n"))  # print may be under way
print(shown._server.url, shown._environment["PENUMBRA_STUDIES"], flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('decisions') / 'decisions.sqlite3'}"


@pytest.fixture(scope="module")
def shown(database):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PENUMBRA_DECISIONS", database)
        with penumbra.show(probs=PROBS, labels=CODES, class_names=["cat", "dog", "fox"]) as found:
            yield found
            assert not found.close()
    assert not answers(found.url)


def test_the_dashboard_stands_on_this_machine_alone(shown):
    assert shown.url.startswith("http://127.0.0.1:")
    assert answers(shown.url)
    assert repr(shown) == f"Penumbra with 40 items at {shown.url}"
    private = Path(shown._environment["PENUMBRA_STUDIES"]).parent
    assert private.stat().st_mode & 0o077 == 0
    assert shown._environment["PENUMBRA_SIGN_IN"] == "off", "nobody can sign in within a frame"


def test_nobody_may_frame_it_where_there_is_no_notebook(shown):
    with urlopen(shown.url) as response:
        policy = response.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self'")
    assert "<iframe" not in shown._repr_html_()


def test_a_saved_notebook_has_a_link_and_a_still_picture(shown):
    page = ElementTree.fromstring(shown._repr_html_().replace("<details open>", "<details>"))  # noqa: S314
    assert page.find(".//a").get("href") == shown.url
    address = page.find(".//img").get("src")
    with urlopen(address) as picture:
        drawn = ElementTree.fromstring(picture.read())  # noqa: S314
    assert "40 items" in "".join(drawn.itertext())
    assert fetch(f"{shown._server.url}/still/nothing") is None


def decide(shown, database: str, row: int) -> None:
    assert os.environ["PENUMBRA_DECISIONS"] == database
    engine = open_engine(database)
    open_store(engine)
    dataset = Library(Path(shown._environment["PENUMBRA_STUDIES"])).load("shown").dataset
    append(engine, Decision(
        data_set="shown", data_hash=dataset.fingerprint, item=str(row),
        given_label=int(CODES[row]), decision="relabel", new_label=1, reviewer="Ada",
        model="model",
    ))  # fmt: skip
    engine.dispose()


def test_decisions_come_as_a_table(shown, database):
    assert shown.decisions().empty
    decide(shown, database, 7)
    (row,) = shown.decisions().reset_index().to_dict("records")
    assert (row["item"], row["decision"], row["new_label"]) == ("7", "relabel", "dog")
    assert row["given_label"] == ["cat", "dog", "fox"][CODES[7]]


def test_a_dashboard_that_was_killed_is_said_to_have_ended(shown, database):
    decide(shown, database, 8)
    shown._server.process.kill()
    shown._server.process.wait()
    assert repr(shown) == "This dashboard has ended; call penumbra.show again for a new one."
    assert "has ended" in shown._repr_html_()
    assert "<img" in shown._repr_html_()
    assert "8" in shown.decisions().index
    shown.close()


def wait_until(holds):
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_it_outlives_an_interrupt_and_ends_with_its_program():
    program = PROGRAM.format(probs=PROBS.tolist(), labels=CODES.tolist())
    running = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        url, studies = running.stdout.readline().split()
        os.killpg(running.pid, signal.SIGINT)  # as Jupyter does, to everything in the group
        assert running.stdout.readline() == "interrupted\n"
        assert answers(f"{url}/_stcore/health")
    finally:
        running.kill()
        running.wait()
    wait_until(lambda: not answers(f"{url}/_stcore/health"))
    assert not Path(studies).parent.exists()
