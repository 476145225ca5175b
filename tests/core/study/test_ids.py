"""What names an item: found by its id, alone or with many, whatever a link may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.study.ids import NamedIds, RowIds

NAMES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6), unique=True, max_size=30
)


@given(NAMES, st.lists(st.text(max_size=6), max_size=30))
def test_each_name_is_found_on_its_row_and_nothing_else_is(names, others):
    ids, rows = NamedIds(names), {name: row for row, name in enumerate(names)}
    asked = [*names, *others, *names[:3]]
    assert ids.rows(asked) == [ids.row(one) for one in asked] == [rows.get(one) for one in asked]


@pytest.mark.parametrize("ids", [RowIds(3), NamedIds(["0", "1", "2"])])
def test_rows_and_names_answer_alike(ids):
    asked = ["2", "07", "3", "", "\ud800", "0", "two"]
    assert ids.rows(asked) == [2, None, None, None, None, 0, None]
    assert ids.rows([]) == []


def test_an_id_that_is_there_twice_is_named_with_its_rows():
    with pytest.raises(ValueError, match="'b' is on row 1 and on row 3"):
        NamedIds(["a", "b", "c", "b"])
