"""Names on the command line -> trainings on MNIST's training split."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np

from core.classifiers import ARTIFACTS, OUT_OF_FOLD
from core.mnist import calibration_split, load_mnist
from models import article, ensemble
from models.ensemble import folder_name
from models.train import CHECKPOINTS, epochs_done

Advance = Callable[[int, int], None]
"""advance(epochs just finished, epochs in all)"""


def train_classifier(name: str, advance: Advance, folds: int | None = None) -> None:
    """Train the network of that name, going on from its newest checkpoint.

    Args:
        name: article or ensemble.
        advance: Told of every epoch.
        folds: For the ensemble: train one network a fold instead of the members, and keep the
            logits that each gives the images it has not seen.

    Raises:
        ValueError: no such network, or folds for one that has none.
    """
    trainings = {"article": train_article, "ensemble": train_ensemble}
    if name not in trainings:
        raise ValueError(f"There is no network {name!r}; there is {', '.join(trainings)}")
    if folds is None:
        trainings[name](advance)
    elif name == "ensemble" and folds > 1:
        train_out_of_fold(advance, folds)
    else:
        raise ValueError(f"Folds are for the ensemble, 2 or more: got {folds} for {name}")


def train_article(advance: Advance) -> None:
    """The article's network, on the training images outside the calibration split."""
    mnist = load_mnist()
    fit = calibration_split(len(mnist.x_train)).fit

    def report(epoch: int, loss: float) -> None:
        advance(epoch - reported[0], article.EPOCHS)
        reported[0] = epoch

    reported = [0]
    advance(0, article.EPOCHS)
    article.train(mnist.x_train[fit], mnist.y_train[fit], report=report)


def train_ensemble(advance: Advance) -> None:
    """The ensemble's members, on the training images outside the calibration split."""
    mnist = load_mnist()
    fit = calibration_split(len(mnist.x_train)).fit
    report = _counted(advance, [folder_name(m) for m in ensemble.MEMBERS], ensemble.EPOCHS)
    ensemble.train(mnist.x_train[fit], mnist.y_train[fit], report=report)


def train_out_of_fold(advance: Advance, folds: int) -> None:
    """A network a fold, on all training images; their logits go to the ensemble's artifacts."""
    mnist = load_mnist()
    names = [f"fold-{number + 1}" for number in range(folds)]
    report = _counted(advance, names, ensemble.FOLD_EPOCHS)
    logits, fold = ensemble.train_folds(mnist.x_train, mnist.y_train, folds, report=report)
    save_out_of_fold(logits, fold)


def save_out_of_fold(logits: np.ndarray, fold: np.ndarray) -> None:
    """Write the logits (N, K) of networks that have not seen their image, in 16 bits."""
    path = ARTIFACTS / "ensemble" / OUT_OF_FOLD
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".partial.npz")
    epochs = np.array(ensemble.FOLD_EPOCHS)
    np.savez_compressed(aside, logits=logits.astype(np.float16), fold=fold, epochs=epochs)
    os.replace(aside, path)


def _counted(advance: Advance, names: list[str], epochs: int) -> ensemble.Report:
    """A report that advances by what is new, beginning with what earlier runs have done."""
    done = {name: epochs_done(CHECKPOINTS / "ensemble" / name) for name in names}
    advance(sum(done.values()), epochs * len(names))

    def report(name: str, epoch: int, loss: float) -> None:
        advance(epoch - done[name], epochs * len(names))
        done[name] = epoch

    return report
