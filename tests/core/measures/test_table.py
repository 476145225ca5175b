import numpy as np
import pandas as pd
import pytest

from core.measures.table import (
    build_table,
    load_table,
    probs_in,
    save_table,
    with_probs,
)
from core.measures.uncertainty import measure_logits
from core.study.dataset import UNLABELLED

LOGITS = np.random.default_rng(0).normal(0, 3, (2, 6, 4)).astype(np.float32)
LABELS = np.array([0, 1, 2, 3, 0, 1])
CONTRACT = [
    "label",
    "prediction",
    "correct",
    "confidence",
    "least_confidence",
    "margin",
    "predictive_entropy",
    "expected_entropy",
    "mutual_information",
    "variation_ratio",
    "log_likelihood",
]


def make(labels=LABELS, **more):
    return build_table(measure_logits(LOGITS, 1.0, labels), labels, **more)


def test_columns_are_the_contract():
    table = make(map_xy=np.zeros((6, 2)))
    assert table.columns.tolist() == [*CONTRACT, "map_x", "map_y"]
    assert table.index.name == "index"


def test_without_labels_nothing_is_correct_or_wrong():
    table = make(labels=None)
    assert table["label"].isna().all()
    assert table["correct"].isna().all()
    assert table.columns.tolist() == CONTRACT


def test_probabilities_sum_to_one_and_name_the_prediction():
    found = measure_logits(LOGITS)["mean_probs"]
    table = with_probs(make(), found)
    assert table.columns.tolist() == [*CONTRACT, "p_0", "p_1", "p_2", "p_3"]
    probs = probs_in(table)
    assert np.array_equal(probs, found)
    np.testing.assert_allclose(probs.sum(axis=1), 1, rtol=1e-5)
    assert (probs.argmax(axis=1) == table["prediction"]).all()


def test_correct_is_a_prediction_that_is_the_label():
    table = make()
    assert (table["correct"] == (table["label"] == table["prediction"])).all()


def test_an_item_whose_label_is_not_known_is_neither_correct_nor_wrong():
    labels = np.where(np.arange(6) == 2, UNLABELLED, LABELS)
    table = build_table(measure_logits(LOGITS), labels)
    assert table["label"].isna().tolist() == (labels == UNLABELLED).tolist()
    assert table["correct"].isna().tolist() == (labels == UNLABELLED).tolist()


@pytest.mark.parametrize(("num_classes", "kind"), [(32_768, np.int16), (32_769, np.int32)])
def test_class_numbers_take_32_bits_only_where_16_are_too_few(num_classes, kind):
    last = np.array([num_classes - 1])
    for given in (None, num_classes):
        table = build_table({"prediction": last}, last, num_classes=given)
        assert table["prediction"].to_numpy().tolist() == [num_classes - 1]
        assert table["prediction"].dtype == kind
        assert table["label"].dtype.numpy_dtype == kind
        assert table["correct"].all()


def test_an_older_table_is_read_without_its_probabilities(tmp_path):
    table = make()
    older = table.assign(p_0=0.25, p_1=0.75)
    save_table(older, tmp_path / "scores.parquet")
    pd.testing.assert_frame_equal(load_table(tmp_path / "scores.parquet"), table)


def test_a_parquet_file_without_predictions_is_no_score_table(tmp_path):
    pd.DataFrame({"label": [1]}).to_parquet(tmp_path / "scores.parquet")
    with pytest.raises(ValueError, match="lacks the columns prediction, correct"):
        load_table(tmp_path / "scores.parquet")


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_saved_table_comes_back(tmp_path, suffix):
    table = make(index=np.arange(10, 16))
    path = tmp_path / f"scores.{suffix}"
    save_table(table, path)
    read = pd.read_csv(path, index_col="index") if suffix == "csv" else load_table(path)
    assert read.index.tolist() == list(range(10, 16))
    np.testing.assert_allclose(read["confidence"], table["confidence"], rtol=1e-6)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_other_endings_are_refused_and_leave_nothing(tmp_path):
    with pytest.raises(ValueError, match=r"\.parquet or \.csv"):
        save_table(make(), tmp_path / "scores.xlsx")
    assert not list(tmp_path.iterdir())
