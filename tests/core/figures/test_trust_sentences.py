"""What Trust says of its figures: of few items, of samples, of thresholds, of calibration."""

import re

import numpy as np
import pytest

from core.figures import conformal as conformal_figures
from core.figures import declining_sentences as declining
from core.figures import reliability as reliability_figures
from core.figures import selective as selective_figures
from core.figures import sets_sentences
from core.figures import trust_sentences as sentences
from core.figures.compare import METRICS, interval_text
from core.study.dataset import Noun
from core.trust.calibration import bin_edges
from core.trust.calibration_errors import calibration_errors
from core.trust.claims import claim, describe_claims
from core.trust.classes_off import ClassesOff
from core.trust.detection import detection
from core.trust.intervals import Estimate, few_errors, few_items
from core.trust.selective import decide, equal_coverage, risk_coverage
from core.trust.set_coverage import coverage, coverage_of
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
    per_class,
    sets,
)


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
