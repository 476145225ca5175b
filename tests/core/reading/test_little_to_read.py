"""Files with nothing, next to nothing or the wrong thing under a known name."""

import numpy as np
import pytest

from core.reading.errors import ReadingError
from core.reading.read import Source, read_files
from tests.core.reading import made_files as made
from tests.core.reading.made_files import LABELS, PROBS, N, keys, lines


def test_a_label_and_a_number_that_sum_to_one_are_not_two_classes(folder):
    columns = {"p0": np.ones(5), "label": np.zeros(5, int)}
    assert keys(folder.read(("a.csv", made.csv(columns))))[0] == "label-is"


@pytest.mark.parametrize("write", [made.npz, None])
def test_labels_with_fractions_are_refused_not_forgotten(folder, write):
    labels = LABELS + np.where(np.arange(N) == 3, 0.5, 0)
    if write:
        sentence = folder.refusal(("a.npz", write(probs=PROBS, labels=labels)))
    else:
        sentence = folder.refusal(("a.csv", made.csv(made.scores() | {"label": labels})))
    assert "row 3" in sentence
    assert "holds" in sentence


def test_a_target_with_fractions_beside_a_label_is_one_more_column(folder):
    columns = made.scores() | {"label": LABELS, "target": PROBS[:, 0]}
    assert folder.read(("a.csv", made.csv(columns))).columns.column_names == ["target"]


def test_an_array_without_rows_says_so(folder):
    assert "no rows" in folder.refusal(("a.npy", made.npy(np.zeros((0, 3)))))


def test_a_folder_without_data_is_named(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"\x89PNG")
    with pytest.raises(ReadingError, match=r"pictures holds no file of predictions"):
        read_files([Source("pictures", tmp_path / "pictures")])


def test_an_array_of_four_axes_is_named_with_its_shape(folder):
    sentence = folder.refusal(("a.npy", made.npy(np.ones((2, 2, 5, 3)))))
    assert "(2, 2, 5, 3)" in sentence


def test_names_of_thousands_of_letters_are_cut_where_they_are_said(folder):
    columns = {"a" * 5000: PROBS[:, 0], "b": 1 - PROBS[:, 0]}
    reading = folder.read(("a.csv", made.csv(columns)))
    assert len(lines(reading)) < 400
    assert reading.class_names == ("a" * 5000, "b")


def test_a_label_for_every_word_is_refused_with_the_shape_to_save(folder):
    values, labels = np.random.default_rng(0).normal(size=(30, 12, 5)), np.ones((30, 12), int)
    sentence = folder.refusal(("a.npz", made.npz(logits=values, label_ids=labels)))
    assert "12 labels for each of 30 items" in sentence
    assert "(360, 5)" in sentence


def test_labels_of_pixels_are_not_taken_for_scores(folder):
    probs, labels = np.ones((4, 3, 16, 16)) / 3, np.ones((4, 16, 16), int)
    sentence = folder.refusal(("a.npz", made.npz(probs=probs, labels=labels)))
    assert "(4, 3, 16, 16)" in sentence


def test_probabilities_of_the_test_set_are_no_labels(folder):
    reading = folder.read(("a.npz", made.npz(y_test_proba=PROBS, y_test=LABELS)))
    assert reading.is_final
    assert np.array_equal(reading.labels, LABELS)
    assert np.array_equal(reading.models["a"].values[0], PROBS)


def test_a_column_that_may_be_the_label_is_named(folder):
    content = made.csv(made.scores() | {"diagnosis_code": LABELS, "age": np.arange(N)})
    said = lines(folder.read(("a.csv", content)))
    assert "if they are in diagnosis_code, name that column as the label (--label)" in said
    assert np.array_equal(folder.read(("a.csv", content), label="diagnosis_code").labels, LABELS)


@pytest.mark.parametrize("sign", [1, -1])
def test_numbers_that_no_single_float_holds_are_refused(folder, sign):
    content = made.npz(logits=sign * 1e300 * PROBS, labels=LABELS)
    assert "too large" in folder.refusal(("a.npz", content), answers={"as": "logits"})
