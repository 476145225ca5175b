import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.measures.filters import Filter
from examples.mnist_artifacts import load_artifacts
from tests.core.measures.filtered import filtered


def said(at: AppTest) -> str:
    assert not at.exception
    kinds = (at.title, at.header, at.markdown, at.caption, at.info, at.warning, at.error)
    return "\n".join(element.value for kind in kinds for element in kind)


def metric(at: AppTest, label: str) -> str:
    return next(element.value for element in at.metric if element.label == label)


@pytest.fixture(scope="module")
def scores():
    return load_artifacts("article").scores


def test_the_page_opens_on_all_digits(opened, scores):
    at = opened(model="article")
    assert "Which digits is the model unsure about" in said(at)
    assert metric(at, "Shown") == "10,000 of 10,000"
    right = scores["correct"].mean()
    assert metric(at, "Accuracy of these") == f"{100 * right:.2f} %"
    assert at.get_by_key("scatter").proto.spec


def test_where_only_mistakes_are_shown_nothing_else_is_said_of_them(opened, scores):
    mistakes = len(scores) - int(scores["correct"].sum())
    assert f"**All {mistakes} digits are mistakes.**" in said(opened(model="article", wrong="true"))


def test_the_link_opens_digit_247_which_is_labelled_4(opened, scores):
    at = opened(model="article", index="247")
    predicted = scores.loc[247, "prediction"]
    assert f"Digit 247 · label 4 · predicted {predicted}" in said(at)


@pytest.mark.parametrize("index", ["-3", "10000", "abc", "1.5", "²"])
def test_an_index_that_is_no_digit_is_said_and_ignored(opened, index):
    at = opened(model="article", index=index)
    assert "there is no such digit" in said(at)
    assert metric(at, "Shown") == "10,000 of 10,000"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("model", "nothing"),
        ("view", "nothing"),
        ("measure", "nothing"),
        ("colour", "nothing"),
        ("sort", "nothing"),
        ("true", "11"),
        ("read", "four"),
        ("percent", "3"),
        ("most", "-4"),
        ("pair", "4"),
        ("wrong", "maybe"),
        ("page", "0"),
    ],
)
def test_anything_unknown_in_the_link_is_said_and_ignored(opened, key, text):
    at = opened(**{"model": "article"} | {key: text})
    assert f"{key}={text}" in said(at)
    assert metric(at, "Shown") == "10,000 of 10,000"


def test_a_link_is_never_marked_up(opened):
    at = opened(model="article", view="<script>alert(1)</script>`[x](http://a)")
    assert "`view=<script>alert(1)</script>[x](http://a)`" in said(at)


def test_the_link_holds_every_filter(opened, scores):
    at = opened(
        model="article",
        measure="margin",
        percent=["0", "5"],
        true=["4", "9"],
        read=["9"],
        wrong="true",
        most="7",
    )
    wanted = Filter("margin", high=5, by_percentile=True, labels=(4, 9), predictions=(9,))
    wanted = Filter(**vars(wanted) | {"only_mistakes": True, "most": 7})
    assert metric(at, "Shown") == f"{len(filtered(scores, wanted)):,} of 10,000"


def test_a_reversed_range_is_read_the_right_way_round(opened):
    forward = opened(model="article", by="value", **{"from": "0.2", "to": "0.9"})
    reverse = opened(model="article", by="value", **{"from": "0.9", "to": "0.2"})
    assert metric(forward, "Shown") == metric(reverse, "Shown") != "10,000 of 10,000"


def test_a_confusion_that_never_happens_leaves_an_empty_page_that_says_so(opened):
    at = opened(model="article", pair=["0", "1"], most="3")
    assert "No digit matches this filter" in said(at)


def test_reset_brings_every_digit_back(opened):
    at = opened(model="article", wrong="true", true=["4"], by="value", to="0.5")
    at.button("reset").click().run()
    assert metric(at, "Shown") == "10,000 of 10,000"


@pytest.mark.parametrize(
    ("view", "note"),
    [
        ("article", "the model’s confidence"),
        ("entropy", "Two summaries of the same"),
        ("map", "look alike to the network lie together"),
        ("free", "Any measure against any other."),
    ],
)
def test_every_view_draws_and_says_what_it_shows(opened, view, note):
    at = opened(model="article", view=view)
    assert note in said(at)
    assert at.get_by_key("scatter").proto.spec


def test_one_network_is_offered_no_split(opened):
    at = opened(model="article", view="split")
    assert "view=split" in said(at)
    assert "Mutual information" not in said(at)


def test_next_and_previous_walk_the_filtered_digits_round(opened, scores):
    order = (
        filtered(scores, Filter(only_mistakes=True)).sort_values("confidence", kind="stable").index
    )
    at = opened(model="article", wrong="true")
    assert f"Digit {order[0]} ·" in said(at)  # is open by itself
    at.button("next").click().run()
    assert f"Digit {order[1]} ·" in said(at)
    at.button("previous").click().run()
    at.button("previous").click().run()
    assert f"Digit {order[-1]} ·" in said(at)


BOX = ["label confidence", "-0.5 0 2.5 0 2.5 0.6 -0.5 0.6"]
"""Around the zeros, ones and twos below 0.6."""


def in_the_box(scores):
    rows = scores[(scores["label"] <= 2) & (scores["confidence"] < 0.6)]
    return rows.sort_values("confidence", kind="stable")


@pytest.mark.parametrize("view", ["article", "entropy", "map"])
def test_a_box_in_the_link_means_its_digits_on_every_view(opened, scores, view):
    expected = in_the_box(scores)
    at = opened(model="article", area=BOX, view=view)
    assert f"{len(expected)} digits selected" in said(at)
    assert f"Digit {expected.index[0]} ·" in said(at)
    at.button("next").click().run()
    assert f"Digit {expected.index[1]} ·" in said(at)
    at.button("reset").click().run()
    assert "10,000 digits shown" in said(at)


def test_a_box_meets_the_filter(opened, scores):
    expected = in_the_box(scores)
    at = opened(model="article", area=BOX, wrong="true")
    assert f"{(~expected['correct']).sum()} digits selected" in said(at)


@pytest.mark.parametrize(
    "area",
    [["label"], ["label confidence"], [BOX[0], "1 2 3"], [BOX[0], "1 2 3 4 a b"],
     ["label nothing", BOX[1]], ["label confidence y", BOX[1]], [BOX[0], "1 2 " * 50],
     [BOX[0], "1 2 3 4"], [*BOX * 9]],
)  # fmt: skip
def test_a_box_that_makes_no_sense_is_named_and_all_is_shown(opened, area):
    at = opened(model="article", area=area)
    assert "The link says `area=" in said(at)
    assert "10,000 digits shown" in said(at)
    assert not at.exception


def test_the_chosen_digit_outlives_a_filter_that_hides_it(opened):
    at = opened(model="article", index="247", wrong="true")
    assert "Digit 247 · label 4" in said(at)
    assert "not among those shown" in said(at)


def test_the_chart_has_a_text_alternative(opened):
    at = opened(model="article")
    assert "Scatter of 10,000 digits" in at.get_by_key("scatter").proto.alt


def test_the_glossary_explains_every_measure(opened):
    from core.measures.register import MEASURES

    at = opened("pages/glossary.py", model="article")
    text = said(at)
    formulas = [block.value.strip("$\n") for block in at.latex]
    for measure in MEASURES:
        assert f"`{measure.column}`" in text
        assert measure.source in text
        assert measure.formula in formulas
    assert "One network cannot split kinds" in text


@pytest.mark.parametrize("file", ["scores.parquet", "card.json"])
def test_a_broken_artifact_is_named_with_its_cure(opened, monkeypatch, tmp_path, file):
    import shutil

    from examples import mnist, mnist_artifacts

    shutil.copytree(mnist_artifacts.ARTIFACTS / "article", tmp_path / "article")
    (tmp_path / "article" / file).write_bytes(b"half a file")
    monkeypatch.setattr(mnist_artifacts, "ARTIFACTS", tmp_path)
    mnist.load_study.cache_clear()
    st.cache_resource.clear()
    at = opened(model="article")
    words = said(at).replace("\\", "")
    assert file in words
    assert "python cli.py export article" in words
    mnist.load_study.cache_clear()
    st.cache_resource.clear()
