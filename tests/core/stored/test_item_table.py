import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.stored.folder import NewModel, NewStudy, StudyError, open_study, write_study
from core.stored.item_table import ItemTable
from core.stored.item_writing import own_names, write_items
from tests.core.stored.made_studies import NUM_ITEMS, made_study

MANY = 2_000


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("items") / "items.parquet"
    columns = pa.table({"n": range(MANY), "raw": [bytes([n % 256]) * 1_000 for n in range(MANY)]})
    write_items(path, MANY, None, np.arange(MANY) % 5 - 1, columns, "raw")
    return path


def test_rows_lie_in_groups_of_about_a_million_bytes_and_pictures_are_not_compressed(path):
    found = pq.ParquetFile(path).metadata
    rows = {found.row_group(group).num_rows for group in range(found.num_row_groups)}
    assert 800 <= max(rows) <= 1_000
    raw = found.row_group(0).column(1)
    assert (raw.path_in_schema, raw.compression) == ("raw", "UNCOMPRESSED")


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.integers(0, MANY - 1), max_size=30))
def test_rows_come_in_the_order_they_are_asked_for_and_as_often(path, rows):
    found = ItemTable(path, MANY, ["n"]).take(rows)
    assert found["n"].tolist() == rows
    assert found.index.tolist() == rows


def test_only_the_row_groups_that_are_needed_are_read(path, tmp_path):
    content = bytearray(path.read_bytes())
    second = pq.ParquetFile(path).metadata.row_group(1)
    for column in range(second.num_columns):
        start = second.column(column).data_page_offset
        content[start : start + 40] = b"\xff" * 40
    broken = tmp_path / "items.parquet"
    broken.write_bytes(content)
    first = pq.ParquetFile(path).metadata.row_group(0).num_rows
    table = ItemTable(broken, MANY, ["n"])
    assert table.take([first - 1, 0])["n"].tolist() == [first - 1, 0]
    with pytest.raises(StudyError, match="cut off, damaged"):
        table.take([first])


@pytest.mark.parametrize("row", [-1, MANY])
def test_a_row_that_is_not_there_is_refused(path, row):
    with pytest.raises(IndexError):
        ItemTable(path, MANY, ["n"]).take([row])


def test_labels_that_are_not_known_come_back_as_such(path):
    assert ItemTable(path, MANY).labels(4).tolist() == (np.arange(MANY) % 5 - 1).tolist()
    with pytest.raises(StudyError, match="none of 3 classes"):
        ItemTable(path, MANY).labels(3)


def test_another_number_of_rows_is_refused(path):
    with pytest.raises(StudyError, match=f"holds {MANY} rows and not 7"):
        ItemTable(path, 7)


def test_columns_that_are_called_as_ours_keep_their_values_under_another_name(tmp_path):
    values = pa.array(range(NUM_ITEMS))
    items = pa.table({"id": values, "label": values, "label (given)": values})
    study = open_study(write_study(made_study(items=items, text=None), tmp_path))
    names = ("id (given)", "label (given) (given)", "label (given)")
    assert study.dataset.details.names == names
    assert study.dataset.details.take([4]).to_numpy().tolist() == [[4, 4, 4]]
    assert study.dataset.ids[4] == "id-4"


def test_own_names_are_unique():
    names = ["id", "id (given)", "x"]
    assert len(set(own_names(names).values())) == len(names)


def test_columns_that_parquet_cannot_hold_are_refused_and_leave_nothing(tmp_path):
    strange = pa.array([{}] * NUM_ITEMS, pa.struct([]))
    with pytest.raises(StudyError, match="columns cannot be stored"):
        write_study(made_study(items=pa.table({"a": strange}), text=None), tmp_path)
    assert not list(tmp_path.iterdir())


COLUMNS = {
    "categories": pa.array([f"v{n % 7}" for n in range(MANY)]).dictionary_encode(),
    "views": pa.array([str(n) for n in range(MANY)], pa.string_view()),
    "lists": pa.array([[n, n + 1] for n in range(MANY)]),
    "structs": pa.array([{"a": {"b": n}} for n in range(MANY)]),
    "nothing": pa.nulls(MANY),
    "flags": pa.array([True, None] * (MANY // 2)),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_columns_of_many_kinds_come_back_across_row_groups(tmp_path, kind):
    wide = pa.array([b"x" * 2_000] * MANY)  # makes several row groups
    columns = pa.table({"given": COLUMNS[kind], "wide": wide})
    write_items(tmp_path / "items.parquet", MANY, None, None, columns, "wide")
    rows = [MANY - 1, 3, MANY // 2, 3]
    found = ItemTable(tmp_path / "items.parquet", MANY).read(["given"], np.array(rows))
    assert found["given"].to_pylist() == [COLUMNS[kind][row].as_py() for row in rows]


def test_items_with_nothing_but_a_prediction_have_no_details(tmp_path):
    model = NewModel("m", "M", tier="answers", prediction=np.array([0, 1]))
    dataset = open_study(write_study(NewStudy("T", ["a", "b"], [model]), tmp_path)).dataset
    assert (dataset.details, dataset.labels, dataset.images) == (None, None, None)
    assert dataset.ids.take([1]) == ["1"]
