import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from core.stored.folder import StudyError, open_study, write_study
from core.stored.library import Library, studies_root
from core.stored.study_card import NAME
from tests.core.stored.made_studies import content, made_study

PROGRAM = """
import sys, pathlib
from core.stored.library import Library
from tests.core.stored.made_studies import made_study
library = Library(pathlib.Path(sys.argv[1]))
for seed in range(6):
    key = library.add(made_study(seed))
    library.rename(key, f"{sys.argv[2]} {seed}")
    library.list()
    if seed % 2:
        library.delete(key)
    else:
        assert library.load(key).model("net-1").scores is not None
"""


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.delenv("PENUMBRA_UPLOADS", raising=False)
    return Library(tmp_path / "studies")


@pytest.fixture
def bundled(library, tmp_path):
    study = open_study(write_study(made_study(), tmp_path / "bundled", "bundled"))
    library.bundle("bundled", "Comes along", lambda: study)
    return study


def test_an_empty_library_is_an_empty_list_and_makes_no_folder(library):
    assert library.list() == []
    assert not library.root.exists()


def test_a_study_is_listed_with_its_size_models_and_time(library, bundled):
    key = library.add(made_study())
    first, second = library.list()
    assert (first.key, first.title, first.bundled, first.problem) == (
        "bundled", "Comes along", True, "",
    )  # fmt: skip
    assert (second.key, second.title) == (key, "Animals: a study")
    assert second.models == ("Network", "Top one", "Answers")
    assert second.num_bytes == sum(map(len, content(library.root / key).values()))
    assert abs(second.opened - (library.root / key / NAME).stat().st_mtime) < 60
    assert not second.bundled


def test_the_newest_study_comes_first(library):
    keys = [library.add(made_study()) for _ in range(3)]
    assert [entry.key for entry in library.list()] == keys[::-1]


def test_a_study_is_loaded_once_and_again_only_when_it_changes(library, bundled):
    key = library.add(made_study())
    study = library.load(key)
    assert library.load(key) is study
    assert library.load("bundled") is bundled
    library.rename(key, "Other")
    assert library.load(key).title == "Other"


def test_renaming_keeps_key_arrays_and_time(library):
    key = library.add(made_study())
    (before,), files = library.list(), content(library.root / key)
    library.rename(key, "  Other & <b>  ")
    (after,) = library.list()
    assert (after.title, after.key, after.opened) == ("Other & <b>", key, before.opened)
    changed = {name for name, now in content(library.root / key).items() if now != files[name]}
    assert changed == {NAME}
    with pytest.raises(StudyError, match="needs a title"):
        library.rename(key, " ")


def test_a_deleted_study_is_gone_at_once_while_its_arrays_may_be_read_to_the_end(library):
    key = library.add(made_study())
    values = library.load(key).model("net-1").values
    library.delete(key)
    assert library.list() == []
    assert list(library.root.iterdir()) == []
    assert values.tobytes() == made_study().models[0].values.tobytes()
    with pytest.raises(StudyError, match="There is no study 'animals-a-study'; there is none yet"):
        library.load(key)


def test_a_study_goes_out_and_comes_in_as_a_zip(library, tmp_path):
    key = library.add(made_study())
    library.pack(key, tmp_path / "out.zip")
    assert library.unpack(tmp_path / "out.zip") == f"{key}-2"


def test_deleting_a_link_leaves_what_it_points_to(library, tmp_path):
    folder = write_study(made_study(), tmp_path / "elsewhere")
    library.root.mkdir()
    (library.root / "link").symlink_to(folder)
    assert library.load("link").title == made_study().title
    library.delete("link")
    assert open_study(folder).title == made_study().title
    assert list(library.root.iterdir()) == []


@pytest.mark.parametrize("key", ["..", "../studies", "", "/etc", "a/b", "x\0", "none", ".x"])
def test_a_key_from_a_link_never_becomes_a_path(library, bundled, key, tmp_path):
    library.add(made_study())
    everything = content(tmp_path)
    for act in (
        library.load, library.delete, lambda key: library.rename(key, "x"),
        lambda key: library.pack(key, tmp_path / "x.zip"),
    ):  # fmt: skip
        with pytest.raises(StudyError, match="there is bundled, animals-a-study"):
            act(key)
    assert content(tmp_path) == everything


def test_a_folder_that_is_no_study_is_listed_with_its_problem(library):
    good, bad = library.add(made_study()), library.add(made_study())
    (library.root / "notes").mkdir()
    (library.root / "readme.txt").write_text("x")
    (library.root / bad / NAME).write_text("{")
    problems = {entry.key: entry.problem for entry in library.list()}
    assert set(problems) == {good, bad, "notes"}
    assert problems[good] == ""
    assert "cut off" in problems[bad]
    assert "is missing" in problems["notes"]
    library.delete(bad)
    assert {entry.key for entry in library.list()} == {good, "notes"}


def test_what_comes_with_the_program_stays_as_it_is(library, bundled, tmp_path):
    for act in (
        lambda: library.delete("bundled"), lambda: library.rename("bundled", "x"),
        lambda: library.pack("bundled", tmp_path / "x.zip"),
        lambda: library.add(made_study(), "bundled"),
    ):  # fmt: skip
        with pytest.raises(StudyError, match="comes with Penumbra"):
            act()
    assert library.add(made_study(title="Bundled")) == "bundled-2"


@pytest.mark.parametrize("word", ["off", "OFF", "0", "no"])
def test_a_server_without_uploads_changes_nothing(library, monkeypatch, tmp_path, word):
    key = library.add(made_study())
    library.pack(key, tmp_path / "out.zip")
    before = content(library.root)
    monkeypatch.setenv("PENUMBRA_UPLOADS", word)
    for act in (
        lambda: library.add(made_study()), lambda: library.delete(key),
        lambda: library.rename(key, "x"), lambda: library.unpack(tmp_path / "out.zip"),
    ):  # fmt: skip
        with pytest.raises(StudyError, match="prepared studies only"):
            act()
    assert content(library.root) == before
    assert library.load(key).title == made_study().title


def test_the_environment_says_where_studies_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("PENUMBRA_STUDIES", str(tmp_path))
    assert Library().root == tmp_path
    monkeypatch.delenv("PENUMBRA_STUDIES")
    assert studies_root() == Path(__file__).resolve().parents[3] / "studies"


def test_a_known_list_is_given_without_opening_a_file(library, monkeypatch):
    library.add(made_study())
    before = library.list()

    def refuse(*args, **more):
        raise AssertionError("a file was opened")

    monkeypatch.setattr(Path, "open", refuse)
    assert library.list() == before


def test_threads_that_do_everything_at_once_meet_no_half_study(library):
    def work(seed):
        try:
            key = library.add(made_study(seed))
            values = library.load(key).model("net-1").values
            assert (values == made_study(seed).models[0].values).all()
            assert all(entry.problem == "" for entry in library.list() if entry.key == key)
            library.delete(key)
        except (StudyError, AssertionError) as error:
            failures.append(error)

    failures = []
    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert list(library.root.iterdir()) == []


def test_two_processes_do_each_other_no_harm(library):
    command = [sys.executable, "-c", PROGRAM, str(library.root)]
    running = [
        subprocess.Popen([*command, name], stderr=subprocess.PIPE, env=dict(os.environ))
        for name in ("one", "two")
    ]
    errors = [process.communicate()[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], errors
    entries = library.list()
    assert sorted(entry.title for entry in entries) == [
        f"{name} {seed}" for name in ("one", "two") for seed in (0, 2, 4)
    ]
    assert all(entry.problem == "" for entry in entries)
    for entry in entries:
        expected = made_study(int(entry.title[-1])).models[0].values
        assert np.array_equal(library.load(entry.key).model("net-1").values, expected)
