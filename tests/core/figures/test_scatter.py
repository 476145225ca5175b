import numpy as np
import pandas as pd
import pytest

from core.figures.confusion import confusion_figure, count_pairs
from core.figures.item_probs import bars_shown, describe_probs, probs_figure
from core.figures.point_traces import NUM_COLOURS, classes_shown
from core.figures.positions import FLOOR, JITTER, View, positions
from core.figures.scatter import describe_scatter, scatter_figure
from core.figures.some_classes import cut
from core.measures.filters import Filter, select
from core.measures.score_arrays import ScoreArrays
from core.measures.selection import Selection
from core.study.dataset import UNLABELLED, Noun
from examples.mnist_artifacts import load_artifacts

NAMES = tuple("0123456789")
DIGIT = Noun("digit", "digits")


@pytest.fixture(scope="module")
def scores():
    return load_artifacts("article").scores.iloc[::7].reset_index(drop=True)


def items(table):
    return Selection(ScoreArrays(table))


def drawn(table, view, colour, names=NAMES):
    return scatter_figure(items(table), view, colour, names).figure


def joined(figure, name):
    return np.concatenate([np.asarray(trace[name]) for trace in figure.data])


@pytest.mark.parametrize("colour", ["label", "prediction", "correct", "margin"])
def test_every_row_is_one_point_at_its_values_under_its_index(scores, colour):
    figure = drawn(scores, View("margin", "predictive_entropy"), colour)
    index = joined(figure, "customdata")
    assert index.ndim == 1
    assert sorted(index) == scores.index.tolist()
    rows = scores.loc[index]
    np.testing.assert_array_equal(joined(figure, "x"), rows["margin"])
    np.testing.assert_array_equal(joined(figure, "y"), rows["predictive_entropy"])


def test_a_trace_holds_the_rows_it_is_named_for(scores):
    figure = drawn(scores, View("margin", "confidence"), "label")
    for trace in figure.data:
        digit, count = trace.name.rstrip(")").split(" (")
        assert set(scores.loc[trace.customdata, "label"]) == {int(digit)}
        assert len(trace.x) == int(count.replace(",", ""))


def test_jitter_stays_beside_its_label_and_does_not_move_under_a_filter(scores):
    view = View("label", "confidence")
    whole = drawn(scores, view, "correct")
    fours = select(ScoreArrays(scores), Filter(labels=(4,)))
    part = scatter_figure(fours, view, "correct", NAMES).figure
    place = dict(zip(joined(whole, "customdata"), joined(whole, "x"), strict=True))
    for index, x in zip(joined(part, "customdata"), joined(part, "x"), strict=True):
        assert x == place[index]
        assert abs(x - 4) <= JITTER


def test_a_logarithmic_axis_has_no_zero_and_loses_no_point(scores):
    view = View("margin", "least_confidence", log_y=True)
    figure = drawn(scores, view, "label")
    assert figure.layout.yaxis.type == "log"
    assert joined(figure, "y").min() >= np.float32(FLOOR)
    assert len(joined(figure, "y")) == len(scores)


def test_axes_are_named_with_their_unit(scores):
    figure = drawn(scores, View("confidence", "predictive_entropy"), "label")
    assert figure.layout.xaxis.title.text == "Confidence (probability)"
    assert figure.layout.yaxis.title.text == "Predictive entropy (nats)"


def test_no_rows_make_an_empty_figure_that_says_so(scores):
    empty = scores.iloc[:0]
    view = View("label", "confidence")
    assert len(drawn(empty, view, "label").data) == 0
    assert "no digit" in describe_scatter(items(empty), view, "label", DIGIT)
    assert f"{len(scores):,} digits" in describe_scatter(items(scores), view, "label", DIGIT)


def test_bars_are_the_probabilities_and_dots_the_members():
    members = np.array([[0.9, 0.1], [0.5, 0.5]])
    figure = probs_figure(members.mean(0), members, ("cat", "dog"))
    bars, dots = figure.data
    assert bars.y.tolist() == [0.7, 0.3]
    assert sorted(dots.y) == sorted(members.ravel())
    assert len(probs_figure(members[0], members[:1], ("cat", "dog")).data) == 1
    assert "cat with 70.0 %" in describe_probs(members.mean(0), ("cat", "dog"))


@pytest.fixture
def thousand():
    """2,000 items of 1,000 classes, each right but for 30 of class 7 that are read as 900."""
    label = np.arange(2_000) % 1_000
    label[:30], prediction = 7, label.copy()
    prediction[:30] = 900
    columns = {"label": pd.array(label, "Int16"), "prediction": prediction.astype(np.int16)}
    correct = pd.array(label == prediction, "boolean")
    return pd.DataFrame({**columns, "correct": correct, "confidence": np.linspace(1, 0, 2_000)})


def test_of_many_classes_the_most_confused_have_a_colour_and_no_point_is_lost(thousand):
    names = tuple(f"class {k}" for k in range(1_000))
    assert {7, 900} <= set(classes_shown(items(thousand), "label", 1_000))
    figure = drawn(thousand, View("label", "confidence"), "label", names)
    assert len(figure.data) == NUM_COLOURS + 1
    assert sorted(joined(figure, "customdata")) == list(range(2_000))
    assert figure.data[0].name.startswith("other classes (")
    assert len(figure.layout.xaxis.tickvals) <= 40


def test_of_many_classes_the_bars_are_the_largest_and_the_label():
    probs = np.full(1_000, 0.5 / 999)
    probs[3] = 0.5
    assert bars_shown(probs)[0] == 3
    assert bars_shown(probs, label=999)[-1] == 999
    assert len(bars_shown(probs, label=3)) == 10
    figure = probs_figure(probs, probs[None], tuple(map(str, range(1_000))), label=999)
    assert figure.data[0].x[-1] == "999"


def test_items_without_a_label_are_points_of_their_own_beside_the_classes(thousand):
    table = thousand.head(300).copy()
    table.loc[::3, ["label", "correct"]] = pd.NA
    for names in (tuple(map(str, range(1_000))), tuple(map(str, range(10)))):
        part = table[table["label"].isna() | (table["label"] < len(names))].reset_index(drop=True)
        figure = drawn(part, View("label", "confidence"), "label", names)
        assert sorted(joined(figure, "customdata")) == part.index.tolist()
        unknown = next(trace for trace in figure.data if trace.name.startswith("no label ("))
        assert sorted(unknown.customdata) == part.index[part["label"].isna()].tolist()
        assert (np.abs(unknown.x - UNLABELLED) <= JITTER).all()
        assert figure.layout.xaxis.ticktext[0] == "no label"


def test_a_name_written_for_html_is_not_cut_inside_a_letter():
    assert cut("&lt;b&gt;", 3) == "&lt;b&gt;"
    assert cut("&lt;bold&gt;", 3) == "&lt;b…"


def test_a_confusion_matrix_counts_every_labelled_item_once(thousand):
    few = thousand[(thousand["label"] < 12) & (thousand["prediction"] < 12)].copy()
    few.loc[few.index[0], ["label", "correct"]] = pd.NA
    counts = count_pairs(items(few), 12)
    assert counts.sum() == few["label"].notna().sum()
    assert np.trace(counts) == (few["correct"] == True).sum()  # noqa: E712  three-valued
    figure = confusion_figure(items(few), tuple(map(str, range(12))), DIGIT)
    right, wrong = (np.array(heat.z, float) for heat in figure.data)
    assert np.isnan(right[~np.eye(12, dtype=bool)]).all() and np.isnan(np.diag(wrong)).all()
    drawn = np.where(np.isnan(right), wrong, right)
    assert (np.isnan(drawn) == (counts == 0)).all()
    assert np.allclose(np.nan_to_num(drawn), np.log10(1 + counts))


def test_zeros_lie_a_decade_below_the_least_value_on_a_logarithmic_axis():
    least = np.array([0.0, 0.01, 0.5, 0.0], np.float32)
    arrays = ScoreArrays(pd.DataFrame({"least_confidence": least, "label": [0, 1, 0, 1]}))
    view = View("label", "least_confidence", log_y=True)
    assert positions(arrays, view).y == pytest.approx([0.001, 0.01, 0.5, 0.001])
    tiny = ScoreArrays(pd.DataFrame({"least_confidence": least * 1e-12, "label": [0, 1, 0, 1]}))
    assert positions(tiny, view).y.min() == np.float32(FLOOR)
