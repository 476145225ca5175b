"""JSON as pandas and people write it: the same rows, whichever way they lie."""

import json

import numpy as np
import pandas as pd
import pytest

from tests.core.reading.made_files import IDS, LABELS, NAMES, PROBS, keys, lines

COLUMNS = {"label": NAMES[LABELS].tolist()} | {
    f"prob_{name}": PROBS[:, k].tolist() for k, name in enumerate(NAMES)
}
ROWS = [{"id": str(id)} | {name: values[row] for name, values in COLUMNS.items()}
        for row, id in enumerate(IDS)]  # fmt: skip
FRAME = pd.DataFrame(COLUMNS, index=[str(id) for id in IDS])


def same(reading):
    (model,) = reading.models.values()
    assert reading.is_final, keys(reading)
    assert model.values[0] == pytest.approx(PROBS, abs=1e-9)
    assert np.array_equal(reading.labels, LABELS)
    return lines(reading)


@pytest.mark.parametrize("orient", ["columns", "index", "split", "table", "records"])
def test_every_orientation_of_pandas_is_read(folder, orient):
    written = FRAME.to_json(orient=orient, double_precision=15)
    said = same(folder.read(("a.json", written)))
    assert ("ids in" in said) == (orient != "records")


@pytest.mark.parametrize("orient", ["columns", "split"])
def test_row_numbers_name_no_rows(folder, orient):
    plain = FRAME.reset_index(drop=True)
    written = plain.to_json(orient=orient, double_precision=15)
    assert "ids in" not in same(folder.read(("a.json", written)))


@pytest.mark.parametrize("beside", [{}, {"model": "cnn", "metrics": {"accuracy": 0.7}}])
def test_rows_may_lie_under_a_name_beside_other_facts(folder, beside):
    same(folder.read(("a.json", json.dumps(beside | {"predictions": ROWS}))))


def test_probabilities_by_the_names_of_the_items_are_read(folder):
    found = dict(zip(map(str, IDS), PROBS.tolist(), strict=True))
    reading = folder.read(("a.json", json.dumps(found)))
    assert np.array_equal(next(iter(reading.models.values())).values[0], PROBS)
    assert "ids in 'id'" in lines(reading)


def test_classes_by_the_names_of_the_items_are_asked_about(folder):
    found = dict(zip(map(str, IDS), NAMES[LABELS].tolist(), strict=True))
    assert keys(folder.read(("a.json", json.dumps(found))))[0] == "label-is"
    numbers = dict(zip(map(str, IDS), LABELS.tolist(), strict=True))
    assert keys(folder.read(("a.json", json.dumps(numbers))))[0] == "label-is"


@pytest.mark.parametrize(
    "found",
    [
        {"accuracy": 0.9, "loss": 0.25},
        {"tp": 5, "fp": 3},
        {"train": {"accuracy": 0.9}, "test": {"loss": 0.1}},
        {"columns": ["a"], "data": [[1, 2]]},
        [],
        {},
    ],
)
def test_what_holds_no_rows_is_refused_in_a_sentence(folder, found):
    assert folder.refusal(("a.json", json.dumps(found))).endswith(".")


def test_columns_by_the_names_of_the_classes_stay_columns(folder):
    columns = {name: PROBS[:, k].tolist() for k, name in enumerate(NAMES)}
    reading = folder.read(("a.json", json.dumps(columns | {"label": NAMES[LABELS].tolist()})))
    same(reading)
