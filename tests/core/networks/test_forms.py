"""Forms, tables, notes and odd pictures made from MNIST's test digits, each with what it keeps."""

import time

import numpy as np
import pytest

from core.measures.verdict import judge
from core.networks.scoring import score_images
from core.networks.touching import TWO, part_touching
from core.pictures.ink import find_ink
from core.pictures.segments import find_digits, find_marks
from examples.mnist_data import load_test
from tests.core import made_forms as made
from tests.shipped import scorer, thresholds

SHAPE = (28, 28)
IMAGES, LABELS = load_test()


def read(picture: np.ndarray) -> list[int]:
    digits = part_touching(scorer("ensemble").predict, find_digits(find_ink(picture), SHAPE))
    if not digits:
        return []
    answers = scorer("ensemble").predict(np.stack([digit.image for digit in digits]))
    return answers.logits.mean(0).argmax(1).tolist()


def in_order(got: list[int], wanted: list[int]) -> int:
    """How many of the wanted digits are there, in their order."""
    longest = np.zeros((len(got) + 1, len(wanted) + 1), int)
    for i, one in enumerate(got):
        for j, other in enumerate(wanted):
            same = longest[i, j] + 1 if one == other else 0
            longest[i + 1, j + 1] = max(same, longest[i, j + 1], longest[i + 1, j])
    return int(longest[-1, -1])


def pictures(num_digits: int, num_pictures: int, make):
    rng = np.random.default_rng(11)
    for _ in range(num_pictures):
        rows = rng.integers(0, len(IMAGES), num_digits)
        yield make(IMAGES[rows], rng), LABELS[rows].tolist()


LINES = {
    "a box around a digit": (1, 40, made.boxed),
    "a box drawn by hand": (1, 40, lambda d, rng: made.boxed(d, rng, wobble=0.06, turn=0)),
    "a box at 5 degrees": (1, 40, lambda d, rng: made.boxed(d, rng, turn=rng.choice([-5, 5]))),
    "a field of four": (4, 20, made.boxed),
    "a comb of six": (6, 15, made.comb),
    "six cells": (6, 15, lambda d, rng: made.comb(d, rng, full=True)),
    "a cell cut from a table": (1, 40, lambda d, rng: made.cell_of_table(d[0], rng)),
    "a frame along the edge": (1, 40, lambda d, rng: made.edge_frame(d[0], rng)),
    "a table, rules of 1 px": (60, 2, lambda d, rng: made.table(d, rng, 6, 18, 1)),
    "a table, rules of 3 px": (60, 2, lambda d, rng: made.table(d, rng, 6, 30, 3, turn=2)),
    "a table, rules of 6 px": (60, 2, lambda d, rng: made.table(d, rng, 6, 50, 6, turn=-4)),
    "a row of a table": (18, 5, lambda d, rng: made.table(d, rng, 1, 16, 1, per_cell=2)),
    "a digit that fills its picture": (1, 40, lambda d, rng: made.tight(d[0], rng)),
    "two stacked digits": (2, 25, made.stacked),
    **{
        name: (1, 30, lambda d, rng, name=name: made.coloured(d[0], rng, name))
        for name in made.EQUAL
    },
}
OTHERS = {
    "digits that touch their box": (1, 40, lambda d, rng: made.boxed(d, rng, touching=True)),
    "four that touch their box": (4, 15, lambda d, rng: made.boxed(d, rng, 60, touching=True)),
    "a sheet of 300": (300, 1, lambda d, rng: made.note(d, rng, 15, 36)),
    "a note of small and large": (18, 8, lambda d, rng: made.note(d, rng, 3, 40, spread=0.65)),
    "a sticker on a desk": (4, 20, made.desk),
    "a figure with axes": (1, 25, lambda d, rng: made.axes(d[0], rng)),
    "digits under words": (10, 6, made.under_words),
    "a dotted digit": (1, 40, lambda d, rng: made.dotted(d[0], rng)),
    "a digit of two tones": (1, 40, lambda d, rng: made.two_tone(d[0], rng)),
}
LEAST = {
    "a digit that fills its picture": 0.9,
    "a dotted digit": 0.85,
    "four that touch their box": 0.85,
}


def share_read(name: str, kinds) -> float:
    num_digits, num_pictures, make = kinds[name]
    made_ones = list(pictures(num_digits, num_pictures, make))
    right = sum(in_order(read(picture), labels) for picture, labels in made_ones)
    return right / (num_digits * num_pictures)


@pytest.mark.parametrize("name", LINES)
def test_lines_edges_and_colours_hide_hardly_a_digit(name):
    assert share_read(name, LINES) >= LEAST.get(name, 0.95)


@pytest.mark.parametrize("name", OTHERS)
def test_nine_in_ten_digits_among_other_things_are_read_in_order(name):
    assert share_read(name, OTHERS) >= LEAST.get(name, 0.9)


def test_touching_pairs_are_parted_or_doubted_and_hardly_ever_sure_and_wrong():
    exact = sure_and_wrong = 0
    for picture, labels in pictures(2, 60, made.touching):
        digits = part_touching(scorer("ensemble").predict, find_digits(find_ink(picture), SHAPE))
        table = score_images(scorer("ensemble"), np.stack([digit.image for digit in digits]))
        got = table["prediction"].tolist()
        exact += got == labels
        kinds = [judge(row, thresholds("ensemble")) for row in table.to_dict("records")]
        sure = [k == "sure" and not d.doubt for k, d in zip(kinds, digits, strict=True)]
        sure_and_wrong += all(sure) and got != labels
        assert {digit.doubt for digit in digits} <= {"", TWO}
    assert exact >= 0.6 * 60
    assert sure_and_wrong <= 0.05 * 60


def test_a_table_of_270_digits_takes_less_than_two_seconds_and_knows_rows_and_cells():
    ((picture, labels),) = pictures(270, 1, lambda d, rng: made.table(d, rng, 15, 20, per_cell=2))
    times = []
    for _ in range(3):
        start = time.process_time()
        found = find_marks(find_ink(picture), SHAPE)
        times.append(time.process_time() - start)
    assert min(times) < 2
    assert {digit.row for digit in found.digits} == set(range(1, 16))
    assert {digit.cell for digit in found.digits} == set(range(1, 10))
    places = [(digit.row, digit.cell) for digit in found.digits]
    assert places == sorted(places)
    assert len(found.digits) == pytest.approx(len(labels), abs=3)


def test_what_is_left_out_is_told_with_its_box():
    rng = np.random.default_rng(0)
    picture = made.note(IMAGES[:6], rng, 1, tall=60)
    picture[10:14, 200:206] = 30
    found = find_marks(find_ink(picture), SHAPE)
    assert len(found.digits) == 6
    assert [str(box) for box in found.left_out] == ["200,10,206,14"]
    assert found.notes == ("1 mark left out.",)


def test_a_frame_is_told_and_a_bare_one_stays_a_zero():
    rng = np.random.default_rng(0)
    found = find_marks(find_ink(made.boxed(IMAGES[:1], rng, tall=80, turn=0)), SHAPE)
    assert len(found.frames) == 1
    bare = made.blank(120, 100)
    made.rectangle(bare, 20, 20, 80, 100, 6)
    found = find_marks(find_ink(made.picture(bare)), SHAPE)
    assert (len(found.digits), found.frames) == (1, ())
