"""The trust page through the front door."""

import re
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.trust.acceptance import is_accepted
from core.trust.choosing import choose
from core.trust.selective import decide, risk_coverage
from examples.mnist import load_study
from examples.mnist_artifacts import load_artifacts
from tests.patience import SECONDS
from ui import long_work
from ui.referral_rule import Rule

APP = Path(__file__).parents[2] / "navigation.py"


@pytest.fixture
def scores():
    return load_artifacts("article").scores


def opened(section, **link):
    st.cache_data.clear()
    page = AppTest.from_file(APP, default_timeout=SECONDS)
    page.switch_page("pages/trust.py")
    for key, texts in {"section": section, "model": "article", **link}.items():
        page.query_params[key] = texts
    return page.run()


def texts(page):
    kinds = (page.caption, page.info, page.warning, page.markdown, page.header)
    return " ".join(str(element.value) for kind in kinds for element in kind)


def tables(page):
    return " ".join(element.proto.body for element in page.get("html"))


@pytest.mark.parametrize("section", ["calibration", "declining", "sets"])
def test_every_section_opens_with_its_figures(section):
    page = opened(section)
    assert not page.exception
    assert not page.error
    assert len(page.get("plotly_chart")) >= 2


@pytest.mark.parametrize("section", ["calibration", "declining", "sets"])
@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"by": "value", "from": "2"}, "No digit is left"),
        ({"wrong": "true"}, "no correct answer among them"),
        ({"true": "1", "read": "1"}, "no error among them"),
        ({"true": "1", "read": "7", "wrong": "true", "most": "1"}, "No digit is left"),
    ],
)
def test_a_filter_that_leaves_too_little_says_so_and_shows_the_rest(section, link, said):
    page = opened(section, **link)
    assert not page.exception
    (warning,) = (each.value for each in page.warning if "article" in each.value)
    assert said in warning


@pytest.mark.parametrize("section", ["calibration", "declining", "sets"])
def test_every_figure_of_ten_digits_says_so_itself(section):
    page = opened(section, most="10")
    assert not page.exception
    assert page.warning
    assert all("only 10 digits" in warning.value for warning in page.warning)
    for chart in page.get("plotly_chart"):
        assert "nly 10 digits" in chart.proto.spec, chart.proto.id


def test_bins_of_equal_count_show_the_distance_from_one():
    page = opened("calibration", bins="count")
    assert "Most confidences crowd at 1" in texts(page)


def test_the_rule_in_the_link_decides_who_is_referred(scores):
    page = opened("declining", decline="predictive_entropy:0.5")
    curve = risk_coverage(scores["predictive_entropy"].to_numpy(), scores["correct"] == 1, False)
    decision = decide(curve, 0.5)
    assert f"<td>{decision.referred:,}</td>" in tables(page)
    assert f"{decision.referred:,} digits" in texts(page)
    assert page.number_input(key="decline_threshold").value == 0.5


def test_moving_the_share_writes_the_rule_into_the_link():
    page = opened("declining")
    page.slider(key="decline_share").set_value(10.0).run()
    column, threshold = page.query_params["decline"].split(":")
    assert column == "confidence"
    values = choose(load_study(), "article").chosen_on.measures["confidence"]
    assert np.mean(values < np.float32(threshold)) == pytest.approx(0.10, abs=0.001)


def test_a_typed_threshold_writes_the_rule_into_the_link():
    page = opened("declining", decline="margin:0.5")
    page.number_input(key="decline_threshold").set_value(0.25).run()
    assert page.query_params["decline"] == "margin:0.25"


@pytest.mark.parametrize("text", ["confidence", "label:0.5", "confidence:nan", "confidence:much"])
def test_a_rule_that_makes_no_sense_is_said_and_left_aside(text):
    page = opened("declining", decline=text)
    assert not page.exception
    assert "decline" in page.warning[0].value


@pytest.mark.parametrize("text", ["-5", "much", "1e12"])
def test_a_cost_that_makes_no_sense_is_said_and_left_aside(text):
    page = opened("declining", cost_mistake=text)
    assert not page.exception
    assert "cost_mistake" in page.warning[0].value
    assert page.number_input(key="cost_mistake").value == 100


def test_the_opened_digits_set_is_named():
    page = opened("sets", index="247")
    assert re.search(
        r"Opened: the set of digit 247 is \{.*\}, and (holds|misses) its label 4", texts(page)
    )


def test_opening_a_digit_moves_nothing_so_that_the_focus_stays_on_its_tile():
    def laid_out(**link):
        return [element.type for element in opened("sets", **link).main.children.values()]

    assert laid_out() == laid_out(index="247")


def test_a_class_with_too_few_calibration_images_is_explained():
    page = opened("sets", alpha="0.001", by_class="true")
    assert "10 of 10 classes are in every set" in texts(page)


def test_temperatures_that_are_the_same_share_a_row_and_the_slider_has_its_own():
    assert "in use and untouched" in tables(opened("calibration"))
    warm = opened("calibration", heat="2")
    assert "slider" in tables(warm)
    assert "underconfident" in texts(warm)


def test_the_cheapest_threshold_is_taken_over_into_the_link():
    page = opened("declining")
    page.button(key="use article").click().run()
    assert page.query_params["decline"].startswith("confidence:0.9")


def test_the_rule_travels_to_explore(scores):
    page = opened("declining", decline="confidence:0.9")
    page.switch_page("pages/explore.py").run()
    unsure = int(scores.index[~is_accepted(scores["confidence"].to_numpy(), 0.9)][0])
    page.query_params["decline"] = "confidence:0.9"
    page.query_params["index"] = str(unsure)
    page.run()
    assert "would go to a person: Confidence under 0.9" in texts(page)


def test_a_rule_reads_as_a_sentence_in_either_direction():
    assert str(Rule("confidence", 0.95)) == "Confidence under 0.95"
    assert str(Rule("confidence", 0.9999999)) == "Confidence under 0.9999999"
    assert str(Rule("predictive_entropy", 0.5)) == "Predictive entropy over 0.5 nats"


def test_a_loose_alpha_explains_the_empty_sets():
    page = opened("sets", alpha="0.1")
    assert "sets are empty" in texts(page)
    assert "leaves out even the most probable class of some" in texts(page)


def test_the_gallery_shows_the_digits_of_one_set_size():
    page = opened("sets", size="2")
    assert "digits with 2 classes in the set" in texts(page)


@pytest.mark.parametrize(
    ("section", "link"),
    [("calibration", {"heat": "1.1"}), ("declining", {}), ("sets", {"method": "aps"})],
)
def test_what_is_prepared_in_a_thread_is_what_the_page_shows(section, link, monkeypatch):
    plainly = texts(opened(section, **link))
    monkeypatch.setattr(long_work, "LARGE", 0)
    monkeypatch.setattr(long_work, "SILENT", 0)
    st.cache_resource.clear()
    page = opened(section, **link)
    assert not page.exception
    assert texts(page) == plainly
