import numpy as np
import pytest

from core.pictures.image_arrays import load_images

IMAGES = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)


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
        {"images": IMAGES.astype(np.float32)},
        {"images": IMAGES[0]},
        {"images": IMAGES[:0]},
        {"images": IMAGES, "labels": [1]},
        {"images": IMAGES, "labels": [0.5, 1.0]},
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
