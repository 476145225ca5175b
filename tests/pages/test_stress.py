import base64

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.study.pngs import png
from examples.mnist import load_study
from ui.stress.subject import read_own

PAGE = "pages/stress.py"


def said(at: AppTest) -> str:
    assert not at.exception
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.info, at.warning, at.error)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


def letters(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def cursor(at: AppTest):
    """What travels to the cursor, as text."""
    return str(at.get_by_key("cursor").proto)


@pytest.mark.parametrize("model", ["ensemble", "article"])
def test_an_item_is_turned_and_the_changes_of_the_answer_are_said(opened, model):
    at = opened(PAGE, id="11", model=model)
    text = said(at)
    assert "Digit 11, labelled 6." in text and "Unchanged, the digit is read as 6" in text
    assert "It becomes" in text and "°" in text
    assert ("epistemic" in text) == (model == "ensemble")
    assert at.get("plotly_chart")[0].proto.spec.count("epistemic") == (2 * (model == "ensemble"))


@pytest.mark.parametrize("kind", ["morph", "fade", "gaussian_noise", "stroke", "occlusion"])
def test_every_sort_of_way_is_shown(opened, kind):
    at = opened(PAGE, id="4", kind=kind, on=["gaussian_blur:0.03", "rotate:20"])
    assert at.selectbox(key="kind").value == kind
    assert at.multiselect(key="layers").value == ["gaussian_blur", "rotate"]
    assert at.slider(key="layer rotate").value == pytest.approx(20)
    assert ("Into which digit?" in said(at)) == (kind in ("morph", "fade"))


def test_choosing_a_kind_a_layer_and_an_item_writes_the_link(opened):
    at = opened(PAGE, id="4", at="90")
    at.selectbox(key="kind").set_value("contrast").run()
    at.multiselect(key="layers").set_value(["fog"]).run()
    at.slider(key="layer fog").set_value(3.0).run()
    at.text_input(key="stress id").set_value("7").run()
    link = at.session_state["_link"]
    assert link["kind"] == ["contrast"] and link["on"] == ["fog:3"] and link["id"] == ["7"]
    assert "at" not in link
    assert "Digit 7," in said(at)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"kind": "melt"}, "kind=melt"),
        ({"on": "melt:3"}, "on=melt:3"),
        ({"on": "fog:999"}, "fog goes from 0 to 6"),
        ({"at": "soon"}, "it must be a number"),
        ({"id": "10000"}, "there is no such digit"),
        ({"kind": "morph", "into": "x"}, "into=x"),
        ({"picture": "nothing"}, "it must be a small PNG"),
        ({"picture": letters(png(np.zeros((30, 30), np.uint8)))}, "30 × 30 pixels; the network"),
    ],
)
def test_a_link_that_says_nothing_sensible_gets_a_sentence_and_the_page_stays(opened, link, words):
    at = opened(PAGE, **link)
    assert words in said(at).replace("`", "")
    assert at.selectbox(key="kind")


def test_ones_own_picture_comes_in_the_link_and_is_left_by_naming_an_item(opened):
    image = load_study().dataset.images.image(5)
    at = opened(PAGE, id="4", picture=letters(png(image)))
    assert "Your digit." in said(at)
    at.text_input(key="stress id").set_value("4").run()
    assert "Digit 4," in said(at) and "picture" not in at.session_state["_link"]


def test_a_picture_in_a_link_is_read_as_it_was_and_nothing_else_is_a_picture():
    image = np.random.default_rng(0).integers(256, size=(28, 28), dtype=np.uint8)
    np.testing.assert_array_equal(read_own([letters(png(image))]), image)
    assert read_own(["none"]) is None
    cut = letters(png(image))[:200]
    huge = letters(png(np.zeros((2_000, 2_000), np.uint8)))
    for text in ("", "%%%", cut, huge, letters(b"GIF89a"), "A" * 7_000):
        with pytest.raises(ValueError, match="small PNG"):
            read_own([text])


def test_the_cursor_stands_where_the_link_says_and_shows_that_step(opened):
    at = opened(PAGE, id="11", at="180")
    assert "9" in cursor(at) and '"at": 60' in cursor(at).replace("\\", "")


def test_explore_and_draw_lead_here(opened):
    at = opened("", id="4")
    assert "Bend this digit until the model breaks" in str(at.get("page_link")[0].proto)
