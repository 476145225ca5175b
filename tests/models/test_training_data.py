import numpy as np
import pytest
from click.testing import CliRunner

from cli import app
from examples.mnist_data import calibration_split, load_mnist
from models import article
from models.training import train_article, train_classifier
from models.training_data import load_training_data


@pytest.fixture(scope="module")
def mnist():
    return load_mnist()


def write(path, labels, usable=None):
    usable = np.ones(len(labels), bool) if usable is None else usable
    np.savez(path, labels=labels, usable=usable)
    return path


def test_without_a_file_the_labels_and_the_split_are_mnists(mnist, tmp_path):
    data = load_training_data(checkpoints=tmp_path)
    assert np.array_equal(data.mnist.y_train, mnist.y_train)
    assert np.array_equal(data.split.fit, calibration_split(60_000).fit)
    assert data.checkpoints == tmp_path


def test_corrections_are_learnt_and_unusable_digits_left_out(mnist, tmp_path):
    labels, usable = mnist.y_train.copy(), np.ones(60_000, bool)
    split = calibration_split(60_000)
    changed, dropped = split.fit[:3], [split.fit[5], split.calibration[5]]
    labels[changed] = (labels[changed] + 1) % 10
    usable[dropped] = False
    data = load_training_data(write(tmp_path / "labels.npz", labels, usable), tmp_path)
    assert np.array_equal(data.mnist.y_train, labels)
    assert np.array_equal(data.split.fit, np.delete(split.fit, 5))
    assert np.array_equal(data.split.calibration, np.delete(split.calibration, 5))
    assert np.array_equal(data.mnist.y_test, mnist.y_test)


def test_other_labels_have_other_checkpoints(mnist, tmp_path):
    other = mnist.y_train.copy()
    other[0] = (other[0] + 1) % 10
    folders = [
        load_training_data(write(tmp_path / f"{name}.npz", labels), tmp_path).checkpoints
        for name, labels in (("given", mnist.y_train), ("again", mnist.y_train), ("other", other))
    ]
    assert folders[0] == folders[1]
    assert folders[0] != folders[2]
    assert tmp_path not in folders


def test_a_network_learns_the_labels_of_the_file(mnist, tmp_path, monkeypatch):
    # Every label moved on by one: what is learnt can only come from the file.
    usable = np.zeros(60_000, bool)
    usable[calibration_split(60_000).fit[:4_000]] = True
    moved = (mnist.y_train + 1) % 10
    data = load_training_data(write(tmp_path / "labels.npz", moved, usable), tmp_path)
    monkeypatch.setattr(article, "EPOCHS", 1)
    train_article(data, lambda done, total: None)
    trained = article.train(
        data.mnist.x_train[data.split.fit], data.mnist.y_train[data.split.fit], epochs=1,
        folder=data.checkpoints / "article",
    )  # fmt: skip
    predicted = trained.predict(mnist.x_train[-1_000:], verbose=0).argmax(axis=1)
    assert (predicted == moved[-1_000:]).mean() > 0.75


def test_a_labels_file_that_does_not_fit_is_one_line_and_exit_code_2(mnist, tmp_path):
    path = write(tmp_path / "labels.npz", mnist.y_train[:100])
    for command in ("train", "export"):
        result = CliRunner().invoke(app, [command, "article", "--labels", str(path)])
        assert result.exit_code == 2
        assert "100 labels where the data set has 60000" in result.stderr
        assert result.stderr.strip().count("\n") == 0


def test_folds_and_corrected_labels_exclude_each_other(mnist, tmp_path):
    path = write(tmp_path / "labels.npz", mnist.y_train)
    with pytest.raises(ValueError, match="either folds or labels"):
        train_classifier("ensemble", lambda done, total: None, folds=5, labels=path)
