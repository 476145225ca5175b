import gzip
import hashlib

import numpy as np
import pytest

from core.study.artifact import ArtifactError
from examples import mnist_data as mnist


def test_the_archive_holds_the_canonical_bytes():
    digits = mnist.load_mnist()
    body = hashlib.md5(  # noqa: S324 - the published checksums are MD5
        bytes([0, 0, 8, 3, 0, 0, 0x27, 0x10, 0, 0, 0, 28, 0, 0, 0, 28]) + digits.x_test.tobytes()
    )
    assert body.hexdigest() == "2646ac647ad5339dbf082846283269ea"
    assert digits.x_train.shape == (60_000, 28, 28)
    assert digits.y_train.shape == (60_000,)


def test_calibration_images_are_outside_the_fit_and_drawn_at_random():
    split = mnist.calibration_split(60_000)
    assert len(split.calibration) == mnist.NUM_CALIBRATION
    assert sorted([*split.fit, *split.calibration]) == list(range(60_000))
    again = mnist.calibration_split(60_000)
    assert np.array_equal(split.calibration, again.calibration)
    quarters = np.histogram(split.calibration, bins=4, range=(0, 60_000))[0]
    assert quarters.min() > 1_100  # of 1,250 expected


def test_a_truncated_archive_is_refused(tmp_path):
    path = tmp_path / "mnist.npz"
    path.write_bytes(mnist.DATA.read_bytes()[:1_000])
    with pytest.raises(ValueError, match=r"mnist\.npz"):
        mnist.load_mnist(path)


@pytest.mark.parametrize("split", ["test", "train"])
def test_images_read_in_parts_are_those_read_at_once(split):
    digits = mnist.load_mnist()
    images, labels = getattr(digits, f"x_{split}"), getattr(digits, f"y_{split}")
    start = 0
    for part in mnist.read_images(split):
        assert np.array_equal(part, images[start : start + len(part)])
        start += len(part)
    assert start == len(images)
    assert np.array_equal(mnist.read_labels(split), labels)
    assert mnist.split_hash(split) == mnist.data_hash(images, labels)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((4, 28), np.uint8),
        np.zeros((4, 28, 28), np.float32),
        np.asfortranarray(np.zeros((4, 28, 28), np.uint8)),
    ],
)
def test_images_of_another_kind_are_refused(tmp_path, images):
    np.savez(tmp_path / "mnist.npz", x_test=images, y_test=np.zeros(4, np.uint8))
    with pytest.raises(ArtifactError, match=r"mnist\.npz"):
        list(mnist.read_images("test", tmp_path / "mnist.npz"))


@pytest.mark.parametrize("where", [-600, 2_000])
def test_a_changed_or_missing_byte_is_found(tmp_path, where):
    path = tmp_path / "mnist.npz"
    np.savez(
        path, y_test=np.zeros(4, np.uint8), x_test=np.zeros((4, 28, 28), np.uint8)
    )  # stored, so a byte is a pixel
    raw = bytearray(path.read_bytes())
    raw[where] ^= 1
    path.write_bytes(raw if where > 0 else raw[:where])
    with pytest.raises(ArtifactError, match=r"mnist\.npz"):
        list(mnist.read_images("test", path))
    with pytest.raises(ArtifactError, match=r"mnist\.npz"):
        list(mnist.read_images("nothing", path))


def test_packing_the_idx_files_gives_the_archive_back(tmp_path):
    names = {"x_train": "train-images-idx3-ubyte", "y_train": "train-labels-idx1-ubyte"}
    names |= {"x_test": "t10k-images-idx3-ubyte", "y_test": "t10k-labels-idx1-ubyte"}
    rng = np.random.default_rng(0)
    arrays = {}
    for key, name in names.items():
        shape = (5, 4, 4) if key.startswith("x") else (5,)
        arrays[key] = rng.integers(0, 256 if len(shape) > 1 else 10, shape, dtype=np.uint8)
        sizes = b"".join(size.to_bytes(4, "big") for size in shape)
        head = bytes([0, 0, 8, len(shape)]) + sizes
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(head + arrays[key].tobytes()))
    mnist.save_mnist(tmp_path, tmp_path / "out.npz")
    packed = mnist.load_mnist(tmp_path / "out.npz")
    assert all(np.array_equal(getattr(packed, key), arrays[key]) for key in names)
    assert not list(tmp_path.glob("*partial*"))


def test_mapped_images_are_those_that_were_packed():
    images = mnist.map_images("test")
    assert isinstance(images, np.memmap)
    assert np.array_equal(images, mnist.load_test()[0])


@pytest.mark.parametrize("count", [3, 5])
def test_mapped_images_without_as_many_labels_are_refused(tmp_path, count):
    path = tmp_path / "mnist.npz"
    np.savez(path, x_test=np.zeros((4, 28, 28), np.uint8), y_test=np.zeros(count, np.uint8))
    with pytest.raises(ArtifactError, match=r"mnist\.npz"):
        mnist.map_images("test", path)
