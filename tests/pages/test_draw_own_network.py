"""The Draw page on a study that was opened with a network of one's own, which reads colours."""

import base64
import io
import re
import sys

import numpy as np
import pytest
from PIL import Image

from core.networks.network_model import load_model
from core.networks.own_network import own_network, settle_outputs
from core.networks.own_pictures import CANVAS_SIDE
from core.stored.library import Library
from core.stored.new_study import NewModel, NewStudy
from core.study.dataset import Noun
from tests.made_networks import COLOURS, SIDE, colour_network
from tests.pages.any_study import PAGES, ROOT, html, opened, said, without_faults

RED, GREEN, BLUE = ((200, 20, 20), (20, 200, 20), (20, 20, 200))


@pytest.fixture
def study(tmp_path, written, monkeypatch):
    """Forty noisy pictures, judged by the network that comes with them."""
    monkeypatch.setattr("core.networks.own_network.first_contact", load_model)
    monkeypatch.setattr("core.stored.stored_networks.first_contact", load_model)
    pictures = np.random.default_rng(0).integers(0, 256, (40, 12, 20, 3), np.uint8)
    path = colour_network(tmp_path / "net.onnx", softmax=True, features=True)
    network = own_network([path], {"scores": "probs", "features": "means"})
    images = np.stack([network.fit(picture) for picture in pictures])
    network, _ = settle_outputs(network, images)
    found = network.predict_values(images)
    model = NewModel("net", "Net", values=found.scores, features=found.features)
    labels = np.arange(40) % 3
    noun = Noun("flag", "flags")
    new = NewStudy("Flags", COLOURS, [model], labels, noun, image_arrays=pictures)
    key = written(new)
    Library(ROOT).add_network(key, "net", network)
    return key


def filled(colour, size=(30, 50)):
    raw = io.BytesIO()
    Image.new("RGB", size, colour).save(raw, "PNG")
    return raw.getvalue()


def draw(at, picture):
    data = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    key = f"canvas {at.session_state['_canvas'].version}"
    at.session_state[key] = {
        "drawing": {"raw": {"objects": [{"type": "Path", "path": [1]}]}, "data": data}
    }
    return without_faults(at.run())


def test_what_is_painted_is_read_in_its_colours(study):
    at = without_faults(opened("draw", study))
    assert "What about my flag?" in said(at) and "Begin with a flag and paint over it" in said(at)
    assert not at.toggle, "a picture that is read as a whole holds one item"
    for colour, name in zip((RED, GREEN, BLUE), COLOURS, strict=True):
        draw(at, filled(colour, (CANVAS_SIDE, CANVAS_SIDE)))
        assert f"Confident: {name}" in at.header[0].value
    assert f"as the network reads it: {SIDE} × {SIDE}" in html(at)
    assert "The flags most like it" in said(at)
    words = re.sub('<style>.*?</style>|class="digit"', "", html(at), flags=re.DOTALL)
    assert "digit" not in (said(at) + words).lower()


def test_a_server_without_the_runtime_says_what_to_install(study, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.delitem(sys.modules, "core.networks.onnx_model", raising=False)
    at = without_faults(opened("draw", study))
    data = f"data:image/png;base64,{base64.b64encode(filled(RED)).decode()}"
    at.session_state[f"canvas {at.session_state['_canvas'].version}"] = {
        "drawing": {"raw": {"objects": [{"type": "Path", "path": [1]}]}, "data": data}
    }
    at.run()
    assert not at.exception and "pip install onnxruntime" in at.error[0].value.replace("\\", "")


def test_uploads_of_any_size_are_read_each_as_one(study):
    at = without_faults(opened("draw", study, way="upload"))
    files = [
        (f"{name}.png", filled(colour))
        for name, colour in zip(COLOURS, (RED, GREEN, BLUE), strict=True)
    ]
    files += [("broken.png", b"no picture")]
    at.file_uploader[0].set_value([(name, raw, "image/png") for name, raw in files])
    at.run()
    assert not at.exception
    assert "3 flags found." in said(at)
    assert "One file could not be read" in said(at) and "broken.png is no picture" in said(at)
    assert "3 of 3 flags read so" in said(at)
    table = at.dataframe[0].value
    assert sorted(table["read"]) == sorted(COLOURS)


def test_an_item_is_read_on_the_canvas_as_its_table_says(study):
    at = without_faults(opened("draw", study, start="7"))
    kept = at.session_state["_canvas"]
    assert kept.steps[-1].picture.startswith(b"\x89PNG")
    data = f"data:image/png;base64,{base64.b64encode(kept.steps[-1].picture).decode()}"
    at.session_state[f"canvas {kept.version}"] = {
        "drawing": {"raw": {"objects": [{"type": "Image", "src": "x"}]}, "data": data}
    }
    at.run()
    scores = Library(ROOT).load(study).model("net").scores
    name, confidence = COLOURS[scores["prediction"][7]], scores["confidence"][7]
    assert name in at.header[0].value
    assert f"{confidence:.4f}" in html(at)


def test_every_page_opens_on_a_study_with_a_network_that_reads_colours(study):
    for page in PAGES:
        without_faults(opened(page, study))


@pytest.mark.parametrize(
    "link",
    [{"stress": "image"}, {"stress": "image", "kind": "morph", "into": "5"}, {"stress": "data"},
     {"stress": "foreign"}],
)  # fmt: skip
def test_stress_reads_pictures_of_another_size_as_the_network_does(study, link):
    at = without_faults(opened("stress", study, id="3", **link))
    assert not at.warning, [each.value for each in at.warning]
    assert not re.search("network reads|pixels in colour", said(at))


@pytest.fixture
def without(study):
    """The same study before its network came, and the network's file."""
    raw = (ROOT / study / "net" / "network" / "0.onnx").read_bytes()
    card = ROOT / study / "study.json"
    card.write_text(card.read_text().replace('"has_network": true', '"has_network": false'))
    return study, raw


def bring(at, *files):
    at.file_uploader[0].set_value([(name, raw, "application/octet-stream") for name, raw in files])
    at.run()
    return at.button("add network").click().run()


def test_a_network_brought_on_the_page_joins_the_study(without):
    key, raw = without
    card = b'{"scores": "probs", "features": "means"}'
    at = without_faults(opened("draw", key))
    assert "it cannot judge new pictures. Bring the network itself" in said(at)
    bring(at, ("../mine.onnx", raw), ("network.json", card))
    assert not at.exception
    (shown,) = (each.value.replace("\\", "") for each in at.success)
    assert "on 10 of 10 pictures" in shown and "8 × 8, rgb" in shown
    assert "Begin with a flag" in said(at)
    assert "net" in Library(ROOT).load(key).networks


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("net.h5", b"\x89HDF\r\n\x1a\n" + bytes(40), "is a Keras model in HDF5"),
        ("net.onnx", b"\x08\x08broken", "cannot be loaded"),
        ("network.json", b"{}", "alone is not a network"),
    ],
)
def test_what_is_no_network_is_one_sentence_on_the_page(without, name, content, words):
    at = bring(without_faults(opened("draw", without[0])), (name, content))
    assert not at.exception and words in at.error[0].value
    assert at.error[0].value.count("/") == 0


def test_a_server_of_prepared_studies_takes_no_network(without, monkeypatch):
    monkeypatch.setenv("PENUMBRA_UPLOADS", "off")
    at = without_faults(opened("draw", without[0]))
    assert not at.file_uploader and "prepared studies only" in said(at)
