"""Every page on studies of every kind: none raises, each says what it cannot show."""

import json
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.stored.folder import write_study
from core.study.dataset import UNLABELLED, Noun
from tests.pages.random_studies import ids, random_study, some_unlabelled

APP = Path(__file__).parents[2] / "navigation.py"
ROOT = Path(os.environ["PENUMBRA_STUDIES"])
PAGES = {
    "explore": {},
    "trust calibration": {"section": "calibration"},
    "trust declining": {"section": "declining"},
    "trust sets": {"section": "sets"},
    "audit": {"reviewer": "Ada"},
    "audit grid": {"look": "Twenty at once"},
    "audit results": {"look": "Results"},
    "draw": {},
    "glossary": {},
}


@pytest.fixture(autouse=True)
def own_decisions(tmp_path, monkeypatch):
    monkeypatch.setenv("PENUMBRA_DECISIONS", f"sqlite:///{tmp_path / 'decisions.sqlite3'}")
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def written():
    """Writes a study under a key for one test."""
    keys = []

    def write(new, key="any"):
        keys.append(key)
        write_study(new, ROOT, key)
        return key

    yield write
    for key in keys:
        shutil.rmtree(ROOT / key, ignore_errors=True)


def opened(page, key="any", /, **link):
    name = page.split()[0]
    at = AppTest.from_file(str(APP), default_timeout=120)
    at.switch_page(f"pages/{name}.py")
    for said, texts in ({"study": key} | PAGES[page] | link).items():
        at.query_params[said] = texts
    at.run()
    assert not at.exception, (page, [found.value for found in at.exception])
    assert at.title or at.error
    return at


def said(at):
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.info, at.warning, at.error)
    text = "\n".join(str(element.value) for kind in kinds for element in kind)
    return text.replace("\\", "")


def html(at):
    return "\n".join(element.proto.body for element in at.get("html"))


def spec(at):
    return " ".join(chart.proto.spec for chart in at.get("plotly_chart"))


def metric(at, label):
    return next(each.value for each in at.metric if each.label == label)


def without_faults(at):
    assert not at.error, [found.value for found in at.error]
    return at


TEXTS = pa.table({"text": [f"words <i>{n}</i>\n\n    code $x$" for n in range(40)]})
TABLE = pa.table({
    "age": range(40), "a <b>": [None if n % 2 else n / 3 for n in range(40)],
    "when": pa.array([n * 10**9 for n in range(40)], pa.timestamp("ns")),
})  # fmt: skip
KINDS = {
    "two classes": {"num_classes": 2},
    "two classes, members, held out": {"num_classes": 2, "num_members": 5, "held_out": True},
    "members, features, grey": {"num_members": 5, "features": 4, "pictures": "grey arrays"},
    "colour, held out": {"pictures": "colour arrays", "held_out": True, "features": 3},
    "pictures of many sizes, odd ids": {"pictures": "bytes", "ids": ids(40)},
    "pictures that are away": {"pictures": "files"},
    "texts, odd names": {"num_classes": 6, "items": TEXTS, "text": "text", "ids": ids(40)},
    "columns, some labels": {
        "items": TABLE, "labels": some_unlabelled(np.arange(40) % 3), "out_of_sample": None,
    },
    "no labels": {"labels": None, "num_members": 5},
    "no label that is known": {"labels": np.full(40, UNLABELLED)},
    "probabilities": {"kind": "probabilities", "num_classes": 4},
    "log-probabilities": {"kind": "log-probabilities", "num_members": 5},
    "votes of many": {"kind": "votes", "num_members": 5},
    "counts": {"kind": "counts", "num_classes": 6},
    "thousand": {"num_classes": 1_000, "num_items": 60},
    "thousand, members, held out, features": {
        "num_classes": 1_000, "num_members": 5, "held_out": True, "features": 8,
        "pictures": "colour arrays",
    },
    "thousand, top-1": {"num_classes": 1_000, "tier": "top-1"},
    "twenty": {"num_classes": 20, "out_of_sample": None},
    "top-1": {"tier": "top-1", "pictures": "grey arrays"},
    "top-1, no labels": {"tier": "top-1", "labels": None},
    "answers": {"tier": "answers", "items": TABLE},
    "answers, no labels": {"tier": "answers", "labels": None},
    "answers, thousand": {"tier": "answers", "num_classes": 1_000},
    "one item": {"num_items": 1},
    "two items": {"num_items": 2},
    "two items, held out": {"num_items": 2, "held_out": True, "num_members": 5},
    "one label": {"labels": np.array([1] + 39 * [UNLABELLED])},
    "one class only": {"labels": np.zeros(40, int), "features": 2},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_opens_on(kind, written):
    key, changes = written(random_study(**KINDS[kind])), KINDS[kind]
    chosen = changes.get("ids", ["0"])[0]
    for page in PAGES:
        link = {"id": chosen} if page == "explore" or "trust" in page else {}
        at = without_faults(opened(page, key, **link))
        assert "<b>" not in spec(at), "Plotly would read a name as HTML"
        assert "<i>" not in html(at)
        assert "link says" not in said(at), said(at)


def test_answers_alone_have_their_accuracy_confusions_and_tiles_in_place_of_a_scatter(written):
    new = random_study(tier="answers", items=TABLE)
    right = float((new.models[0].prediction == new.labels).mean())
    at = opened("explore", written(new))
    assert metric(at, "Accuracy of these") == f"{right:.2%}"
    assert "A net came with its answers alone, so there is no scatter" in said(at)
    assert "Add a column `confidence`" in said(at)
    assert at.get_by_key("matrix")
    assert at.get_by_key("gallery")
    with pytest.raises(KeyError):
        at.get_by_key("scatter")
    mistakes = int((new.models[0].prediction != new.labels).sum())
    assert f"{mistakes} mistakes in" in said(at)


@pytest.mark.parametrize(
    ("page", "changes", "sentences"),
    [
        ("explore", {"labels": None}, ("This study has no labels", "column `label`")),
        ("explore", {"tier": "top-1"}, ("need the probabilities of all classes", "no bar a class")),
        ("explore", {}, ("Aleatoric × epistemic needs several members",)),
        ("trust calibration", {"labels": None}, ("This study has no labels", "`--labels FILE`")),
        ("trust calibration", {"tier": "answers"}, ("came with its answers alone", "`confidence`")),
        ("trust calibration", {"tier": "top-1"}, ("no NLL, Brier score, temperature",)),
        ("trust declining", {"tier": "top-1"}, ("no NLL, Brier score, temperature",)),
        ("trust sets", {"tier": "top-1"}, ("without the probabilities", "pred_probs")),
        ("trust sets", {"num_items": 1}, ("single label", "`--held-out FILE`")),
        ("trust calibration", {}, ("Nothing was held out, so a random half",)),
        ("audit", {"labels": None}, ("This study has no labels", "`--labels FILE`")),
        ("audit", {"tier": "top-1"}, ("without the probabilities of all classes", "pred_probs")),
        ("audit", {"labels": some_unlabelled(np.arange(40) % 3)}, ("14 things without a label",)),
        ("draw", {}, ("cannot judge new pictures", "the network itself")),
    ],
)  # fmt: skip
def test_a_page_says_what_it_cannot_show_and_what_would_bring_it(page, changes, sentences, written):
    at = without_faults(opened(page, written(random_study(**changes)), **WITH_AN_ITEM))
    for sentence in sentences:
        assert sentence in said(at)


WITH_AN_ITEM = {"id": "0"}


def test_with_a_held_out_part_nothing_is_halved(written):
    at = opened("trust calibration", written(random_study(held_out=True)))
    assert "Nothing was held out" not in said(at)
    assert "40 things" in said(at)


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


def charts(at):
    """Key of each chart -> its figure."""
    found = {}
    for chart in at.get("plotly_chart"):
        key = chart.proto.id.rsplit("-", 1)[-1]
        found[key] = json.loads(chart.proto.spec)
    return found


def test_names_ids_and_titles_are_letters_never_markup(written):
    new = random_study(
        num_classes=6, num_members=5, title="<b>T</b> $x$", model_title="*M* <b>$y$</b>",
        ids=ids(40), items=TEXTS, text="text", noun=Noun("<b>th*ng", "$th*ngs$"),
    )  # fmt: skip
    key = written(new)
    for page in PAGES:
        at = without_faults(opened(page, key, id=ids(40)[0]))
        markdown = (*at.title, *at.subheader, *at.markdown, *at.caption, *at.info, *at.warning)
        for element in markdown:
            for name in ("<b>", "$", "*M", "*star", "th*ng", ":smile:"):
                bare = rf"(?<!\\){re.escape(name)}"
                assert not re.search(bare, element.value), (page, element.value)
        for name in ("<b>", "<i>"):
            assert name not in html(at)
            assert name not in spec(at)


@pytest.mark.parametrize("id", ids(10))
def test_every_id_opens_its_item_by_the_link(id, written):
    at = opened("explore", written(random_study(ids=ids(40))), id=id)
    assert "link says" not in said(at)
    shown = " ".join(id.split())[:79]
    assert any(shown in each.value.replace("\\", "").replace("\u2060", "") for each in at.subheader)


def test_a_class_beyond_the_keys_is_found_by_typing_with_the_suggestion_first(written):
    new = random_study(num_classes=20)
    at = opened("audit", written(new))
    box = next(each for each in at.selectbox if each.label == "Relabel as")
    row = int(box.key.split()[-1])
    suggestion = int(new.models[0].values[0, row].argmax())
    assert box.options[0] == new.class_names[suggestion]
    assert sorted(box.options) == sorted(new.class_names)
    other = next(k for k in range(20) if k not in {suggestion, new.labels[row]})
    box.set_value(other).run()
    at.button(key="relabel").click().run()
    assert not at.exception
    assert metric(at, "Settled") == "1 of 40"
    assert metric(at, "Wrong labels found").startswith("1 ")
    at.button(key="undo").click().run()
    assert f"Thing {row} " in at.subheader[0].value


@pytest.mark.parametrize(("answer", "follows"), [("yes", ""), ("no", "was fitted on these labels")])
def test_whether_the_model_saw_the_labels_is_asked_once_and_kept_in_the_link(
    answer, follows, written
):
    key = written(random_study(out_of_sample=None))
    question = "fitted on these very labels?"
    at = opened("audit", key)
    assert question in said(at)
    assert "repeats the labels" in said(at)
    at.button(key=f"unseen {answer}").click().run()
    assert question not in said(at)
    assert at.query_params["unseen"] == [key, "net", answer]
    assert follows in said(at)
    assert question not in said(opened("audit", key, unseen=[key, "net", answer]))
    assert question in said(opened("audit", key, unseen=["another", "net", answer]))
    assert question not in said(opened("audit", written(random_study(), "known")))


def test_a_study_deleted_while_open_ends_the_page_in_a_sentence(written):
    key = written(random_study(features=3))
    at = opened("explore", key, id="3")
    shutil.rmtree(ROOT / key)
    at.button(key="next").click().run()
    assert not at.exception
    assert "any" in said(at)


@pytest.mark.parametrize(
    "file", ["study.json", "items.parquet", "net/values.npy", "net/scores.parquet"]
)
def test_a_study_cut_while_open_says_which_file(file, written):
    key = written(random_study(ids=ids(40), out_of_sample=True))
    for page in ("explore", "trust calibration", "audit"):
        path = ROOT / key / file
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        at = opened(page, key, id="<b>")
        path.write_bytes(whole)
        if at.error:
            assert path.name in said(at)
            assert "open the" in said(at).lower() or "files anew" in said(at)
        elif page == "explore":
            pytest.fail("a cut file went unnoticed")
        st.cache_resource.clear()


def test_a_study_replaced_while_open_is_shown_anew(written):
    key = written(random_study(num_items=40))
    at = opened("explore", key)
    assert metric(at, "Shown") == "40 of 40"
    shutil.rmtree(ROOT / key)
    written(random_study(num_items=25, num_classes=5), key)
    at.run()
    assert not at.exception
    assert metric(at, "Shown") == "25 of 25"


def test_a_study_of_a_later_version_is_named_and_the_others_open(written):
    key = written(random_study())
    card = ROOT / key / "study.json"
    changed = json.loads(card.read_text())
    form = next(name for name in changed if name in {"form", "version", "schema"})
    card.write_text(json.dumps(changed | {form: 99}))
    for page in PAGES:
        at = opened(page, key)
        assert "later" in said(at).lower() or "newer" in said(at).lower()
    assert metric(opened("explore", "mnist"), "Shown") == "10,000 of 10,000"
