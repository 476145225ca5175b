import numpy as np
import pandas as pd
import pytest

from core.stress.subject import subject_of
from core.stress.table import cells_in_all, load_stress_table, make_table
from examples.mnist import load_study


class Killed(BaseException):
    """As sudden as a signal."""


@pytest.fixture(scope="module")
def subject():
    return subject_of(load_study(), "article", sample=8, threads=1)


@pytest.fixture(scope="module")
def undisturbed(subject, tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "table.parquet"
    return make_table(subject, out), out


def test_a_table_holds_every_kind_at_every_severity_and_is_read_back(undisturbed):
    table, out = undisturbed
    assert list(zip(table["kind"], table["severity"], strict=True)) == cells_in_all()
    assert len(table) == 76 and (table["num_items"] == 8).all()
    pd.testing.assert_frame_equal(load_stress_table(out), table)
    assert [path.name for path in out.parent.iterdir()] == ["table.parquet"]


def test_a_run_killed_ten_times_gives_the_table_of_an_undisturbed_one(
    subject, undisturbed, tmp_path
):
    out, rng, lost = tmp_path / "table.parquet", np.random.default_rng(7), []
    for _ in range(10):
        left = int(rng.integers(1, 12))
        made = []

        def advance(items, total, left=left, made=made):
            made.append(items)
            if len(made) > left:
                raise Killed

        with pytest.raises(Killed):
            make_table(subject, out, advance)
        assert not out.exists()
        lost.append(len(made))
    pd.testing.assert_frame_equal(make_table(subject, out), undisturbed[0])
    assert [path.name for path in tmp_path.iterdir()] == ["table.parquet"]


def test_a_resumed_run_makes_only_what_is_missing(subject, tmp_path):
    out, made = tmp_path / "table.parquet", []

    def until_third(items, total):
        made.append(items)
        if len(made) == 3:
            raise Killed

    with pytest.raises(Killed):
        make_table(subject, out, until_third)
    made.clear()
    make_table(subject, out, lambda items, total: made.append(items))
    assert made == [2 * 8] + [8] * 74  # two cells were on disk


def test_what_was_begun_for_others_is_refused_by_name(subject, tmp_path):
    out = tmp_path / "table.parquet"
    with pytest.raises(Killed):
        make_table(subject, out, stop_after(2))
    other = subject_of(load_study(), "article", sample=9, threads=1)
    with pytest.raises(ValueError, match="begun for another model, data set or version"):
        make_table(other, out)


def stop_after(calls):
    made = []

    def advance(items, total):
        made.append(items)
        if len(made) >= calls:
            raise Killed

    return advance


def test_a_file_that_is_no_table_or_lacks_cells_is_refused(undisturbed, tmp_path):
    foreign = tmp_path / "foreign.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(foreign)
    with pytest.raises(ValueError, match="is no stress table"):
        load_stress_table(foreign)
    foreign.write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="is no stress table"):
        load_stress_table(foreign)
    undisturbed[0].iloc[:70].to_parquet(foreign)
    with pytest.raises(ValueError, match="lacks 6 cells"):
        load_stress_table(foreign)
