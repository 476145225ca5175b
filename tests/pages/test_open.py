"""The Open page: files dropped, understood, asked about, opened; studies renamed and deleted."""

import io
import re

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import APP
from tests.patience import SECONDS
from ui.studies import LIBRARY


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setattr(LIBRARY, "root", tmp_path / "studies")
    return LIBRARY


@pytest.fixture
def page(library):
    at = AppTest.from_file(str(APP), default_timeout=SECONDS)
    return at.switch_page("pages/open.py").run()


def csv(num_items=30):
    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.ones(3), num_items)
    frame = pd.DataFrame(probs, columns=["cat", "dog", "fox"])
    return frame.assign(label=frame.idxmax(axis=1)).to_csv(index=False).encode()


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def roles(at):
    """The keys of the boxes that say what each file is, in the order of the files."""
    return [box.key for box in at.selectbox if box.key and box.key.startswith("role ")]


def dropped(at, *files):
    at.file_uploader(key="open files").set_value(
        [(name, content, "application/octet-stream") for name, content in files]
    )
    return at.run()


def said(at):
    assert not at.exception
    kinds = (at.markdown, at.caption, at.info, at.error, at.header)
    text = "\n".join(element.value for kind in kinds for element in kind)
    return text.replace("\\", "")


def test_a_dropped_file_says_how_it_is_read_before_anything_is_opened(page, library):
    at = dropped(page, ("preds.csv", csv()))
    assert "columns 'cat' to 'fox' (3 classes) read as probabilities" in said(at)
    assert "30 of 30 rows" in said(at)
    (table,) = (html.value for html in at.get("html") if "<table" in html.value)
    head, *rows = [re.findall("<t[hd]>(.*?)</t[hd]>", row) for row in table.split("<tr>")[1:]]
    shown = pd.DataFrame(rows, columns=head)
    assert len(shown) > 1
    assert shown["label"].tolist() == shown["preds: prediction"].tolist()
    assert [entry.key for entry in library.list()] == ["mnist"]


def test_it_opens_under_the_names_that_were_given(page, library):
    at = dropped(page, ("preds.csv", csv()))
    at.text_input(key="open title").set_value("My animals")
    at.text_input(key="open noun").set_value("animal")
    at.text_input(key="open model").set_value("net")
    at.run()
    at.button(key="open study").click().run()
    study = library.load("my-animals")
    assert (study.title, study.dataset.noun.many, list(study.models)) == (
        "My animals",
        "animals",
        ["net"],
    )


def test_a_second_press_that_comes_while_the_page_is_left_does_not_bring_it_back(page, library):
    at = dropped(page, ("preds.csv", csv()))
    at.button(key="open study").click().run()
    assert at.title[0].value.startswith("Which items")
    # As the first press leaves it where the second one comes before Explore stands.
    at.session_state["_leaves"] = ("open", "pages/explore.py", {"study": "preds"})
    at = at.switch_page("pages/open.py").run()
    assert at.title[0].value.startswith("Which items")
    assert at.query_params["study"] == "preds"
    at = at.switch_page("pages/open.py").run()
    assert at.title[0].value == "Open your own classifier"


def test_a_question_waits_for_its_answer(page, library):
    rng = np.random.default_rng(1)
    files = (
        ("logits.npy", npy(rng.normal(size=(20, 4)) * 3)),
        ("labels.npy", npy(np.arange(20) % 4)),
    )
    at = dropped(page, *files)
    assert "Are they logits of one softmax?" in said(at)
    assert "1 question to answer below" in at.info[0].value
    assert not [button for button in at.button if button.key == "open study"]
    at = at.button(key="confirm as").click().run()
    assert not at.info
    assert "Are they logits of one softmax?" not in "\n".join(
        m.value for m in at.markdown if m.value.startswith("**")
    )
    at.button(key="open study").click().run()
    assert library.load("logits").models["logits"].kind == "logits"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("preds.csv", b"", "preds.csv"),
        ("p.npy", b"\x80\x04}q\x00.", "p.npy"),
        ("page.csv", b"<!DOCTYPE html><html></html>", "page.csv"),
        ("<b>$x$.csv", b"no numbers here", "<b>$x$.csv"),
    ],
)
def test_what_cannot_be_read_is_said_and_leaves_the_page_as_it_was(
    page, library, name, content, words
):
    at = dropped(page, (name, content))
    assert words in at.error[0].value.replace("\\", "")
    at = dropped(at, ("preds.csv", csv()))
    assert "How it was read" in said(at)


def test_taking_a_file_away_and_bringing_another_mixes_nothing_up(page):
    at = dropped(page, ("a.csv", csv(10)), ("b.csv", csv(12)))
    at = dropped(at, ("b.csv", csv(12)))
    assert "12 of 12 rows" in said(at)
    at = dropped(at, ("b.csv", csv(12)), ("c.csv", csv(14)))
    at = dropped(at, ("c.csv", csv(14)))
    assert "14 of 14 rows" in said(at)


def test_a_study_is_renamed_and_deleted_only_when_it_is_meant(page, library):
    at = dropped(page, ("preds.csv", csv()))
    at.button(key="open study").click().run()
    at = AppTest.from_file(str(APP), default_timeout=SECONDS).run()
    at = at.switch_page("pages/open.py").run()
    at.text_input(key="title preds").set_value("Renamed")
    at.button(key="rename preds").click().run()
    assert {entry.title for entry in library.list()} == {"MNIST", "Renamed"}
    assert at.button(key="delete preds").disabled
    at.checkbox(key="sure preds").check().run()
    at.button(key="delete preds").click().run()
    assert not at.exception
    assert [entry.key for entry in library.list()] == ["mnist"]


def test_a_private_server_shows_prepared_studies_only(page, monkeypatch):
    monkeypatch.setenv("PENUMBRA_UPLOADS", "off")
    at = page.run()
    assert "prepared studies only" in said(at)
    assert not at.get("file_uploader")


def test_it_says_how_larger_files_are_opened_and_what_a_file_may_look_like(page):
    assert "python cli.py open FILE" in said(page)
    assert "a.jpg,cat,0.91" in page.code[0].value
    at = dropped(page, ("preds.csv", csv()))
    assert not at.code
    assert "Everyone who can see these pages" in said(at)


def test_an_answer_can_be_taken_back(page):
    at = dropped(page, ("logits.npy", npy(np.random.default_rng(1).normal(size=(20, 4)) * 3)))
    at = at.button(key="confirm as").click().run()
    assert [button for button in at.button if button.key == "open study"]
    at = at.button(key="ask again").click().run()
    assert not [button for button in at.button if button.key in {"open study", "ask again"}]
    assert "Are they logits of one softmax?" in said(at)


def test_ids_that_repeat_are_mended_on_the_page(page, library):
    table = pd.read_csv(io.BytesIO(csv())).assign(id=7, page=range(100, 130))
    at = dropped(page, ("preds.csv", table.to_csv(index=False).encode()))
    assert "is on rows 0 and 1" in at.error[0].value.replace("\\", "")
    at = at.text_input(key="open id").set_value("page").run()
    assert not at.error
    at.button(key="open study").click().run()
    assert library.load("preds").dataset.ids[0] == "100"


def test_numbers_read_wrongly_are_told_what_they_are(page, library):
    at = dropped(page, ("preds.csv", csv()))
    at = at.selectbox(key="open kind").set_value("logits").run()
    at.button(key="open study").click().run()
    assert library.load("preds").models["preds"].kind == "logits"


def test_the_title_follows_the_file_until_somebody_types_one(page):
    at = dropped(page, ("a.csv", csv()))
    assert at.text_input(key="open title").value == "a"
    at = dropped(at, ("b.csv", csv()))
    assert at.text_input(key="open title").value == "b"
    at = at.text_input(key="open title").set_value("Mine").run()
    at = dropped(at, ("c.csv", csv()))
    assert at.text_input(key="open title").value == "Mine"


@pytest.mark.parametrize("title", ["x" * 5000, "a\u202eb", "<b> $x$ ../x :red[y]", "שלום", "🎉"])
def test_a_title_of_any_kind_stands_as_letters_in_the_list(page, library, title):
    at = dropped(page, ("preds.csv", csv()))
    at.text_input(key="open title").set_value(title).run()
    at.button(key="open study").click().run()
    assert [entry.title for entry in library.list()] == ["MNIST", title]
    at = AppTest.from_file(str(APP), default_timeout=SECONDS).run()
    at = at.switch_page("pages/open.py").run()
    line = said(at).splitlines()
    shown = title.replace("\u202e", "")
    start = next(text for text in line if text.startswith(f"**{shown[:79]}"))
    assert len(start) < 100
    assert "30 items of 3 classes" in said(at)


def test_a_correction_belongs_to_the_file_it_was_made_for(page):
    at = dropped(page, ("a.csv", csv()))
    at = at.text_input(key="open label").set_value("nowhere").run()
    assert "nowhere" in at.error[0].value
    assert not [field for field in at.text_input if field.key == "open title"]
    at = dropped(at, ("b.csv", csv()))
    assert not at.error


def test_files_are_told_to_be_held_out_and_class_names(page, library):
    names = b"wren\nrobin\ncrow\n"
    probs = np.random.default_rng(2).dirichlet(np.ones(3), 42)
    at = dropped(
        page,
        ("first.npz", npz(pred_probs=probs[:30], labels=np.arange(30) % 3)),
        ("second.npz", npz(pred_probs=probs[30:], labels=np.arange(12) % 3)),
        ("birds.txt", names),
    )
    assert at.error
    for file, role in ((1, "held-out"), (2, "names")):
        at.selectbox(key=roles(at)[file]).set_value(role)
    at = at.run()
    assert not at.error
    at.button(key="open study").click().run()
    study = library.load("first")
    assert study.dataset.class_names == ("wren", "robin", "crow")
    assert len(study.dataset) == 30
    assert len(study.held_out["first"].scores) == 12


def test_two_files_cannot_both_be_the_class_names(page):
    at = dropped(page, ("a.csv", csv()), ("x.txt", b"a\nb\nc"), ("y.txt", b"d\ne\nf"))
    for key in roles(at)[1:]:
        at.selectbox(key=key).set_value("names")
    at = at.run()
    assert "x.txt and y.txt are both said to be" in at.error[0].value.replace("\\", "")


def test_class_names_can_be_typed(page, library):
    probs = np.random.default_rng(2).dirichlet(np.ones(3), 30)
    at = dropped(page, ("p.npz", npz(pred_probs=probs, labels=np.arange(30) % 3)))
    at = at.text_area(key="open names").set_value("wren\nwren\ncrow").run()
    assert "names the class 'wren' twice" in at.error[0].value.replace("\\", "")
    at = at.text_area(key="open names").set_value("wren\nrobin\ncrow").run()
    assert not at.error
    at.button(key="open study").click().run()
    assert library.load("p").dataset.class_names == ("wren", "robin", "crow")
