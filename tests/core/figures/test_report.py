"""The report of any study: two classes or a thousand, one member or five, with what is known."""

import json
import re

import numpy as np
import pytest

from core.figures.compare import by_name, interval_text, without_end
from core.figures.report import report_html
from core.figures.some_classes import MOST_CLASSES, furthest
from core.trust.answers_as_numbers import numbers
from core.trust.calibration_errors import CalibrationErrors
from core.trust.examined import examine
from core.trust.intervals import UNKNOWN, Estimate
from tests.core.trust.made_study import made_predictions, made_study, made_values, top_1


def study_of(num_items, num_classes, num_members=1):
    logits, labels = made_values(num_items, num_classes, num_members)
    return made_study({"one": made_predictions(logits, labels)}, labels, num_classes)


def text_of(page):
    """What a reader sees, without the drawings."""
    page = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", page)


@pytest.mark.parametrize(
    ("num_items", "num_classes", "num_members"),
    [(300, 2, 1), (300, 3, 5), (1_200, 1_000, 1), (200, 1_000, 5)],
)
def test_any_study_has_a_report_and_numbers_that_name_its_own_items(
    num_items, num_classes, num_members
):
    found = examine(study_of(num_items, num_classes, num_members), "one")
    json.dumps(numbers(found), allow_nan=False)
    page = report_html(found)
    text = text_of(page)
    assert "nan" not in text.lower().split()
    assert f"{num_items // 2:,} texts" in text
    assert f"into {num_classes:,} classes" in text
    assert "random half of the labelled texts" in text
    for strange in ("image", "digit", "picture"):
        assert strange not in text.lower()
    assert page.count('<figure role="group"') == 7


def test_a_thousand_classes_are_drawn_as_the_thirty_furthest_off():
    page = report_html(examine(study_of(1_200, 1_000), "one"))
    assert "predicted class, the 30 of 1,000 furthest off" in page
    assert "true class, the 30 of 1,000 furthest off" in page
    shown = set(re.findall(r"class \d+", page))
    assert len(shown) <= 3 * MOST_CLASSES


def test_up_to_thirty_classes_are_all_shown_and_of_more_those_furthest_off():
    assert furthest({"One": np.zeros(30)}, 30) == list(range(30))
    off = np.full(40, np.nan)
    off[5:38] = np.arange(33)
    assert furthest({"One": off}, 40) == list(range(8, 38))
    other = np.zeros(40)
    other[0] = 99
    assert 0 in furthest({"One": off, "Two": other}, 40)


def test_confidences_alone_have_a_report_that_says_what_it_lacks():
    labels = np.arange(400) % 3
    prediction = np.where(np.arange(400) % 7 == 0, (labels + 1) % 3, labels)
    confidence = np.linspace(0.5, 1, 400)
    study = made_study({"one": top_1(labels, prediction, confidence)}, labels, 3)
    found = examine(study, "one")
    json.dumps(numbers(found), allow_nan=False)
    text = text_of(report_html(found))
    assert "needs the probabilities of all classes" in text
    assert "ECE" in text


def test_answers_alone_have_one_too():
    labels = np.arange(60) % 3
    study = made_study({"one": top_1(labels, np.zeros(60, int), None)}, labels, 3)
    found = examine(study, "one")
    json.dumps(numbers(found), allow_nan=False)
    text = text_of(report_html(found))
    assert "Nothing is known of its confidence" in text
    assert "It is right 33.33 % of the time" in text


def test_labels_of_probability_zero_are_said():
    probs = np.tile([[1.0, 0.0], [0.4, 0.6]], (20, 1))[None]
    labels = np.ones(40, int)
    study = made_study({"one": made_predictions(probs, labels, "probabilities")}, labels, 2)
    found = examine(study, "one")
    # Every second text of either half.
    expected = int((found.judged.rows % 2 == 0).sum())
    assert found.num_zero == expected
    assert f"exactly 0 on {expected} of 20 texts" in text_of(report_html(found))


def test_an_interval_that_ends_at_its_value_or_at_nothing_is_not_shown():
    sure = Estimate(0.02, 0.01, 0.03)
    assert without_end(sure) == sure
    for low, high in ((0.0, 0.03), (0.01, 0.02), (0.02, 0.02)):
        assert interval_text(without_end(Estimate(0.02, low, high))) == "0.0200"
    shown = by_name(CalibrationErrors(sure, sure, Estimate(0.1, 0.0, 0.1), sure, 9))
    assert interval_text(shown["mce"]) == "0.1000"
    assert interval_text(shown["mce_null"]) == interval_text(sure)
    assert interval_text(UNKNOWN) == "–"


def test_the_last_column_of_the_detection_table_breaks_its_cells_in_two():
    page = report_html(examine(study_of(600, 4), "one"))
    table = page[page.index("AUGRC ‰") :]
    cells = re.findall(r"<td>([\d.]+\n\([\d.]+ to [\d.]+\))</td>", table)
    assert cells
