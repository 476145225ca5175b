"""Random studies in every container and kind come back bit for bit."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.reading.read import Source, read_files
from tests.core.reading import made_files as made

ANSWERS = {"order": "classes", "members-axis": "0", "labels-from": "0", "tier": "answers"}
TEXTS = {
    "a.csv": made.csv,
    "a.tsv": lambda columns: made.csv(columns, "\t"),
    "a.txt": lambda columns: made.csv(columns, "|"),
    "semicolons.csv": lambda columns: made.csv(columns, ";", ","),
    "utf16.csv": lambda columns: made.csv(columns).encode("utf-16"),
    "a.csv.gz": lambda columns: made.gzipped(made.csv(columns)),
    "a.zip": lambda columns: made.zip_of({"inner/a.csv": made.csv(columns)}),
}
TABLES = {
    "a.parquet": made.parquet,
    "a.arrow": made.arrow,
    "stream.arrow": made.arrow_stream,
    "a.feather": made.feather,
    "a.jsonl": made.json_lines,
}
ARRAYS = {
    "a.npz": lambda values, labels: made.npz(probs=values, labels=labels),
    "deflated.npz": lambda values, labels: made.npz(True, probs=values, labels=labels),
    "fortran.npz": lambda values, labels: made.npz(probs=np.asfortranarray(values), labels=labels),
    "npys.zip": lambda values, labels: made.zip_of(
        {"inner/labels.csv": "\n".join(map(str, labels)), "pred_probs.npy": made.npy(values)}
    ),
}


def as_kind(logits, kind):
    """Values of a kind that keep the type of the logits."""
    shifted = logits.astype(np.float64) - logits.max(-1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    if kind == "logits":
        return logits
    if kind == "log-probabilities":
        return logs.astype(logits.dtype)
    if kind == "probabilities":
        return np.exp(logs).astype(logits.dtype)
    if kind == "votes":
        return np.eye(logits.shape[-1], dtype=np.uint8)[logits.argmax(-1)]
    return np.floor(np.exp(logs) * 100).astype(np.int32) + 1


@st.composite
def studies(draw, members=1, types=(np.float32, np.float64)):
    num_items, num_classes = draw(st.integers(1, 12)), draw(st.integers(2, 6))
    kind = draw(
        st.sampled_from(("logits", "probabilities", "log-probabilities", "votes", "counts"))
    )
    dtype = draw(st.sampled_from(types))
    numbers = st.floats(-20, 20, width=16)
    shape = (members, num_items, num_classes)
    logits = draw(arrays.arrays(dtype, shape, elements=numbers.map(dtype), fill=st.nothing()))
    labels = draw(arrays.arrays(np.int64, num_items, elements=st.integers(0, num_classes - 1)))
    return as_kind(logits, kind), labels, kind


def read_bytes(name, content, kind):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_files([Source(name, path)], ANSWERS | {"as": kind})


def assert_same(reading, values, labels, kind):
    (model,) = reading.models.values()
    assert not reading.questions
    assert model.kind == kind
    assert np.array_equal(reading.labels, labels)
    assert reading.labels.dtype == np.int32
    if kind == "votes" and len(values) == 1:
        assert model.tier == "answers"
        assert np.array_equal(model.prediction, values[0].argmax(-1))
        return
    assert model.tier == "full"
    assert (
        model.values.tobytes() == np.ascontiguousarray(values).astype(model.values.dtype).tobytes()
    )
    assert np.array_equal(np.asarray(model.values), values)


quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", TEXTS)
@given(study=studies())
@quick
def test_a_study_written_as_text_comes_back_bit_for_bit(name, study):
    values, labels, kind = study
    columns = made.scores(values[0]) | {"label": labels}
    assert_same(read_bytes(name, TEXTS[name](columns), kind), values, labels, kind)


@pytest.mark.parametrize("as_list", [False, True])
@pytest.mark.parametrize("name", TABLES)
@given(study=studies())
@quick
def test_a_study_written_as_columns_comes_back_bit_for_bit(name, as_list, study):
    values, labels, kind = study
    found = {"probs": values[0]} if as_list else made.scores(values[0])
    reading = read_bytes(name, TABLES[name](found | {"label": labels}), kind)
    assert_same(reading, values, labels, kind)
    (model,) = reading.models.values()
    if model.values is not None and not name.endswith("jsonl"):
        assert model.values.dtype == values.dtype


@pytest.mark.parametrize("name", ARRAYS)
@given(study=studies(types=(np.float16, np.float32, np.float64)))
@quick
def test_a_study_written_as_arrays_comes_back_bit_for_bit(name, study):
    values, labels, kind = study
    reading = read_bytes(name, ARRAYS[name](values[0], labels), kind)
    assert_same(reading, values, labels, kind)
    (model,) = reading.models.values()
    assert model.values is None or model.values.dtype == values.dtype


@pytest.mark.parametrize("axis", [0, 1])
@given(study=studies(members=3, types=(np.float16, np.float32)))
@quick
def test_members_on_either_axis_come_back_bit_for_bit(axis, study):
    values, labels, kind = study
    content = made.npz(probs=np.moveaxis(values, 0, axis), labels=labels)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.npz"
        path.write_bytes(content)
        answers = ANSWERS | {"as": kind, "members-axis": str(axis)}
        assert_same(read_files([Source("a.npz", path)], answers), values, labels, kind)
