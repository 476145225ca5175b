"""Names on the command line -> trainings on MNIST's training split."""

from __future__ import annotations

from collections.abc import Callable

from core.mnist import calibration_split, load_mnist
from models import article

Advance = Callable[[int, int], None]
"""advance(epochs just finished, epochs in all)"""


def train_classifier(name: str, advance: Advance) -> None:
    """Train the network of that name, going on from its newest checkpoint.

    Raises:
        ValueError: no such network.
    """
    trainings = {"article": train_article}
    if name not in trainings:
        raise ValueError(f"There is no network {name!r}; there is {', '.join(trainings)}")
    trainings[name](advance)


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
