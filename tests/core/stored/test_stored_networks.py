"""The network of a study on disk: whole or not at all, and never of another study."""

import io
import zipfile

import numpy as np
import pytest
from click.testing import CliRunner

from cli import app
from core.networks.network_model import load_model
from core.networks.own_network import own_network, settle_outputs
from core.networks.scoring import scorer_of
from core.stored.folder import write_study
from core.stored.library import Library
from core.stored.new_study import NewModel, NewStudy
from core.study.study_error import StudyError
from tests.made_networks import COLOURS, SIDE, colour_network, colour_pictures

PICTURES = np.random.default_rng(3).integers(0, 256, (20, SIDE, SIDE, 3), np.uint8)


@pytest.fixture(autouse=True)
def in_this_process(request, monkeypatch):
    """Files that tests made need no process of their own, but where that is what is tested."""
    if "contact" not in request.node.name:
        monkeypatch.setattr("core.networks.own_network.first_contact", load_model)
        monkeypatch.setattr("core.stored.stored_networks.first_contact", load_model)


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "studies")


def network_in(folder, **options):
    path = colour_network(folder / "net.onnx", **options)
    return settle_outputs(own_network([path], {}), PICTURES)[0]


def study_of(library, network, class_names=COLOURS):
    values = network.predict_values(PICTURES).scores
    model = NewModel("net", "Net", kind=network.kind, values=values)
    new = NewStudy("Colours", class_names, [model], image_arrays=PICTURES)
    return write_study(new, library.root).name


def test_a_study_scores_new_images_with_the_network_that_was_added(library, tmp_path):
    network = network_in(tmp_path)
    key = study_of(library, network)
    assert not library.load(key).networks
    library.add_network(key, "net", network)
    (tmp_path / "net.onnx").unlink()  # the study has its own copy
    scorer = scorer_of(Library(library.root).load(key), "net")
    assert np.array_equal(
        scorer.predict(PICTURES).logits, network_in(tmp_path).predict(PICTURES).logits
    )
    assert scorer.class_names == COLOURS


def test_a_network_goes_where_its_study_goes_and_is_looked_at_first(library, tmp_path):
    key = study_of(library, network_in(tmp_path))
    library.add_network(key, "net", network_in(tmp_path))
    library.pack(key, tmp_path / "study.zip")
    elsewhere = Library(tmp_path / "elsewhere")
    assert "net" in elsewhere.load(elsewhere.unpack(tmp_path / "study.zip")).networks


def test_a_zip_with_a_damaged_network_is_refused_at_first_contact(library, tmp_path):
    key = study_of(library, network_in(tmp_path))
    library.add_network(key, "net", network_in(tmp_path))
    library.pack(key, tmp_path / "study.zip")
    raw = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "study.zip") as old, zipfile.ZipFile(raw, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:50] if name.endswith(".onnx") else content)
    elsewhere = Library(tmp_path / "elsewhere")
    with pytest.raises(StudyError, match="damaged"):
        elsewhere.unpack(raw)
    assert not elsewhere.list()


def test_a_network_of_other_classes_is_refused_and_the_study_stays(library, tmp_path):
    key = study_of(library, network_in(tmp_path))
    wrong = own_network([tmp_path / "net.onnx"], {"class_names": ("blue", "green", "red")})
    with pytest.raises(StudyError, match="class 0 is 'blue', and that of Colours is 'red'"):
        library.add_network(key, "net", wrong)
    with pytest.raises(StudyError, match="no model 'other'"):
        library.add_network(key, "other", network_in(tmp_path))
    assert not Library(library.root).load(key).networks


def test_a_network_is_replaced_by_another(library, tmp_path):
    key = study_of(library, network_in(tmp_path))
    library.add_network(key, "net", network_in(tmp_path))
    library.add_network(key, "net", network_in(tmp_path, order="bgr"))
    found = Library(library.root).load(key).networks["net"].predict(PICTURES).logits
    assert np.allclose(found, network_in(tmp_path).predict(PICTURES).logits[..., ::-1], atol=1e-5)


def test_a_network_without_its_card_is_one_sentence(library, tmp_path):
    key = study_of(library, network_in(tmp_path))
    library.add_network(key, "net", network_in(tmp_path))
    (library.root / key / "net" / "network" / "network.json").unlink()
    with pytest.raises(StudyError, match="no network of this study"):
        Library(library.root).load(key)


def opened(tmp_path, monkeypatch, order="rgb", outputs=None, images=True):
    """`open` of a table of predictions with a network, as people call it."""
    monkeypatch.setenv("PENUMBRA_STUDIES", str(tmp_path / "studies"))
    folder = colour_pictures(tmp_path / "pictures")
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.png"))]
    from PIL import Image

    pictures = np.stack([np.array(Image.open(folder / name)) for name in names])
    probs = np.exp(
        own_network([colour_network(tmp_path / "rgb.onnx")], {}).predict(pictures).logits[0]
    )
    probs /= probs.sum(1, keepdims=True)
    lines = [f"{name},{','.join(map(str, row))}" for name, row in zip(names, probs, strict=True)]
    table = tmp_path / "preds.csv"
    table.write_text("\n".join([f"image,{','.join(COLOURS)}", *lines]))
    path = colour_network(tmp_path / "net.onnx", order=order)
    where = ["--images", str(folder)] if images else []
    command = ["open", str(table), *where, "--network", str(path), "--out", "colours"]
    return CliRunner().invoke(app, command)


def test_open_says_whether_the_network_is_the_one_that_made_the_predictions(tmp_path, monkeypatch):
    found = opened(tmp_path, monkeypatch)
    assert found.exit_code == 0, found.stderr
    assert "names the class of the predictions on 10 of 10 pictures" in found.stdout
    assert "scaling assumed: 0-1" in found.stdout
    assert Library(tmp_path / "studies").load("colours").networks


def test_open_doubts_a_network_that_says_something_else(tmp_path, monkeypatch):
    found = opened(tmp_path, monkeypatch, order="bgr")
    assert "is it the one that made them, read as trained?" in found.stdout


def test_open_asks_for_the_kind_of_outputs_where_no_picture_shows_it(tmp_path, monkeypatch):
    found = opened(tmp_path, monkeypatch, images=False)
    assert found.exit_code == 2 and '"outputs"' in found.stderr
