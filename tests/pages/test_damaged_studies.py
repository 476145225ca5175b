"""Every file of a study, damaged, under every page: a sentence or the page, never a traceback.

Each file and page meet one damage of the file's kind here, another one at each pair;
`python -m bench.damaged` runs all of them.
"""

import shutil

import pytest
import streamlit as st

from core.networks.network_model import load_model
from core.stored.folder import check_study
from core.study.study_error import StudyError
from tests.damages import ANY, damages
from tests.pages.any_study import PAGES, ROOT, opened, said
from tests.whole_study import files_of, write_whole_study
from ui.studies import LIBRARY

FILES = (
    "study.json", "items.parquet", "label_shares.npy", "num_people.npy", "pictures.npy",
    "net/values.npy", "net/features.npy", "net/map.npy", "net/scores.parquet",
    "net/network/0.onnx", "net/network/network.json", "top/scores.parquet",
    "held_out/net/values.npy", "held_out/net/labels.npy", "held_out/net/scores.parquet",
)  # fmt: skip
SHOWN = [page for page in PAGES if page != "glossary"]


MOST = 40
"""Damages of a file that are done here; a table's columns have hundreds."""


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """Networks are looked at without a process of their own for each."""
    monkeypatch.setattr("core.networks.own_network.first_contact", load_model)
    monkeypatch.setattr("core.stored.stored_networks.first_contact", load_model)


def some(kinds):
    """What can happen to any file, and of the rest as many as there is time for."""
    found = list(kinds.items())
    always, rest = found[: len(ANY)], found[len(ANY) :]
    return always + rest[:: -(-len(rest) // MOST)] if rest else always


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = write_whole_study(ROOT, tmp_path_factory.mktemp("network"))
    kept = shutil.copytree(folder, tmp_path_factory.mktemp("kept") / "whole")
    yield folder, kept
    shutil.rmtree(folder)


@pytest.fixture
def mended(whole, own_decisions):
    """The study as it was written; what a test does to it is undone."""
    folder, kept = whole
    yield folder
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)
    forget()


def forget():
    LIBRARY._open.clear()
    LIBRARY._entries.clear()
    st.cache_resource.clear()
    st.cache_data.clear()


def test_the_table_knows_every_file(whole):
    folder, _ = whole
    assert [path.relative_to(folder).as_posix() for path in files_of(folder)] == sorted(FILES)


@pytest.mark.parametrize("file", FILES)
def test_no_damage_to_a_file_gives_more_than_a_sentence_where_all_is_read(file, mended):
    path = mended / file
    whole = path.read_bytes()
    for name, harm in some(damages(path)):
        harm(path)
        try:
            check_study(mended)
        except StudyError as error:
            assert "\n" not in str(error), name
        except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError) as error:
            pytest.fail(f"{name}: {error!r}")
        if path.is_dir():
            path.rmdir()
        path.write_bytes(whole)


@pytest.mark.parametrize("file", FILES)
def test_no_page_shows_a_traceback_of_a_damaged_file(file, mended, caplog):
    path = mended / file
    whole, kinds = path.read_bytes(), list(damages(path).items())
    for number, page in enumerate(SHOWN):
        name, harm = kinds[(5 * number + len(file)) % len(kinds)]
        harm(path)
        forget()
        at = opened(page, "whole")  # which fails where an exception is shown
        assert at.error or said(at), (page, name)
        if path.is_dir():
            path.rmdir()
        path.write_bytes(whole)
    assert "Traceback" not in caplog.text and "Uncaught" not in caplog.text
