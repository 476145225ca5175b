"""The words that ten people rated: the file that ships, and how it was made."""

from importlib.resources import files
from importlib.util import find_spec

import numpy as np
import pytest

from core.reading.read import Source, read_files
from examples import WITH_PEOPLE, words


@pytest.fixture(scope="module")
def shipped():
    with np.load(words.FILE, allow_pickle=False) as found:
        return dict(found)


def test_a_line_of_the_lexicon_becomes_counts_of_signs():
    lexicon = (
        "good\t1.9\t0.9\t[2, 1, 0, -1]\n:-)\t1.3\t1.5\t[1, 1, 1, 1]\nbad\t-2\t0.5\t[-2, -3, -1, 0]"
    )
    found, counts = words.ratings(lexicon)
    assert found == ["good", "bad"]
    assert counts.tolist() == [[1, 1, 2], [3, 1, 0]]


def test_the_file_holds_ten_peoples_labels_and_probabilities_of_each_word(shipped):
    assert WITH_PEOPLE.file == words.FILE
    count = len(shipped["ids"])
    assert f"{count:,} words" in WITH_PEOPLE.said
    assert shipped["probs"].shape == (words.MEMBERS, count, len(words.CLASSES))
    assert (shipped["label_counts"].sum(1) == 10).all()
    assert np.allclose(shipped["probs"].astype(float).sum(2), 1, atol=2e-3)
    assert len(set(shipped["ids"].tolist())) == count


def test_it_is_read_with_no_question():
    reading = read_files([Source(words.FILE.name, words.FILE)])
    assert reading.is_final
    assert reading.class_names == words.CLASSES
    assert (reading.num_people == 10).all()


@pytest.mark.skipif(find_spec("vaderSentiment") is None, reason="needs vaderSentiment")
def test_the_shipped_ratings_are_the_lexicons(shipped):
    text = (files("vaderSentiment") / "vader_lexicon.txt").read_text(encoding="utf-8")
    found, counts = words.ratings(text)
    assert found == shipped["ids"].tolist()
    assert (counts == shipped["label_counts"]).all()
