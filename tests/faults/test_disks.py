"""A disk that is full or read only: a sentence, nothing lost, nothing half written."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.review.database import StoreError, open_engine
from core.review.decision_schema import open_store
from core.review.decisions import append, load_log
from core.stored.folder import check_study, open_study, write_study
from core.stored.kept_answers import kept
from core.stored.library import Library
from core.stored.study_zip import pack_study
from core.study.study_error import StudyError
from core.upkeep.backup import save_backup
from tests.core.review.test_database import HASH, decision
from tests.core.stored.made_studies import content, made_study
from tests.pages.any_study import APP
from tests.patience import SECONDS

ROOT = Path(__file__).parents[2]


def items(engine):
    return load_log(engine, HASH)["item"].astype(int).tolist()


@pytest.fixture
def log(disk):
    engine = open_engine(f"sqlite:///{disk.folder / 'decisions.sqlite'}")
    open_store(engine)
    append(engine, decision(0))
    yield engine
    engine.dispose()


def test_decisions_on_a_full_disk_are_refused_and_taken_once_there_is_room(disk, log):
    disk.fill()
    waiting, number = decision(1), 1
    with pytest.raises(StoreError, match=r"disk is full"):
        for number in range(1, 1_000):  # what the file had left is used first
            waiting = decision(number)
            append(log, waiting)
    assert items(log) == list(range(number))
    disk.free()
    append(log, waiting)
    assert items(log) == list(range(number + 1))


def test_decisions_on_a_disk_gone_read_only_are_refused_and_taken_afterwards(disk, log):
    log.dispose()  # no disk becomes read only under files that are open for writing
    disk.read_only()
    for attempt in (lambda: append(log, decision(1)), lambda: items(log)):
        with pytest.raises(StoreError, match=r"may not be written to|read-only"):
            attempt()
    disk.writable()
    append(log, decision(1))
    assert items(log) == [0, 1]


def test_the_page_says_that_the_disk_is_full_and_keeps_the_decision(disk, monkeypatch):
    monkeypatch.setenv("PENUMBRA_DECISIONS", f"sqlite:///{disk.folder / 'decisions.sqlite'}")
    at = AppTest.from_file(str(APP), default_timeout=SECONDS)
    at.query_params["model"], at.query_params["reviewer"] = "article", "Ada"
    at.switch_page("pages/audit.py").run()
    disk.fill()
    while not at.error:
        assert not at.button(key="keep").click().run().exception
    assert "disk is full" in at.error[0].value and "1 not saved yet" in at.error[0].value
    settled = at.metric[0].value
    disk.free()
    at.button(key="retry").click().run()
    assert not at.error and not at.exception
    assert int(at.metric[0].value.split()[0]) == int(settled.split()[0]) + 1
    st.cache_resource.clear()


@pytest.mark.parametrize("state", ["fill", "read_only"])
def test_a_study_that_finds_no_room_is_refused_whole(disk, state):
    root = disk.folder / "studies"
    there = write_study(made_study(), root, "there")
    check_study(there)
    before = content(there)
    getattr(disk, state)()
    with pytest.raises(
        StudyError, match=r"cannot be written: No space|may not be written|Read-only"
    ):
        write_study(made_study(), root, "new")
    assert [path.name for path in root.iterdir()] == ["there"]
    assert [entry.key for entry in Library(root).list()] == ["there"]
    check_study(there)
    assert content(there) == before
    with pytest.raises(StudyError, match="written"):
        Library(root).rename("there", "Another title")
    assert open_study(there).title == made_study().title


@pytest.mark.parametrize("state", ["fill", "read_only"])
def test_an_answer_that_cannot_be_kept_is_given_all_the_same(disk, state):
    getattr(disk, state)()
    numbers = np.arange(100_000.0)
    for _ in range(2):
        found = kept(disk.folder, "answer", "1", (), lambda: numbers)
        assert np.array_equal(found, numbers)
    left = [path for path in disk.folder.rglob("*answer*") if path.is_file()]
    assert not sum(path.stat().st_size for path in left), "an empty lock may stay"


@pytest.mark.parametrize("state", ["fill", "read_only"])
def test_a_zip_and_a_backup_appear_whole_or_not_at_all(disk, tmp_path, sqlite_url, state):
    root = tmp_path / "studies"
    folder = write_study(made_study(), root, "one")
    engine = open_engine(sqlite_url)
    getattr(disk, state)()
    with pytest.raises((StudyError, OSError)):
        pack_study(folder, disk.folder / "one.zip")
    with pytest.raises((StudyError, OSError)):
        save_backup(engine, root, disk.folder / "all.zip", lambda done, total: None)
    engine.dispose()
    assert not [path for path in disk.folder.iterdir() if path.name != "filler"]
    buffer = io.BytesIO()
    pack_study(folder, buffer)  # the study itself is as it was
    assert buffer.getvalue()[:2] == b"PK"


def test_a_command_says_in_a_line_that_its_table_finds_no_room(disk):
    disk.fill()
    command = [sys.executable, "cli.py", "audit", "--model", "article", "--out"]
    found = subprocess.run(
        [*command, disk.folder / "labels.csv"], cwd=ROOT, env=os.environ, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert found.returncode == 2
    assert "No space left" in found.stderr and "Traceback" not in found.stderr
    assert not (disk.folder / "labels.csv").exists()
