"""Hands: how often a digit is written in an unusual way, by a stated count, and what is read of it.

    python -m bench.hands

A digit is its largest connected ink brighter than `INK`. A row's strokes are its runs of ink.
Counted among MNIST's digits, whose writers were census employees and pupils of the United States.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np

from core.trust.intervals import wilson
from examples.mnist import load_study
from examples.mnist_data import load_mnist

INK = 100


class Hand(NamedTuple):
    """A way to write a digit.

    Attributes:
        label: Which digit.
        rule: How it is told, in words.
        is_it: Whether a digit's ink, bool (h, w), cropped to its rows, is written so.
    """

    label: int
    rule: str
    is_it: Callable[[np.ndarray], bool]


def strokes(ink: np.ndarray) -> np.ndarray:
    """Runs of ink in each row of bool (h, w): int (h,)."""
    padded = np.pad(ink, ((0, 0), (1, 0)))
    return (padded[:, 1:] & ~padded[:, :-1]).sum(1)


def crossed(ink: np.ndarray, top: float, bottom: float, times: int) -> int:
    """How many rows between two shares of the height have so many strokes, or more."""
    height = len(ink)
    return int((strokes(ink)[int(top * height) : int(np.ceil(bottom * height))] >= times).sum())


def lean(ink: np.ndarray) -> float:
    """How far the long axis of the ink leans from upright to the right, in degrees."""
    rows, columns = np.nonzero(ink)
    (rr, rc), (_, cc) = np.cov(rows, columns)
    return float(np.rad2deg(0.5 * np.arctan2(-2 * rc, rr - cc)))


HANDS = {
    "ψ-shaped 4": Hand(
        4, "three strokes in three rows of the upper half", lambda i: crossed(i, 0, 0.5, 3) >= 3
    ),
    "hooked 9": Hand(
        9, "two strokes in two rows of the lowest fifth", lambda i: crossed(i, 0.8, 1, 2) >= 2
    ),
    "European 1": Hand(
        1, "two strokes in two rows of the upper half", lambda i: crossed(i, 0, 0.5, 2) >= 2
    ),
    "slanted 6": Hand(6, "long axis 45° from upright, or more", lambda i: lean(i) >= 45),
}


def ink_of(image: np.ndarray) -> np.ndarray:
    """The largest connected ink of an image uint8 (H, W), cropped to its rows: bool (h, W)."""
    _, parts, stats, _ = cv2.connectedComponentsWithStats((image > INK).astype(np.uint8))
    ink = parts == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    rows = np.flatnonzero(ink.any(1))
    return ink[rows[0] : rows[-1] + 1]


def written_so(hand: Hand, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Numbers of the images (N, H, W) with labels (N,) that are written by that hand."""
    rows = np.flatnonzero(labels == hand.label)
    return rows[[hand.is_it(ink_of(image)) for image in images[rows]]]


def main() -> None:
    """Print a Markdown table, a line per hand."""
    mnist, study = load_mnist(), load_study()
    head = ("hand", "told by", "of training digits", "of test digits", *study.models)
    for line in (head, ("---",) * len(head)):
        print(f"| {' | '.join(line)} |")
    for name, hand in HANDS.items():
        trained = written_so(hand, mnist.x_train, mnist.y_train)
        tested = written_so(hand, mnist.x_test, mnist.y_test)
        counts = [
            _share(len(rows), int((labels == hand.label).sum()))
            for rows, labels in ((trained, mnist.y_train), (tested, mnist.y_test))
        ]
        right = [
            f"{int(model.scores['correct'].iloc[tested].sum())} of {len(tested)}"
            for model in study.models.values()
        ]
        print(f"| {name} | {hand.rule} | {' | '.join([*counts, *right])} |")


def _share(part: int, whole: int) -> str:
    low, high = wilson(part, whole)
    share = f"{100 * part / whole:.2f} % [{100 * float(low):.2f}, {100 * float(high):.2f}]"
    return f"{share}, {part} of {whole:,}"


if __name__ == "__main__":
    main()
