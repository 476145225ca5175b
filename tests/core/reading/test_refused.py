"""What is refused, each with one sentence that names the file and the cure."""

import io
import json
import pickle
import struct
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.reading import scratch
from tests.core.reading import made_files as made
from tests.core.reading.made_files import IDS, LABELS, NAMES, PROBS

OBJECTS = np.array([1, "a"], object)
WHAT_THEY_ARE = {
    "a pickle named npy": ("a.npy", pickle.dumps(PROBS), "pickle"),
    "a pickle of protocol 0": ("a.p", pickle.dumps({"a": 1}, 0), "pickle"),
    "a pickle of protocol 2": ("a.pkl", pickle.dumps({"a": PROBS}, 2), "pickle"),
    "a torch file": ("a.pt", made.zip_of({"archive/data.pkl": b"\x80\x02}."}), "torch"),
    "a pickle inside an NPZ": ("a.npz", made.zip_of({"probs.npy": pickle.dumps([1])}), "pickle"),
    "an object array": ("a.npy", made.npy(OBJECTS), "object array"),
    "an object array inside an NPZ": ("a.npz", made.npz(probs=PROBS, y=OBJECTS), "object array"),
    "an LFS pointer": (
        "a.npy",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n",
        "git lfs pull",
    ),
    "a web page": ("a.csv", b"\n<!DOCTYPE html><html><body>", "HTML"),
    "an error as XML": ("a.parquet", b'<?xml version="1.0"?><Error/>', "XML"),
    "an empty file": ("a.csv", b"", "empty"),
    "a blank file": ("a.csv", b"\n\n  \n", "blank"),
    "a workbook": ("a.csv", made.zip_of({"[Content_Types].xml": "x"}), "Excel"),
    "ARFF": ("a.arff", "% made by hand\n\n@RELATION pets\n@DATA\n1,2\n", "ARFF"),
    "fastText": ("a.txt", "__label__cat 0.9 __label__dog 0.1\n", "one column per class"),
    "HDF5": ("a.h5", b"\x89HDF\r\n\x1a\n" + bytes(9), "HDF5"),
    "no text": ("a.csv", b"abc\0\1\2def", "does not read"),
    "an NPY of complex numbers": ("a.npy", made.npy(PROBS * 1j), "complex"),
    "a header without rows": ("a.csv", "id,label,p0,p1\n", "no rows"),
    "scores of no class, with a label that is no class's number": (
        "a.parquet",
        made.parquet({"label": [10**7] * 3, "probs": pa.array([[]] * 3, pa.list_(pa.float64()))}),
        "no classes",
    ),
}


@pytest.mark.parametrize("what", WHAT_THEY_ARE)
def test_a_file_is_refused_for_what_it_is(folder, what):
    name, content, word = WHAT_THEY_ARE[what]
    sentence = folder.refusal((name, content))
    assert word in sentence
    assert name in sentence


def test_a_refusal_is_one_line_whatever_columns_are_called(folder):
    sentence = folder.refusal(("a.json", json.dumps([{"a\nb": "x", "c\x01": "y"}])))
    assert "a b" in sentence
    assert sentence.isprintable()


@pytest.mark.parametrize(
    "columns",
    [
        {"prediction": ["a", "b", "a"], "confidence": [0.9, 0.8]},
        {"label": ["a", "b"], "score": [[0.9]]},
        {"prediction": ["a", "b"], "label": ["a", "b", "b"]},
    ],
)
def test_columns_of_other_lengths_are_refused(folder, columns):
    sentence = folder.refusal(("a.json", json.dumps(columns)))
    for name, values in columns.items():
        assert f"{name!r} has {len(values)} row" in sentence


def test_a_pickle_is_refused_without_running_it(folder, tmp_path):
    class Runs:
        def __reduce__(self):
            return (open, (str(tmp_path / "ran"), "w"))

    for name in ("a.npy", "a.npz", "a.pt", "a.p", "a.csv"):
        assert "pickle" in folder.refusal((name, pickle.dumps(Runs())))
    assert not (tmp_path / "ran").exists()


WHOLE = {
    "a.npy": made.npy(PROBS),
    "a.npz": made.npz(probs=PROBS, labels=LABELS),
    "deflated.npz": made.npz(True, probs=PROBS, labels=LABELS),
    "a.parquet": made.parquet(made.scores() | {"label": LABELS}),
    "a.feather": made.feather(made.scores() | {"label": LABELS}),
    "a.csv": made.csv(made.scores() | {"label": LABELS}),
    "a.csv.gz": made.gzipped(made.csv(made.scores() | {"label": LABELS})),
    "a.zip": made.zip_of({"a.csv": made.csv(made.scores())}),
    "a.jsonl": made.json_lines(made.scores() | {"label": LABELS}),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_cut_file_is_refused_wherever_it_is_cut(folder, name):
    content = WHOLE[name] if isinstance(WHOLE[name], bytes) else WHOLE[name].encode()
    assert folder.read((name, content)).models
    for share in (0.3, 0.7, 0.97):
        at = int(len(content) * share)
        # In the middle of a line: a text that ends with a whole line is a whole text.
        at -= 12 if content[at - 1 : at] == b"\n" else 0
        sentence = folder.refusal((name, content[:at]))
        assert name in sentence


def header(shape, descr="<f8", rest=b""):
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + rest


@pytest.mark.parametrize(
    "content",
    [
        header((10**12, 10)),
        header((2**62, 2**62, 4)),
        header((-1, 3)),
        header((3, 4), rest=bytes(96 + 5)),
        header((2,), "|O", bytes(16)),
        b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31) + b"{",
        b"\x93NUMPY\x01\x00"
        + struct.pack("<H", 40)
        + b"__import__('os').system('true')"
        + b" " * 9,
        b"\x93NUMPY",
    ],
)
def test_a_hostile_header_is_refused_before_anything_is_allocated(folder, content):
    assert "a.npy" in folder.refusal(("a.npy", content))
    assert "a.npz" in folder.refusal(("a.npz", made.zip_of({"probs.npy": content})))


def test_an_archive_that_names_outside_paths_is_refused(folder):
    for name in ("../x.csv", "/etc/x.csv", "a/../../x.csv", "..\\x.csv", "C:\\x.csv"):
        assert "outside" in folder.refusal(("a.zip", made.zip_of({name: "a,b\n"})))
        assert "outside" in folder.refusal(("a.npz", made.zip_of({f"{name}.npy": b"x"})))


def test_an_archive_that_unpacks_to_too_much_is_refused(folder, monkeypatch):
    zeros = made.zip_of({"a.csv": b"0" * 2**22})
    assert len(zeros) < 2**14
    monkeypatch.setattr(scratch, "MOST_BYTES", 2**20)
    assert "unpacks to" in folder.refusal(("a.zip", zeros))
    assert "unpacks to" in folder.refusal(("a.csv.gz", made.gzipped(b"0" * 2**22)))
    assert "unpacks to" in folder.refusal(("a.npz", made.npz(True, probs=np.zeros((2**19, 2)))))


def test_an_archive_that_claims_a_hundred_gigabytes_is_refused(folder):
    content = bytearray(made.zip_of({"a.csv": b"a,b\n"}))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 2**32 - 2)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        archive.writestr("a.csv", "x")
    assert folder.refusal(("a.zip", bytes(content)))


def test_an_archive_inside_an_archive_is_refused(folder):
    inner = made.zip_of({"a.csv": made.csv(made.scores())})
    assert "another archive" in folder.refusal(("a.zip", made.zip_of({"b.zip": inner})))


def test_a_damaged_array_is_told_by_its_checksum(folder):
    content = bytearray(made.npz(probs=PROBS, labels=LABELS))
    at = content.index(PROBS.tobytes()) + 9
    content[at] ^= 1
    assert "damaged" in folder.refusal(("a.npz", bytes(content)))


def test_nested_columns_are_refused_by_name(folder):
    nested = pa.table({"label": [0, 1], "box": [{"x": 1, "y": {"z": 2}}, {"x": 3, "y": {"z": 4}}]})
    buffer = io.BytesIO()
    pq.write_table(nested, buffer)
    assert "'box'" in folder.refusal(("a.parquet", buffer.getvalue()))
    rows = "\n".join(json.dumps({"label": 0, "box": {"x": 1}}) for _ in range(3))
    assert "'box'" in folder.refusal(("a.jsonl", rows))


def test_lines_of_different_length_are_named(folder):
    text = made.csv(made.scores()).splitlines()
    text[17] += ",0.5"
    sentence = folder.refusal(("a.csv", "\n".join(text)))
    assert "line" in sentence
    assert "5 cells" in sentence


def test_a_word_among_numbers_is_named_with_its_row(folder):
    text = made.csv(made.scores() | {"label": LABELS}).splitlines()
    text[31] = ",".join(["oops", *text[31].split(",")[1:]])
    sentence = folder.refusal(("a.csv", "\n".join(text)))
    assert "row 30" in sentence
    assert "'oops'" in sentence


def test_what_is_not_there_is_said(folder, tmp_path):
    with pytest.raises(ValueError, match=r"a\.csv does not exist"):
        made.read_files([made.Source("a.csv", tmp_path / "none.csv")])


def test_a_column_that_was_named_and_is_not_there_is_refused(folder):
    content = made.csv(made.scores() | {"label": LABELS})
    assert "'truth'" in folder.refusal(("a.csv", content), label="truth")
    assert "'key'" in folder.refusal(("a.csv", content), id="key")


def test_files_without_scores_are_refused_with_the_columns_seen(folder):
    sentence = folder.refusal(("a.csv", made.csv({"id": IDS, "colour": NAMES[LABELS]})))
    assert "colour" in sentence
