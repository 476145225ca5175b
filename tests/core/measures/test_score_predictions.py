import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax, softmax

from core.measures import probabilities
from core.measures.register import MEASURES
from core.measures.score_predictions import score_answers, score_predictions, score_values
from core.measures.uncertainty import measure_logits
from core.study.dataset import UNLABELLED
from core.study.predictions import Predictions

RNG = np.random.default_rng(1)
LOGITS = RNG.normal(0, 2, (3, 40, 5)).astype(np.float32)
LABELS = RNG.integers(0, 5, 40)
FROM_VALUES = [m.column for m in MEASURES if m.column != "atypicality"]


def test_a_full_distribution_has_every_measure_of_the_register_and_no_probabilities():
    table = score_values(LOGITS, "logits", LABELS)
    assert table.columns.tolist() == ["label", "prediction", "correct", *FROM_VALUES]


@pytest.mark.parametrize("block_values", [1, 16, 10_000])
def test_blocks_of_any_size_give_what_all_at_once_gives(monkeypatch, block_values):
    monkeypatch.setattr(probabilities, "BLOCK_VALUES", block_values)
    rows = []
    table = score_values(LOGITS, "logits", LABELS, 2.0, rows.append)
    whole = measure_logits(LOGITS, 2.0, LABELS)
    for column in ("prediction", *FROM_VALUES):
        np.testing.assert_allclose(table[column], whole[column], rtol=1e-6, atol=1e-7)
    assert sum(rows) == 40


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_logits_probabilities_and_log_probabilities_of_one_model_agree(dtype):
    kinds = {
        "logits": LOGITS,
        "probabilities": softmax(LOGITS.astype(dtype), -1),
        "log-probabilities": log_softmax(LOGITS.astype(dtype), -1),
    }
    tables = [score_values(values, kind, LABELS) for kind, values in kinds.items()]
    for table in tables[1:]:
        for column in FROM_VALUES:
            np.testing.assert_allclose(table[column], tables[0][column], atol=2e-6)


def test_measures_are_those_of_numpy_in_64_bits():
    table = score_values(LOGITS, "logits", LABELS)
    members = softmax(LOGITS.astype(np.float64), -1)
    mean = members.mean(0)
    total = -(mean * np.log(mean)).sum(-1)
    aleatoric = -(members * np.log(members)).sum(-1).mean(0)
    np.testing.assert_allclose(table["confidence"], mean.max(-1), atol=1e-6)
    np.testing.assert_allclose(table["mutual_information"], total - aleatoric, atol=1e-6)
    np.testing.assert_allclose(
        table["log_likelihood"], np.log(mean[np.arange(40), LABELS]), atol=2e-6
    )


@pytest.mark.parametrize("kind", ["probabilities", "log-probabilities"])
def test_a_label_of_probability_zero_costs_what_the_smallest_probability_costs(kind):
    values = np.array([[[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]])
    with np.errstate(divide="ignore"):
        given = np.log(values) if kind == "log-probabilities" else values
    found = score_values(given, kind, np.array([2, 2]))["log_likelihood"]
    np.testing.assert_allclose(found, [np.log(np.finfo(np.float32).tiny), np.log(0.5)], rtol=1e-5)


def test_votes_of_many_models_are_an_ensemble_of_one_hot_members():
    votes = np.eye(4, dtype=np.uint8)[np.array([[0, 1], [0, 2], [3, 1]])]
    table = score_values(votes, "votes")
    np.testing.assert_allclose(table["confidence"], [2 / 3, 2 / 3], rtol=1e-6)
    np.testing.assert_allclose(table["variation_ratio"], [1 / 3, 1 / 3], rtol=1e-6)
    np.testing.assert_allclose(table["expected_entropy"], 0, atol=1e-6)


def test_counts_mean_the_same_as_their_shares():
    counts = RNG.integers(1, 9, (1, 6, 3))
    shares = counts / counts.sum(-1, keepdims=True)
    for column in FROM_VALUES[:-1]:
        np.testing.assert_allclose(
            score_values(counts, "counts")[column],
            score_values(shares, "probabilities")[column],
            atol=1e-6,
        )


def test_items_without_a_label_have_no_log_likelihood():
    labels = np.where(np.arange(40) % 3 == 0, UNLABELLED, LABELS)
    table = score_values(LOGITS, "logits", labels)
    assert (table["log_likelihood"].isna() == (labels == UNLABELLED)).all()
    whole = score_values(LOGITS, "logits", LABELS)
    known = labels != UNLABELLED
    assert (table["log_likelihood"][known] == whole["log_likelihood"][known]).all()


def test_predictions_are_scored_at_their_own_temperature():
    predictions = Predictions("m", "M", "logits", 3, lambda: LOGITS, lambda: None, temperature=4.0)
    table = score_predictions(predictions, LABELS)
    assert table.equals(score_values(LOGITS, "logits", LABELS, 4.0))


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        ("logits", np.nan), ("logits", np.inf), ("logits", -np.inf), ("probabilities", np.nan),
        ("probabilities", np.inf), ("log-probabilities", np.nan), ("log-probabilities", np.inf),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_measured_is_named(monkeypatch, kind, bad):
    monkeypatch.setattr(probabilities, "BLOCK_VALUES", 30)
    values = np.full((2, 20, 3), 1 / 3)
    values[1, 17, 2] = bad
    with pytest.raises(ValueError, match="row 17 "):
        score_values(values, kind)


def test_a_row_of_shares_that_sum_to_nothing_is_named():
    with pytest.raises(ValueError, match="row 1 "):
        score_values(np.array([[[1, 2], [0, 0]]]), "counts")


def test_top_1_has_what_a_confidence_tells_and_no_more():
    confidence = np.array([1 - 2.0**-40, 0.25])
    table = score_answers(np.array([1, 0]), 3, np.array([1, UNLABELLED]), confidence)
    assert table.columns.tolist() == [
        "label", "prediction", "correct", "confidence", "least_confidence",
    ]  # fmt: skip
    assert table["least_confidence"].tolist() == [2.0**-40, 0.75]
    assert table["correct"].tolist()[0] is True


def test_answers_have_no_measure_at_all():
    table = score_answers(np.array([1, 0]), 3)
    assert table.columns.tolist() == ["label", "prediction", "correct"]
    assert table["label"].isna().all()


@pytest.mark.parametrize("bad", [np.nan, -0.01, 1.01])
def test_a_confidence_that_is_no_probability_is_named(bad):
    with pytest.raises(ValueError, match="row 1 "):
        score_answers(np.array([1, 0]), 3, confidence=np.array([0.5, bad]))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), num_classes=st.integers(2, 7), num_members=st.integers(1, 3))
def test_permuting_classes_and_rows_changes_no_measure(seed, num_classes, num_members):
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (num_members, 9, num_classes)).astype(np.float32)
    labels = rng.integers(0, num_classes, 9)
    rows, classes = rng.permutation(9), rng.permutation(num_classes)
    table = score_values(logits, "logits", labels)
    moved = score_values(logits[:, rows][..., classes], "logits", np.argsort(classes)[labels[rows]])
    assert (classes[moved["prediction"]] == table["prediction"].to_numpy()[rows]).all()
    for column in FROM_VALUES:
        np.testing.assert_allclose(moved[column], table[column].to_numpy()[rows], atol=3e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(3, 12), st.integers(0, 99), st.booleans())
def test_rounded_probabilities_tie_where_the_same_numbers_stand_in_another_order(
    num_classes, seed, is_whole
):
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.full(num_classes, 0.5), 200).round(2)
    if is_whole:  # so that every row adds up to 1
        probs[:, 0] = (probs[:, 0] + 1 - probs.sum(1)).round(2).clip(0)
    mixed = rng.permuted(probs, axis=1)
    ours, theirs = (score_values(values[None], "probabilities") for values in (probs, mixed))
    for column in ("confidence", "least_confidence", "margin"):
        assert (ours[column] == theirs[column]).all()
    shares = probs / probs.sum(1, keepdims=True).round(9)
    np.testing.assert_array_equal(ours["confidence"], shares.max(1).astype(np.float32))
    second, top = np.sort(shares, axis=1)[:, -2:].T
    np.testing.assert_allclose(ours["margin"], top - second, atol=1e-7)
    others = np.where(np.arange(num_classes) == shares.argmax(1)[:, None], 0, shares).sum(1)
    np.testing.assert_allclose(ours["least_confidence"], others, atol=1e-9, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("row", [[3e38, -3e38, 0], [0, 2e35, 1], [0, -2e35, 1]])
def test_logits_further_apart_than_can_be_computed_with_are_refused_by_row(dtype, row):
    values = np.array([[[1, 2, 3], row]], dtype)
    with pytest.raises(ValueError, match="row 1 holds a value that is not finite or beyond 1e"):
        score_values(values, "logits")
    near = np.array([[[1e34, -1e34, 0]]], dtype)
    assert score_values(near, "logits", temperature=0.02)["confidence"].tolist() == [1]
