"""Files as scikit-learn, Transformers, timm and competitions write them."""

import io
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.core.reading import made_files as made
from tests.core.reading.made_files import IDS, LABELS, NAMES, PROBS, K, N, keys, lines

BEST, TOP = PROBS.argmax(1), PROBS.max(1)
POSITIVE = np.linspace(0.01, 0.97, N)
BINARY = (np.random.default_rng(1).random(N) < POSITIVE).astype(int)


def savetxt(values):
    buffer = io.BytesIO()
    np.savetxt(buffer, values, delimiter=",")
    return buffer.getvalue()


def same(reading, values=PROBS, labels=LABELS):
    (model,) = reading.models.values()
    assert reading.is_final, keys(reading)
    assert np.array_equal(model.values[0], values)
    assert np.array_equal(reading.labels, labels)
    return reading


@pytest.mark.parametrize("number", ["y_score", "y_proba", "prediction", "y_pred"])
def test_truth_and_one_probability_ask_only_of_which_class(folder, number):
    columns = {"y_true": BINARY, number: POSITIVE}
    assert keys(folder.read(("a.csv", made.csv(columns)))) == ["positive"]
    answered = folder.read(("a.csv", made.csv(columns)), answers={"positive": "1"})
    same(answered, np.column_stack([1 - POSITIVE, POSITIVE]), BINARY)


def test_one_probability_beside_the_prediction_is_no_confidence_where_it_is_below_a_half(folder):
    columns = {"y_true": BINARY, "y_pred": (POSITIVE > 0.5).astype(int), "y_proba": POSITIVE}
    assert keys(folder.read(("a.csv", made.csv(columns)))) == ["positive"]
    answered = folder.read(("a.csv", made.csv(columns)), answers={"positive": "1"})
    same(answered, np.column_stack([1 - POSITIVE, POSITIVE]), BINARY)
    assert "agree with the highest score (40 of 40 rows)" in lines(answered)


def test_the_confidence_of_two_classes_stays_a_confidence(folder):
    columns = {"y_true": BINARY, "y_pred": (POSITIVE > 0.5).astype(int),
               "confidence": np.maximum(POSITIVE, 1 - POSITIVE)}  # fmt: skip
    reading = folder.read(("a.csv", made.csv(columns)))
    assert reading.is_final
    assert reading.models["a"].tier == "top-1"


def test_labels_that_savetxt_wrote_as_fractions_are_labels(folder):
    same(folder.read(("p.csv", savetxt(PROBS)), ("y_test.csv", savetxt(LABELS))))
    for columns in ([PROBS, LABELS], [LABELS, PROBS]):
        same(folder.read(("a.csv", savetxt(np.column_stack(columns)))))


def test_a_class_that_is_never_said_stays_a_class_in_a_table_without_header(folder):
    probs = np.column_stack([PROBS, np.zeros(N)])
    reading = folder.read(("a.csv", savetxt(probs)))
    assert np.array_equal(reading.models["a"].values[0], probs)


def test_labels_under_any_name_are_found_by_the_names_of_the_columns(folder):
    columns = {"id": IDS} | made.scores(PROBS, "", NAMES)
    order = np.random.default_rng(2).permutation(N)
    truth = {"id": np.array(IDS)[order], "breed": NAMES[LABELS[order]]}
    reading = folder.read(("a.csv", made.csv(columns)), ("labels.csv", made.csv(truth)))
    assert "labels in 'breed'" in lines(same(reading))


def test_numbers_in_their_numpy_clothes_are_numbers(folder):
    for written in (lambda row: str(list(row)), lambda row: f"tensor({row.tolist()})",
                    lambda row: f"array({row.tolist()}, dtype=float64)"):  # fmt: skip
        rows = [json.dumps({"label": int(y), "probs": written(p)})
                for p, y in zip(PROBS, LABELS, strict=True)]  # fmt: skip
        same(folder.read(("a.jsonl", "\n".join(rows))))


def test_text_that_begins_like_a_list_is_text(folder):
    columns = {"text": [f"[{n}] Smith et al" for n in range(N)]} | made.scores()
    assert folder.read(("a.csv", made.csv(columns))).text == "text"


@pytest.mark.parametrize("names", [NAMES, np.array([f"topic0{n}" for n in range(K)])])
def test_probabilities_by_class_name_in_json_are_columns(folder, names):
    rows = [{"label": names[y], "probs": dict(zip(names, p.tolist(), strict=True))}
            for p, y in zip(PROBS, LABELS, strict=True)]  # fmt: skip
    for content in ("\n".join(map(json.dumps, rows)), json.dumps(rows)):
        assert same(folder.read(("a.json", content))).class_names == tuple(names)


def pipeline(num):
    return [{"text": f"t{row}", "label": NAMES[LABELS[row]],
             "scores": [{"label": NAMES[k], "score": PROBS[row, k]}
                        for k in np.argsort(-PROBS[row])[:num]]}
            for row in range(N)]  # fmt: skip


def test_what_a_pipeline_of_transformers_gives_is_read(folder):
    same(folder.read(("a.jsonl", "\n".join(map(json.dumps, pipeline(K))))))


def test_a_pipeline_that_gave_some_of_the_classes_is_refused_with_the_cure(folder):
    sentence = folder.refusal(("a.jsonl", "\n".join(map(json.dumps, pipeline(2)))))
    assert "top_k=None" in sentence
    assert "row 0" in sentence


def test_the_five_best_of_timm_are_called_top_k(folder):
    falling = -np.sort(-np.random.default_rng(3).dirichlet(np.ones(20) * 3, N))[:, :5]
    best = np.argsort(-np.random.default_rng(3).random((N, 20)))[:, :5]
    columns = made.scores(best, "label_") | made.scores(falling, "prob_")
    assert "top-k" in folder.refusal(("a.csv", made.csv(columns)))


def test_columns_of_a_multi_label_classifier_without_labels_are_called_so(folder):
    columns = made.scores(np.random.default_rng(4).random((N, 3)), "", ["toxic", "threat", "rude"])
    assert "multi-label" in folder.refusal(("a.csv", made.csv({"id": IDS} | columns)))


def test_numbers_written_with_a_per_cent_sign_are_asked_about_as_per_cent(folder):
    written = {name: [f"{100 * p:.6f}%" for p in PROBS[:, k]] for k, name in enumerate(NAMES)}
    content = made.csv(written | {"label": NAMES[LABELS]})
    reading = folder.read(("a.csv", content))
    assert keys(reading) == ["as"]
    assert reading.questions[0].suggested == "per-cent"
    answered = folder.read(("a.csv", content), answers={"as": "per-cent"})
    assert answered.models["a"].values[0] == pytest.approx(100 * PROBS, abs=5e-7)


def test_a_box_beside_the_probabilities_is_still_refused_by_name(folder):
    rows = [{"probs": p.tolist(), "box": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}} for p in PROBS]
    assert "'box' is nested" in folder.refusal(("a.json", json.dumps(rows)))


def test_the_class_names_that_hugging_face_keeps_beside_the_codes_are_taken(folder):
    table = made.table(made.scores() | {"label": LABELS})
    features = {"label": {"names": NAMES.tolist(), "_type": "ClassLabel"}}
    for told in (features, {"label": {"names": 3}}, {}, []):
        said = json.dumps({"info": {"features": told}})
        buffer = io.BytesIO()
        pq.write_table(table.replace_schema_metadata({"huggingface": said}), buffer)
        reading = same(folder.read(("a.parquet", buffer.getvalue())))
        known = told is features
        assert reading.class_names == (tuple(NAMES) if known else ("0", "1", "2", "3"))
