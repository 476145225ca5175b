import base64

import pytest

from examples.mnist import load_study
from examples.mnist_artifacts import load_artifacts
from tests.pages.draw_page import BLANK, PAGE, SEVEN, draw, drawing, html, said


@pytest.mark.parametrize("model", ["ensemble", "article"])
def test_an_empty_canvas_says_what_to_do_and_offers_examples(opened, model):
    at = opened(PAGE, model=model)
    assert "Draw a digit in the white square" in said(at)
    assert at.get_by_key("examples")


@pytest.mark.parametrize(
    ("model", "words"),
    [("ensemble", "Sure: 7."), ("article", "Confident: 7; cannot tell non-digits.")],
)
def test_a_drawn_seven_is_read_as_seven(opened, model, words):
    at = draw(opened(PAGE, model=model), SEVEN)
    assert at.header[0].value.endswith(words)
    assert (":material/check_circle:" in at.header[0].value) == (model == "ensemble")
    assert said(at).count(words) == 1
    assert not at.get("badge")
    assert "Confidence > 99.9 %." in said(at)
    assert "e-0" not in html(at)
    assert "of digits in MNIST test" in html(at)
    assert "as the network reads it: 28 × 28" in html(at)


def test_every_model_answers_side_by_side_at_a_press(opened):
    at = draw(opened(PAGE), SEVEN)
    alone = html(at).count('<table class="probs">')
    at.toggle("every").set_value(True).run()
    assert html(at).count('<table class="probs">') == alone + 3
    words = said(at).replace("\\", "")
    assert "Confident: 7; cannot tell non-digits." in words  # the article's CNN is never sure
    for name in ("ensemble", "article", "bayesian"):
        assert load_study().model(name).title in words
    at.toggle("every").set_value(False).run()
    assert html(at).count('<table class="probs">') == alone


def test_undo_takes_back_one_stroke(opened):
    at = draw(opened(PAGE), SEVEN)
    seven = said(at)
    draw(at, SEVEN, ((90, 240), (220, 240)))
    at.button("undo stroke").click().run()
    assert said(at) == seven
    at.button("undo stroke").click().run()
    assert "Draw a digit in the white square" in said(at)


def test_clear_can_be_undone(opened):
    at = draw(opened(PAGE), SEVEN)
    seven = said(at)
    at.button("clear").click().run()
    assert "Draw a digit in the white square" in said(at)
    at.button("undo stroke").click().run()
    assert said(at) == seven


def test_a_late_picture_of_an_undone_state_brings_nothing_back(opened):
    at = draw(opened(PAGE), SEVEN)
    draw(at, SEVEN, ((90, 240), (220, 240)))
    at.button("undo stroke").click().run()
    at.button("undo stroke").click().run()
    draw(at, SEVEN)
    assert "Draw a digit in the white square" in said(at)


def test_an_empty_canvas_that_arrives_after_a_reload_takes_no_stroke_away(opened):
    across = ((90, 240), (220, 240))
    strokes = [{"type": "Path", "path": list(points)} for points in (SEVEN, across)]
    at = opened(PAGE)
    at.session_state["_canvas"].bring_back(strokes)
    at.session_state["canvas 0"] = {"drawing": {"raw": {"objects": []}, "data": BLANK}}
    assert "Draw a digit in the white square" in said(at.run()), "how they look is not known yet"
    assert at.session_state["_canvas"].strokes() == strokes
    draw(at, SEVEN, across)
    at.button("undo stroke").click().run()
    draw(at, SEVEN)
    assert "Sure: 7." in said(at)


def test_strokes_that_arrive_together_are_undone_one_by_one(opened):
    at = draw(opened(PAGE), SEVEN, ((90, 240), (220, 240)), ((90, 40), (220, 40)))
    left = [
        at.button("undo stroke").click().run()
        and len(at.session_state["_canvas"].steps[-1].objects)
        for _ in range(3)
    ]
    assert left == [2, 1, 0]


def test_an_erased_drawing_is_called_blank(opened):
    at = opened(PAGE)
    at.session_state["canvas 0"] = {"drawing": {"raw": None, "data": None}}
    at.session_state["canvas 0"] = {
        "drawing": {"raw": {"objects": [{"type": "Path"}]}, "data": BLANK}
    }
    assert "Blank: there is no ink." in said(at.run())


SCRIBBLE = tuple((40 + 37 * i % 220, 40 + 89 * i % 220) for i in range(14))


@pytest.mark.parametrize(
    ("kind", "start", "words"),
    [
        ("sure", 0, "Sure: 7."),
        ("disagree", 2447, "(epistemic)"),
        ("ambiguous", 115, "(aleatoric)"),
    ],
)
def test_each_kind_of_unsure_is_named_and_explained(opened, kind, start, words):
    at = opened(PAGE, start=str(start))
    assert words in said(at)
    assert ("members" in said(at)) == (kind != "sure")


def test_a_scribble_does_not_look_like_a_digit(opened):
    at = draw(opened(PAGE), SCRIBBLE)
    assert "Unlike most digits: if it is one, " in at.header[0].value
    assert "closer to the training digits than it is" in said(at)


def test_a_single_network_does_not_speak_of_members(opened):
    unsure = load_artifacts("article").scores["predictive_entropy"].idxmax()
    at = opened(PAGE, model="article", start=str(unsure))
    assert "one network alone cannot tell" in said(at)
    assert "member" not in said(at) + html(at)


def test_a_link_brings_a_test_digit_onto_the_canvas(opened):
    at = opened(PAGE, start="7")
    label = load_artifacts("ensemble").scores.loc[7, "label"]
    assert f"Sure: {label}." in said(at)
    assert at.number_input("start").value == 7


def test_a_test_digit_is_read_as_it_is_until_something_is_drawn_on_it(opened):
    scores = load_artifacts("ensemble").scores
    unsure = scores.nlargest(6, "predictive_entropy")
    for row in (247, *unsure.index):
        at = opened(PAGE, start=str(row))
        own = at.session_state["_own"][1].table.iloc[0]
        assert own["prediction"] == scores.loc[row, "prediction"]
        assert own["confidence"] == pytest.approx(scores.loc[row, "confidence"], abs=1e-4)
    assert scores.loc[247, "prediction"] == 4


def test_what_is_drawn_on_a_test_digit_is_read_with_it(opened):
    at = opened(PAGE, start="247")
    before = at.session_state["_own"][1].images
    draw(at, SEVEN)
    assert (at.session_state["_own"][1].images != before).any()


def test_the_browsers_own_picture_of_an_item_is_no_stroke(opened):
    at = opened(PAGE, start="247")
    step = at.session_state["_canvas"].steps[0]
    data = f"data:image/png;base64,{base64.b64encode(drawing(SEVEN)).decode()}"
    key = f"canvas {at.session_state['_canvas'].version}"
    at.session_state[key] = {"drawing": {"raw": {"objects": step.objects}, "data": data}}
    at.run()
    assert "4" in at.header[0].value
    assert at.button("undo stroke").disabled


ONE, ZERO = ((70, 80), (70, 220)), ((200, 80), (160, 150), (200, 220), (240, 150), (200, 80))


def test_two_digits_side_by_side_are_offered_to_be_read_each_alone(opened):
    at = draw(opened(PAGE), ONE, ZERO)
    assert "looks like 2 digits" in at.button("read each").label
    at.button("read each").click().run()
    assert "**2 digits found.**" in said(at)
    assert at.session_state["_own"][1].table["prediction"].tolist() == [1, 0]


def test_one_digit_is_not_offered_to_be_read_as_several(opened):
    at = draw(opened(PAGE), SEVEN, ((120, 160), (210, 160)))
    assert "read each" not in [button.key for button in at.button]


@pytest.mark.parametrize(
    ("key", "text"),
    [("start", "10000"), ("way", "fax"), ("pen", "900"), ("tool", "axe"), ("place", "nowhere")],
)
def test_anything_unknown_in_the_link_is_said_and_ignored(opened, key, text):
    assert f"{key}={text}" in said(opened(PAGE, **{key: text}))


@pytest.mark.parametrize("place", ["doubt", "entropy", "split", "typical", "map"])
def test_the_digit_is_marked_where_it_lies_in_every_view(opened, place):
    at = opened(PAGE, place=place, start="247")
    assert "Scatter of 10,000 digits" in at.get_by_key("neighbours").proto.alt
    assert '"Your digit 1, read ' in at.get_by_key("place hover").proto.json
