import gzip

import numpy as np
import pytest

from core.pictures.idx import load_idx

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx(values: np.ndarray, order: str = ">", reversed_magic: bool = False) -> bytes:
    code = CODES[values.dtype.str[1:]]
    magic = bytes([0, 0, code, values.ndim])
    sizes = np.array(values.shape, f"{order}u4").tobytes()
    body = values.astype(values.dtype.newbyteorder(order)).tobytes()
    return (magic[::-1] if reversed_magic else magic) + sizes + body


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize(("order", "reversed_magic"), [(">", False), ("<", False), ("<", True)])
def test_every_type_is_read_in_both_byte_orders(tmp_path, kind, order, reversed_magic):
    values = np.arange(2 * 3 * 5).reshape(2, 3, 5).astype(kind)
    (tmp_path / "a").write_bytes(idx(values, order, reversed_magic))
    found = load_idx(tmp_path / "a")
    assert found.dtype == values.dtype
    np.testing.assert_array_equal(found, values)


def test_gzip_is_told_by_content_whatever_the_name(tmp_path):
    values = np.arange(6, dtype=np.uint8).reshape(2, 3)
    (tmp_path / "plain.gz").write_bytes(idx(values))
    (tmp_path / "packed").write_bytes(gzip.compress(idx(values)))
    np.testing.assert_array_equal(load_idx(tmp_path / "plain.gz"), values)
    np.testing.assert_array_equal(load_idx(tmp_path / "packed"), values)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello world",
        b"\x00\x00\x08\x01\x00\x00\x00\x09abc",
        b"\x00\x00\x0d\x01" * 4,
        b"\x00\x00\x08\xff" + b"\x00\x00\x00\x01" * 255,
        gzip.compress(idx(np.zeros((9, 9), np.uint8)), mtime=0)[:-12],
    ],
)
def test_broken_files_are_refused_by_name_in_a_short_sentence(tmp_path, body):
    path = tmp_path / "broken"
    path.write_bytes(body)
    with pytest.raises(ValueError, match="broken") as caught:
        load_idx(path)
    assert len(str(caught.value)) < 200 + len(str(path))
