"""Tables as pandas, R and programs with a mouse write them: each read with no question."""

import json

import numpy as np
import pytest

from tests.core.reading import made_files as made
from tests.core.reading.made_files import LABELS, NAMES, PROBS, K, N, keys, lines

ANSWERS = NAMES[PROBS.argmax(1)]
ROWS = np.arange(N)
INDEX = {"": ROWS}
BINARY = (np.random.default_rng(1).random(N) < PROBS[:, 0]).astype(int)


def framed(before, after=")"):
    """Columns of scores as "confidence(cat)"."""
    return {f"{before}{name}{after}": PROBS[:, code] for code, name in enumerate(NAMES)}


TABLES = {
    "R, collect_predictions": {
        "id": N * ["train/test split"], ".pred_class": ANSWERS, **framed(".pred_", ""),
        ".row": 2 * ROWS, "Species": NAMES[LABELS],
    },
    "R, caret": {
        "pred": ANSWERS, "obs": NAMES[LABELS], **framed("", ""), "rowIndex": ROWS + 1,
        "Resample": N * ["Fold1"],
    },
    "KNIME": {
        "Species": NAMES[LABELS], **framed("P (Species="), "Prediction (Species)": ANSWERS,
        "Prediction (Species) (Confidence)": PROBS.max(1),
    },
    "Orange": {
        "pet": NAMES[LABELS], "Naive Bayes": ANSWERS, **framed("Naive Bayes ("),
        "Fold": N * [1],
    },
    "RapidMiner": {
        "label": NAMES[LABELS], "prediction(label)": ANSWERS, **framed("confidence("),
    },
    "Azure": {
        "Species": NAMES[LABELS],
        **framed('Scored Probabilities for Class "', '"'), "Scored Labels": ANSWERS,
    },
    "CatBoost": {
        "SampleId": ROWS, **framed("Probability:Class=", ""), "Label": NAMES[LABELS],
    },
    "SageMaker": {
        "predicted_label": ANSWERS, "probability": PROBS.max(1),
        "probabilities": [json.dumps(row.tolist()) for row in PROBS],
        "labels": N * [str(NAMES.tolist())], "Species": NAMES[LABELS],
    },
}  # fmt: skip


def read(folder, columns, **options):
    return folder.read(("a.parquet", made.parquet(columns)), **options)


@pytest.mark.parametrize("tool", TABLES)
def test_a_table_of_each_tool_is_read_with_classes_labels_and_answers(folder, tool):
    reading = read(folder, TABLES[tool])
    (model,) = reading.models.values()
    assert reading.is_final, keys(reading)
    assert set(reading.class_names) == set(NAMES)
    order = [reading.class_names.index(name) for name in NAMES]
    assert np.array_equal(model.values[0][:, order], PROBS)
    assert [reading.class_names[code] for code in reading.labels] == NAMES[LABELS].tolist()
    if tool != "CatBoost":
        assert f"agree with the highest score ({N} of {N} rows)" in lines(reading)


def test_what_bigquery_exports_is_read_in_whichever_order_the_classes_stand(folder):
    rows = [
        {"predicted_pet": ANSWERS[row], "pet": NAMES[LABELS[row]],
         "predicted_pet_probs": [{"label": NAMES[k], "prob": PROBS[row, k]}
                                 for k in np.argsort(-PROBS[row])]}
        for row in ROWS
    ]  # fmt: skip
    reading = folder.read(("a.jsonl", "\n".join(map(json.dumps, rows))))
    assert reading.is_final
    assert np.array_equal(reading.models["a"].values[0], PROBS)
    assert np.array_equal(reading.labels, LABELS)
    assert "answers in 'predicted_pet' agree" in lines(reading)


def test_the_index_that_pandas_writes_is_no_item_and_its_column_0_is_the_label(folder):
    probs = made.csv(INDEX | made.scores(PROBS, ""))
    for truth in (made.csv(INDEX | {"0": LABELS}), made.csv({"0": LABELS})):
        reading = folder.read(("proba.csv", probs), ("y.csv", truth))
        assert reading.is_final
        assert np.array_equal(reading.labels, LABELS)
        assert np.array_equal(reading.models["proba"].values[0], PROBS)


def test_a_first_label_0_is_no_name_where_the_rows_are_as_many(folder):
    labels = np.concatenate([[0], LABELS[1:]])
    truth = made.csv({"0": labels}, header=False)
    reading = folder.read(("p.csv", made.csv(made.scores())), ("y.csv", truth))
    assert np.array_equal(reading.labels, labels)


def test_the_only_column_beside_ids_is_the_label_if_its_values_are_classes(folder):
    number = {"id": ROWS, "y_pred_proba": PROBS[:, 0], "y_pred": (PROBS[:, 0] > 0.5).astype(int)}
    files = ("a.csv", made.csv(number)), ("b.csv", made.csv({"id": ROWS, "repaid": BINARY}))
    reading = folder.read(*files, answers={"positive": "1"})
    assert reading.is_final
    assert np.array_equal(reading.labels, BINARY)
    assert "labels in 'repaid', told by its place" in lines(reading)


@pytest.mark.parametrize("values", [ROWS + 20, [f"street {row}" for row in ROWS], PROBS[:, 1]])
def test_another_only_column_beside_ids_stays_a_column(folder, values):
    probs = {"id": ROWS} | made.scores()
    files = ("a.csv", made.csv(probs)), ("b.csv", made.csv({"id": ROWS, "age": values}))
    reading = folder.read(*files)
    assert "age" in reading.columns.column_names
    assert (reading.labels < 0).all()


def test_a_decision_function_is_a_logit_to_be_confirmed(folder):
    columns = {"y_true": BINARY, "decision_function": np.log(PROBS[:, 0]) + 2}
    assert keys(read(folder, columns)) == ["positive", "as"]
    reading = read(folder, columns, answers={"positive": "1", "as": "logits"})
    assert np.array_equal(reading.models["a"].values[0][:, 1], columns["decision_function"])


def test_beside_a_label_that_was_named_the_column_of_its_values_is_the_answer(folder):
    columns = {"pathology": NAMES[LABELS], "scan": ANSWERS, "ward": [f"w{row}" for row in ROWS]}
    reading = read(folder, columns, label="pathology", answers={"tier": "answers"})
    assert reading.is_final
    assert np.array_equal(reading.models["a"].prediction, PROBS.argmax(1))
    assert np.array_equal(reading.labels, LABELS)
    asked = read(folder, columns, label="pathology").questions[0]
    assert "'scan' is a predicted class per row" in asked.text


def test_the_prices_of_a_regression_are_no_classes(folder):
    price = np.arange(1_200) * 7 + 300
    sentence = folder.refusal(("a.csv", made.csv({"y_true": price, "y_pred": price + 3})))
    assert "regression" in sentence
    many = {"y_true": np.arange(1_200), "y_pred": np.arange(1_200)[::-1]}
    reading = folder.read(("a.csv", made.csv(many)), answers={"tier": "answers"})
    assert len(reading.class_names) == 1_200


def test_names_share_a_frame_only_where_a_bracket_or_the_like_opens_it(folder):
    names = ["alt.atheism", "alt.ads", "comp.graphics", "comp.sys"]
    reading = read(folder, made.scores(PROBS, "", names))
    assert reading.class_names == tuple(names)
    assert len(names) == K


def test_numbers_and_names_of_the_same_classes_are_one_label_and_one_answer(folder):
    best = PROBS.argmax(1)
    columns = {
        "path": [f"a{row}.jpg" for row in ROWS],
        "true_class_index": LABELS, "true_class_name": NAMES[LABELS],
        "pred_class_index": best, "pred_class_name": NAMES[best],
        "pred_confidence": PROBS.max(1),
    }  # fmt: skip
    reading = read(folder, columns)
    assert reading.is_final, keys(reading)
    (model,) = reading.models.values()
    assert model.tier == "top-1"
    assert np.array_equal(model.confidence, PROBS.max(1))
    assert reading.class_names == tuple(NAMES)
    assert np.array_equal(reading.labels, LABELS)
    assert np.array_equal(model.prediction, best)
    numbered = {name: columns[name] for name in ("true_class_index", "true_class_name")}
    reading = read(folder, numbered | made.scores())
    assert reading.is_final, keys(reading)
    assert np.array_equal(reading.labels, LABELS)


def test_answers_0_and_1_beside_two_names_are_the_class_that_was_asked_for(folder):
    score = np.where(BINARY, 0.5 + PROBS[:, 0] / 2, PROBS[:, 0] / 2)
    columns = {"Label": np.where(BINARY, "GON+", "GON-"), "label_numeric": BINARY,
               "prediction": (score > 0.5).astype(int), "probability": score}  # fmt: skip
    assert keys(read(folder, columns)) == ["positive"]
    assert read(folder, columns).questions[0].suggested == "GON+"
    reading = read(folder, columns, answers={"positive": "GON+"})
    assert reading.is_final
    assert reading.class_names == ("GON+", "GON-")
    assert np.array_equal(reading.labels, 1 - BINARY)
    assert np.array_equal(reading.models["a"].values[0][:, 0], score)
    assert f"agree with the highest score ({N} of {N} rows)" in lines(reading)


def test_names_and_numbers_that_nothing_brings_together_are_refused(folder):
    columns = {"label": NAMES[LABELS], "prediction": PROBS.argmax(1)}
    sentence = folder.refusal(("a.csv", made.csv(columns)))
    assert "'label' holds names of classes and 'prediction' their numbers" in sentence
    names = folder.source("names.txt", "\n".join(NAMES))
    reading = folder.read(("a.csv", made.csv(columns)), class_names=names,
                          answers={"tier": "answers"})  # fmt: skip
    assert np.array_equal(reading.models["a"].prediction, PROBS.argmax(1))
