import gc
import io
import zipfile

import cv2
import numpy as np
import pandas as pd
import pytest
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.testing.v1 import AppTest

from core.measures.verdict import CUT, TWO
from core.networks.own_pictures import EXAMPLE
from examples.mnist_data import load_test
from tests.core import made_forms as made
from tests.pages.draw_page import PAGE, html, photo, said, upload


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
    assert "7" in at.header[0].value


def test_a_name_is_shown_as_it_is_and_never_as_markup(opened):
    name = "=a|[x](http:b) <b>*.png"
    at = upload(opened(PAGE, way="upload"), (name, b"no picture"))
    assert r"\[x\]\(http\:b\) \<b\>\*\.png" in at.error[0].value
    upload(at, (name, photo()))
    assert "&lt;b&gt;" in html(at)
    assert "<b>" not in html(at)


def test_files_that_were_read_are_held_by_nobody(opened):
    at = upload(opened(PAGE, way="upload"), ("7.jpg", photo()))
    assert "7" in at.header[0].value
    gc.collect()
    files = [found for found in gc.get_objects() if isinstance(found, UploadedFile)]
    assert [file.name for file in files if not file.closed] == []


def test_more_files_join_those_before(opened):
    at = upload(opened(PAGE, way="upload"), ("photo.jpg", photo()), ("empty.png", b""))
    upload(at, ("number.jpg", EXAMPLE.read_bytes()))
    assert "**9 digits found.**" in said(at)
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


def as_png(picture: np.ndarray) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()


def note(count=6, rows=1, seed=0) -> np.ndarray:
    """Test digits on paper, as (H, W)."""
    images = load_test()[0][:count]
    return made.note(images, np.random.default_rng(seed), rows, tall=60)


def test_a_file_that_comes_twice_is_noticed_and_counts_once(opened):
    at = upload(opened(PAGE, way="upload"), ("photo.jpg", photo()))
    upload(at, ("copy.jpg", photo()), ("number.jpg", EXAMPLE.read_bytes()))
    assert "**9 digits found.**" in said(at)
    assert "copy.jpg is the same file as photo.jpg." in at.info[0].value.replace("\\", "")


def test_one_of_many_files_is_taken_back(opened):
    at = opened(PAGE, way="upload")
    upload(at, ("photo.jpg", photo()), ("number.jpg", EXAMPLE.read_bytes()))
    assert at.button("remove one").label.replace("\\", "") == "Remove photo.jpg"
    at.button("remove one").click().run()
    assert "**8 digits found.**" in said(at)
    upload(at, ("photo.jpg", photo()))
    assert "**9 digits found.**" in said(at)


def test_what_is_left_out_is_said_and_shown_with_its_box(opened):
    picture = note()
    picture[10:14, 200:206] = 30
    at = upload(opened(PAGE, way="upload"), ("note.png", as_png(picture)))
    assert "**6 digits found.** 1 mark left out." in said(at)
    assert "1 mark left out. Marks left out are dashed." in html(at)
    assert html(at).count('<i class="out"') == 1


def test_frames_are_shown_and_digits_named_by_row_and_cell(opened):
    images = load_test()[0][:9]
    picture = made.table(images, np.random.default_rng(1), rows=3, tall=40)
    at = upload(opened(PAGE, way="upload"), ("table.png", as_png(picture)))
    assert "Lines and frames that were taken out are dotted." in html(at)
    assert '<i class="frame"' in html(at)
    assert "digit 1 (row 1, cell 1) as the network reads it" in html(at)


def test_touching_digits_are_parted_or_doubted_and_never_sure(opened):
    images, _ = load_test()
    rng = np.random.default_rng(0)
    files = [(f"{i}.png", as_png(made.touching(images[i : i + 2], rng))) for i in range(0, 20, 2)]
    at = upload(opened(PAGE, way="upload"), *files)
    table = at.session_state["_own"][1].table
    assert len(table) > len(files)
    doubted = table[table["doubt"] != ""]
    assert not (doubted["kind"] == "sure").any()
    assert set(doubted["doubt"]) <= {CUT, TWO}
    assert doubted["verdict"].str.contains("touch").all()


def table_of(at: AppTest) -> pd.DataFrame:
    return at.session_state["_own"][1].table


def test_a_page_on_its_side_is_noticed_and_turned_at_a_press(opened):
    upright = note(8)
    at = upload(opened(PAGE, way="upload"), ("page.png", as_png(np.rot90(upright))))
    assert "page.png seems to lie" in at.warning[0].value.replace("\\", "")
    at.button("turn").click().run()
    assert not at.warning
    read = at.session_state["_own"][1].table["prediction"].tolist()
    assert np.mean(np.array(read) == load_test()[1][:8]) >= 0.8
    turned = table_of(at)
    at.button("turn back").click().run()
    assert "page.png seems to lie" in at.warning[0].value.replace("\\", "")
    assert not at.info
    at.button("turn").click().run()
    pd.testing.assert_frame_equal(table_of(at), turned)


def test_names_that_state_a_label_are_compared_with_what_was_read(opened):
    at = upload(opened(PAGE, way="upload"), ("7.jpg", photo()))
    assert "One file states a label (7.jpg states 7): 1 of 1 digit read so." in said(at).replace(
        "\\", ""
    )
    upload(at, ("2_number.jpg", EXAMPLE.read_bytes()))
    assert "2 files state labels" in said(at)
    assert "of 9 digits read so." in said(at)


def npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def test_arrays_are_read_and_their_labels_compared(opened):
    images, labels = load_test()
    raw = npz(x_test=images[:40] / 255, y_test=labels[:40])
    at = upload(opened(PAGE, way="upload"), ("mine.npz", raw))
    assert (table_of(at)["prediction"].to_numpy() == labels[:40]).sum() >= 39
    words = said(at).replace("\\", "")
    assert "40 digits found." in words
    assert "(mine.npz holds them)" in words
    assert "images from x_test, labels from y_test; float64 0 to 1" in html(at)


def asked(at: AppTest, question: str):
    return next(s for s in at.selectbox if s.label.replace("\\", "").startswith(question))


def test_of_several_arrays_and_unclear_values_a_person_is_asked(opened):
    images, _ = load_test()
    some = (images[:30] - 33.3) / 78.6
    raw = npz(x_train=images[:5], x_test=some)
    at = upload(opened(PAGE, way="upload"), ("both.npz", raw))
    assert "_own" not in at.session_state
    asked(at, "Which array of both.npz").select("x_test").run()
    asked(at, "What is full ink in both.npz").select("standardised").run()
    assert len(table_of(at)) == 30
    assert (table_of(at)["prediction"].to_numpy() == load_test()[1][:30]).sum() >= 29


def test_a_set_that_looks_turned_is_turned_at_a_press(opened):
    images, labels = load_test()
    raw = npz(images=images[:40].swapaxes(1, 2))
    at = upload(opened(PAGE, way="upload"), ("emnist.npz", raw))
    assert "look transposed" in at.warning[0].value
    next(button for button in at.button if button.label.startswith("Read them")).click().run()
    assert not at.warning
    assert (table_of(at)["prediction"].to_numpy() == labels[:40]).sum() >= 39


def test_pictures_in_a_zip_file_are_read_and_folders_state_labels(opened):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("set/7/one.jpg", photo())
        archive.writestr("set/7/broken.jpg", b"\xff\xd8\xff")
    at = upload(opened(PAGE, way="upload"), ("some.zip", buffer.getvalue()))
    assert table_of(at)["prediction"].tolist() == [7]
    words = said(at).replace("\\", "")
    assert "1 of 1 digit read so." in words
    assert "broken.jpg" in at.error[0].value.replace("\\", "")


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("a.npy", b"\x93NUMPY\x01\x00", "a.npy is broken"),
        ("a.csv", b"a,b\n1,2\n", "a.csv is a table of 1 rows"),
        ("a.zip", b"PK\x03\x04 and no more", "a.zip is broken"),
    ],
)
def test_what_holds_no_images_is_one_sentence(opened, name, raw, words):
    at = upload(opened(PAGE, way="upload"), (name, raw))
    assert words in at.error[0].value.replace("\\", "")
