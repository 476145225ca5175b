"""What can happen to a file on a disk, by the file's kind: each a name and what does it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

Harm = Callable[[Path], object]
HUGE = 10**13
WRONG_VALUES = (None, "x", -1, 0, 1e308, [], {}, [[]], True)


def damages(path: Path) -> dict[str, Harm]:
    """All that is done to a file of that ending; what it holds now decides on the rest."""
    return ANY | dict(BY_ENDING.get(path.suffix, lambda path: ())(path))


def _cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for place in range(len(content) // 3, len(content), max(1, len(content) // 7)):
        content[place] ^= 0xFF
    path.write_bytes(content)


def _noise(path: Path) -> None:
    path.write_bytes(np.random.default_rng(1).bytes(4_000))


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


ANY: dict[str, Harm] = {
    "missing": Path.unlink,
    "a folder": _folder,
    "empty": lambda path: path.write_bytes(b""),
    "cut": _cut,
    "cut by a byte": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "bytes turned": _flip,
    "noise": _noise,
    "a web page": lambda path: path.write_bytes(b"<html>not found</html>" * 40),
}


def _json(path: Path) -> Iterator[tuple[str, Harm]]:
    texts = {
        "a list": "[1]", "no entry": "{}", "a thousand brackets": "[" * 1_000,
        "a hundred thousand brackets": "[" * 100_000, "nothing": "null", "a text": '"x"',
        "a number of 5,000 digits": "9" * 5_000, "an infinity": '{"temperature": Infinity}',
    }  # fmt: skip
    for name, text in texts.items():
        yield name, partial(Path.write_text, data=text)
    for key in json.loads(path.read_text()):
        yield f"without {key}", partial(_without, key=key)
        for wrong in WRONG_VALUES:
            yield f"{key} is {wrong!r}", partial(_with, key=key, value=wrong)


def _without(path: Path, key: str) -> None:
    found = json.loads(path.read_text())
    del found[key]
    path.write_text(json.dumps(found))


def _with(path: Path, key: str, value: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))


def _npy_bytes(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def _huge(dtype: str, shape: tuple[int, ...]) -> bytes:
    buffer = io.BytesIO()
    head = {"descr": dtype, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_2_0(buffer, head)
    return buffer.getvalue() + bytes(64)


def _arrays(whole: np.ndarray) -> Iterator[tuple[str, bytes]]:
    """What may stand in the place of one array, as an NPY file's bytes."""
    plain = np.atleast_1d(whole)
    first = plain[: len(plain) // 2]
    yield "a huge header", _huge("<f4", (HUGE, *plain.shape[1:]))
    yield "a huge axis", _huge(plain.dtype.str, (*plain.shape[:-1], HUGE))
    yield "a header that is no Python", b"\x93NUMPY\x01\x00\x10\x00" + b"(" * 16
    yield "objects", _npy_bytes(np.array([{"a": 1}], object))
    yield "texts", _npy_bytes(np.full(plain.shape, "x"))
    yield "half the rows", _npy_bytes(first)
    yield "no rows", _npy_bytes(plain[:0])
    yield "one number", _npy_bytes(np.array(1.0))
    yield "an axis more", _npy_bytes(plain[None])
    yield "flat", _npy_bytes(plain.ravel())
    yield "complex numbers", _npy_bytes(plain.astype(complex))
    yield "truths", _npy_bytes(plain.astype(bool))
    yield "large numbers", _npy_bytes(np.full(plain.shape, 1e30).astype(np.float32))
    yield "negative numbers", _npy_bytes(np.full(plain.shape, -7).astype(np.int64))
    yield "no numbers", _npy_bytes(np.full(plain.shape, np.nan, np.float32))
    yield "infinities", _npy_bytes(np.full(plain.shape, np.inf, np.float32))
    yield "dates", _npy_bytes(np.zeros(plain.shape, "M8[s]"))
    yield "records", _npy_bytes(np.zeros(len(plain), [("a", "f4")]))


def _npy(path: Path) -> Iterator[tuple[str, Harm]]:
    for name, content in _arrays(np.load(path, mmap_mode="r")):
        yield name, partial(Path.write_bytes, data=content)
    yield "an archive", lambda path: np.savez(path.open("wb"), a=np.zeros(3))


def _npz(path: Path) -> Iterator[tuple[str, Harm]]:
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    for member, content in members.items():
        name = member.removesuffix(".npy")
        others = {key: raw for key, raw in members.items() if key != member}
        yield f"without {name}", partial(_zip, members=others)
        yield f"{name} is no array", partial(_zip, members=others | {name: b"no array"})
        yield f"{name} is text", partial(_zip, members=others | {member: b"no array"})
        for kind, raw in _arrays(np.load(io.BytesIO(content))):
            yield f"{name}: {kind}", partial(_zip, members=others | {member: raw})


def _zip(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _parquet(path: Path) -> Iterator[tuple[str, Harm]]:
    table = pq.read_table(path)
    yield "no rows", partial(_save, table=table.slice(0, 0))
    yield "half the rows", partial(_save, table=table.slice(0, table.num_rows // 2))
    yield "twice the rows", partial(_save, table=pa.concat_tables([table, table]))
    yield "no columns", partial(_save, table=table.select([]))
    for name in table.column_names:
        yield f"without {name}", partial(_save, table=table.drop_columns([name]))
        for kind, column in _columns(table, name):
            place = table.column_names.index(name)
            changed = table.set_column(place, name, column)
            yield f"{name} is {kind}", partial(_save, table=changed)


def _columns(table: pa.Table, name: str) -> Iterator[tuple[str, pa.Array]]:
    rows = table.num_rows
    yield "text", pa.array(["x"] * rows)
    yield "missing values", pa.nulls(rows, table[name].type)
    yield "of no type", pa.nulls(rows)
    yield "lists", pa.array([[1.0]] * rows)
    yield "no numbers", pa.array(np.full(rows, np.nan, np.float32))
    yield "large numbers", pa.array(np.full(rows, 2**62))
    yield "negative numbers", pa.array(np.full(rows, -9, np.int32))
    yield "dates", pc.cast(pa.array(np.arange(rows)), pa.timestamp("ns"))


def _save(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path)


def _csv(path: Path) -> Iterator[tuple[str, Harm]]:
    text = path.read_text()
    head, *rows = text.splitlines()
    yield "no rows", partial(Path.write_text, data=head + "\n")
    yield "no head", partial(Path.write_text, data="\n".join(rows))
    yield "a column more", partial(Path.write_text, data="\n".join([head, rows[0] + ",1"]))
    yield "text for a number", partial(Path.write_text, data=f"{head}\n" + "x," * head.count(","))
    yield "zeros between", partial(Path.write_text, data=text.replace(",", ",\0"))
    yield "other letters", lambda path: path.write_bytes(text.encode("utf-16"))


def _tflite(path: Path) -> Iterator[tuple[str, Harm]]:
    folders = path.parents[1], path.parent
    others = (other for folder in folders for other in sorted(folder.glob("*.tflite")))
    for other in others:
        if other != path:
            yield f"the network {other.name}", partial(Path.write_bytes, data=other.read_bytes())
    head = path.read_bytes()[:64]
    yield "a head alone", partial(Path.write_bytes, data=head + bytes(4_000))


BY_ENDING: dict[str, Callable[[Path], Iterator[tuple[str, Harm]]]] = {
    ".json": _json, ".npy": _npy, ".npz": _npz, ".parquet": _parquet, ".csv": _csv,
    ".tflite": _tflite,
}  # fmt: skip
