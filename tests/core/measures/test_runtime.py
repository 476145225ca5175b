import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.measures.runtime import Graph, Lent
from core.measures.uncertainty import PATH
from core.study.artifact import ArtifactError
from examples.mnist_data import load_test
from tests.tolerances import FLOAT32_LOGITS


@pytest.fixture(scope="module")
def graph():
    return Graph(PATH.parent / "article" / "model.tflite", "export article")


def test_batches_and_threads_do_not_change_the_answer(graph):
    images = load_test()[0][:777]  # not a multiple of the batch
    whole = graph.run("logits", images=images)["logits"]
    for threads in (1, 4):
        batched = graph.run_batches("logits", images, threads)["logits"]
        np.testing.assert_allclose(batched, whole, atol=FLOAT32_LOGITS)


def test_many_threads_share_one_graph(graph):
    images = load_test()[0][:64]
    expected = graph.run("logits", images=images)["logits"]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda _: graph.run("logits", images=images)["logits"], range(40))
    assert all(np.allclose(answer, expected, atol=FLOAT32_LOGITS) for answer in answers)


def test_nobody_shares_what_is_lent_and_one_is_kept():
    made = []
    lent = Lent(lambda: made.append(object()) or made[-1])
    with lent.borrow() as first, lent.borrow() as second, lent.borrow() as third:
        assert len({id(first), id(second), id(third)}) == 3
    with lent.borrow() as kept:
        assert kept in made[:3]
        with lent.borrow() as fresh:
            assert fresh is made[3]


def test_what_is_lent_comes_back_from_work_that_fails():
    lent = Lent(object)
    with pytest.raises(ZeroDivisionError), lent.borrow() as one:
        1 / 0  # noqa: B018
    with lent.borrow() as again:
        assert again is one


def test_progress_counts_every_image(graph):
    rows = []
    graph.run_batches("logits", load_test()[0][:130], threads=2, progress=rows.append)
    assert sum(rows) == 130


@pytest.fixture
def listening_to_ctrl_c():
    """What a shell starts in the background ignores SIGINT, and so would the test."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_ctrl_c_leaves_the_remaining_batches_undone(graph, threads, listening_to_ctrl_c):
    images, rows = load_test()[0], []

    def interrupt(count):
        rows.append(count)
        if len(rows) == 3:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        graph.run_batches("logits", np.concatenate([images] * 3), threads, interrupt)
    assert sum(rows) < 3 * len(images)


def test_an_error_in_one_thread_ends_the_others(graph):
    images, rows = load_test()[0], []

    def refuse(count):
        rows.append(count)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        graph.run_batches("logits", images, 3, refuse)
    assert len(rows) <= 3


@pytest.mark.parametrize("content", [None, b"", b"hello", "half"])
def test_a_missing_or_broken_file_names_itself_and_its_cure(tmp_path, content):
    path = tmp_path / "model.tflite"
    if content == "half":
        whole = (PATH.parent / "article" / "model.tflite").read_bytes()
        content = whole[: len(whole) // 2]
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArtifactError, match=r"model\.tflite.*python cli\.py export article"):
        Graph(path, "export article").run("logits", images=load_test()[0][:1])


def test_a_foreign_graph_is_told_by_its_functions(graph):
    with pytest.raises(ArtifactError, match="export article"):
        graph.run("nothing", images=load_test()[0][:1])
