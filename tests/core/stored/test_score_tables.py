"""Scores that follow from values are made when they are first read, by whoever is first."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.measures.score_predictions import score_values
from core.measures.table import load_table
from core.stored import folder_writing
from core.stored.folder import NewModel, StudyError, check_study, open_study, write_study
from core.stored.study_zip import pack_study, unpack_study
from tests.core.stored.made_studies import NUM_ITEMS, made_study

ROOT = Path(__file__).resolve().parents[3]
SCORES = "net-1/scores.parquet"
NOBODY = 65_534
HELD_OUT = "held_out/net-1/scores.parquet"


@pytest.fixture
def folder(tmp_path):
    return write_study(made_study(), tmp_path / "studies")


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def expected():
    new = made_study()
    return score_values(new.models[0].values, "logits", new.labels, 1.5)


def test_scores_are_made_when_they_are_first_read_and_then_kept(folder):
    assert not (folder / SCORES).exists() and not (folder / HELD_OUT).exists()
    study = open_study(folder)
    before = names(folder)
    pd.testing.assert_frame_equal(study.model("net-1").scores, expected())
    assert names(folder) == sorted([*before, SCORES])
    pd.testing.assert_frame_equal(load_table(folder / SCORES), expected())
    check_study(folder)
    assert names(folder) == sorted([*before, SCORES, HELD_OUT])


def test_what_no_values_tell_is_written_at_once(folder):
    assert (folder / "top/scores.parquet").is_file()
    assert (folder / "answers/scores.parquet").is_file()
    (folder / "top/scores.parquet").unlink()
    with pytest.raises(StudyError, match=r"top/scores\.parquet is missing"):
        _ = open_study(folder).model("top").scores


@pytest.mark.parametrize("bound", ["_SCORED_LATER", "_MOST_ITEMS"])
def test_many_values_are_scored_when_they_are_opened_and_the_study_is_the_same(
    folder, tmp_path, monkeypatch, bound
):
    monkeypatch.setattr(folder_writing, bound, 0)
    rows = []
    early = write_study(made_study(), tmp_path / "early", progress=lambda n, total: rows.append(n))
    assert (early / SCORES).is_file() and (early / HELD_OUT).is_file()
    assert sum(rows) == 3 * NUM_ITEMS + 7
    found = [open_study(each).model("net-1").scores for each in (early, folder, folder)]
    for table in found:
        pd.testing.assert_frame_equal(table, expected())
    assert (early / SCORES).read_bytes() == (folder / SCORES).read_bytes()


def test_threads_that_read_at_once_get_the_same_and_leave_one_table(folder):
    studies = [open_study(folder) for _ in range(3)]
    models = [study.model("net-1") for study in studies * 3]
    with ThreadPoolExecutor(9) as pool:
        tables = list(pool.map(lambda model: model.scores, models))
    for table in tables:
        pd.testing.assert_frame_equal(table, expected())
    assert [path for path in names(folder) if "scores" in path or "partial" in path] == sorted(
        ["answers/scores.parquet", SCORES, "top/scores.parquet"]
    )


def test_processes_that_read_at_once_leave_one_whole_table(folder):
    script = (
        "import sys; from pathlib import Path; from core.stored.folder import open_study; "
        "print(open_study(Path(sys.argv[1])).model('net-1').scores['margin'].sum())"
    )
    command = [sys.executable, "-c", script, str(folder)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = {process.communicate()[0] for process in running}
    assert all(process.returncode == 0 for process in running)
    assert len(said) == 1
    pd.testing.assert_frame_equal(load_table(folder / SCORES), expected())
    assert not [path for path in names(folder) if "partial" in path]


def test_a_folder_that_may_not_be_written_gives_the_same_scores(folder):
    root, is_root = Path(tempfile.mkdtemp()), os.geteuid() == 0
    copy = shutil.copytree(folder, root / "copy")
    for path in (root, copy, *copy.rglob("*")):
        os.chown(path, NOBODY if is_root else -1, -1)
    (copy / "net-1").chmod(0o500)
    os.seteuid(NOBODY if is_root else os.geteuid())  # root may write everywhere
    try:
        for _ in range(2):
            pd.testing.assert_frame_equal(open_study(copy).model("net-1").scores, expected())
        assert not (copy / SCORES).exists()
    finally:
        os.seteuid(os.getuid())
        (copy / "net-1").chmod(0o700)
        shutil.rmtree(root)


def test_a_study_that_is_gone_says_so_and_is_not_made_anew(folder):
    study = open_study(folder)
    _ = study.model("net-1").values
    shutil.rmtree(folder)
    with pytest.raises(StudyError, match="is missing"):
        _ = study.model("net-1").scores
    assert not folder.exists()


def test_what_a_killed_process_left_goes_after_an_hour(folder):
    old, new = folder / "net-1/.0a.partial", folder / "net-1/.0b.partial"
    for stray in (old, new):
        stray.write_bytes(b"PAR1")
    os.utime(old, (time.time() - 4_000,) * 2)
    _ = open_study(folder).model("net-1").scores
    assert new.exists() and not old.exists()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_cannot_be_measured_is_refused_when_it_is_opened(tmp_path, bad):
    values = np.zeros((1, NUM_ITEMS, 3), np.float32)
    values[0, 20, 1] = bad
    model = NewModel("m", "M", "logits", values=values)
    with pytest.raises(StudyError, match="M cannot be measured: row 20 "):
        write_study(made_study(models=[model], held_out={}), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_study_taken_along_before_anybody_looked_opens_elsewhere(folder, tmp_path):
    pack_study(folder, tmp_path / "study.zip")
    copy = unpack_study(tmp_path / "study.zip", tmp_path / "elsewhere")
    pd.testing.assert_frame_equal(open_study(copy).model("net-1").scores, expected())
