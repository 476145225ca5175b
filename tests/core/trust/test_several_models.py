import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from core.measures.table import build_table
from core.measures.uncertainty import measure_logits
from core.study.predictions import Predictions
from core.trust.intervals import UNKNOWN, Estimate
from core.trust.several_models import (
    COLUMNS,
    COST,
    as_rows,
    correlation_estimate,
    estimate_in,
    judged_metrics,
    read_comparison,
    sets_in,
    unlike_metrics,
)
from core.trust.telling_items import telling_items


@pytest.fixture(scope="module")
def predictions():
    rng = np.random.default_rng(0)
    labels = rng.integers(4, size=400)
    logits = 2.5 * np.eye(4)[labels] + rng.normal(0, 1, (400, 4)) + rng.normal(0, 0.8, (6, 400, 4))
    return made(logits.astype(np.float32), labels)


def made(logits, labels):
    scores = build_table(measure_logits(logits, 1.0, labels), labels)
    return Predictions("some", "Some", "logits", len(logits), lambda: logits, lambda: scores)


def test_metrics_are_those_of_the_table_and_of_scikit_learn(predictions):
    found, table = judged_metrics(predictions), predictions.scores
    wrong = ~table["correct"].to_numpy(bool)
    assert found["accuracy"].value == pytest.approx(1 - wrong.mean())
    assert found["nll"].value == pytest.approx(-table["log_likelihood"].mean(), rel=1e-5)
    for column in ("least_confidence", "predictive_entropy", "mutual_information"):
        expected = roc_auc_score(wrong, table[column])
        assert found[f"auroc_{column}"].value == pytest.approx(expected)
    assert all(e.low <= e.value <= e.high for e in found.values())


def test_one_network_has_neither_a_correlation_nor_measures_of_several_members(predictions):
    alone = made(predictions.values[:1], predictions.scores["label"].to_numpy(int))
    found = judged_metrics(alone)
    assert not {"correlation", "auroc_mutual_information", "auroc_variation_ratio"} & set(found)


def test_unlike_items_are_told_as_scikit_learn_counts(predictions):
    usual, unlike = predictions.scores.iloc[:300], predictions.scores.iloc[300:]
    found = unlike_metrics(usual, unlike, 6)
    for name, estimate in found.items():
        column = name.removeprefix("auroc_")
        both = pd.concat([usual[column], unlike[column]])
        assert estimate.value == pytest.approx(roc_auc_score([0] * 300 + [1] * 100, both))


def test_the_correlation_is_spearman_s_and_its_interval_narrows_with_the_items(predictions):
    table = predictions.scores
    found = correlation_estimate(table)
    expected = spearmanr(table["expected_entropy"], table["mutual_information"]).statistic
    assert found.value == pytest.approx(expected)
    few = correlation_estimate(table.iloc[:40])
    assert found.high - found.low < few.high - few.low
    assert correlation_estimate(table.assign(mutual_information=0.0)) == UNKNOWN


def test_a_table_comes_back_from_its_file_number_for_number(tmp_path):
    table = pd.concat([
        as_rows("a", "Some items", {"accuracy": Estimate(0.5, 0.4, 0.6)}),
        as_rows("a", "Letters", {"auroc_margin": Estimate(0.9, 0.8, 1.0)}),
        as_rows("a", COST, {"megabytes": Estimate(4.0, float("nan"), float("nan"))}),
    ])  # fmt: skip
    table.to_csv(tmp_path / "table.csv", index=False)
    again = read_comparison(tmp_path / "table.csv")
    assert estimate_in(again, "a", "Some items", "accuracy") == Estimate(0.5, 0.4, 0.6)
    assert np.isnan(estimate_in(again, "b", "Some items", "accuracy").value)
    assert sets_in(again) == {"Some items": True, "Letters": False}


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", ",".join(COLUMNS) + "\na,b,c,many,0,1\n", "\x00\xff"]
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path, text):
    (tmp_path / "table.csv").write_text(text)
    with pytest.raises(ValueError, match=r"table\.csv|No columns"):
        read_comparison(tmp_path / "table.csv")


def test_telling_items_are_different_ones_and_begin_with_the_most_disputed():
    doubts = [[0.0, 0.5, 0.9, 0.1, 0.2], [0.0, 0.5, 0.0, 0.1, 0.3]]
    tables = [
        pd.DataFrame({"least_confidence": doubt, "prediction": 0}, index=[7, 8, 9, 10, 11])
        for doubt in doubts
    ]
    found = telling_items(tables, 4)
    assert found[0] == 9  # 0.9 against 0
    assert found[1] == 8  # both doubt it most
    assert len(set(found)) == len(found) == 4
