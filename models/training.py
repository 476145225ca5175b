"""Names on the command line -> trainings on MNIST's training split."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.study.tight_arrays import save_tight
from examples.mnist_artifacts import ARTIFACTS, OUT_OF_FOLD
from examples.mnist_data import load_mnist
from models import article, bayesian, ensemble
from models.ensemble import folder_name
from models.train import CHECKPOINTS, Advance, epochs_done
from models.training_data import TrainingData, load_training_data


def train_classifier(
    name: str, advance: Advance, folds: int | None = None, labels: Path | None = None
) -> None:
    """Train the network of that name, resuming from its latest checkpoint.

    Args:
        name: article, ensemble or bayesian.
        advance: Told of every epoch.
        folds: For the ensemble: train one network per fold instead of the members, and keep the
            logits that each gives the images it has not seen.
        labels: A file of corrected labels of the training images.

    Raises:
        ValueError: no such network, folds for one that has none, or a labels file of other data.
        FileNotFoundError: no such labels file.
    """
    trainings = {
        "article": train_article,
        "ensemble": train_ensemble,
        "bayesian": train_bayesian,
    }
    if name not in trainings:
        raise ValueError(f"There is no network {name!r}; there is {', '.join(trainings)}")
    if folds is None:
        trainings[name](load_training_data(labels), advance)
    elif labels is not None:
        raise ValueError("Folds are for finding wrong labels: leave out either folds or labels")
    elif name == "ensemble" and folds > 1:
        train_out_of_fold(advance, folds)
    else:
        raise ValueError(f"Folds are for the ensemble, 2 or more: got {folds} for {name}")


def train_article(data: TrainingData, advance: Advance) -> None:
    """The article's network, on the training images outside the calibration split."""
    fit, folder = data.split.fit, data.checkpoints / "article"
    report = _counted_one(advance, article.EPOCHS)
    article.train(data.mnist.x_train[fit], data.mnist.y_train[fit], folder=folder, report=report)


def train_bayesian(data: TrainingData, advance: Advance) -> None:
    """The Bayesian CNN, on the training images outside the calibration split."""
    fit, folder = data.split.fit, data.checkpoints / "bayesian"
    report = _counted_one(advance, bayesian.RECIPE.epochs)
    bayesian.train(data.mnist.x_train[fit], data.mnist.y_train[fit], folder=folder, report=report)


def train_ensemble(data: TrainingData, advance: Advance) -> None:
    """The ensemble's members, on the training images outside the calibration split."""
    fit, folder = data.split.fit, data.checkpoints / "ensemble"
    names = [folder_name(member) for member in ensemble.MEMBERS]
    report = _counted(advance, folder, names, ensemble.EPOCHS + ensemble.FINISH_EPOCHS)
    ensemble.train(data.mnist.x_train[fit], data.mnist.y_train[fit], folder=folder, report=report)


def train_out_of_fold(advance: Advance, folds: int) -> None:
    """A network per fold, on all training images; their logits go to the ensemble's artifacts."""
    mnist = load_mnist()
    names = [f"fold-{number + 1}" for number in range(folds)]
    report = _counted(advance, CHECKPOINTS / "ensemble", names, ensemble.FOLD_EPOCHS)
    logits, fold = ensemble.train_folds(mnist.x_train, mnist.y_train, folds, report=report)
    save_out_of_fold(logits, fold)


def save_out_of_fold(logits: np.ndarray, fold: np.ndarray) -> None:
    """Write the logits (N, K) of networks that have not seen their image, in 16 bits."""
    path = ARTIFACTS / "ensemble" / OUT_OF_FOLD
    path.parent.mkdir(parents=True, exist_ok=True)
    epochs = np.array(ensemble.FOLD_EPOCHS)
    save_tight(path, logits=logits.astype(np.float16), fold=fold, epochs=epochs)


def _counted_one(advance: Advance, epochs: int) -> Callable[[int, float], None]:
    """A report of one network that advances by what is new."""
    advance(0, epochs)
    reported = 0

    def report(epoch: int, loss: float) -> None:
        nonlocal reported
        advance(epoch - reported, epochs)
        reported = epoch

    return report


def _counted(advance: Advance, folder: Path, names: list[str], epochs: int) -> ensemble.Report:
    """A report that advances by what is new, beginning with what earlier runs have done."""
    done = {
        name: epochs_done(folder / name) + epochs_done(folder / name / ensemble.FINISH)
        for name in names
    }
    advance(sum(done.values()), epochs * len(names))

    def report(name: str, epoch: int, loss: float) -> None:
        advance(epoch - done[name], epochs * len(names))
        done[name] = epoch

    return report
