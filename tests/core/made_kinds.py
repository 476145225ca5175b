"""Kinds of pictures that people bring, each made from MNIST's digits, and what each must keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from tests.core import made_forms as forms
from tests.core import made_scenes as scenes

Rng = np.random.Generator
Make = Callable[[np.ndarray, Rng], np.ndarray]


class Kind(NamedTuple):
    """How many digits a picture holds, how many pictures to make, how, and the share to keep."""

    digits: int
    pictures: int
    make: Make
    least: float


def _one(make: Callable[..., np.ndarray], **options) -> Make:
    return lambda digits, rng: make(digits[0], rng, **options)


def _table(tall: int, thick: int, turn: float) -> Make:
    return partial(forms.table, rows=6, tall=tall, thick=thick, turn=turn)


FORMS = {
    "a box around a digit": Kind(1, 40, forms.boxed, 0.95),
    "a box drawn by hand": Kind(1, 40, partial(forms.boxed, wobble=0.06, turn=0), 0.95),
    "a box at 5 degrees": Kind(
        1, 40, lambda d, rng: forms.boxed(d, rng, turn=rng.choice([-5, 5])), 0.95
    ),
    "a digit that touches its box": Kind(1, 40, partial(forms.boxed, touching=True), 0.9),
    "a field of four": Kind(4, 20, forms.boxed, 0.95),
    "four that touch their box": Kind(4, 15, partial(forms.boxed, tall=60, touching=True), 0.85),
    "a comb of six": Kind(6, 15, forms.comb, 0.95),
    "six cells": Kind(6, 15, partial(forms.comb, full=True), 0.95),
    "a cell cut from a table": Kind(1, 40, _one(forms.cell_of_table), 0.95),
    "a frame along the edge": Kind(1, 40, _one(forms.edge_frame), 0.95),
    "a table, rules of 1 px": Kind(60, 2, _table(18, 1, 0), 0.95),
    "a table, rules of 3 px": Kind(60, 2, _table(30, 3, 2), 0.95),
    "a table, rules of 6 px": Kind(60, 2, _table(50, 6, -4), 0.95),
    "a row of a table": Kind(
        18, 5, partial(forms.table, rows=1, tall=16, thick=1, per_cell=2), 0.95
    ),
    "two stacked digits": Kind(2, 25, forms.stacked, 0.95),
    "a scanned row of cells": Kind(5, 10, scenes.scanned_form, 0.95),
    "scanned rows of cells": Kind(24, 3, partial(scenes.scanned_form, rows=4), 0.95),
    "cells whose digits cross": Kind(5, 10, partial(scenes.scanned_form, crossing=0.35), 0.9),
    "digits on a line": Kind(5, 10, scenes.on_a_line, 0.9),
}
AMONG = {
    "a sheet of 300": Kind(300, 1, partial(forms.note, rows=15, tall=36), 0.9),
    "a note of small and large": Kind(18, 8, partial(forms.note, rows=3, spread=0.65), 0.9),
    "a sticker on a desk": Kind(4, 20, forms.desk, 0.9),
    "a sheet on a desk": Kind(10, 5, scenes.sheet_on_desk, 0.9),
    "a figure with axes": Kind(1, 25, _one(forms.axes), 0.9),
    "a screenshot": Kind(1, 20, _one(scenes.screenshot), 0.9),
    "digits under words": Kind(10, 6, forms.under_words, 0.9),
}
ALONE = {
    "a digit that fills its picture": Kind(1, 40, _one(forms.tight), 0.9),
    "a digit of two tones": Kind(1, 40, _one(forms.two_tone), 0.9),
    "a dotted digit": Kind(1, 40, _one(forms.dotted), 0.85),
    **{name: Kind(1, 30, _one(forms.coloured, pair=name), 0.95) for name in forms.EQUAL},
}
USUAL = {
    "single digits": Kind(1, 40, _one(scenes.single), 0.97),
    "pen strokes": Kind(1, 40, _one(scenes.stroke), 0.97),
    "postal scans": Kind(1, 40, _one(scenes.postal), 0.97),
}
NO_DIGITS = {
    "letters": scenes.letter,
    "scribbles": scenes.scribble,
    "drawn things": scenes.drawn_thing,
    "words": scenes.words,
}


def pictures(
    kind: Kind, digits: tuple[np.ndarray, np.ndarray], times: int = 1, seed: int = 11
) -> Iterator[tuple[np.ndarray, list[int]]]:
    """Pictures of a kind with the labels of their digits in reading order.

    Args:
        kind: Of this file.
        digits: Images uint8 (N, 28, 28) and labels (N,) to take from.
        times: How often as many as the kind asks for.
        seed: Of the draw.
    """
    rng = np.random.default_rng(seed)
    images, labels = digits
    for _ in range(times * kind.pictures):
        rows = rng.integers(0, len(images), kind.digits)
        yield kind.make(images[rows], rng), labels[rows].tolist()


def in_order(got: list[int], wanted: list[int]) -> int:
    """How many of the wanted digits are there, in their order."""
    longest = np.zeros((len(got) + 1, len(wanted) + 1), int)
    for i, one in enumerate(got):
        for j, other in enumerate(wanted):
            same = longest[i, j] + 1 if one == other else 0
            longest[i + 1, j + 1] = max(same, longest[i, j + 1], longest[i + 1, j])
    return int(longest[-1, -1])
