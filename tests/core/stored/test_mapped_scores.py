import zipfile

import numpy as np
import pandas as pd
import pytest

from core.measures.score_arrays import ScoreArrays
from core.stored import mapped_scores
from core.stored.folder import open_study, write_study
from core.stored.mapped_scores import COLUMNS
from core.stored.score_tables import save_scores
from core.stored.study_zip import pack_study
from core.study.dataset import UNLABELLED
from tests.pages.random_studies import random_study

SIZE = 40


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A study whose table counts as large; some items have no label."""
    monkeypatch.setattr(mapped_scores, "LEAST_ROWS", SIZE)
    labels = np.arange(SIZE) % 3
    labels[::5] = UNLABELLED
    write_study(random_study(num_items=SIZE, num_members=2, labels=labels), tmp_path, "large")
    _ = scores(tmp_path / "large")  # scores it, as nobody looked at it yet
    return tmp_path / "large"


def scores(folder):
    return open_study(folder).models["net"].scores


def parts(folder):
    return sorted((folder / "net" / COLUMNS).glob("*/*.npy"))


def without_columns(folder, monkeypatch):
    with monkeypatch.context() as small:
        small.setattr(mapped_scores, "LEAST_ROWS", SIZE + 1)
        return scores(folder)


def is_mapped(table):
    values = table["confidence"].to_numpy()
    while isinstance(values, np.ndarray) and not isinstance(values, np.memmap):
        values = values.base
    return isinstance(values, np.memmap)


def test_a_large_table_lies_on_disk_and_is_the_table_of_its_file(folder, monkeypatch):
    plain, mapped = without_columns(folder, monkeypatch), scores(folder)
    assert is_mapped(mapped)
    assert not is_mapped(plain)
    pd.testing.assert_frame_equal(mapped, plain, check_index_type=False)
    arrays, wanted = ScoreArrays(mapped), ScoreArrays(plain)
    np.testing.assert_array_equal(arrays.label, wanted.label)
    np.testing.assert_array_equal(arrays.correct, wanted.correct)
    assert arrays.order("margin").tolist() == wanted.order("margin").tolist()


@pytest.mark.parametrize("fault", ["cut", "missing", "of another length", "of another class"])
def test_columns_that_are_damaged_are_left_and_written_anew(folder, monkeypatch, fault):
    wanted = without_columns(folder, monkeypatch)
    path = next(path for path in parts(folder) if path.stem == "prediction")
    if fault == "cut":
        path.write_bytes(path.read_bytes()[:-5])
    elif fault == "missing":
        path.unlink()
    else:
        odd = np.zeros(SIZE + 1, np.int16) if "length" in fault else np.full(SIZE, 99, np.int16)
        np.save(path, odd)
    pd.testing.assert_frame_equal(scores(folder), wanted, check_index_type=False)
    assert is_mapped(scores(folder))


def test_another_tables_columns_are_not_taken(folder, monkeypatch):
    path = folder / "net" / "scores.parquet"
    table = without_columns(folder, monkeypatch)
    table["margin"] = np.float32(0.5)
    mapped_scores_before = parts(folder)
    save_scores(table, path)
    assert (scores(folder)["margin"] == 0.5).all()
    assert not set(mapped_scores_before) & set(parts(folder))


def test_a_folder_that_cannot_be_written_does_without(folder, monkeypatch):
    wanted = without_columns(folder, monkeypatch)
    for path in parts(folder):
        path.unlink()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mapped_scores, "write_array", full)
    pd.testing.assert_frame_equal(scores(folder), wanted)
    assert [path.name for path in (folder / "net").iterdir() if path.suffix == ".partial"] == []


def test_columns_stay_at_home_and_a_name_of_elsewhere_is_no_file(folder, tmp_path, monkeypatch):
    pack_study(folder, tmp_path / "study.zip")
    with zipfile.ZipFile(tmp_path / "study.zip") as packed:
        assert not [name for name in packed.namelist() if COLUMNS in name]
    table = without_columns(folder, monkeypatch).assign(**{"../../escaped": 1.0})
    mapped_scores.keep_columns(table, folder / "net" / "scores.parquet")
    assert not list(tmp_path.rglob("escaped*"))
