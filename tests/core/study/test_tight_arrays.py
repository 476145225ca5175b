from zipfile import ZIP_LZMA, ZIP_STORED, ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.reading.errors import ReadingError
from core.reading.numpy_files import read_member
from core.study.rounding import to_grid
from core.study.tight_arrays import (
    as_planes,
    from_planes,
    load_tight,
    planes_kind,
    save_loose,
    save_tight,
)


@given(
    hnp.arrays(
        st.sampled_from([np.float16, np.float32, np.float64]),
        hnp.array_shapes(min_dims=2, max_dims=4, max_side=5),
    )
)
def test_every_float_comes_back_to_the_bit(array):
    planes = as_planes(array)
    assert planes.shape == (array.itemsize, *array.shape[1:], array.shape[0])
    back = from_planes(planes, array.dtype.name)
    assert back.dtype == array.dtype
    assert back.tobytes() == array.tobytes()  # NaN and minus zero, too


def test_a_plane_holds_the_same_byte_of_each_float():
    array = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    last = as_planes(array)[-1]
    assert last.tolist() == [[array[i, j].tobytes()[-1] for i in (0, 1)] for j in (0, 1)]


def test_archives_keep_every_array_and_the_tight_one_is_smaller(tmp_path):
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(1, 400, 10)) + rng.normal(size=(30, 400, 10)) / 10
    arrays = {"logits": logits.astype(np.float16), "labels": np.arange(400), "one": np.array(3)}
    save_tight(tmp_path / "tight.npz", **arrays)
    save_loose(tmp_path / "loose.npz", **arrays)
    for file in ("tight.npz", "loose.npz"):
        found = load_tight(tmp_path / file, *arrays)
        for name, array in arrays.items():
            assert found[name].dtype == array.dtype
            assert np.array_equal(found[name], array)
    np.savez_compressed(tmp_path / "usual.npz", **arrays)
    small, usual = ((tmp_path / f"{name}.npz").stat().st_size for name in ("tight", "usual"))
    assert small < 0.9 * usual
    assert isinstance(read_member(tmp_path / "loose.npz", "logits.float16"), np.memmap)
    assert {path.name for path in tmp_path.iterdir()} == {"tight.npz", "loose.npz", "usual.npz"}


def test_floats_on_a_grid_take_fewer_planes_and_come_back_to_the_bit(tmp_path):
    logits = to_grid(np.random.default_rng(0).normal(size=(5, 400, 10)).astype(np.float32), 2**-14)
    save_tight(tmp_path / "a.npz", logits=logits)
    with np.load(tmp_path / "a.npz") as archive:
        assert {name: archive[name].shape for name in archive} == {
            "logits.float32^-14": (3, 400, 10, 5)
        }
    found = load_tight(tmp_path / "a.npz", "logits")["logits"]
    assert found.dtype == logits.dtype
    assert found.tobytes() == logits.tobytes()


def test_the_same_arrays_give_the_same_file(tmp_path):
    for name in ("one", "two"):
        save_tight(tmp_path / name, logits=np.ones((2, 3), np.float32))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file", b"[1]"])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.npz cannot be read"):
        load_tight(tmp_path / "a.npz", "logits")


def test_a_missing_array_and_a_missing_file_are_told_apart(tmp_path):
    save_tight(tmp_path / "a.npz", logits=np.ones((2, 3)))
    with pytest.raises(ValueError, match="labels"):
        load_tight(tmp_path / "a.npz", "logits", "labels")
    with pytest.raises(FileNotFoundError):
        load_tight(tmp_path / "b.npz", "logits")


def test_a_byte_that_changed_is_found_in_every_reader(tmp_path):
    path = tmp_path / "a.npz"
    save_tight(path, logits=np.random.default_rng(0).normal(size=(50, 50)))
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path.write_bytes(raw)
    with pytest.raises(ValueError, match=r"a\.npz cannot be read"):
        load_tight(path, "logits")
    with pytest.raises(ReadingError, match=r"a\.npz.*save it again"):
        read_member(path, "logits.float64")


@pytest.mark.parametrize("planes", [np.zeros((2, 3, 4), np.uint8), np.zeros((4, 3, 4), np.int8)])
def test_planes_of_another_type_are_refused(planes):
    with pytest.raises(ValueError, match="of float32"):
        from_planes(planes, "float32")


@pytest.mark.parametrize("kind", ["float8", "float32^", "float32^2.5", "int8^-3"])
def test_planes_of_no_kind_are_refused(kind):
    with pytest.raises(ValueError, match="no planes"):
        from_planes(np.zeros((4, 3), np.uint8), kind)


def test_names_tell_what_the_planes_are_of():
    assert planes_kind(["logits.float16", "labels"], "logits") == "float16"
    assert planes_kind(["logits.b", "logits.float32^-14"], "logits") == "float32^-14"
    assert planes_kind(["logits.float16", "labels"], "labels") is None


def test_an_archive_is_compressed_as_its_name_says(tmp_path):
    save_tight(tmp_path / "a.npz", logits=np.ones((2, 3)))
    save_loose(tmp_path / "b.npz", logits=np.ones((2, 3)))
    for file, way in (("a.npz", ZIP_LZMA), ("b.npz", ZIP_STORED)):
        with ZipFile(tmp_path / file) as archive:
            assert [info.compress_type for info in archive.infolist()] == [way]
