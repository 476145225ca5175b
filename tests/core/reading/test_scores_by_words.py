"""One number per row under a name that only says that it is a score, and several of them."""

import numpy as np
import pytest

from tests.core.reading import made_files as made
from tests.core.reading.made_files import IDS, LABELS, NAMES, PROBS, N, keys, lines

POSITIVE = np.linspace(0.01, 0.97, N)
BINARY = (np.random.default_rng(1).random(N) < POSITIVE).astype(int)
BEST, TOP = PROBS.argmax(1), PROBS.max(1)
RNG = np.random.default_rng(2)
FOUR = {f"{name}_Prob": RNG.random(N) for name in ("Pneu", "Dense", "Efficient", "Both")}


@pytest.mark.parametrize(
    "name",
    ["predicted_prob", "y_pred_prob", "churn_probability", "prob_positive", "Risk Score",
     "probability_of_default", "model_confidence"],
)  # fmt: skip
def test_beside_a_label_of_two_classes_it_is_asked_of_which(folder, name):
    columns = {"target": BINARY, name: POSITIVE, "profile": np.arange(N) % 7}
    reading = folder.read(("a.csv", made.csv(columns)))
    assert keys(reading) == ["positive"]
    answered = folder.read(("a.csv", made.csv(columns)), answers={"positive": "1"})
    assert np.array_equal(answered.models["a"].values[0][:, 1], POSITIVE)
    assert np.array_equal(answered.labels, BINARY)


@pytest.mark.parametrize("scale", [1, 100])
def test_beside_a_prediction_it_is_its_confidence(folder, scale):
    columns = {"Image-Name": IDS, "Predicted Class": NAMES[BEST],
               "Confidence Score": scale * TOP}  # fmt: skip
    reading = folder.read(("a.csv", made.csv(columns)))
    assert reading.is_final
    assert reading.models["a"].tier == "top-1"
    assert reading.models["a"].confidence == pytest.approx(TOP)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("prob_std", POSITIVE), ("score_lower", POSITIVE), ("loss", POSITIVE),
        ("credit_score", 300 + 500 * POSITIVE), ("score_change", POSITIVE - 0.5),
        ("risk_group", np.arange(N) % 3),
    ],
)  # fmt: skip
def test_what_is_beside_a_score_or_none_is_not_taken_for_one(folder, name, values):
    columns = {"true_label": BINARY, name: values}
    assert "no scores or predictions found" in folder.refusal(("a.csv", made.csv(columns)))


def test_a_true_label_alone_is_not_asked_whether_it_is_a_prediction(folder):
    columns = {"true_label": BINARY, "age": 20 + np.arange(N)}
    assert "no scores or predictions found" in folder.refusal(("a.csv", made.csv(columns)))


def test_several_beside_a_label_of_two_classes_may_be_several_models(folder):
    content = made.csv({"file": IDS, "True_Label": BINARY} | FOUR)
    reading = folder.read(("a.csv", content))
    assert keys(reading)[0] == "scores"
    assert {option.value for option in reading.questions[0].options} == {"all", *FOUR}
    answered = folder.read(("a.csv", content), answers={"scores": "all", "positive": "1"})
    assert answered.is_final
    assert {n: m.values[0][:, 1].tolist() for n, m in answered.models.items()} == {
        name: values.tolist() for name, values in FOUR.items()
    }


def test_one_of_several_can_be_chosen(folder):
    content = made.csv({"True_Label": BINARY} | FOUR)
    chosen = {"scores": "Both_Prob", "positive": "0"}
    answered = folder.read(("a.csv", content), answers=chosen)
    assert list(answered.models) == ["a"]
    assert np.array_equal(answered.models["a"].values[0][:, 0], FOUR["Both_Prob"])


def test_classes_of_two_tasks_are_no_counts(folder):
    columns = {"pred_verb_class": LABELS + 1, "pred_noun_class": LABELS + 2}
    assert "no scores or predictions found" in folder.refusal(("a.csv", made.csv(columns)))


def test_a_regression_and_a_detector_are_called_so(folder):
    columns = {"True": 500 + 90 * POSITIVE, "Predicted": 508 + 80 * POSITIVE}
    assert "as a regression does" in folder.refusal(("a.csv", made.csv(columns)))
    sides = dict.fromkeys(("x", "y", "width", "height"), 10 + POSITIVE)
    found = sides | {"confidence": TOP, "class": NAMES[BEST]}
    assert "as an object detector does" in folder.refusal(("a.csv", made.csv(found)))


@pytest.mark.parametrize("name", ["sample_index", "cell_idx"])
def test_a_column_that_ends_in_index_names_the_rows_where_it_repeats_nothing(folder, name):
    numbers = np.arange(N)[::-1] * 3
    columns = {name: numbers, "y_true": NAMES[LABELS], "pred_index": BEST}
    content = made.csv(columns | made.scores(PROBS, "prob_", NAMES))
    reading = folder.read(("a.csv", content))
    assert f"ids in {name!r}" in lines(reading)


def test_a_column_of_one_value_is_no_label_without_a_header(folder):
    rows = zip(IDS, ["D"] * N, NAMES[BEST], strict=True)
    content = "\n".join(",".join(map(str, row)) for row in rows).encode()
    reading = folder.read(("a.csv", content))
    assert keys(reading)[0] == "label-is"
    assert "'c2'" in reading.questions[0].text


def test_those_that_are_no_model_are_kept_as_further_columns(folder):
    content = made.csv({"file": IDS, "True_Label": BINARY, "age": np.arange(N)} | FOUR)
    answers = {"scores": "Dense_Prob", "positive": "1"}
    reading = folder.read(("a.csv", content), answers=answers)
    assert reading.columns.column_names == ["age", *(name for name in FOUR if "Dense" not in name)]
    assert np.array_equal(reading.columns["Pneu_Prob"], FOUR["Pneu_Prob"])


def test_folds_of_several_models_are_put_together_first(folder):
    columns = {"file": np.array(IDS), "True_Label": BINARY} | FOUR
    folds = [
        (f"fold_{n}.csv", made.csv({name: values[n::2] for name, values in columns.items()}))
        for n in (0, 1)
    ]
    reading = folder.read(*folds, answers={"scores": "all", "positive": "1"})
    assert list(reading.models) == list(FOUR)
    order = np.argsort([*range(0, N, 2), *range(1, N, 2)])
    for name, values in FOUR.items():
        assert np.array_equal(reading.models[name].values[0][order, 1], values)
    assert np.array_equal(reading.labels[order], BINARY)


def test_a_fold_that_lacks_a_model_is_named(folder):
    columns = {"file": np.array(IDS), "True_Label": BINARY} | FOUR
    lacking = {name: values[1::2] for name, values in columns.items() if name != "Dense_Prob"}
    whole = {name: values[::2] for name, values in columns.items()}
    sentence = folder.refusal(("fold_0.csv", made.csv(whole)), ("fold_1.csv", made.csv(lacking)))
    assert "fold_1.csv lacks the column 'Dense_Prob' of the other folds" in sentence


@pytest.mark.parametrize(
    ("verbs", "nouns", "names"),
    [
        (("run", "walk"), ("dog", "cat", "fox"), ("run to walk", "dog to fox")),
        (("verb_run", "verb_walk"), ("noun_dog", "noun_cat", "noun_fox"),
         ("verb_run to verb_walk", "noun_dog to noun_fox")),
        (("p_verb_0", "p_verb_1"), ("p_noun_0", "p_noun_1", "p_noun_2"), ("p_verb", "p_noun")),
    ],
)  # fmt: skip
def test_the_probabilities_of_two_tasks_are_asked_about(folder, verbs, nouns, names):
    first = np.column_stack([POSITIVE, 1 - POSITIVE])
    columns = dict(zip(verbs, first.T, strict=True)) | dict(zip(nouns, PROBS[:, :3].T, strict=True))
    columns |= {nouns[2]: 1 - columns[nouns[0]] - columns[nouns[1]]}
    content = made.csv(columns)
    (question,) = folder.read(("a.csv", content)).questions
    assert question.key == "scores"
    assert {option.value for option in question.options} == set(names)
    for name, given in zip(names, (verbs, nouns), strict=True):
        reading = folder.read(("a.csv", content), answers={"scores": name})
        (model,) = reading.models.values()
        assert np.array_equal(model.values[0], np.column_stack([columns[one] for one in given]))


def test_two_tasks_of_many_classes_are_parted_where_the_rows_come_to_one(folder):
    rng = np.random.default_rng(3)
    first, second = rng.dirichlet(np.ones(6), N), rng.dirichlet(np.ones(7), N)
    columns = dict(zip("abcdefjklmnop", [*first.T, *second.T], strict=True))
    (question,) = folder.read(("a.csv", made.csv(columns))).questions
    assert [option.value for option in question.options] == ["a to f", "j to p"]


def test_classes_of_which_several_hold_at_once_are_multi_label(folder):
    columns = dict(zip("abcdefghijkl", RNG.random((12, N)), strict=True))
    assert "as those of a multi-label classifier" in folder.refusal(("a.csv", made.csv(columns)))
