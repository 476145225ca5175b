import json
import shutil

import numpy as np
import pandas as pd
import pytest

from core.study.artifact import ArtifactError
from examples.mnist_artifacts import ARTIFACTS, Artifacts, artifact_names, load_artifacts
from examples.mnist_data import data_hash, load_test


@pytest.fixture(scope="module", params=artifact_names())
def classifier(request):
    return load_artifacts(request.param)


def test_the_contract_of_shapes_holds(classifier):
    images = load_test()[0][:70]
    found = classifier.network.predict(images)
    members, classes = classifier.num_members, len(classifier.class_names)
    assert found.logits.shape == (members, 70, classes)
    assert found.features.shape == (70, classifier.test_features.shape[1])
    assert found.logits.dtype == found.features.dtype == np.float32


def test_the_card_tells_the_data(classifier):
    assert classifier.card["test_hash"] == data_hash(*load_test())


def test_the_card_s_accuracy_is_that_of_the_table(classifier):
    assert classifier.accuracy == classifier.scores["correct"].mean()


@pytest.mark.parametrize("metrics", [None, {}, {"accuracy": "high"}, {"accuracy": 98.1}])
def test_a_card_without_an_accuracy_knows_none(classifier, metrics):
    found = Artifacts(classifier.name, classifier.folder)
    found.__dict__["card"] = classifier.card | {"metrics": metrics}
    assert found.accuracy is None


def test_the_article_s_network_is_as_good_as_its_kind():
    assert 0.981 <= load_artifacts("article").card["metrics"]["accuracy"] <= 0.983


@pytest.mark.parametrize("images", [np.zeros((1, 28, 28)), np.zeros((0, 28, 28), np.uint8)])
def test_images_that_do_not_fit_are_refused(classifier, images):
    with pytest.raises(ValueError, match="images must be uint8"):
        classifier.network.predict_logits(images)


@pytest.mark.parametrize("file", ["card.json", "scores.parquet", "test.npz", "calibration.npz"])
@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 half a file", b"[1]", b"[" * 100_000])
def test_broken_artifacts_name_themselves_and_their_cure(tmp_path, file, content):
    folder = shutil.copytree(ARTIFACTS / "article", tmp_path / "article")
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    broken = Artifacts("article", folder)
    properties = {
        "card.json": "card",
        "scores.parquet": "scores",
        "test.npz": "test_logits",
        "calibration.npz": "calibration_logits",
    }
    with pytest.raises(ArtifactError, match=rf"{file}.*python cli\.py export article"):
        getattr(broken, properties[file])


@pytest.mark.parametrize(
    ("name", "logits"),
    [
        ("test_logits", np.zeros((1, 9_999, 10), np.float32)),
        ("test_logits", np.zeros((2, 10_000, 10), np.float32)),
        ("test_logits", np.zeros((10_000, 10), np.float32)),
        ("test_logits", np.full((1, 10_000, 10), np.nan, np.float32)),
        ("test_logits", np.full((1, 10_000, 10), "a")),
        ("calibration_logits", np.zeros((1, 5_000, 9), np.float32)),
    ],
)
def test_logits_that_do_not_fit_are_refused_where_they_are_read(tmp_path, name, logits):
    folder = shutil.copytree(ARTIFACTS / "article", tmp_path / "article")
    file = f"{name.partition('_')[0]}.npz"
    labels = Artifacts("article", folder).calibration_labels
    np.savez(folder / file, logits=logits, labels=labels)
    with pytest.raises(ArtifactError, match=rf"{file}.*export article"):
        getattr(Artifacts("article", folder), name)


@pytest.mark.parametrize(
    "changes",
    [
        {"class_names": []},
        {"class_names": [1, 2]},
        {"image_shape": 28},
        {"temperature": "warm"},
        {"temperature": -1.0},
        {"num_members": 0},
        {"title": None},
    ],
)
def test_a_card_that_says_nonsense_is_foreign(tmp_path, changes):
    card = load_artifacts("article").card | changes
    (tmp_path / "card.json").write_text(json.dumps(card))
    with pytest.raises(ArtifactError, match=r"card\.json.*export article"):
        _ = Artifacts("article", tmp_path).card


def test_features_that_cannot_be_read_name_their_file(classifier, tmp_path):
    folder = shutil.copytree(classifier.folder, tmp_path / "copy")
    np.savez(folder / "test.npz", logits=classifier.test_logits)
    with pytest.raises(ArtifactError, match=rf"test\.npz.*export {classifier.name}"):
        _ = Artifacts(classifier.name, folder).test_features


def test_broken_distances_are_made_anew_without_a_training(tmp_path):
    folder = shutil.copytree(load_artifacts("ensemble").folder, tmp_path / "ensemble")
    (folder / "atypicality.npz").write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(ArtifactError, match=r"atypicality\.npz.*export atypicality$"):
        Artifacts("ensemble", folder).network.predict(load_test()[0][:1])
    shutil.copy(load_artifacts("ensemble").folder / "atypicality.npz", folder)
    (folder / "foreign.npz").write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(ArtifactError, match=r"foreign\.npz.*export foreign$"):
        Artifacts("ensemble", folder).network.predict(load_test()[0][:1])


def test_a_table_without_its_columns_is_foreign(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "scores.parquet")
    with pytest.raises(ArtifactError, match="export article"):
        _ = Artifacts("article", tmp_path).scores


def test_an_unknown_name_lists_those_there_are():
    with pytest.raises(ValueError, match="article"):
        load_artifacts("nothing")
    assert set(artifact_names()) <= {path.name for path in ARTIFACTS.iterdir()}
