import base64
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.networks.scoring import scorer_of
from core.stress.curve import curve_along
from core.study.pngs import png
from examples.mnist import load_study
from ui.stress.subject import read_own

PAGE = "pages/stress.py"


def said(at: AppTest) -> str:
    assert not at.exception
    kinds = (at.title, at.header, at.markdown, at.caption, at.info, at.warning, at.error)
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
    links = [str(link.proto) for link in at.get("page_link")]
    assert any(
        "Bend this digit until the model breaks" in link and "id=4" in link for link in links
    )


DATA = {"stress": "data", "model": "article"}


def test_the_data_set_has_its_answer_its_numbers_and_every_cell(opened):
    at = opened(PAGE, **DATA)
    assert "accuracy falls from 98.13 %" in said(at)
    sent = str(at.get_by_key("cells").proto)
    assert sent.count("severity 5") > 15 and "zigzag" in sent
    assert {chart.proto.id.rsplit("-", 1)[-1] for chart in at.get("plotly_chart")} == {
        "knowing", "by kind",
    }  # fmt: skip
    assert "of the first 500 digits are wrong" in said(at)


def test_a_cell_opens_its_images_and_one_of_them_is_bent(opened):
    at = opened(PAGE, cell="rotate:3", **DATA)
    assert at.header[-1].value == "Rotation, severity 3"
    tile = json.loads(at.get_by_key("cell items").proto.json)["tiles"][0]
    assert tile["wrong"]
    assert f"Digit {tile['index']}, label" in tile["title"]


def test_a_sample_is_computed_on_the_page_and_forgotten(opened, monkeypatch):
    monkeypatch.setattr("ui.stress.tables.SAMPLE", 4)
    at = opened(PAGE, **DATA)
    at.button(key="stress sample").click().run()
    assert "4 digits or 10,000 digits a cell" in said(at)
    at.button(key="stress forget").click().run()
    assert "10,000 digits a cell" in said(at)


@pytest.mark.parametrize(
    ("link", "words"),
    [({"cell": "rotate:9"}, "cell=rotate:9"), ({"metric": "beauty"}, "metric=beauty")],
)
def test_a_cell_or_a_number_that_is_none_gets_a_sentence(opened, link, words):
    at = opened(PAGE, **DATA | link)
    assert words in said(at).replace("`", "") and at.get_by_key("cells")


@pytest.mark.parametrize("number", range(1, 6))
def test_every_stop_of_the_tour_opens_with_its_text(opened, number):
    stop = load_study().tour[number - 1]
    at = opened(PAGE, tour=str(number), **stop.link)
    assert stop.title in said(at) and stop.text in said(at)
    assert f"Digit {stop.link['id']}," in said(at)
    assert sum("tour=" in str(link.proto) for link in at.get("page_link")) == 5


def test_what_the_tour_says_of_its_digits_holds():
    found = {stop.title: _at(stop) for stop in load_study().tour}
    curve, step = found["A 4 becomes a 9"]
    assert (curve.answers[0], curve.answers[-1]) == (4, 9)
    aleatoric = curve.measures["expected_entropy"]
    assert aleatoric[step] > 5 * max(aleatoric[0], aleatoric[-1])
    assert aleatoric[step] > curve.measures["mutual_information"][step]
    curve, step = found["A 6 turns into a 9"]
    assert curve.answers[curve.start] == 6 and curve.answers[step] == 9
    assert curve.mean_probs[step].max() == pytest.approx(0.98, abs=0.01)
    curve, step = found["Noise it is sure about"]
    assert curve.answers[curve.start] == 1 and curve.answers[step] == 2
    assert curve.mean_probs[step].max() > 0.95
    curve, step = found["A grey background"]
    assert curve.answers[curve.start] == 1 and curve.answers[step] == 8
    curve, step = found["The members quarrel"]
    votes = curve.member_probs[step].argmax(1)
    assert sorted(votes) == [5, 5, 5, 8, 8]


def _at(stop):
    study, link = load_study(), stop.link
    target = study.dataset.images.image(int(link["into"])) if "into" in link else None
    image = study.dataset.images.image(int(link["id"]))
    curve = curve_along(scorer_of(study, link["model"]), None, image, link["kind"], (), target)
    return curve, int(np.abs(curve.amounts - float(link["at"])).argmin())


@pytest.mark.parametrize("model", ["ensemble", "article"])
def test_foreign_pictures_have_their_auroc_by_every_measure(opened, model):
    at = opened(PAGE, stress="foreign", model=model, foreign="letters:confidence")
    sent = json.loads(at.get_by_key("apart").proto.json)
    assert [row["title"] for row in sent["rows"]] == [
        "clothing-like shapes", "letters", "scrambled", "noise", "blanks of any grey",
    ]  # fmt: skip
    assert ("Atypicality" in sent["columns"]) == (model == "ensemble")
    assert "AUROC" in said(at) and "of the digits pass" in said(at)
    assert "notices most" in said(at)


@pytest.mark.parametrize("model", ["ensemble", "article"])
def test_why_here_maps_the_picture_and_flips_its_answer(opened, model):
    at = opened(PAGE, id="18", why="true", model=model)
    keys = {chart.proto.id.rsplit("-", 1)[-1] for chart in at.get("plotly_chart")}
    assert keys == {"curve", "occlusion"}
    read = {"ensemble": 3, "article": 8}[model]
    assert f"Covering a part changes probability of {read} most" in said(at)
    tiles = json.loads(at.get_by_key("flips").proto.json)["tiles"]
    assert f"{len(tiles)} of 23 kinds flip it" in said(at)
    assert all("→" in tile["caption"] for tile in tiles)
