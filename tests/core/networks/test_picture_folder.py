import os
import sys

import cv2
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from cli import app
from core.networks.picture_folder import score_folder
from examples.mnist_artifacts import load_artifacts
from examples.mnist_data import load_test
from tests.core import made_pictures as made
from tests.shipped import scorer

IMAGES, LABELS = load_test()
PLACES = ("source", "box", "row", "cell", "doubt", "left_out")


def save(path, picture):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path)


def scan(index: int) -> np.ndarray:
    """A test digit, enlarged on white."""
    fine = cv2.resize(255 - IMAGES[index], (140, 140), interpolation=cv2.INTER_CUBIC)
    return np.pad(fine, 30, constant_values=255)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "pictures"
    save(folder / f"{LABELS[0]}_first.png", scan(0))
    save(folder / str(LABELS[1]) / "second.png", scan(1))
    rng = np.random.default_rng(0)
    save(folder / "deep" / "er" / "number.png", made.number(IMAGES[2:5], rng, size=(300, 500)))
    return folder


def run(*arguments):
    return CliRunner().invoke(app, ["score", *[str(argument) for argument in arguments]])


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_every_digit_of_a_folder_has_a_row_with_its_file_and_its_box(folder, tmp_path, suffix):
    out = tmp_path / f"out.{suffix}"
    result = run(folder, "--out", out)
    assert result.exit_code == 0, result.output
    table = pd.read_csv(out) if suffix == "csv" else pd.read_parquet(out).reset_index()
    names = [f"{LABELS[1]}/second.png", f"{LABELS[0]}_first.png", *["deep/er/number.png"] * 3]
    assert table["source"].tolist() == names
    assert table["prediction"].tolist() == LABELS[[1, 0, 2, 3, 4]].tolist()
    assert table["index"].tolist() == [0, 1, 2, 3, 4]
    lefts = [int(box.split(",")[0]) for box in table["box"][2:]]
    assert lefts == sorted(lefts)
    expected = load_artifacts("ensemble").scores.columns.difference(["map_x", "map_y"])
    probs = [f"p_{k}" for k in range(10)]
    assert set(table.columns) == {*expected, *probs, "index", *PLACES}


def test_names_and_folders_give_labels_unless_they_are_turned_off(folder, tmp_path):
    out = tmp_path / "out.parquet"
    run(folder, "--out", out)
    table = pd.read_parquet(out)
    assert table["label"][:2].tolist() == LABELS[[1, 0]].tolist()
    assert table["correct"][:2].all()
    assert table["label"][2:].isna().all()
    assert table["log_likelihood"].isna().tolist() == [False, False, True, True, True]
    run(folder, "--out", out, "--labels", "none")
    table = pd.read_parquet(out)
    assert table["label"].isna().all()
    assert table["log_likelihood"].isna().all()


def test_labels_of_an_archive_are_turned_off_too(tmp_path):
    np.savez(tmp_path / "some.npz", images=IMAGES[:5], labels=LABELS[:5])
    out = tmp_path / "out.parquet"
    assert run(tmp_path / "some.npz", "--out", out, "--labels", "none").exit_code == 0
    assert pd.read_parquet(out)["label"].isna().all()


def test_each_broken_file_has_a_line_and_the_others_are_read(folder, tmp_path):
    (folder / "empty.png").write_bytes(b"")
    (folder / "deep" / "text.jpg").write_text("hello")
    whole = (folder / f"{LABELS[0]}_first.png").read_bytes()
    (folder / "half.png").write_bytes(whole[: len(whole) // 2])
    save(folder / "white.png", np.full((90, 90), 255, np.uint8))
    rng = np.random.default_rng(0)
    save(folder / "paper.png", made.photographed(made.sheet(rng, (200, 300)), rng))
    out = tmp_path / "out.csv"
    result = run(folder, "--out", out)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-5:] == [
        "penumbra: deep/text.jpg: text.jpg is not a picture; "
        "PNG, JPEG, WebP, BMP, GIF, TIFF and HEIC pictures can be read.",
        "penumbra: empty.png: empty.png is empty.",
        "penumbra: half.png: half.png is damaged or cut off and cannot be decoded.",
        "penumbra: paper.png: paper.png shows no ink that could be a digit.",
        "penumbra: white.png: white.png is white all over: there is no ink on it.",
    ]
    assert len(pd.read_csv(out)) == 5


def test_where_nothing_can_be_read_nothing_is_written(tmp_path):
    pictures, out = tmp_path / "pictures", tmp_path / "out.csv"
    pictures.mkdir()
    result = run(pictures, "--out", out)
    assert result.exit_code == 2
    assert "holds no pictures" in result.stderr
    (pictures / "a.png").write_bytes(b"")
    result = run(pictures, "--out", out)
    assert result.exit_code == 2
    assert "penumbra: a.png: a.png is empty." in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]


@pytest.mark.parametrize("out", ["out.txt", "nowhere/out.csv"])
def test_a_table_that_cannot_be_written_is_refused_before_the_work(folder, tmp_path, out):
    counted = []
    with pytest.raises((ValueError, OSError), match=r"out\.txt must end|nowhere is not a folder"):
        score_folder(
            folder, tmp_path / out, scorer("ensemble"), 1, lambda *count: counted.append(count)
        )
    assert counted == []


def test_a_spreadsheet_computes_no_file_name(tmp_path):
    pictures, out = tmp_path / "pictures", tmp_path / "out.csv"
    for name in ("=1+1.png", "+a.png", "-b.png", "@c.png"):
        save(pictures / name, scan(0))
    assert run(pictures, "--out", out).exit_code == 0
    assert sorted(pd.read_csv(out)["source"]) == ["'+a.png", "'-b.png", "'=1+1.png", "'@c.png"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_with_control_characters_or_broken_letters_do_no_harm(tmp_path):
    pictures = tmp_path / "pictures"
    save(pictures / "a.png", scan(0))
    whole = (pictures / "a.png").read_bytes()
    (pictures / os.fsdecode(b"\xff.png")).write_bytes(whole)
    (pictures / "x\n\x1b[31m.png").write_bytes(b"")
    for out in (tmp_path / "out.csv", tmp_path / "out.parquet"):
        result = run(pictures, "--out", out)
        assert result.exit_code == 1
        assert "penumbra: x  [31m.png: x [31m.png is empty." in result.stderr
    assert pd.read_parquet(out)["source"].tolist() == ["a.png", r"\xff.png"]


@pytest.mark.parametrize("threads", [1, 4])
def test_the_table_is_the_same_with_any_number_of_threads(folder, tmp_path, threads):
    out = tmp_path / "out.parquet"
    counted = []
    score_folder(folder, out, scorer("article"), threads, lambda *count: counted.append(count))
    assert counted == [(1, 3)] * 3
    score_folder(folder, tmp_path / "one.parquet", scorer("article"), 2)
    pd.testing.assert_frame_equal(pd.read_parquet(out), pd.read_parquet(tmp_path / "one.parquet"))
