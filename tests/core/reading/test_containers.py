"""Containers are told by their content, and text by how it is written."""

import subprocess
import sys
import tempfile

import numpy as np
import pyarrow as pa
import pytest

from core.reading import arrow_files, scratch, text_tables
from tests.core.reading import made_files as made
from tests.core.reading.made_files import IDS, LABELS, NAMES, PROBS, K, N, keys, lines

COLUMNS = {"id": [f"é{name}" for name in IDS]} | made.scores() | {"label": LABELS}
TABLE = {
    "csv": made.csv(COLUMNS),
    "tsv": made.csv(COLUMNS, "\t"),
    "semicolons": made.csv(COLUMNS, ";"),
    "bars": made.csv(COLUMNS, "|"),
    "decimal commas": made.csv(COLUMNS, ";", ","),
    "decimal commas and tabs": made.csv(COLUMNS, "\t", ","),
    "UTF-8 with a mark": made.csv(COLUMNS).encode("utf-8-sig"),
    "UTF-16": made.csv(COLUMNS).encode("utf-16"),
    "UTF-16 without a mark": made.csv(COLUMNS).encode("utf-16-le"),
    "Latin-1": made.csv(COLUMNS).encode("latin-1"),
    "Windows line ends": made.csv(COLUMNS).replace("\n", "\r\n"),
    "comments first": "# written by hand\n# on a Monday\n" + made.csv(COLUMNS),
    "quotes": made.csv(COLUMNS | {"id": [f'"{name}"' for name in COLUMNS["id"]]}),
    "no last line end": made.csv(COLUMNS).rstrip(),
    "gzip": made.gzipped(made.csv(COLUMNS)),
    "ZIP": made.zip_of({"deep/er/x.dat": made.csv(COLUMNS), "__MACOSX/._x": "junk"}),
    "Parquet": made.parquet(COLUMNS, row_group_size=7),
    "Arrow": made.arrow(COLUMNS),
    "an Arrow stream": made.arrow_stream(COLUMNS),
    "Feather": made.feather(COLUMNS),
    "JSON lines": made.json_lines(COLUMNS),
    "a JSON list": made.json.dumps(
        [made.json.loads(line) for line in made.json_lines(COLUMNS).splitlines()], indent=1
    ),
}


@pytest.mark.parametrize("name", ["a.dat", "a", "A.CSV"])
@pytest.mark.parametrize("form", TABLE)
def test_a_table_is_told_by_its_content(folder, form, name):
    reading = folder.read((name, TABLE[form]))
    assert reading.is_final
    assert np.array_equal(next(iter(reading.models.values())).values[0], PROBS)
    assert np.array_equal(reading.labels, LABELS)
    assert reading.ids.to_pylist() == COLUMNS["id"]


def test_what_is_unusual_about_a_text_is_said(folder):
    assert "encoding UTF-16" in lines(folder.read(("a.csv", TABLE["UTF-16"])))
    assert "decimal commas" in lines(folder.read(("a.csv", TABLE["decimal commas"])))
    assert "cells parted by 'tab'" in lines(folder.read(("a.csv", TABLE["tsv"])))
    assert lines(folder.read(("a.csv", TABLE["csv"]))).count("\n") == 2


def test_a_json_object_of_lists_is_an_npz_in_words(folder):
    content = made.json.dumps({"probs": PROBS.tolist(), "labels": LABELS.tolist()})
    reading = folder.read(("a.json", content))
    assert np.array_equal(reading.models["a"].values[0], PROBS)
    assert np.array_equal(reading.labels, LABELS)


def test_what_savetxt_writes_is_read(folder):
    buffer = made.io.BytesIO()
    np.savetxt(buffer, PROBS)
    reading = folder.read(
        ("probs.txt", buffer.getvalue()), ("labels.txt", "\n".join(map(str, LABELS)))
    )
    assert reading.is_final
    assert np.array_equal(reading.models["probs"].values[0], PROBS)
    assert np.array_equal(reading.labels, LABELS)


@pytest.mark.parametrize("first", [0, 1])
def test_without_a_header_a_leading_row_number_is_the_id(folder, first):
    columns = {"n": np.arange(first, N + first)} | made.scores()
    reading = folder.read(("a.csv", made.csv(columns, header=False)))
    assert reading.is_final
    assert np.array_equal(reading.models["a"].values[0], PROBS)
    assert reading.ids.to_pylist() == [str(row + first) for row in range(N)]


def test_without_a_header_a_whole_column_beside_scores_is_the_label(folder):
    for columns in (
        {"n": np.arange(N)} | made.scores() | {"y": LABELS},
        {"y": LABELS} | made.scores(),
        {"name": IDS, "y": LABELS} | made.scores(),
    ):
        reading = folder.read(("a.csv", made.csv(columns, header=False)))
        assert reading.is_final
        assert np.array_equal(reading.models["a"].values[0], PROBS)
        assert np.array_equal(reading.labels, LABELS)
        assert "told by its place" in lines(reading)


def test_a_label_told_by_its_place_that_always_equals_the_prediction_is_asked_about(folder):
    columns = {"n": np.arange(N)} | made.scores() | {"y": PROBS.argmax(1)}
    assert keys(folder.read(("a.csv", made.csv(columns, header=False)))) == ["label-is"]


def test_a_nameless_leading_column_is_the_row_id(folder):
    for name in ("", "Unnamed: 0"):
        columns = {name: np.arange(5, N + 5)} | made.scores() | {"label": LABELS}
        reading = folder.read(("a.csv", made.csv(columns)))
        assert reading.is_final
        assert np.array_equal(reading.models["a"].values[0], PROBS)
        assert reading.ids[0].as_py() == "5"


def test_columns_called_by_bare_numbers_are_a_header(folder):
    columns = {str(code): PROBS[:, code] for code in range(K)}
    reading = folder.read(("a.csv", made.csv(columns | {"label": LABELS})))
    assert reading.is_final
    assert np.array_equal(reading.models["a"].values[0], PROBS)
    bare = folder.read(("a.csv", made.csv(columns)))
    assert np.array_equal(bare.models["a"].values[0], PROBS)


def test_columns_whose_rows_sum_to_one_are_scores_whatever_they_are_called(folder):
    columns = {"image": IDS, "MEL": PROBS[:, 0], "NV": PROBS[:, 1], "BCC": PROBS[:, 2],
               "AKIEC": PROBS[:, 3], "age": np.arange(N) / 2}  # fmt: skip
    reading = folder.read(("a.csv", made.csv(columns)))
    assert reading.class_names == ("MEL", "NV", "BCC", "AKIEC")
    assert np.array_equal(reading.models["a"].values[0], PROBS)
    assert reading.columns.column_names == ["age"]


def test_full_names_of_columns_may_be_the_labels(folder):
    names = np.array([f"Class_{code}" for code in range(1, K + 1)])
    columns = {"id": IDS} | made.scores(PROBS, "", names) | {"target": names[LABELS]}
    reading = folder.read(("a.csv", made.csv(columns)))
    assert reading.is_final
    assert reading.class_names == tuple(names)
    assert np.array_equal(reading.labels, LABELS)


def test_a_text_column_of_class_names_is_the_label_if_no_other_is(folder):
    columns = made.scores(PROBS, "", NAMES) | {"species": NAMES[LABELS]}
    reading = folder.read(("a.csv", made.csv(columns)))
    assert reading.is_final
    assert np.array_equal(reading.labels, LABELS)


def test_lists_written_by_pandas_are_read(folder):
    lists = [f'"[{" ".join(map(repr, row.tolist()))}]"' for row in PROBS]
    reading = folder.read(("a.csv", made.csv({"probs": lists, "label": LABELS})))
    assert np.array_equal(reading.models["a"].values[0], PROBS)
    cut = ['"[0.1 ... 0.2]"'] * N
    assert "was cut" in folder.refusal(("a.csv", made.csv({"probs": cut, "label": LABELS})))


def test_lists_of_different_length_are_refused_with_the_row(folder):
    rows = [{"probs": list(row[: 3 if number == 4 else K])} for number, row in enumerate(PROBS)]
    sentence = folder.refusal(("a.jsonl", "\n".join(map(made.json.dumps, rows))))
    assert "row 4" in sentence


def test_features_and_further_columns_come_along(folder):
    vectors = np.random.default_rng(9).normal(size=(N, 7)).astype(np.float32)
    texts = [f"a sentence, number {row}" for row in range(N)]
    columns = {"id": IDS, "text": texts, "probs": PROBS, "embeddings": vectors, "label": LABELS}
    reading = folder.read(("a.parquet", made.parquet(columns)))
    assert reading.is_final
    assert np.array_equal(reading.models["a"].features, vectors)
    assert reading.text == "text"
    assert reading.columns["text"].to_pylist() == texts
    by_columns = made.scores() | made.scores(vectors, "feature_") | {"label": LABELS}
    assert np.array_equal(
        folder.read(("a.csv", made.csv(by_columns))).models["a"].features, vectors
    )


def test_categories_of_pandas_are_labels(folder):
    table = pa.table({"label": pa.array(NAMES[LABELS]).dictionary_encode()} |
                     {name: PROBS[:, code] for code, name in enumerate(NAMES)})  # fmt: skip
    buffer = made.io.BytesIO()
    made.pq.write_table(table, buffer)
    reading = folder.read(("a.parquet", buffer.getvalue()))
    assert np.array_equal(reading.labels, LABELS)
    assert reading.is_final


def test_large_files_go_through_scratch_files_and_come_back_the_same(folder, monkeypatch):
    for module in (scratch, arrow_files, text_tables):
        monkeypatch.setattr(module, "IN_MEMORY", 100)
    for form in ("csv", "Parquet", "UTF-16"):
        reading = folder.read(("a", TABLE[form]))
        assert isinstance(reading.models["a"].values.base, np.ndarray | None.__class__)
        assert np.array_equal(reading.models["a"].values[0], PROBS)
        assert np.array_equal(reading.labels, LABELS)
    for compressed in (False, True):
        content = made.npz(compressed, probs=PROBS, labels=LABELS)
        assert np.array_equal(folder.read(("a.npz", content)).models["a"].values[0], PROBS)
    members = [(f"seed{i}.npy", made.npy(PROBS)) for i in range(3)]
    values = folder.read(*members).models["seed"].values
    assert isinstance(values, np.memmap)
    assert np.array_equal(values, np.stack([PROBS] * 3))


def test_arrays_that_are_not_needed_are_set_aside_and_named(folder):
    content = made.npz(probs=PROBS, labels=LABELS, images=np.zeros((N, 3, 3), np.uint8),
                       temperature=np.array([1.5]), epoch=np.array(3))  # fmt: skip
    reading = folder.read(("a.npz", content))
    assert reading.is_final
    assert np.array_equal(reading.labels, LABELS)
    aside = " ".join(line.text for line in reading.report.of("set aside"))
    for name in ("images", "temperature", "epoch"):
        assert repr(name) in aside


def test_one_row_and_many_classes_are_read(folder):
    one = folder.read(("a.npz", made.npz(probs=PROBS[:1], labels=LABELS[:1])))
    assert (len(one), one.is_final) == (1, True)
    wide = np.full((3, 2_000), 1 / 2_000, np.float32)
    assert folder.read(("a.npy", made.npy(wide))).models["a"].values.shape == (1, 3, 2_000)
    sentence = folder.refusal(("a.npy", made.npy(np.full((2, 100_000), 1e-5, np.float32))))
    assert "100,000 classes" in sentence


def test_one_class_is_one_number_a_row(folder):
    assert keys(folder.read(("a.npy", made.npy(PROBS[:, :1])))) == ["positive"]


def test_the_predictions_that_openml_writes_are_read(folder):
    columns = {"repeat": np.zeros(N, int), "fold": np.arange(N) % 10, "row_id": np.arange(N),
               "prediction": NAMES[PROBS.argmax(1)], "correct": NAMES[LABELS]}  # fmt: skip
    columns |= made.scores(PROBS, "confidence.", NAMES)
    reading = folder.read(("a.csv", made.csv(columns)))
    assert reading.is_final
    assert np.array_equal(reading.labels, LABELS)
    assert reading.class_names == tuple(NAMES)
    assert reading.columns.column_names == ["repeat", "fold"]


def test_arrays_of_numbers_are_read_without_waiting_for_pandas(tmp_path):
    (tmp_path / "a.npz").write_bytes(made.npz(probs=PROBS, labels=LABELS))
    script = (
        "import sys; from pathlib import Path; from core.reading.read import Source, read_files; "
        f"read_files([Source('a.npz', Path({str(tmp_path / 'a.npz')!r}))]); "
        "print('pandas' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_what_is_written_down_on_the_way_has_no_name_that_a_kill_would_leave(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    whole = pa.table({"a": list(range(1_000)), "b": [f"é{i}" for i in range(1_000)]})

    def batches():
        for batch in whole.to_batches(100):
            yield batch
            assert not list(tmp_path.iterdir())

    assert scratch.spooled(whole.schema, batches()).equals(whole)
    assert not list(tmp_path.iterdir())
