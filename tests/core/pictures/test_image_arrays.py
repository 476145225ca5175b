import gzip
import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from core.pictures.array_forms import Form
from core.pictures.image_arrays import read_images

IMAGES = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
TRUE = IMAGES > 100
FLAT = IMAGES.reshape(2, 784)
FORMS = {
    "float to 1": (IMAGES / 255, IMAGES, "float64 0 to 1 stretched"),
    "float to 255": (IMAGES.astype(np.float32), IMAGES, "float32 as 0 to 255"),
    "-1 to 1": (IMAGES / 127.5 - 1, IMAGES, "-1 to 1 stretched"),
    "0 or 1": (TRUE.astype(np.uint8), 255 * TRUE, "uint8 0 to 1 stretched"),
    "bool": (TRUE, 255 * TRUE, "true as ink"),
    "int64": (IMAGES.astype(np.int64), IMAGES, "int64 as 0 to 255"),
    "16 bits": (IMAGES.astype(np.uint16) * 257, IMAGES, "uint16 0 to 65535 stretched"),
    "signed bytes": (IMAGES.view(np.int8), IMAGES, "signed bytes as unsigned"),
    "flat": (FLAT, IMAGES, "784 columns as 28 x 28"),
    "channel first": (IMAGES[:, None], IMAGES, "channel's axis of (2, 1, 28, 28)"),
    "channel last": (IMAGES[..., None], IMAGES, "channel's axis of (2, 28, 28, 1)"),
    "images last": (np.moveaxis(IMAGES, 0, 2), IMAGES, "images along the last axis"),
    "one picture": (IMAGES[0], IMAGES[:1], "one picture (28, 28)"),
    "one flat picture": (FLAT[0], IMAGES[:1], "one picture (784,)"),
    "colours": (np.repeat(IMAGES[..., None], 3, axis=3), IMAGES, "colours made grey"),
    "colours first": (np.repeat(IMAGES[:, None], 3, axis=1), IMAGES, "colours made grey"),
}
LABELS = {
    "whole": [3, 4],
    "float": [3.0, 4.0],
    "column": [[3], [4]],
    "text": ["3", "4"],
    "one-hot": np.eye(10)[[3, 4]],
    "one-hot of bool": np.eye(10, dtype=bool)[[3, 4]],
}


def load_images(path):
    """Images uint8 (N, H, W), and labels (N,) or None."""
    found = read_images(path)
    return found.images, found.labels


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_images_and_a_line_that_says_how(tmp_path, name):
    given, expected, words = FORMS[name]
    np.save(tmp_path / "in.npy", given)
    found = read_images(tmp_path / "in.npy")
    assert found.images.dtype == np.uint8
    np.testing.assert_allclose(found.images.astype(int), expected, atol=1)
    assert words in found.line
    assert "\n" not in found.line


@pytest.mark.parametrize("name", LABELS)
def test_labels_of_every_form_are_whole_numbers(tmp_path, name):
    np.savez(tmp_path / "in.npz", x_test=IMAGES, y_test=LABELS[name])
    found = read_images(tmp_path / "in.npz")
    assert found.labels.dtype == np.int64
    assert found.labels.tolist() == [3, 4]
    assert "images from x_test, labels from y_test" in found.line


def test_names_of_classes_are_labels_where_the_classes_are_known(tmp_path):
    np.savez(tmp_path / "in.npz", images=IMAGES, labels=["boot", "bag"])
    assert read_images(tmp_path / "in.npz", class_names=["bag", "boot"]).labels.tolist() == [1, 0]
    with pytest.raises(ValueError, match=r"labels\[0\] is 'boot', which is no class"):
        read_images(tmp_path / "in.npz")


@pytest.mark.parametrize("images", ["images", "x_test", "x_train", "X", "data", "test_images"])
def test_the_usual_names_need_no_key(tmp_path, images):
    np.savez(tmp_path / "in.npz", **{images: IMAGES, "other": [1, 2, 3]})
    np.testing.assert_array_equal(read_images(tmp_path / "in.npz").images, IMAGES)


def test_several_arrays_of_images_are_asked_about_and_a_key_chooses(tmp_path):
    both = {"x_train": IMAGES, "y_train": [1, 2], "x_test": IMAGES[:1], "y_test": [3]}
    np.savez(tmp_path / "in.npz", **both)
    with pytest.raises(ValueError, match=r"x_test \(1\), x_train \(2\); choose by --key"):
        read_images(tmp_path / "in.npz")
    assert read_images(tmp_path / "in.npz", key="x_train").labels.tolist() == [1, 2]
    with pytest.raises(ValueError, match="holds no array named X; it holds x_train uint8"):
        read_images(tmp_path / "in.npz", key="X")


def test_standardised_values_are_asked_about_and_stretched_when_told(tmp_path):
    np.save(tmp_path / "in.npy", (IMAGES / 255 - 0.1307) / 0.3081)
    with pytest.raises(ValueError, match=r"in\.npy has values from -0\.424 to 2\.82: standardised"):
        read_images(tmp_path / "in.npy")
    found = read_images(tmp_path / "in.npy", form=Form(scale="standardised"))
    np.testing.assert_allclose(found.images.astype(int), IMAGES, atol=1)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Form(invert=True), 255 - IMAGES),
        (Form(transpose=True), IMAGES.swapaxes(1, 2)),
        (Form(mirror=True), IMAGES[:, :, ::-1]),
    ],
)
def test_options_turn_the_images(tmp_path, form, expected):
    np.save(tmp_path / "in.npy", IMAGES)
    np.testing.assert_array_equal(read_images(tmp_path / "in.npy", form=form).images, expected)


CSV = {
    "Kaggle's training file": "label," + ",".join(f"pixel{i}" for i in range(784)),
    "Kaggle's test file": ",".join(f"pixel{i}" for i in range(784)),
    "no heading": None,
}


@pytest.mark.parametrize("name", CSV)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_tables_with_a_column_a_pixel_are_read(tmp_path, name, encoding, separator):
    rows = FLAT if "test" in name else np.column_stack([[3, 4], FLAT])
    lines = [",".join(map(str, row)) for row in rows]
    text = "\n".join([CSV[name], *lines] if CSV[name] else lines).replace(",", separator)
    (tmp_path / "IN.CSV").write_bytes(text.encode(encoding))
    found = read_images(tmp_path / "IN.CSV")
    np.testing.assert_array_equal(found.images, IMAGES)
    assert (found.labels is None) == ("test" in name)
    if found.labels is not None:
        assert found.labels.tolist() == [3, 4]


@pytest.mark.parametrize("name", ["IN.NPZ", "in", "in.gz"])
def test_containers_are_told_by_content_and_gzip_is_opened(tmp_path, name):
    raw = io.BytesIO()
    np.savez(raw, images=IMAGES)
    body = gzip.compress(raw.getvalue()) if name.endswith("gz") else raw.getvalue()
    (tmp_path / name).write_bytes(body)
    np.testing.assert_array_equal(load_images(tmp_path / name)[0], IMAGES)


def test_a_number_that_is_none_is_named_with_its_row_and_column(tmp_path):
    table = pd.DataFrame(FLAT.astype(object), columns=[f"pixel{i}" for i in range(784)])
    table.loc[1, "pixel5"] = "ink"
    table.to_csv(tmp_path / "in.csv", index=False)
    with pytest.raises(ValueError, match="row 2 after the heading, column pixel5: 'ink'"):
        read_images(tmp_path / "in.csv")


def test_a_header_that_promises_more_than_there_is_asks_for_no_memory(tmp_path):
    huge = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        huge, {"descr": "|u1", "fortran_order": False, "shape": (10**12, 28, 28)}
    )
    (tmp_path / "in.npy").write_bytes(huge.getvalue())
    with zipfile.ZipFile(tmp_path / "in.npz", "w") as archive:
        archive.writestr("images.npy", huge.getvalue())
    for name in ("in.npy", "in.npz"):
        with pytest.raises(ValueError, match="which is more than there is"):
            load_images(tmp_path / name)


def test_a_member_that_is_no_array_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "in.npz", "w") as archive:
        archive.writestr("images.npy", b"not an array")
    with pytest.raises(ValueError, match=r"in\.npz: images is no array"):
        load_images(tmp_path / "in.npz")


def test_images_and_labels_come_back_as_they_were_saved(tmp_path):
    np.savez(tmp_path / "in.npz", images=IMAGES, labels=[3, 4])
    images, labels = load_images(tmp_path / "in.npz")
    assert np.array_equal(images, IMAGES)
    assert labels.tolist() == [3, 4]


def test_a_plain_array_has_no_labels(tmp_path):
    np.save(tmp_path / "in.npy", IMAGES)
    images, labels = load_images(tmp_path / "in.npy")
    assert np.array_equal(images, IMAGES)
    assert labels is None


@pytest.mark.parametrize(
    "arrays",
    [
        {"pictures": IMAGES},
        {"images": IMAGES[:0]},
        {"images": np.full((2, 28, 28), np.nan)},
        {"images": np.full((2, 28, 28), "ink")},
        {"images": np.zeros((2, 28, 28, 5))},
        {"images": IMAGES, "labels": [1]},
        {"images": IMAGES, "labels": [0.5, 1.0]},
        {"images": IMAGES, "labels": ["7", "seven"]},
        {"x_test": IMAGES, "x_train": IMAGES},
    ],
)
def test_unusable_archives_are_refused_by_name(tmp_path, arrays):
    np.savez(tmp_path / "in.npz", **arrays)
    with pytest.raises(ValueError, match=r"in\.npz"):
        load_images(tmp_path / "in.npz")


@pytest.mark.parametrize("name", ["in.npz", "in.npy", "in.gz", "in"])
@pytest.mark.parametrize("content", [b"not an image file", b"PK\x03\x04 half a file", b""])
def test_files_that_are_something_else_are_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match="in"):
        load_images(tmp_path / name)


def test_pickles_are_never_opened(tmp_path):
    np.save(tmp_path / "in.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="pickle"):
        load_images(tmp_path / "in.npy")


def test_a_damaged_archive_is_refused_by_name(tmp_path):
    path = tmp_path / "in.npz"
    np.savez_compressed(path, images=np.tile(IMAGES, (20, 1, 1)))
    raw = bytearray(path.read_bytes())
    raw[60:400] = b"\xff" * 340
    path.write_bytes(raw)
    with pytest.raises(ValueError, match=r"in\.npz"):
        load_images(path)


@pytest.mark.parametrize("code", [0x110000, 0xD800, 0xDFFF])
@pytest.mark.parametrize("order", ["<", ">"])
def test_text_that_cannot_be_written_down_is_refused(tmp_path, code, order):
    labels = np.array([code, *b"11111111"], f"{order}u4")[: len(IMAGES)].view(f"{order}U1")
    np.savez(tmp_path / "in.npz", images=IMAGES, labels=labels)
    with pytest.raises(ValueError, match="labels holds text that is not of characters"):
        load_images(tmp_path / "in.npz")


def test_letters_of_any_script_are_text(tmp_path):
    labels = np.array(["\U0001f600", *"\ud7ff\ue0001111111"][: len(IMAGES)])
    np.savez(tmp_path / "in.npz", images=IMAGES, labels=labels)
    with pytest.raises(ValueError, match="\U0001f600"):  # read, and then no class of that name
        load_images(tmp_path / "in.npz")
