import base64
import gc
import io

import cv2
import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.testing.v1 import AppTest

from core.networks.own_pictures import CANVAS_SIDE, EXAMPLE
from core.study.pngs import png
from examples.mnist_artifacts import load_artifacts

PAGE = "pages/draw.py"
SEVEN = ((80, 70), (220, 70), (140, 250))


def said(at: AppTest) -> str:
    assert not at.exception
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.info, at.warning, at.error)
    return "\n".join(element.value for kind in kinds for element in kind)


def html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def drawing(*strokes) -> bytes:
    """What the canvas sends: black strokes on white."""
    paper = np.full((CANVAS_SIDE, CANVAS_SIDE), 255, np.uint8)
    for stroke in strokes:
        cv2.polylines(paper, [np.array(stroke)], False, 0, 22)
    return png(paper)


def draw(at: AppTest, *strokes) -> AppTest:
    data = f"data:image/png;base64,{base64.b64encode(drawing(*strokes)).decode()}"
    raw = {"objects": [{"type": "Path", "path": list(stroke)} for stroke in strokes]}
    key = f"canvas {at.session_state['_canvas'].version}"
    at.session_state[key] = {"drawing": {"raw": raw, "data": data}}
    return at.run()


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    at.file_uploader[0].set_value([(name, raw, "image/png") for name, raw in files])
    return at.run()


def photo() -> bytes:
    paper = np.full((400, 300, 3), (230, 228, 220), np.uint8)
    cv2.polylines(paper, [np.array(SEVEN)], False, (40, 40, 120), 14)
    buffer = io.BytesIO()
    Image.fromarray(paper).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize("model", ["ensemble", "article"])
def test_an_empty_canvas_says_what_to_do_and_offers_examples(opened, model):
    at = opened(PAGE, model=model)
    assert "Draw a digit in the white square" in said(at)
    assert at.get_by_key("examples")


@pytest.mark.parametrize("model", ["ensemble", "article"])
def test_a_drawn_seven_is_read_as_seven(opened, model):
    at = draw(opened(PAGE, model=model), SEVEN)
    assert "7" in at.subheader[0].value
    assert "Sure: 7." in said(at)
    assert "7 with over 99.9 %" in said(at)
    assert "of digits in MNIST test" in html(at)
    assert "as the network reads it: 28 × 28" in html(at)


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
    white = f"data:image/png;base64,{base64.b64encode(drawing()).decode()}"
    at.session_state["canvas 0"] = {
        "drawing": {"raw": {"objects": [{"type": "Path"}]}, "data": white}
    }
    assert "Blank: there is no ink." in said(at.run())


SCRIBBLE = tuple((40 + 37 * i % 220, 40 + 89 * i % 220) for i in range(14))


@pytest.mark.parametrize(
    ("kind", "start", "words"),
    [
        ("sure", 0, "Sure: 7."),
        ("disagree", 2447, "the members disagree"),
        ("ambiguous", 115, "aleatoric: the members share it"),
    ],
)
def test_each_kind_of_unsure_is_named_and_explained(opened, kind, start, words):
    at = opened(PAGE, start=str(start))
    assert words in said(at)
    assert ("members" in said(at)) == (kind != "sure")


def test_a_scribble_does_not_look_like_a_digit(opened):
    at = draw(opened(PAGE), SCRIBBLE)
    assert at.subheader[0].value == "This does not look like a digit."
    assert "atypical: unlike the training data" in said(at)


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


def test_uploads_are_read_and_each_failure_is_a_sentence_of_its_own(opened):
    at = opened(PAGE, way="upload")
    upload(
        at,
        ("photo.jpg", photo()),
        ("words.png", b"no picture"),
        ("empty.png", b""),
        ("example.jpg", EXAMPLE.read_bytes()),
    )
    failures = at.error[0].value.replace("\\", "")
    assert "words.png is not a picture" in failures
    assert "empty.png is empty." in failures
    assert "**9 digits found.**" in said(at)
    assert "7" in at.subheader[0].value


def test_a_name_is_shown_as_it_is_and_never_as_markup(opened):
    name = "=a|[x](http:b) <b>*.png"
    at = upload(opened(PAGE, way="upload"), (name, b"no picture"))
    assert r"\[x\]\(http\:b\) \<b\>\*\.png" in at.error[0].value
    upload(at, (name, photo()))
    assert "&lt;b&gt;" in html(at)
    assert "<b>" not in html(at)


def test_files_that_were_read_are_held_by_nobody(opened):
    at = upload(opened(PAGE, way="upload"), ("7.jpg", photo()))
    assert "7" in at.subheader[0].value
    gc.collect()
    files = [found for found in gc.get_objects() if isinstance(found, UploadedFile)]
    assert [file.name for file in files if not file.closed] == []


def test_more_files_join_those_before(opened):
    at = upload(opened(PAGE, way="upload"), ("photo.jpg", photo()), ("empty.png", b""))
    upload(at, ("photo.jpg", photo()), ("number.jpg", EXAMPLE.read_bytes()))
    assert "**10 digits found.**" in said(at)
    assert "empty.png is empty." in at.error[0].value.replace("\\", "")


def test_removing_all_brings_the_empty_page_back(opened):
    at = upload(opened(PAGE, way="upload"), ("photo.jpg", photo()))
    at.button("remove").click().run()
    assert "Drop in a photograph" in said(at)


@pytest.mark.parametrize("way", ["upload", "camera"])
def test_an_example_is_one_click_away(opened, way):
    at = opened(PAGE, way=way)
    at.button("example").click().run()
    assert "**8 digits found.**" in said(at)


def test_the_rule_of_the_link_sends_an_unsure_digit_to_a_person(opened):
    at = opened(PAGE, start="247", decline="confidence:0.999")
    assert "would go to a person" in said(at)


def test_the_table_lists_the_least_sure_first(opened):
    at = opened(PAGE, way="upload")
    at.button("example").click().run()
    shown = at.dataframe[0].value
    assert len(shown) == 8
    assert shown["predictive_entropy"].is_monotonic_decreasing
    assert shown["verdict"].str.contains("Sure: ").all()
    assert '"caption": "\\u2713 7"' in at.get_by_key("own tiles").proto.json


def test_of_many_broken_files_the_first_are_said_and_the_rest_wait(opened):
    at = upload(opened(PAGE, way="upload"), *((f"{i}.png", b"no picture") for i in range(9)))
    assert "**9 files could not be read:**" in at.error[0].value
    assert len(at.error[0].value.split("- ")) == 7
    assert at.expander[0].label == "3 more"
