"""Data of any library, by the protocols that libraries share."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from penumbra.arrays import as_array, as_column, as_table, is_table

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = np.arange(6, dtype=np.float32).reshape(3, 2)


class Tensor:
    """As PyTorch's: it must be detached and brought to the processor before NumPy may have it."""

    def __init__(self, values, dtype="torch.float32", detached=False, near=False):
        self._values, self.dtype, self._ready = values, dtype, (detached, near)

    def detach(self):
        return Tensor(self._values, self.dtype, True, self._ready[1])

    def cpu(self):
        return Tensor(self._values, self.dtype, self._ready[0], True)

    def float(self):
        return Tensor(self._values, "torch.float32", *self._ready)

    def numpy(self):
        if self._ready != (True, True):
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        if self.dtype == "torch.bfloat16":
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self._values


class Dlpack:
    """An array that knows DLPack alone."""

    def __init__(self, values):
        self._values = values

    def __dlpack__(self, **options):
        return self._values.__dlpack__(**options)

    def __dlpack_device__(self):
        return self._values.__dlpack_device__()


@pytest.mark.parametrize(
    "given",
    [
        NUMBERS, NUMBERS.tolist(), pd.DataFrame(NUMBERS), pl.DataFrame(NUMBERS),
        Tensor(NUMBERS), Tensor(NUMBERS, "torch.bfloat16"), [Tensor(row) for row in NUMBERS],
        Dlpack(NUMBERS), list(NUMBERS), pl.Series(NUMBERS), pd.Series(list(NUMBERS)),
        pa.FixedSizeListArray.from_arrays(pa.array(NUMBERS.ravel()), 2),
    ],
    ids=lambda given: type(given).__name__,
)  # fmt: skip
def test_numbers_come_out_as_they_went_in(given):
    assert np.array_equal(as_array(given, "probs"), NUMBERS)


def test_an_array_is_shared_and_not_copied():
    assert np.shares_memory(as_array(NUMBERS, "probs"), NUMBERS)
    assert np.shares_memory(as_array(Dlpack(NUMBERS), "probs"), NUMBERS)


@pytest.mark.parametrize(
    "given",
    [[[1, 2], [3]], [object()], np.array([{}], object), np.ma.array([1, 2], mask=[0, 1]), 3, None],
    ids=["ragged", "objects", "dicts", "masked", "a number", "nothing"],
)
def test_what_is_no_array_is_refused_by_name(given):
    with pytest.raises(ValueError, match=r"^probs "):
        as_array(given, "probs")


NAMES = ["cat", None, "dog"]


@pytest.mark.parametrize(
    "given",
    [
        NAMES, pd.Series(NAMES), pd.Series(NAMES, dtype="category"), pl.Series(NAMES),
        pl.Series(NAMES, dtype=pl.Categorical), pa.array(NAMES), pa.chunked_array([NAMES]),
        np.array(NAMES, object),
    ],
    ids=lambda given: f"{type(given).__module__}-{getattr(given, 'dtype', '')}",
)  # fmt: skip
def test_names_keep_their_gaps(given):
    assert as_column(given).to_pylist() == NAMES


@pytest.mark.parametrize(
    "given", [[1.0, float("nan")], np.array([1.0, np.nan]), pd.Series([1, None])]
)
def test_a_number_that_is_none_is_a_gap(given):
    assert as_column(given).to_pylist() == [1, None]


COLUMNS = {"label": [1, 0], "text": ["one", "two"]}


@pytest.mark.parametrize(
    "given", [pd.DataFrame(COLUMNS), pl.DataFrame(COLUMNS), pa.table(COLUMNS)], ids=repr
)
def test_tables_are_told_and_read(given):
    assert is_table(given)
    assert as_table(given, "columns").to_pydict() == COLUMNS


def test_what_is_no_table_is_told():
    assert not any(
        is_table(given) for given in (NUMBERS, [1], pd.Series([1]), pl.Series([1]), None)
    )
    assert as_table(COLUMNS, "columns").to_pydict() == COLUMNS
    with pytest.raises(ValueError, match=r"^columns "):
        as_table(3, "columns")


def test_the_index_of_a_data_frame_comes_along_if_it_says_something():
    frame = pd.DataFrame(COLUMNS, index=["x", "y"])
    assert as_table(frame, "probs").column_names == ["label", "text", "__index_level_0__"]
    assert as_table(frame.reset_index(drop=True), "probs").column_names == ["label", "text"]


def test_importing_loads_the_standard_library_alone():
    script = (
        "import sys; before = set(sys.modules); import penumbra;"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) <= {"penumbra", *sys.stdlib_module_names}
