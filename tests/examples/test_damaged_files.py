"""Every file that ships, damaged: what reads it says so in one sentence, or reads it after all."""

import shutil

import numpy as np
import pytest

from core.stress.table import load_stress_table
from core.study.artifact import ArtifactError
from core.trust.several_models import read_comparison
from examples import mnist, mnist_data
from examples.mnist_artifacts import ARTIFACTS, COMPARISON, Artifacts
from tests.damages import ANY, damages

MOST = 60
"""Damages of a file that are done here; `python -m bench.damaged` does all."""
ONE = np.zeros((1, 28, 28), np.uint8)
READ = {
    "card.json": lambda found: found.card,
    "scores.parquet": lambda found: mnist.on_test(found).scores,
    "test.npz": lambda found: (found.test_logits, found.test_features),
    "calibration.npz": lambda found: (found.calibration_logits, found.calibration_atypicality),
    "out_of_fold.npz": lambda found: found.out_of_fold_logits,
    "model.tflite": lambda found: found.network.predict_logits(ONE),
    "atypicality.npz": lambda found: found.network.predict(ONE),
    "foreign.npz": lambda found: found.network.predict(ONE),
}
FILES = [("article", name) for name in READ if (ARTIFACTS / "article" / name).exists()]
FILES += [("ensemble", name) for name in ("out_of_fold.npz", "atypicality.npz", "foreign.npz")]


def each_damage(path, most=MOST):
    """Do one after another to a file, which is whole again in the end."""
    whole, found = path.read_bytes(), list(damages(path).items())
    rest = found[len(ANY) :]
    for name, harm in found[: len(ANY)] + rest[:: -(-len(rest) // most)]:
        harm(path)
        yield name
        if path.is_dir():
            path.rmdir()
        path.write_bytes(whole)


@pytest.mark.parametrize(("model", "file"), FILES)
def test_a_classifiers_file_is_refused_in_one_sentence_or_read(model, file, tmp_path):
    folder = shutil.copytree(ARTIFACTS / model, tmp_path / "copy")
    refused = set()
    for name in each_damage(folder / file):
        try:
            READ[file](Artifacts(model, folder))
        except ArtifactError as error:
            refused.add(name)
            assert file in str(error) and "python cli.py export" in str(error), name
    assert {"cut", "empty", "a web page"} <= refused


def test_a_stress_table_is_refused_by_what_its_page_catches(tmp_path):
    shutil.copy(ARTIFACTS / "article" / "stress.parquet", tmp_path)
    refused = set()
    for name in each_damage(tmp_path / "stress.parquet"):
        try:
            load_stress_table(tmp_path / "stress.parquet")
        except (OSError, ValueError):
            refused.add(name)
    assert {"cut", "empty", "no rows"} <= refused
    path = tmp_path / "stress.parquet"
    for name in ("kind is lists", "severity is text", "accuracy is dates", "without nll_low"):
        shutil.copy(ARTIFACTS / "article" / "stress.parquet", path)
        damages(path)[name](path)
        with pytest.raises(ValueError, match="no stress table"):
            load_stress_table(path)


def test_the_comparison_is_refused_in_one_sentence(tmp_path, monkeypatch):
    path = tmp_path / COMPARISON.name
    shutil.copy(COMPARISON, path)
    monkeypatch.setattr(mnist, "COMPARISON", path)
    refused = set()
    for name in each_damage(path):
        try:
            mnist._comparison()
        except ArtifactError:
            refused.add(name)
    assert {"empty", "no head", "text for a number", "other letters"} <= refused
    assert len(read_comparison(COMPARISON))


def test_the_digits_are_refused_in_one_sentence(tmp_path):
    path, rng = tmp_path / "mnist.npz", np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (40, 28, 28), np.uint8), np.arange(40) % 10
    labels = labels.astype(np.uint8)
    np.savez_compressed(path, x_test=images, y_test=labels, x_train=images, y_train=labels)
    refused = set()
    for name in each_damage(path, 1_000):
        try:
            found = mnist_data.read_labels("test", path)
            assert sum(map(len, mnist_data.read_images("test", path))) == len(found)
        except ArtifactError as error:
            refused.add(name)
            assert "mnist.npz" in str(error) and "pack FOLDER" in str(error)
    assert {"cut", "without y_test", "x_test: a huge header", "y_test: objects"} <= refused
