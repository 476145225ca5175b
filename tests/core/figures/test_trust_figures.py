"""The pictures of calibration, declining and prediction sets show their results' own numbers."""

import re

import numpy as np
import pytest

from core.figures import calibration_gaps, sets_sentences
from core.figures import conformal as conformal_figures
from core.figures import declining_sentences as declining
from core.figures import reliability as reliability_figures
from core.figures import selective as selective_figures
from core.figures import trust_sentences as sentences
from core.figures.compare import METRICS, interval_text
from core.study.dataset import Noun
from core.trust import calibration
from core.trust.calibration import bin_edges, reliability
from core.trust.calibration_errors import calibration_errors
from core.trust.claims import claim, describe_claims
from core.trust.classes_off import ClassesOff
from core.trust.conformal import fit_threshold, nonconformity, prediction_sets
from core.trust.detection import detection
from core.trust.intervals import Estimate, few_errors, few_items
from core.trust.selective import decide, equal_coverage, risk_coverage
from core.trust.set_coverage import coverage, coverage_of, coverage_per_class
from tests.core.trust.made_probs import judge_probs

NAMES = ("a", "b", "c", "d")


def classified(num_images=1_000, seed=0):
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.full(len(NAMES), 0.2), num_images)
    labels = (rng.random((num_images, 1)) > probs.cumsum(1)).sum(1).clip(0, len(NAMES) - 1)
    return probs, labels


def both(found):
    return {"One": found(*classified()), "Two": found(*classified(seed=1))}


def empty(found):
    return {"One": found(np.empty((0, len(NAMES))), np.empty(0, int))}


def bins(probs, labels):
    return reliability(probs.max(1, initial=0), probs.argmax(1) == labels)


def errors(probs, labels):
    confidence = probs.max(1, initial=0)
    return calibration_errors(confidence, probs.argmax(1) == labels, bin_edges(confidence), 50)


def curves(probs, labels):
    confidence = probs.max(1, initial=0)
    return {"confidence": risk_coverage(confidence, probs.argmax(1) == labels)}


def found_errors(probs, labels):
    return {name: detection(curve, 50) for name, curve in curves(probs, labels).items()}


def per_class(probs, labels):
    return calibration.per_class(judge_probs(probs, labels))


def sets(probs, labels):
    scores = nonconformity(probs)
    return prediction_sets(scores, fit_threshold(scores, labels, 0.1))


def named(figure, start):
    return [trace for trace in figure.data if (trace.name or "").startswith(start)]


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


def every_figure(collect):
    overall = collect(lambda p, y: coverage(sets(p, y), y))
    classes = collect(lambda p, y: coverage_per_class(sets(p, y), y))
    return {
        "reliability": reliability_figures.reliability_figure(collect(bins)),
        "doubt": reliability_figures.doubt_figure(collect(bins)),
        "errors": calibration_gaps.errors_figure(collect(errors)),
        "per class": calibration_gaps.per_class_figure(collect(per_class), NAMES),
        "risk": selective_figures.risk_coverage_figure(collect(curves), "confidence"),
        "detection": selective_figures.detection_figure(collect(found_errors)),
        "sizes": conformal_figures.sizes_figure(overall),
        "coverage": conformal_figures.coverage_figure(overall, classes, NAMES, 0.1),
    }


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


def lowest_title(figure):
    return list(figure.select_xaxes())[-1].title.text


def test_every_figure_of_few_items_says_so_itself_and_leaves_room_for_it():
    full, few = every_figure(both), every_figure(lambda found: {"One": found(*classified(30))})
    for name, figure in few.items():
        assert "<b>Only 30 items: wide intervals</b>" in lowest_title(figure), name
        assert "only" not in lowest_title(full[name]).lower(), name
    assert few["sizes"].layout.height > full["sizes"].layout.height


def test_sentences_that_count_no_images_say_where_they_are_few():
    for describe in (
        lambda *images: sentences.describe_errors({"One": errors(*images)}),
        lambda *images: sentences.describe_per_class({"One": per_class(*images)}, NAMES),
        lambda *images: declining.describe_detection({"One": found_errors(*images)}),
    ):
        assert "Only 30 items: wide intervals." in describe(*classified(30))
        assert "wide" not in describe(*classified())


def test_the_limit_is_a_hundred_images_and_ten_errors():
    assert (few_items(0), few_items(1), few_items(99)) == (
        "no item",
        "only 1 item",
        "only 99 items",
    )
    assert few_items(100) == ""
    assert (few_errors(0, 5), few_errors(5, 5)) == ("no error", "no correct answer")
    assert (few_errors(1, 50), few_errors(9, 50)) == ("only 1 error", "only 9 errors")
    assert few_errors(10, 50) == ""


def test_a_figure_of_unlike_samples_says_which_model_has_too_few():
    def mixed(found):
        nobody = found(np.empty((0, len(NAMES))), np.empty(0, int))
        return {"One": found(*classified(30)), "Two": found(*classified()), "Three": nobody}

    for name, figure in every_figure(mixed).items():
        title = lowest_title(figure)
        assert "<b>One: only 30 items</b>" in title, name
        assert "<b>Three: no item</b>" in title, name
        assert "Two" not in title, name


def test_the_errors_are_a_sample_too():
    confidence = np.linspace(0.5, 1, 200)
    results = {
        title: {"confidence": detection(risk_coverage(confidence, np.arange(200) >= number), 50)}
        for title, number in {"One": 3, "Two": 0, "Three": 200, "Four": 60}.items()
    }
    figure = selective_figures.detection_figure(results)
    assert lowest_title(figure).split("<br>")[1:] == [
        "<b>One: only 3 errors</b>",
        "<b>Two: no error</b>",
        "<b>Three: no correct answer</b>",
    ]
    assert not figure.layout.annotations
    assert "Only 3 errors: wide intervals." in declining.describe_detection(results)


def test_every_figure_has_its_sentences_with_and_without_images():
    for collect in (both, empty):
        overall = collect(lambda p, y: coverage(sets(p, y), y))
        result = collect(curves)
        decisions = {title: decide(r["confidence"], 0.8) for title, r in result.items()}
        said = [
            sentences.describe_reliability(collect(bins)),
            sentences.describe_errors(collect(errors)),
            sentences.describe_per_class(collect(per_class), NAMES),
            declining.describe_risk_coverage(result, "confidence", decisions),
            declining.describe_detection(collect(found_errors)),
            sets_sentences.describe_sizes(overall),
            sets_sentences.describe_coverage(overall, 0.1),
        ]
        for text in said:
            assert text.startswith("One")
            assert "nan" not in text


def test_a_table_has_a_row_for_every_metric_and_no_minus_before_a_rounded_zero():
    assert len(set(METRICS.values())) == len(METRICS)
    assert interval_text(Estimate(0.5, -0.00001, 1.0)) == "0.5000 (0.0000 to 1.0000)"


def test_a_threshold_is_told_in_words_down_to_its_last_mistake():
    values = np.array([0.9, 0.8, 0.7, 0.6])
    text = declining.describe_decision(
        decide(risk_coverage(values, np.array([True, False, True, False])), 0.65)
    )
    assert text.startswith(
        "1 of 4 items (25.0 %) go to a person, which catches 1 of the 2 mistakes."
    )
    assert "Of the 3 decided by the model, 1 is wrong (33.33 %)" in text
    alone = decide(risk_coverage(values, np.ones(4, bool)), 0.75)
    assert "Of the 2 decided by the model, none is wrong" in declining.describe_decision(alone)


def test_measures_that_cannot_be_told_from_the_best_are_named():
    found = {"One": {"confidence": found_errors(*classified())["confidence"]}}
    behind = {"One": {"confidence": Estimate(0, 0, 0), "margin": Estimate(0.1, -0.1, 0.3)}}
    assert "margin is indistinguishable from it" in declining.describe_detection(found, behind)
    behind["One"]["margin"] = Estimate(0.1, 0.05, 0.15)
    assert "indistinguishable" not in declining.describe_detection(found, behind)


def test_a_measure_that_one_network_lacks_is_said_in_words():
    text = declining.describe_risk_coverage(both(curves), "mutual_information", {})
    assert "One has no mutual information" in text


TEXT = Noun("text", "texts")


def test_every_sentence_takes_the_word_for_an_item():
    overall = both(lambda p, y: coverage(sets(p, y), y))
    result = both(curves)
    decisions = {title: decide(r["confidence"], 0.8) for title, r in result.items()}
    for text in (
        sentences.describe_reliability(both(bins), TEXT),
        sentences.describe_errors(both(errors), TEXT),
        sentences.describe_per_class(both(per_class), NAMES, TEXT),
        declining.describe_risk_coverage(result, "confidence", decisions, TEXT),
        declining.describe_equal_coverage(decisions, 0.05, TEXT),
    ):
        assert "texts" in text
    for figure in (
        reliability_figures.reliability_figure(both(bins), TEXT),
        conformal_figures.sizes_figure(overall, TEXT),
    ):
        assert "texts" in figure.to_json()
        assert "items" not in figure.to_json()


def test_an_ece_inside_its_chance_band_is_a_non_detection_and_not_a_finding():
    confidence = np.full(1_000, 0.8)
    within = calibration_errors(confidence, np.arange(1_000) % 5 > 0, bin_edges(confidence), 200)
    assert within.ece.value <= within.ece_null.high
    text = sentences.verdict("One", within)
    assert "within what chance alone gives" in text
    assert "the ECE shows no miscalibration" in text
    beyond = calibration_errors(confidence, np.arange(1_000) % 2 > 0, bin_edges(confidence), 200)
    assert beyond.ece.value > beyond.ece_null.high
    text = sentences.verdict("One", beyond)
    assert "more than what chance alone gives" in text
    assert "no miscalibration" not in text


def test_items_chosen_by_their_outcome_get_no_verdict_on_calibration():
    off = {"One": ClassesOff((0,), (1,), 4)}
    wrong = claim(np.full(50, 0.9), np.zeros(50, bool))
    assert wrong.verdict == "overconfident"
    for text in (
        sentences.describe_reliability(both(bins), by_outcome=True),
        sentences.describe_errors(both(errors), by_outcome=True),
        sentences.describe_per_class(both(per_class), NAMES, off=off, by_outcome=True),
        describe_claims(wrong, wrong, off["One"], NAMES, by_outcome=True),
    ):
        assert "they say nothing about calibration" in text
        for word in ("overconfident", "too sure", "chance", "no miscalibration"):
            assert word not in text


def test_classes_that_are_off_beyond_chance_are_named():
    off = {"One": ClassesOff((0, 2), (), 4)}
    text = sentences.describe_per_class({"One": per_class(*classified())}, NAMES, off=off)
    assert "too sure of a and c (allowing for 4 classes)" in text
    none = {"One": ClassesOff((), (), 4)}
    text = sentences.describe_per_class({"One": per_class(*classified())}, NAMES, off=none)
    assert "no class is off (allowing for 4 classes)" in text


def test_a_shared_threshold_says_whose_it_is():
    result = both(curves)
    decisions = {title: decide(r["confidence"], 0.8) for title, r in result.items()}
    text = declining.describe_risk_coverage(result, "confidence", decisions, chosen_by="One")
    assert text.startswith("One, at its own threshold: ")
    assert "Two, at One’s threshold: " in text


def test_equal_coverage_gives_each_model_a_threshold_of_its_own():
    rng = np.random.default_rng(0)
    result = {
        "Sure": risk_coverage(rng.random(1_000) ** 0.2, np.ones(1_000, bool)),
        "Unsure": risk_coverage(rng.random(1_000), np.ones(1_000, bool)),
    }
    found = equal_coverage(result, 0.05)
    assert [d.referred for d in found.values()] == [50, 50]
    assert found["Sure"].threshold > found["Unsure"].threshold
    shared = decide(result["Unsure"], found["Sure"].threshold)
    assert shared.referred > 100


@pytest.mark.parametrize(
    ("covered", "said"),
    [
        (9_897, "98.97 % (98.75 % to 99.16 %), in keeping with the 99 % asked for on average"),
        (9_860, "98.60 % (98.35 % to 98.82 %), less than the 99 % asked for on average"),
        (9_950, "99.50 % (99.34 % to 99.63 %), more than the 99 % asked for on average"),
    ],
)
def test_coverage_is_held_against_what_was_asked_for_on_average(covered, said):
    found = coverage_of(np.ones(10_000, int), np.arange(10_000) < covered, 4)
    assert said in sets_sentences.describe_coverage({"One": found}, 0.01)


def test_a_bound_on_the_share_wrong_is_rounded_up():
    values = np.arange(1_000) / 1_000
    decision = decide(risk_coverage(values, np.arange(1_000) > 2), 0.0)
    text = declining.describe_decision(decision)
    bound = float(re.search(r"fewer than ([\d.]+) %", text).group(1)) / 100
    assert decision.risk_upper <= bound < decision.risk_upper + 1e-4
    mistakes = float(re.search(r"([\d.]+) mistakes\)", text).group(1))
    assert decision.risk_upper * 1_000 <= mistakes < decision.risk_upper * 1_000 + 0.1
