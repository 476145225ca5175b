"""One number per row, a prediction and its confidence, answers alone."""

import numpy as np
import pytest

from core.study.dataset import UNLABELLED
from tests.core.reading import made_files as made
from tests.core.reading.made_files import IDS, LABELS, NAMES, PROBS, K, N, keys, lines

BEST, TOP = PROBS.argmax(1), PROBS.max(1)
BINARY = LABELS % 2


def text(folder, columns, **options):
    return folder.read(("a.csv", made.csv(columns)), **options)


def test_one_number_a_row_is_the_probability_of_a_class_to_be_asked(folder):
    columns = {"id": IDS, "target": BINARY, "prob": PROBS[:, 1]}
    reading = text(folder, columns)
    assert keys(reading) == ["positive"]
    assert [option.value for option in reading.questions[0].options] == ["0", "1"]
    for positive in (0, 1):
        answered = text(folder, columns, answers={"positive": str(positive)})
        assert answered.is_final
        values = answered.models["a"].values[0]
        assert np.array_equal(values[:, positive], PROBS[:, 1])
        assert np.array_equal(values[:, 1 - positive], 1 - PROBS[:, 1])
        assert np.array_equal(answered.labels, BINARY)


@pytest.mark.parametrize("name", ["prob_KO", "P(KO)", "KO_prob", "p.KO"])
def test_one_number_a_row_that_is_named_after_a_class_is_not_asked_about(folder, name):
    kinds = np.array(["WT", "KO"])[BINARY]
    guessed = np.array(["WT", "KO"])[(PROBS[:, 1] > 0.5).astype(int)]
    columns = {"patch_id": IDS, "sample": N * ["m"], "true_label": kinds, "pred_label": guessed}
    reading = text(folder, columns | {name: PROBS[:, 1]})
    assert reading.is_final
    assert reading.class_names == ("KO", "WT")
    assert np.array_equal(
        reading.models["a"].values[0], np.stack([PROBS[:, 1], 1 - PROBS[:, 1]], 1)
    )
    assert f"{name!r} read as the score of class 'KO'" in lines(reading)


def test_a_feature_that_ends_like_a_class_is_no_score(folder):
    letters = np.array(["b", "a"])[BINARY]
    columns = {"id": IDS, "label": letters, "gamma": PROBS[:, 1], "prediction": letters}
    assert keys(text(folder, columns)) == ["tier"]


def test_an_array_of_one_number_a_row_is_asked_about_too(folder):
    content = made.npz(y_score=TOP.astype(np.float32), y_true=BINARY)
    reading = folder.read(("a.npz", content), answers={"positive": "1"})
    assert reading.is_final
    assert reading.models["a"].values.dtype == np.float32
    column = made.npz(probs=TOP[:, None], labels=BINARY)
    assert keys(folder.read(("a.npz", column))) == ["positive"]


def test_one_logit_a_row_is_a_logit_against_zero(folder):
    scores = np.linspace(-4, 4, N)
    content = made.npz(logits=scores, labels=(scores > 0).astype(int))
    reading = folder.read(("a.npz", content), answers={"positive": "1", "as": "logits"})
    assert reading.is_final
    assert np.array_equal(reading.models["a"].values[0], np.column_stack([0 * scores, scores]))


def test_one_number_a_row_of_many_classes_is_refused(folder):
    content = made.npz(probs=TOP, labels=LABELS)
    sentence = folder.refusal(("a.npz", content), answers={"label-is": "truth"})
    assert "one number per row" in sentence


def test_a_prediction_and_its_confidence_are_the_top_1_tier(folder):
    columns = {"id": IDS, "label": NAMES[LABELS], "prediction": NAMES[BEST], "confidence": TOP}
    reading = text(folder, columns)
    model = reading.models["a"]
    assert reading.is_final
    assert (model.tier, model.values) == ("top-1", None)
    assert np.array_equal(model.prediction, BEST)
    assert np.array_equal(model.confidence, TOP)
    assert np.array_equal(reading.labels, LABELS)
    assert reading.class_names == tuple(NAMES)


def test_a_confidence_in_per_cent_is_divided_and_said(folder):
    columns = {"label": LABELS, "pred": BEST, "confidence": TOP * 100}
    reading = text(folder, columns)
    assert reading.models["a"].confidence == pytest.approx(TOP, rel=1e-12)
    assert reading.report.of("corrected")
    sentence = folder.refusal(("a.csv", made.csv(columns | {"confidence": -TOP})))
    assert "row 0" in sentence


def test_the_label_that_timm_writes_is_asked_about(folder):
    columns = {"filename": [f"{name}.jpg" for name in IDS], "label": BEST, "prob": TOP}
    reading = text(folder, columns)
    assert keys(reading) == ["label-is"]
    answered = text(folder, columns, answers={"label-is": "prediction"})
    assert answered.is_final
    assert answered.models["a"].tier == "top-1"
    assert np.array_equal(answered.models["a"].prediction, BEST)
    assert (answered.labels == UNLABELLED).all()


def test_with_the_truth_in_another_file_timms_label_is_the_prediction(folder):
    names = [f"{name}.jpg" for name in IDS]
    timm = ("timm.csv", made.csv({"filename": names, "label": BEST, "prob": TOP}))
    truth = folder.source("truth.csv", made.csv({"filename": names, "label": LABELS}))
    reading = folder.read(timm, labels=truth)
    assert reading.is_final
    assert np.array_equal(reading.labels, LABELS)
    assert np.array_equal(next(iter(reading.models.values())).prediction, BEST)


def test_answers_without_confidence_are_asked_about(folder):
    columns = {"id": IDS, "label": LABELS, "pred": BEST}
    reading = text(folder, columns)
    assert keys(reading) == ["tier"]
    answered = text(folder, columns, answers={"tier": "answers"})
    assert answered.is_final
    assert answered.models["a"].tier == "answers"
    assert np.array_equal(answered.models["a"].prediction, BEST)
    refused = folder.refusal(("a.csv", made.csv(columns)), answers={"tier": "refuse"})
    assert "without confidence" in refused


def test_a_file_of_labels_alone_is_asked_about(folder):
    submission = {"ImageId": np.arange(N), "Label": BEST}
    assert "label-is" in keys(text(folder, submission))
    assert folder.refusal(("a.csv", made.csv(submission)), answers={"label-is": "truth"})


def test_answers_beside_scores_are_checked_against_the_highest(folder):
    columns = made.scores() | {"label": LABELS, "pred": BEST}
    reading = text(folder, columns)
    assert reading.is_final
    assert "agree with the highest score (40 of 40 rows)" in lines(reading)
    wrong = BEST.copy()
    wrong[4] = (wrong[4] + 1) % K
    reading = text(folder, columns | {"pred": wrong})
    assert "agree with the highest score (39 of 40 rows): they differ on row 4" in lines(reading)


def test_a_confidence_beside_scores_is_one_more_column(folder):
    reading = text(folder, made.scores() | {"label": LABELS, "confidence": TOP})
    assert reading.is_final
    assert reading.columns["confidence"].to_numpy() == pytest.approx(TOP, rel=1e-15)


def test_a_class_index_beside_its_probability_is_asked_about(folder):
    columns = {"filename": [f"{name}.jpg" for name in IDS], "index": BEST, "prob": TOP}
    reading = text(folder, columns)
    assert keys(reading) == ["label-is"]
    assert np.array_equal(reading.models["a"].prediction, BEST)


def test_true_and_false_are_two_classes_in_that_order(folder):
    probs = np.column_stack([1 - PROBS[:, 0], PROBS[:, 0]])
    for labels in (LABELS == 0, np.where(LABELS == 0, "True", "False")):
        reading = folder.read(("a.npz", made.npz(probs=probs, labels=labels)))
        assert reading.is_final
        assert reading.class_names == ("False", "True")
        assert np.array_equal(reading.labels, LABELS == 0)


def test_answers_of_an_ensemble_are_checked_against_its_mean_probability(folder):
    logits = np.array([[[9.0, 0, 0], [0, 3, 2]], [[0, 1, 0], [0, 0, 2]], [[0, 1, 0], [0, 2.9, 0]]])
    shares = np.exp(logits) / np.exp(logits).sum(2, keepdims=True)
    best = shares.mean(0).argmax(1)
    content = made.npz(logits=logits, labels=best, pred=best)
    reading = folder.read(("a.npz", content), answers={"as": "logits", "members-axis": "0"})
    assert "agree with the highest score (2 of 2 rows)" in lines(reading)
    assert reading.preview()[0]["a: prediction"] == str(best[0])
