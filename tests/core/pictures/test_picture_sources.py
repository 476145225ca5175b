import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.pictures.picture_files import PictureError
from core.pictures.picture_sources import find_sources, holds_pictures

NAMES = [str(digit) for digit in range(10)]


def labels(path: Path, class_names=NAMES) -> dict[str, int | None]:
    return {source.name: source.label for source in find_sources(path, class_names)}


def write(folder: Path, names) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def test_folders_and_names_give_labels(tmp_path):
    expected = {
        "7/1_first.png": 7,
        "7_x.PNG": 7,
        "x_7.jpg": None,
        "10_x.png": None,
        "7.png": 7,
        "8-x.png": 8,
        "digit_6.png": 6,
        "Label 5.png": 5,
        "2-1-2026.png": None,
        "a/b/3_c.webp": 3,
    }
    write(tmp_path, [*expected, "notes.txt", ".hidden/7_a.png"])
    assert labels(tmp_path) == expected
    assert set(labels(tmp_path, None).values()) == {None}


def test_numbers_that_only_count_the_files_are_no_labels(tmp_path):
    write(tmp_path, [f"{number}.png" for number in range(12)])
    assert set(labels(tmp_path).values()) == {None}


def test_pictures_of_a_zip_file_are_read_without_being_written(tmp_path):
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("7/a.png", "b.JPG", "__MACOSX/7/._a.png", "c/8_c.png", "notes.txt"):
            archive.writestr(name, name)
    assert labels(path) == {"7/a.png": 7, "b.JPG": None, "c/8_c.png": 8}
    assert [source.read() for source in find_sources(path)] == [b"7/a.png", b"b.JPG", b"c/8_c.png"]
    assert [file.name for file in tmp_path.iterdir()] == ["some.zip"]


def test_a_damaged_member_is_named(tmp_path):
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", b"picture" * 99)
    raw = bytearray(path.read_bytes())
    raw[38:44] = b"\xff" * 6
    path.write_bytes(raw)
    with pytest.raises(PictureError, match=r"a\.png is damaged"):
        find_sources(path)[0].read()


def test_one_file_is_one_picture(tmp_path):
    write(tmp_path, ["7_a.png", "8_b.png"])
    assert labels(tmp_path / "7_a.png") == {"7_a.png": 7}


def test_links_out_of_the_folder_are_left_out(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    write(outside, ["7_a.png"])
    (inside / "7_b.png").symlink_to(outside / "7_a.png")
    assert find_sources(inside) == []


def test_pictures_are_told_from_arrays_by_content(tmp_path):
    with zipfile.ZipFile(tmp_path / "pictures", "w") as archive:
        archive.writestr("7/a.png", b"x")
    np.savez(tmp_path / "arrays.zip.npz", images=np.zeros((1, 28, 28), np.uint8))
    np.save(tmp_path / "array.npy", np.zeros(3))
    for kind in ("PNG", "WEBP", "HEIF"):
        Image.new("RGB", (40, 40)).save(tmp_path / kind, kind)
    (tmp_path / "folder").mkdir()
    found = {path.name for path in tmp_path.iterdir() if holds_pictures(path)}
    assert found == {"pictures", "PNG", "WEBP", "HEIF", "folder"}
