"""What scores are, from all rows."""

import numpy as np
import pytest

from core.reading.tally import SUM_TOLERANCE, tally
from tests.core.reading import made_files as made
from tests.core.reading.made_files import LABELS, LOGITS, PROBS, K, N, keys, lines

VOTES = np.eye(K, dtype=np.uint8)[PROBS.argmax(1)]
COUNTS = np.random.default_rng(1).integers(0, 30, (N, K)) + (np.arange(K) == 2)
LOG_PROBS = np.log(PROBS)


def read(folder, values, answers=None):
    reading = folder.read(("a.npz", made.npz(probs=values, labels=LABELS)), answers=answers)
    return reading, reading.models["a"]


def refusal(folder, values, answers=None):
    return folder.refusal(("a.npz", made.npz(probs=values, labels=LABELS)), answers=answers)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize(("values", "kind"), [(PROBS, "probabilities"),
                                              (LOG_PROBS, "log-probabilities")])  # fmt: skip
def test_what_the_numbers_tell_is_not_asked(folder, values, kind, dtype):
    reading, model = read(folder, values.astype(dtype))
    assert keys(reading) == []
    assert model.kind == kind
    assert model.values.dtype == dtype
    assert model.tier == "full"


def test_logits_are_shown_and_to_be_confirmed(folder):
    reading, model = read(folder, LOGITS)
    assert keys(reading) == ["as"]
    assert reading.questions[0].suggested == model.kind == "logits"
    assert len(reading.questions[0].evidence) > 1
    assert len(reading.preview()) == 5
    confirmed, model = read(folder, LOGITS, {"as": "logits"})
    assert confirmed.is_final
    assert model.kind == "logits"
    assert "multi-label" in refusal(folder, LOGITS, {"as": "multi-label"})


def test_sums_a_little_off_are_said_and_the_values_stay(folder):
    off = PROBS * 1.00002
    reading, model = read(folder, off)
    assert keys(reading) == []
    assert np.array_equal(model.values[0], off)
    (corrected,) = reading.report.of("corrected")
    assert "2e-05" in corrected.text


@pytest.mark.parametrize(("dtype", "off", "questions"), [
    (np.float64, 0.9 * SUM_TOLERANCE, []), (np.float64, 3 * SUM_TOLERANCE, ["as"]),
    (np.float16, 3 * SUM_TOLERANCE, []),
])  # fmt: skip
def test_the_tolerance_of_sums_is_wider_for_half_floats(folder, dtype, off, questions):
    reading, model = read(folder, (PROBS * (1 - off)).astype(dtype))
    assert keys(reading) == questions
    assert model.kind == "probabilities"


def test_rows_in_the_unit_interval_that_do_not_sum_to_one_are_multi_label(folder):
    sentence = refusal(folder, np.random.default_rng(2).random((N, K)))
    assert "multi-label" in sentence
    assert "row 0" in sentence


def test_a_few_odd_rows_among_probabilities_are_asked_about(folder):
    many = np.tile(PROBS, (10, 1))
    many[3] *= 0.5
    content = made.npz(probs=many, labels=np.tile(LABELS, 10))
    reading = folder.read(("a.npz", content))
    assert keys(reading) == ["as"]
    assert reading.questions[0].evidence[0].startswith("row 3:")
    assert reading.questions[0].suggested == "probabilities"


def test_votes_of_one_model_are_answers(folder):
    reading, model = read(folder, VOTES)
    assert keys(reading) == []
    assert (model.kind, model.tier, model.values) == ("votes", "answers", None)
    assert np.array_equal(model.prediction, PROBS.argmax(1))


def test_votes_of_several_members_are_a_distribution(folder):
    votes = np.stack([VOTES, VOTES[::-1], VOTES])
    reading, model = read(folder, votes)
    assert (model.kind, model.tier, model.values.shape) == ("votes", "full", (3, N, K))
    assert keys(reading) == []


def test_whole_numbers_are_asked_about(folder):
    reading, model = read(folder, COUNTS)
    assert keys(reading) == ["as"]
    assert model.kind == reading.questions[0].suggested == "counts"
    assert read(folder, COUNTS, {"as": "logits"})[1].kind == "logits"


def test_sums_of_a_hundred_are_asked_about(folder):
    reading, model = read(folder, PROBS * 100)
    assert keys(reading) == ["as"]
    assert reading.questions[0].suggested == "per-cent"
    assert model.kind == "probabilities"


def test_rows_that_fall_from_left_to_right_are_asked_about(folder):
    falling = -np.sort(-PROBS, axis=1)
    reading, _ = read(folder, falling)
    assert keys(reading) == ["order"]
    assert "top-k" in refusal(folder, falling, {"order": "falling"})
    assert read(folder, falling, {"order": "classes"})[0].is_final


def test_one_row_or_two_classes_that_fall_by_chance_are_not_asked_about(folder):
    few = folder.read(("a.npz", made.npz(probs=np.array([[0.7, 0.2, 0.1]]), labels=[0])))
    assert keys(few) == []
    binary = np.array([[0.7, 0.3], [0.6, 0.4], [0.9, 0.1]])
    assert keys(folder.read(("a.npz", made.npz(probs=binary, labels=[0, 1, 0])))) == []


def test_rows_with_nan_or_infinity_are_set_aside_counted_and_listed(folder):
    broken = PROBS.copy()
    broken[3, 1], broken[5, 0], broken[6, 2] = np.nan, np.inf, -np.inf
    reading, model = read(folder, broken)
    keep = np.delete(np.arange(N), [3, 5, 6])
    assert np.array_equal(model.values[0], PROBS[keep])
    assert np.array_equal(reading.labels, LABELS[keep])
    assert reading.ids.to_pylist() == [str(row) for row in keep]
    (aside,) = reading.report.of("set aside")
    assert (aside.rows, aside.of) == (3, N)
    assert aside.examples == ("row 3", "row 5", "row 6")


def test_a_row_of_zeros_among_probabilities_is_set_aside(folder):
    many = np.tile(PROBS, (10, 1))
    many[7] = 0
    content = made.npz(probs=many, labels=np.tile(LABELS, 10))
    reading = folder.read(("a.npz", content), answers={"as": "probabilities"})
    assert len(reading) == 10 * N - 1


def test_scores_without_one_sound_row_are_refused(folder):
    assert "NaN" in refusal(folder, np.full((N, K), np.nan))


def test_a_label_of_probability_zero_is_counted(folder):
    zero = PROBS.copy()
    for row in (0, 9):
        zero[row] = np.arange(K) == (LABELS[row] + 1) % K
    reading, model = read(folder, zero)
    assert np.array_equal(model.values[0], zero)
    (noted,) = (line for line in reading.report.of("noted") if "exactly 0" in line.text)
    assert (noted.rows, noted.examples) == (2, ("row 0", "row 9"))


def test_an_answer_that_does_not_fit_is_refused_with_the_row(folder):
    assert "row 0" in refusal(folder, LOGITS - 9, {"as": "probabilities"})
    assert "votes" in refusal(folder, PROBS, {"as": "votes"})
    assert "value above 0" in refusal(folder, LOGITS + 9, {"as": "log-probabilities"})
    assert "--as" in refusal(folder, LOGITS, {"as": "nonsense"})


def test_a_tally_is_the_same_in_blocks_as_in_one_piece(monkeypatch):
    whole = tally(np.stack([LOGITS, LOGITS + 1]))
    monkeypatch.setattr("core.reading.tally.BLOCK_VALUES", 3 * K)
    parts = tally(np.stack([LOGITS, LOGITS + 1]))
    assert (whole.low, whole.high) == (parts.low, parts.high) == (LOGITS.min(), LOGITS.max() + 1)
    assert whole.sum_low == pytest.approx(LOGITS.sum(1).min(), rel=1e-12)
    assert parts.sum_high == pytest.approx(LOGITS.sum(1).max() + K, rel=1e-12)


def test_two_models_may_be_of_two_kinds(folder):
    files = [("one.npy", made.npy(PROBS)), ("two.npy", made.npy(LOGITS)),
             ("labels.npy", made.npy(LABELS))]  # fmt: skip
    reading = folder.read(*files, answers={"as": "logits"})
    assert reading.is_final
    assert [model.kind for model in reading.models.values()] == ["probabilities", "logits"]
    assert "probabilities" in lines(reading)
