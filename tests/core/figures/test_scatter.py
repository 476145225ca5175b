import numpy as np
import pytest
from core.figures.digit import describe_probs, probs_figure

from core.figures.scatter import FLOOR, JITTER, View, describe_scatter, scatter_figure
from examples.mnist_artifacts import load_artifacts

NAMES = tuple("0123456789")


@pytest.fixture(scope="module")
def scores():
    return load_artifacts("article").scores.iloc[::7]


def joined(figure, name):
    return np.concatenate([np.asarray(trace[name]) for trace in figure.data])


@pytest.mark.parametrize("colour", ["label", "prediction", "correct", "margin"])
def test_every_row_is_one_point_at_its_values_under_its_index(scores, colour):
    figure = scatter_figure(scores, View("margin", "predictive_entropy"), colour, NAMES)
    index = joined(figure, "customdata")
    assert index.ndim == 1
    assert sorted(index) == scores.index.tolist()
    rows = scores.loc[index]
    np.testing.assert_array_equal(joined(figure, "x"), rows["margin"])
    np.testing.assert_array_equal(joined(figure, "y"), rows["predictive_entropy"])


def test_a_trace_holds_the_rows_it_is_named_for(scores):
    figure = scatter_figure(scores, View("margin", "confidence"), "label", NAMES)
    for trace in figure.data:
        digit, count = trace.name.rstrip(")").split(" (")
        assert set(scores.loc[trace.customdata, "label"]) == {int(digit)}
        assert len(trace.x) == int(count.replace(",", ""))


def test_jitter_stays_beside_its_label_and_does_not_move_under_a_filter(scores):
    view = View("label", "confidence")
    whole = scatter_figure(scores, view, "correct", NAMES)
    part = scatter_figure(scores[scores["label"] == 4], view, "correct", NAMES)
    place = dict(zip(joined(whole, "customdata"), joined(whole, "x"), strict=True))
    for index, x in zip(joined(part, "customdata"), joined(part, "x"), strict=True):
        assert x == place[index]
        assert abs(x - 4) <= JITTER


def test_a_logarithmic_axis_has_no_zero_and_loses_no_point(scores):
    view = View("margin", "least_confidence", log_y=True)
    figure = scatter_figure(scores, view, "label", NAMES)
    assert figure.layout.yaxis.type == "log"
    assert joined(figure, "y").min() >= np.float32(FLOOR)
    assert len(joined(figure, "y")) == len(scores)


def test_axes_are_named_with_their_unit(scores):
    figure = scatter_figure(scores, View("confidence", "predictive_entropy"), "label", NAMES)
    assert figure.layout.xaxis.title.text == "Confidence (probability)"
    assert figure.layout.yaxis.title.text == "Predictive entropy (nats)"


def test_no_rows_make_an_empty_figure_that_says_so(scores):
    empty = scores.iloc[:0]
    view = View("label", "confidence")
    assert len(scatter_figure(empty, view, "label", NAMES).data) == 0
    assert "no digit" in describe_scatter(empty, view, "label")
    assert f"{len(scores):,} digits" in describe_scatter(scores, view, "label")


def test_bars_are_the_probabilities_and_dots_the_members():
    members = np.array([[0.9, 0.1], [0.5, 0.5]])
    figure = probs_figure(members.mean(0), members, ("cat", "dog"))
    bars, dots = figure.data
    assert bars.y.tolist() == [0.7, 0.3]
    assert sorted(dots.y) == sorted(members.ravel())
    assert len(probs_figure(members[0], members[:1], ("cat", "dog")).data) == 1
    assert "cat with 70.0%" in describe_probs(members.mean(0), ("cat", "dog"))
