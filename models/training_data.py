"""What a training learns from: MNIST's training split, with its labels as given or corrected."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.review.label_files import load_labels
from core.review.labels import Labels
from examples.mnist_data import CLASS_NAMES, Mnist, Split, calibration_split, load_mnist
from models.train import CHECKPOINTS


@dataclass(frozen=True)
class TrainingData:
    """The digits, those to fit on and to calibrate with, and where checkpoints of them go.

    Checkpoints of other labels lie in another folder, so no training goes on from a network that
    learnt other labels.
    """

    mnist: Mnist
    split: Split
    checkpoints: Path


def load_training_data(labels: Path | None = None, checkpoints: Path = CHECKPOINTS) -> TrainingData:
    """MNIST with the training labels of a file, or with its own.

    Digits which the file calls unclear or no digit are left out of both parts of the split.

    Raises:
        FileNotFoundError, ValueError: as core.review.label_files.load_labels.
    """
    mnist = load_mnist()
    split = calibration_split(len(mnist.x_train))
    if labels is None:
        return TrainingData(mnist, split, checkpoints)
    found = load_labels(labels, mnist.y_train, len(CLASS_NAMES))
    kept = Split(
        fit=split.fit[found.usable[split.fit]],
        calibration=split.calibration[found.usable[split.calibration]],
    )
    corrected = replace(mnist, y_train=found.labels.astype(mnist.y_train.dtype))
    return TrainingData(corrected, kept, checkpoints / f"labels-{_name(found)}")


def _name(labels: Labels) -> str:
    digest = hashlib.sha256(labels.labels.astype(np.int64).tobytes())
    digest.update(labels.usable.tobytes())
    return digest.hexdigest()[:12]
