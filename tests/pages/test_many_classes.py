"""A thousand classes and more: searched, counted and never shown all at once."""

import re

import numpy as np
import pytest
import streamlit as st

from core.trust.choosing import choose
from tests.pages.any_study import (
    charts,
    html,
    opened,
    said,
)
from tests.pages.random_studies import random_study
from ui import trust_answers
from ui.picked import Key
from ui.studies import LIBRARY


def test_a_thousand_classes_are_searched_and_never_a_thousand_elements(written):
    new = random_study(num_classes=1_000, num_items=4_000, tier="top-1")
    at = opened("explore", written(new), id="0")
    pairs = at.selectbox(key="pair").options
    assert len(pairs) == 200
    counted = [int(option.rsplit("(")[-1].rstrip(")")) for option in pairs]
    assert counted == sorted(counted, reverse=True)
    assert "The 200 most frequent of" in said(at)
    assert len(at.multiselect(key="true").options) == 1_000
    for page in ("explore", "trust calibration", "trust declining"):
        assert len(list(opened(page).main)) < 100


def test_a_thousand_classes_show_ten_bars_and_at_most_thirty_classes_in_a_figure(written):
    key = written(random_study(num_classes=1_000, num_items=60))
    bars = charts(opened("explore", key, id="0"))["probs"]
    assert len(bars["data"][0]["x"]) <= 11
    classes = charts(opened("trust calibration", key))["classes"]
    assert len(classes["layout"]["xaxis"]["tickvals"]) == 30
    assert "of 1,000 furthest off" in classes["layout"]["xaxis"]["title"]["text"]
    matrix = opened("explore", key, confusions="true")
    assert "matrix" not in charts(matrix)
    assert "a matrix is drawn up to 30 classes" in said(matrix)


def test_of_more_classes_than_a_box_holds_the_most_probable_are_offered(written):
    new = random_study(num_classes=1_500, num_items=20)
    at = opened("audit", written(new))
    box = next(each for each in at.selectbox if each.label == "Relabel as")
    row = int(box.key.split()[-1])
    best = np.argsort(-new.models[0].values[0, row])[:1_000]
    assert box.options[0] == new.class_names[best[0]]
    assert set(box.options) == {new.class_names[code] for code in best}
    assert "Of 1,500 classes the 1,000 most probable" in said(at)
    assert len(opened("explore").multiselect(key="read").options) == 1_000


@pytest.mark.parametrize("held_out", [False, True])
def test_another_temperature_judges_the_very_items_that_the_thresholds_are_not_chosen_on(
    held_out, written
):
    key = written(random_study(num_members=5, held_out=held_out, num_classes=5))
    model = Key(key, LIBRARY.version(key), "", "net")
    found = trust_answers.heated(model, 1.5)
    wanted = choose(LIBRARY.load(key), "net", 1.5).judged
    np.testing.assert_array_equal(found.rows, wanted.rows)
    np.testing.assert_array_equal(found.known_confidence, wanted.known_confidence)
    np.testing.assert_array_equal(found.of_label, wanted.of_label)


def test_a_slider_over_many_classes_leaves_out_the_parts_of_the_brier_score_and_says_so(
    written, monkeypatch
):
    key = written(random_study(num_classes=20))
    note = "The parts of the Brier score stand at the temperature in use"
    full = opened("trust calibration", key, heat="1.5")
    assert note not in said(full)
    st.cache_resource.clear()
    monkeypatch.setattr(trust_answers, "MOST_FOR_PARTS", 0)
    at = opened("trust calibration", key, heat="1.5")
    assert note in said(at)
    assert note not in said(opened("trust calibration", key))
    for metric_row in ("Accuracy", "NLL (nats)", "Brier score"):
        row = re.compile(rf"<td>{re.escape(metric_row)}</td><td>([^<]+)</td>")
        assert row.search(html(at))[1] == row.search(html(full))[1] != "–"
