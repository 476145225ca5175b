"""The pictures of calibration, declining and prediction sets show their results' own numbers."""

import numpy as np
import pytest

from core.figures import calibration_gaps
from core.figures import conformal as conformal_figures
from core.figures import reliability as reliability_figures
from core.figures import selective as selective_figures
from core.trust.calibration import reliability
from core.trust.detection import detection
from core.trust.selective import decide, risk_coverage
from core.trust.set_coverage import coverage, coverage_per_class
from tests.core.figures.trust_results import (
    NAMES,
    bins,
    both,
    classified,
    curves,
    empty,
    errors,
    every_figure,
    found_errors,
    lowest_title,
    named,
    per_class,
    sets,
)


def test_the_reliability_diagram_shows_accuracy_confidence_and_interval_of_each_bin():
    results = both(bins)
    figure = reliability_figures.reliability_figure(results)
    for title, result in results.items():
        line = next(trace for trace in named(figure, title) if trace.mode)
        full = result.count > 0
        assert line.x == pytest.approx(result.confidence[full])
        assert line.y == pytest.approx(result.accuracy[full])
        assert line.y + line.error_y.array == pytest.approx(result.high[full])
        assert line.y - line.error_y.arrayminus == pytest.approx(result.low[full])
        assert "1,000 items" in line.name
        bar = next(trace for trace in named(figure, title) if trace.type == "bar")
        assert list(bar.y) == result.count[full].tolist()


def test_a_bin_without_an_error_stands_hollow_at_its_upper_end():
    result = reliability(np.full(50, 0.99), np.ones(50, bool))
    trace = reliability_figures.doubt_figure({"One": result}).data[0]
    assert trace.y[0] == pytest.approx(1 - result.low[-1])
    assert trace.marker.symbol[0] == "circle-open"


@pytest.mark.parametrize("confidence", [0.6, 0.99, 0.999999])
def test_all_that_is_wrong_lies_on_logarithmic_axes_with_several_ticks(confidence):
    correct = np.arange(100) % 5 != 0
    figure = reliability_figures.doubt_figure(
        {"One": reliability(np.full(100, confidence), correct)}
    )
    trace = figure.data[0]
    for axis, lowest in (
        (figure.layout.xaxis, trace.x[0]),
        (figure.layout.yaxis, trace.y[0] - trace.error_y.arrayminus[0]),
    ):
        start, end = axis.range
        assert 0 < np.log10(lowest) - start < 0.5 and end > 0
        a_decade = 3 if axis.dtick == "D2" else 1
        assert (end - start) * a_decade >= 1


def test_errors_are_drawn_over_their_null_band():
    results = both(errors)
    figure = calibration_gaps.errors_figure(results)
    bands = [trace for trace in figure.data if trace.mode == "lines"]
    for band, title in zip(bands, results, strict=True):
        null = results[title].ece_null
        assert list(band.x) == [null.low, null.high]
        dot = next(trace for trace in named(figure, title) if trace.mode == "markers")
        assert dot.x[0] == results[title].ece.value


def test_per_class_gaps_are_accuracy_less_confidence_in_points():
    results = both(per_class)
    figure = calibration_gaps.per_class_figure(results, NAMES)
    gap = 100 * (results["Two"].accuracy - results["Two"].confidence)
    assert named(figure, "Two")[0].y == pytest.approx(gap)


def test_the_risk_coverage_line_ends_at_the_error_rate_and_marks_the_decision():
    results = both(curves)
    decisions = {title: decide(result["confidence"], 0.8) for title, result in results.items()}
    figure = selective_figures.risk_coverage_figure(results, "confidence", decisions)
    for title, result in results.items():
        line = named(figure, title)[0]
        assert (line.x[-1], line.y[-1]) == (1, result["confidence"].selective_risk[-1])
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert [mark.y[0] for mark in marks] == [decision.risk for decision in decisions.values()]


def test_a_long_curve_is_thinned_and_keeps_its_end():
    rng = np.random.default_rng(0)
    curve = risk_coverage(rng.random(50_000), rng.random(50_000) > 0.1)
    figure = selective_figures.risk_coverage_figure({"One": {"confidence": curve}}, "confidence")
    line = named(figure, "One")[0]
    assert len(line.x) <= selective_figures.MOST_POINTS
    assert line.y[-1] == curve.selective_risk[-1]


def test_detection_dots_are_the_aurocs():
    results = both(found_errors)
    figure = selective_figures.detection_figure(results)
    for title, result in results.items():
        assert named(figure, title)[0].x[0] == result["confidence"].auroc.value


def test_set_sizes_and_coverage_show_the_counts():
    probs, labels = classified()
    result = coverage(sets(probs, labels), labels)
    bar = conformal_figures.sizes_figure({"One": result}).data[0]
    counts = result.sizes[: len(bar.y)]
    assert np.nan_to_num(np.array(bar.y, float)).tolist() == counts.tolist()
    classes = coverage_per_class(sets(probs, labels), labels)
    figure = conformal_figures.coverage_figure({"One": result}, {"One": classes}, NAMES, 0.1)
    shares = [result.coverage, *(c.coverage for c in classes)]
    assert named(figure, "One")[0].y == pytest.approx(shares)


@pytest.mark.parametrize("collect", [both, empty])
def test_every_figure_names_its_axes_even_without_an_image(collect):
    for name, figure in every_figure(collect).items():
        figure.to_json()
        assert list(figure.select_xaxes())[-1].title.text
        # The rows of these two carry the names of models and measures.
        assert name in {"errors", "detection"} or figure.layout.yaxis.title.text


def test_two_models_differ_in_marker_or_pattern_as_well_as_colour():
    figures = every_figure(both)
    for name in ("reliability", "per class", "coverage", "detection"):
        one, two = (named(figures[name], title)[0] for title in ("One", "Two"))
        assert one.marker.symbol != two.marker.symbol
    one, two = figures["sizes"].data
    assert one.marker.pattern.shape != two.marker.pattern.shape
    one, two = (named(figures["risk"], title)[0] for title in ("One", "Two"))
    assert one.line.dash != two.line.dash


def test_figures_without_anything_to_show_say_why():
    figures = every_figure(empty)
    for name in figures:
        assert "o item" in figures[name].layout.annotations[0].text
    right = {"One": {"confidence": detection(risk_coverage(np.ones(9), np.ones(9, bool)), 20)}}
    note = selective_figures.detection_figure(right).layout.annotations[0].text
    assert note == "One: None of the 9 items is an error: nothing to find."


def test_every_figure_of_few_items_says_so_itself_and_leaves_room_for_it():
    full, few = every_figure(both), every_figure(lambda found: {"One": found(*classified(30))})
    for name, figure in few.items():
        assert "<b>Only 30 items: wide intervals</b>" in lowest_title(figure), name
        assert "only" not in lowest_title(full[name]).lower(), name
    assert few["sizes"].layout.height > full["sizes"].layout.height
