import pandas as pd

from core.review.by_row import by_row
from core.study.ids import NamedIds, RowIds


def decided(*items):
    frame = pd.DataFrame({"decision": "keep", "reviewer": range(len(items))}, index=[*items])
    return frame.rename_axis("item")


def test_decisions_come_by_row_in_their_order_and_each_reviewers_own():
    found = by_row(decided("c", "a", "c"), NamedIds(["a", "b", "c"]))
    assert found.current.index.tolist() == [2, 0, 2]
    assert found.current["reviewer"].tolist() == [0, 1, 2]
    assert found.num_unknown == 0


def test_what_no_item_is_called_is_counted_and_left_out():
    found = by_row(decided("1", "01", "3", "x"), RowIds(3))
    assert found.current.index.tolist() == [1]
    assert found.num_unknown == 3


def test_nothing_decided_is_nothing_by_row():
    found = by_row(decided(), RowIds(3))
    assert found.current.empty
    assert found.current.index.dtype == "int64"
    assert found.num_unknown == 0
