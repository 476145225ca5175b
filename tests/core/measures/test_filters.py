import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measures.filters import Filter
from core.measures.filters import confusions as confusions_of
from core.measures.score_arrays import ScoreArrays
from core.measures.score_predictions import score_answers
from core.measures.selection import Selection
from core.measures.table import build_table
from core.study.dataset import UNLABELLED
from examples.mnist_artifacts import load_artifacts
from tests.core.measures.filtered import filtered as apply
from tests.core.measures.filtered import filtered_by_pandas


@pytest.fixture(scope="module")
def scores():
    return load_artifacts("article").scores


def confusions(table):
    return confusions_of(Selection(ScoreArrays(table)))


def test_the_default_keeps_every_row(scores):
    assert apply(scores, Filter()).equals(scores)


def test_a_range_of_values_keeps_its_ends(scores):
    low, high = scores["margin"].quantile([0.1, 0.4])
    shown = apply(scores, Filter(measure="margin", low=low, high=high))
    assert shown.equals(scores[scores["margin"].between(low, high)])


def test_a_reversed_range_is_turned_round(scores):
    forward = apply(scores, Filter(low=0.2, high=0.9))
    assert len(forward) > 0
    assert apply(scores, Filter(low=0.9, high=0.2)).equals(forward)


def test_percentiles_keep_their_share_under_every_other_condition(scores):
    wanted = Filter(measure="predictive_entropy", low=98, by_percentile=True)
    shown = apply(scores, wanted)
    assert len(shown) == pytest.approx(0.02 * len(scores), abs=2)
    fours = apply(scores, Filter("predictive_entropy", low=98, by_percentile=True, labels=(4,)))
    assert fours.index.isin(shown.index).all()


@pytest.mark.parametrize("measure", ["confidence", "predictive_entropy"])
def test_the_n_least_sure_are_the_least_sure_whichever_way_the_measure_points(scores, measure):
    shown = apply(scores, Filter(measure=measure, most=25))
    assert len(shown) == 25
    rest = scores.drop(shown.index)
    if measure == "confidence":
        assert shown[measure].max() <= rest[measure].min()
    else:
        assert shown[measure].min() >= rest[measure].max()


def test_more_than_there_are_keeps_all_and_ties_go_by_index():
    table = pd.DataFrame({"confidence": [0.5, 0.5, 0.5], "correct": True, "label": 1})
    table["prediction"] = 1
    assert apply(table, Filter(most=9)).index.tolist() == [0, 1, 2]
    assert apply(table, Filter(most=2)).index.tolist() == [0, 1]


def test_one_confusion_keeps_that_confusion(scores):
    (label, prediction), count = next(iter(confusions(scores).items()))
    shown = apply(scores, Filter(pair=(label, prediction)))
    assert len(shown) == count
    assert set(shown["label"]) == {label}
    assert set(shown["prediction"]) == {prediction}


def test_confusions_count_every_mistake_once(scores):
    assert confusions(scores).sum() == (~scores["correct"]).sum()
    assert len(apply(scores, Filter(only_mistakes=True))) == confusions(scores).sum()


def test_conditions_all_hold(scores):
    shown = apply(scores, Filter(labels=(4, 9), predictions=(9,), only_mistakes=True, most=3))
    assert set(shown["label"]) == {4}
    assert len(shown) <= 3


def test_rows_without_a_label_are_no_mistakes(scores):
    unknown = scores.assign(label=pd.NA, correct=pd.array([pd.NA] * len(scores), dtype="boolean"))
    assert apply(unknown, Filter(only_mistakes=True)).empty
    assert apply(unknown, Filter(labels=(4,))).empty
    assert apply(unknown, Filter(pair=(4, 9))).empty


def test_nothing_may_be_left(scores):
    assert apply(scores, Filter(low=2.0)).empty
    assert len(Selection(ScoreArrays(scores.iloc[:0])).order("margin")) == 0


def test_answers_alone_can_be_filtered_by_class_and_keep_their_order():
    answers = score_answers(np.array([1, 0, 1, 2]), 3, np.array([1, 1, 0, 2]))
    assert apply(answers, Filter(only_mistakes=True)).index.tolist() == [1, 2]
    assert apply(answers, Filter(predictions=(1,), most=1)).index.tolist() == [0]
    assert Selection(ScoreArrays(answers)).order("confidence").tolist() == [0, 1, 2, 3]


def test_confusions_are_counted_the_most_frequent_first_and_ties_by_class():
    labels, prediction = np.array([3, 3, 0, 0, 2, 1, UNLABELLED]), np.array([1, 1, 2, 1, 2, 0, 0])
    counts = confusions(score_answers(prediction, 4, labels))
    assert list(counts.items()) == [((3, 1), 2), ((0, 1), 1), ((0, 2), 1), ((1, 0), 1)]
    assert confusions(score_answers(labels[:3], 4, labels[:3])).empty


MEASURED = st.sampled_from([0.0, -0.0, 0.25, 0.5, 0.5000001, 0.75, 1.0, np.nan, np.inf, -np.inf])
PERCENT = st.one_of(st.none(), st.integers(0, 100), st.floats(0, 100))


@st.composite
def tables(draw):
    """Small score tables with ties, missing values and missing labels."""
    size = draw(st.integers(1, 30))
    columns = {
        name: draw(st.lists(MEASURED, min_size=size, max_size=size))
        for name in ("confidence", "predictive_entropy")
    }
    codes = st.lists(st.integers(-1, 2), min_size=size, max_size=size)
    labels = np.array(draw(codes))
    prediction = np.abs(np.array(draw(codes)))
    measures = {name: np.array(values, np.float32) for name, values in columns.items()}
    return build_table({"prediction": prediction, **measures}, labels)


@given(
    tables(),
    st.sampled_from(["confidence", "predictive_entropy"]),
    PERCENT,
    PERCENT,
    st.booleans(),
    st.one_of(st.none(), st.integers(1, 31)),
    st.sampled_from([{}, {"labels": (0, 2)}, {"only_mistakes": True}, {"pair": (0, 1)}]),
)
def test_a_filter_keeps_what_pandas_ranks_and_comparisons_keep(
    table, measure, low, high, by_percentile, most, more
):
    scale = 1 if by_percentile else 0.01
    low, high = (None if end is None else float(end) * scale for end in (low, high))
    wanted = Filter(measure, low, high, by_percentile, most, **more)
    pd.testing.assert_frame_equal(apply(table, wanted), filtered_by_pandas(table, wanted))


@given(tables(), st.sampled_from(["confidence", "predictive_entropy"]), st.booleans())
def test_an_order_is_a_stable_sort_and_is_kept(table, measure, rising):
    arrays = ScoreArrays(table)
    wanted = table.sort_values(measure, ascending=measure == "confidence", kind="stable").index
    order = arrays.order(measure)
    assert order.tolist() == wanted.tolist()
    assert arrays.order(measure) is order
    assert arrays.place(measure)[order].tolist() == list(range(len(table)))
    part = Selection(arrays, np.arange(0, len(table), 2))
    assert part.order(measure).tolist() == [row for row in wanted if row % 2 == 0]
    assert part.order(measure) is part.order(measure)


@given(tables())
def test_what_is_said_of_a_selection_is_what_pandas_says(table):
    arrays = ScoreArrays(table)
    part = Selection(arrays, np.arange(0, len(table), 2, dtype=np.int32))
    rows = table.iloc[::2]
    known = rows["correct"].dropna()
    wanted = known.mean() if len(known) else np.nan
    assert part.accuracy() == pytest.approx(wanted, nan_ok=True)
    assert part.accuracy(arrays) == pytest.approx(wanted, nan_ok=True)
    values = rows["confidence"].astype(float)
    with np.errstate(invalid="ignore"):
        assert part.mean("confidence") == pytest.approx(values.mean(), nan_ok=True)
        assert part.median("confidence") == pytest.approx(values.median(), nan_ok=True)
    assert [part.holds(row) for row in range(-1, len(table) + 1)] == [
        0 <= row < len(table) and row % 2 == 0 for row in range(-1, len(table) + 1)
    ]
    ranks = table["confidence"].rank(method="max", pct=True) * 100
    for row in ranks.index[ranks.notna()]:
        assert arrays.percentile("confidence", row) == pytest.approx(ranks[row])


def test_the_order_of_float64_values_is_stable_too():
    table = pd.DataFrame({"confidence": [0.5, 0.1 + 1e-12, 0.1, 0.5]})
    assert ScoreArrays(table).order("confidence").tolist() == [2, 1, 0, 3]


@pytest.mark.parametrize(
    ("wanted", "keeps_all"),
    [
        (Filter(), True),
        (Filter("margin", by_percentile=True), True),
        (Filter(low=0.0), False),
        (Filter(high=1.0), False),
        (Filter(most=3), False),
        (Filter(labels=(0,)), False),
        (Filter(predictions=(0,)), False),
        (Filter(only_mistakes=True), False),
        (Filter(pair=(0, 1)), False),
    ],
)
def test_a_filter_without_a_condition_keeps_all(wanted, keeps_all):
    assert wanted.keeps_all == keeps_all
