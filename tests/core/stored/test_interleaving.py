"""Two processes in one folder of studies: the other comes in before any one file system call."""

import os
import shutil

import pytest

from core.stored.folder import open_study, write_study
from core.stored.library import Library
from core.stored.study_card import NAME
from core.study.write_aside import remove_folder, rename_folder
from tests.core.stored.interleaved import interleavings
from tests.core.stored.made_studies import made_study

SCORES, HALF = "net-1/scores.parquet", "net-1/.1111.partial"


@pytest.fixture(autouse=True)
def memory_only(monkeypatch):
    """What reaches the disk, and when, is all the same to other processes."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def small_study(seed=0):
    """Of few files: each is one more moment at which to come in between."""
    few = {"items": None, "text": None, "held_out": {}, "label_shares": None, "num_people": None}
    return made_study(seed, models=made_study(seed).models[:1], **few)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_study(small_study(), tmp_path_factory.mktemp("studies"), "written")


@pytest.fixture(scope="module")
def scores(written):
    """The table that whoever looks at the study first makes of its values."""
    copy = shutil.copytree(written, written.parent / "scored")
    assert open_study(copy).model("net-1").scores is not None
    return (copy / SCORES).read_bytes()


@pytest.fixture
def root(tmp_path):
    return tmp_path / "studies"


@pytest.fixture
def begin(root, written, scores):
    """Lays out the studies anew: ours, two of the other process, and one that it still writes."""

    def lay_out():
        shutil.rmtree(root, ignore_errors=True)
        for name in ("ours", "going", "staying", ".0000.partial"):
            shutil.copytree(written, root / name, copy_function=os.link)
        (root / "staying" / HALF).write_bytes(scores)
        return Library(root)

    return lay_out


@pytest.fixture
def meanwhile(root):
    """The other process ends its writing, deletes one study and writes to another."""

    def do():
        rename_folder(root / ".0000.partial", root / "animals-a-study")
        remove_folder(root / "going")
        Library(root).rename("staying", "Renamed")
        os.replace(root / "staying" / HALF, root / "staying" / SCORES)

    return do


def add(library):
    key = library.add(small_study(1))
    expected = small_study(1).models[0].values
    assert (library.load(key).model("net-1").values == expected).all()
    assert key in {"animals-a-study", "animals-a-study-2"}


def list_all(library):
    entries = {entry.key: entry for entry in library.list()}
    assert all(entry.problem == "" for entry in entries.values())
    assert entries.keys() >= {"ours", "staying"}
    assert entries["staying"].title in {"Animals: a study", "Renamed"}


def load(library):
    assert library.load("ours").model("net-1").scores is not None
    assert library.load("staying").model("net-1").scores is not None


def rename(library):
    library.rename("ours", "Another title")
    assert library.load("ours").title == "Another title"


def delete(library):
    library.delete("ours")
    assert not (library.root / "ours").exists()


def pack(library):
    library.pack("staying", library.root.parent / "packed.zip")
    library.unpack(library.root.parent / "packed.zip")


@pytest.mark.parametrize("act", [add, list_all, load, rename, delete, pack])
def test_whatever_another_process_does_in_between_nothing_fails_and_nothing_is_lost(
    act, root, begin, meanwhile
):
    for turn in interleavings(root, meanwhile):
        library = begin()
        with turn as calls:
            act(library)
        assert (root / "staying" / NAME).is_file(), calls[-1]


def test_a_name_that_becomes_free_in_between_is_taken_or_left(root):
    for turn in interleavings(root, lambda: remove_folder(root / "target")):
        shutil.rmtree(root, ignore_errors=True)
        for name in ("new", "target"):
            (root / name / "full").mkdir(parents=True)
        with turn:
            renamed = rename_folder(root / "new", root / "target")
        assert (root / "new").exists() == (not renamed)
