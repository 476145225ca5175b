"""Pictures beside predictions: as bytes, as paths below a folder, never outside of it."""

import socket

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.study.pngs import png
from tests.core.reading import made_files as made
from tests.core.reading.made_files import IDS, LABELS, PROBS, N, lines

PNG = png(np.zeros((3, 3), np.uint8))


@pytest.fixture
def pictures(tmp_path_factory):
    root = tmp_path_factory.mktemp("pictures")
    for name in IDS[:-1]:
        (root / "test").mkdir(exist_ok=True)
        (root / "test" / f"{name}.png").write_bytes(PNG)
    return root


def table(names, column="filename"):
    return made.csv({column: names} | made.scores() | {"label": LABELS})


@pytest.mark.parametrize("form", ["test/{}.png", "{}.png", "{}"])
def test_paths_are_found_below_the_folder(folder, pictures, form):
    reading = folder.read(("a.csv", table([form.format(name) for name in IDS])), images=pictures)
    assert reading.image_paths.to_pylist() == [f"test/{name}.png" for name in IDS[:-1]] + [None]
    assert f"{N - 1} of {N} rows" in lines(reading)


@pytest.mark.parametrize("path", ["../{}.png", "/etc/{}.png", "a/../../{}.png", "C:\\{}.png"])
def test_a_path_outside_the_folder_is_refused_with_its_row(folder, pictures, path):
    names = [path.format(name) if row == 4 else f"{name}.png" for row, name in enumerate(IDS)]
    sentence = folder.refusal(("a.csv", table(names)), images=pictures)
    assert "row 4" in sentence
    assert "outside" in sentence


def test_a_link_out_of_the_folder_is_refused(folder, pictures, tmp_path):
    (tmp_path / "secret.png").write_bytes(PNG)
    (pictures / "link.png").symlink_to(tmp_path / "secret.png")
    names = ["link.png", *(f"{name}.png" for name in IDS[1:])]
    assert "link" in folder.refusal(("a.csv", table(names)), images=pictures)


def test_a_folder_without_the_pictures_is_refused(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    names = [f"{name}.png" for name in IDS]
    assert "none of the pictures" in folder.refusal(("a.csv", table(names)), images=other)
    assert "no folder" in folder.refusal(("a.csv", table(names)), images=other / "none")


def test_without_a_folder_names_of_pictures_are_noted(folder):
    reading = folder.read(("a.csv", table([f"{name}.png" for name in IDS])))
    assert reading.image_paths is None
    assert "--images" in lines(reading)


def parquet(images):
    columns = {"label": pa.array(LABELS), "probs": pa.array(PROBS.tolist()), "image": images}
    buffer = made.io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def test_bytes_are_kept_plain_and_as_hugging_face_writes_them(folder):
    for images in (pa.array([PNG] * N), pa.array([{"bytes": PNG, "path": None}] * N)):
        reading = folder.read(("a.parquet", parquet(images)))
        assert reading.is_final
        assert reading.image_bytes.to_pylist() == [PNG] * N
        assert reading.columns is None


def test_bytes_that_are_no_picture_are_refused_with_the_row(folder):
    images = pa.array([PNG, PNG, b"nonsense, not a picture"] + [PNG] * (N - 3))
    assert "row 2" in folder.refusal(("a.parquet", parquet(images)))


ADDRESSES = ["http://127.0.0.1:9/a.png", "https://[::1]/a.png", "ftp://127.0.0.1/a.png",
             "file:///etc/passwd.png", "//127.0.0.1/share/a.png",
             "\\\\127.0.0.1\\share\\a.png"]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_a_file_names_is_never_fetched(folder, pictures, address, monkeypatch):
    def refuse(*_):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    columns = {"image": [address] * N, "url": [address] * N} | made.scores()
    reading = folder.read(("a.csv", made.csv(columns)))
    assert reading.image_paths is None
    assert reading.image_bytes is None
    sentence = folder.refusal(("a.csv", made.csv(columns)), images=pictures)
    assert repr(address) in sentence
    assert "row 0" in sentence
