"""`score` as people call it: every form of array, pictures, and the line that says how."""

import gzip
import io
import zipfile

import cv2
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from cli import app
from core.networks.own_pictures import EXAMPLE, canvas_picture
from examples.mnist_artifacts import load_artifacts
from examples.mnist_data import load_test

runner = CliRunner()
SOME = 40
IMAGES, LABELS = (part[:SOME] for part in load_test())
PIXELS = IMAGES.reshape(SOME, -1)
EXPECTED = load_artifacts("article").scores["prediction"].iloc[:SOME].tolist()
READ = f"{SOME} images of 28 x 28"


def idx(values):
    """In IDX, big-endian."""
    kind = {"uint8": 8, "int32": 12, "float32": 13}[values.dtype.name]
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    swapped = values.astype(values.dtype.newbyteorder(">"))
    return bytes([0, 0, kind, values.ndim]) + sizes + swapped.tobytes()


def npy(values):
    raw = io.BytesIO()
    np.save(raw, values)
    return raw.getvalue()


def npz(**arrays):
    raw = io.BytesIO()
    np.savez(raw, **arrays)
    return raw.getvalue()


def csv():
    head = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    rows = np.column_stack([LABELS, PIXELS])
    return "\n".join([head, *(",".join(map(str, row)) for row in rows)]).encode()


ONES = IMAGES / np.float32(255)
STANDARDISED = (ONES - np.float32(0.1307)) / np.float32(0.3081)
RGB = np.repeat(IMAGES[..., None], 3, axis=3)
# The name, the bytes, the options, and what the line says.
FORMS = {
    "0 to 255": ("a.npz", npz(images=IMAGES, labels=LABELS), (), "28 x 28, labels"),
    "0 to 1": ("a.npy", npy(ONES), (), "float32 0 to 1 stretched to 0 to 255"),
    "float 0 to 255": ("a.npy", npy(IMAGES.astype(float)), (), "float64 as 0 to 255"),
    "-1 to 1": ("a.npy", npy(2 * ONES - 1), (), "-1 to 1 stretched to 0 to 255"),
    "int64": ("a.npy", npy(IMAGES.astype(np.int64)), (), "int64 as 0 to 255"),
    "0 or 1": ("a.npy", npy((IMAGES > 100).astype(np.uint8)), (), "uint8 0 to 1 stretched"),
    "bool": ("a.npy", npy(IMAGES > 100), (), "true as ink"),
    "rows of pixels": ("a.npy", npy(PIXELS), (), "784 columns as 28 x 28"),
    "channel first": ("a.npy", npy(IMAGES[:, None]), (), "(40, 1, 28, 28) left out"),
    "channel last": ("a.npy", npy(IMAGES[..., None]), (), "(40, 28, 28, 1) left out"),
    "colours": ("a.npy", npy(RGB), (), "colours made grey"),
    "images last": ("a.npy", npy(np.moveaxis(IMAGES, 0, 2)), (), "along the last axis"),
    "Keras": ("a.npz", npz(x_test=IMAGES, y_test=LABELS), (), "images from x_test, labels from y"),
    "standardised": ("a.npy", npy(STANDARDISED), ("--scale", "standardised"), "stretched to 0 to"),
    "inverted": ("a.npy", npy(255 - IMAGES), ("--invert",), "inverted"),
    "EMNIST": ("a.npy", npy(IMAGES.swapaxes(1, 2)), ("--transpose",), "rows and columns exchanged"),
    "mirrored": ("a.npy", npy(IMAGES[..., ::-1]), ("--mirror",), "left and right exchanged"),
    "IDX of fractions": ("a-idx3", idx(ONES), (), "float32 0 to 1 stretched"),
    "IDX in gzip": ("a.GZ", gzip.compress(idx(IMAGES)), (), "no labels"),
    "Kaggle's table": ("a.CSV", csv(), (), "784 columns as 28 x 28"),
}


def score(folder, name, raw, *options):
    (folder / name).write_bytes(raw)
    out = folder / "out.parquet"
    result = runner.invoke(
        app, ["score", str(folder / name), "--model", "article", "--out", str(out), *options]
    )
    return result, pd.read_parquet(out) if out.exists() else None


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_array_is_scored_alike_and_a_line_says_how_it_was_read(tmp_path, form):
    name, raw, options, said = FORMS[form]
    result, table = score(tmp_path, name, raw, *options)
    assert result.exit_code == 0, result.stderr
    (line,) = result.stderr.splitlines()
    assert name in line and READ in line and said in line
    assert np.mean(table["prediction"] == EXPECTED) >= 1 - 2 / SOME


@pytest.mark.parametrize(
    ("values", "option"),
    [
        (255 - IMAGES, "--invert"),
        (IMAGES.swapaxes(1, 2), "--transpose"),
    ],
)
def test_a_set_that_looks_turned_is_named_with_the_option_that_turns_it(tmp_path, values, option):
    (tmp_path / "a.npy").write_bytes(npy(values))
    out = tmp_path / "out.csv"
    result = runner.invoke(app, ["score", str(tmp_path / "a.npy"), "--out", str(out)])
    assert result.exit_code == 0
    _, doubt = result.stderr.splitlines()
    assert f"Turn them by {option}." in doubt


def test_several_arrays_are_asked_about_and_the_key_that_is_named_answers(tmp_path):
    both = npz(x_train=IMAGES[:3], x_test=IMAGES, y_test=LABELS)
    asked, nothing = score(tmp_path, "a.npz", both)
    assert asked.exit_code == 2 and nothing is None
    assert "--key x_test" in asked.stderr
    answered, table = score(tmp_path, "a.npz", both, "--key", "x_test")
    assert answered.exit_code == 0
    assert len(table) == SOME


def test_values_that_only_a_person_can_scale_name_the_option(tmp_path):
    result, nothing = score(tmp_path, "a.npy", npy(STANDARDISED))
    assert result.exit_code == 2 and nothing is None
    assert "--scale standardised" in result.stderr


def zipped(**files):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.png", content)
    return raw.getvalue()


SEVEN, TWO = (canvas_picture(IMAGES[label == LABELS][0]) for label in (7, 2))


@pytest.mark.parametrize("name", ["7.png", "digit_7.png", "7_mine.png", "7.PNG"])
def test_one_picture_is_scored_and_its_name_states_the_label(tmp_path, name):
    result, table = score(tmp_path, name, SEVEN)
    assert result.exit_code == 0, result.stderr
    assert f"1 of 1 pictures ({name} states 7)" in result.stderr
    assert table[["label", "prediction"]].to_numpy().tolist() == [[7, 7]]
    _, unlabelled = score(tmp_path, name, SEVEN, "--labels", "none")
    assert unlabelled["label"].isna().all()


def test_a_zip_of_pictures_is_scored_like_a_folder_of_them(tmp_path):
    result, table = score(tmp_path, "some.zip", zipped(two=TWO, seven=SEVEN))
    assert result.exit_code == 0, result.stderr
    assert dict(zip(table["source"], table["prediction"], strict=True)) == {
        "seven.png": 7,
        "two.png": 2,
    }


def test_an_option_for_arrays_is_refused_for_pictures(tmp_path):
    result, nothing = score(tmp_path, "7.png", SEVEN, "--invert", "--key", "x")
    assert result.exit_code == 2 and nothing is None
    assert "--key, --invert is for a file of arrays" in result.stderr


def test_marks_that_are_no_digits_are_counted_in_a_line_and_boxed_in_the_table(tmp_path):
    page = np.full((300, 900), 255, np.uint8)
    for place, label in enumerate((7, 2, 1)):
        digit = cv2.resize(IMAGES[label == LABELS][0], (140, 140))
        page[80:220, 40 + 200 * place :][:, :140] -= digit
    page[20:32, 800:818] = 0
    raw = cv2.imencode(".png", page)[1].tobytes()
    result, table = score(tmp_path, "page.png", raw)
    assert result.exit_code == 0
    assert table["prediction"].tolist() == [7, 2, 1]
    boxes = table["left_out"].iloc[0].split()
    assert len(boxes) == 1
    assert "1 mark was taken for no digits" in result.stderr


def test_a_picture_with_too_many_marks_ends_with_exit_1_and_is_scored(tmp_path, monkeypatch):
    monkeypatch.setattr("core.pictures.segments.MOST_PIECES", 3)
    result, table = score(tmp_path, EXAMPLE.name, EXAMPLE.read_bytes())
    assert result.exit_code == 1
    assert "too many marks; the 5 smallest were not read" in result.stderr
    assert len(table) == 3
