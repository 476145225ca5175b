"""Pages of a mapped file: given back when they were read, and never when they might be lost."""

from pathlib import Path

import numpy as np
import pytest

from core.study import mapped_pages
from core.study.mapped_pages import release_pages

NUM_VALUES = 8_000_000  # 32 MB


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "values.npy"
    np.save(path, np.ones(NUM_VALUES, np.float32))
    return path


def megabytes_of_files():
    """What this process has mapped of files and looked at."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssFile")) / 1_000


def test_a_large_mapped_file_takes_no_memory_once_its_pages_are_released(file):
    values = np.load(file, mmap_mode="r")
    before = megabytes_of_files()
    assert values.sum() == NUM_VALUES
    assert megabytes_of_files() > before + 25
    release_pages(values[1:].reshape(-1, 1)[5:])  # as well through a view of a view
    assert megabytes_of_files() < before + 5
    assert values.sum() == NUM_VALUES


def test_a_small_mapped_file_stays(file, monkeypatch):
    monkeypatch.setattr(mapped_pages, "FEW_BYTES", 5 * NUM_VALUES)
    values = np.load(file, mmap_mode="r")
    values.sum()
    before = megabytes_of_files()
    release_pages(values)
    assert megabytes_of_files() > before - 5


@pytest.mark.parametrize("mode", ["c", "r+", None])
def test_what_was_written_to_an_array_is_kept(file, mode):
    values = np.load(file, mmap_mode=mode)
    values[-1] = 7
    release_pages(values[-10:])
    assert values[-1] == 7
    shown = values.view()
    shown.flags.writeable = False
    release_pages(shown)
    assert values[-1] == 7
