"""Forms, tables, notes and odd pictures made from MNIST's test digits, each with what it keeps."""

import time

import numpy as np
import pytest

from core.measures.verdict import CUT, TWO, judge
from core.networks.own_pictures import encoded, read_digits
from core.networks.own_scores import score_pictures
from core.networks.scoring import score_images
from core.networks.touching import part_touching
from core.pictures.ink import find_ink
from core.pictures.segments import find_digits, find_marks
from examples.mnist_data import load_test
from tests.core import made_forms as made
from tests.core.made_kinds import ALONE, AMONG, FORMS, NO_DIGITS, USUAL, Kind, in_order, pictures
from tests.core.made_scenes import words
from tests.shipped import NOUN, scorer, thresholds

SHAPE = (28, 28)
IMAGES, LABELS = DIGITS = load_test()
KINDS = FORMS | AMONG | ALONE | USUAL


def read(picture: np.ndarray) -> list[int]:
    digits = part_touching(scorer("ensemble").predict, find_digits(find_ink(picture), SHAPE))
    if not digits:
        return []
    answers = scorer("ensemble").predict(np.stack([digit.image for digit in digits]))
    return answers.logits.mean(0).argmax(1).tolist()


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_picture_keeps_its_share_of_digits_in_their_order(name):
    kind = KINDS[name]
    right = sum(in_order(read(picture), labels) for picture, labels in pictures(kind, DIGITS))
    assert right >= kind.least * kind.digits * kind.pictures


@pytest.mark.parametrize("name", ["a cell cut from a table", "a frame along the edge"])
def test_remains_of_lines_at_the_edge_are_no_further_digits(name):
    kind = KINDS[name]
    found = [len(read(picture)) for picture, _ in pictures(kind, DIGITS)]
    assert sum(found) <= kind.digits * kind.pictures + 2


def test_print_is_never_sure():
    rng = np.random.default_rng(0)
    for _ in range(4):
        raw = encoded(words(rng), "PNG")
        own = read_digits("a.png", raw, SHAPE, predict=scorer("ensemble").predict)
        scored = score_pictures(scorer("ensemble"), thresholds("ensemble"), NOUN, [own])
        assert len(scored.table) >= 6
        assert not (scored.table["kind"] == "sure").any()


@pytest.mark.parametrize("name", NO_DIGITS)
def test_what_is_no_digit_is_hardly_ever_sure(name):
    rng = np.random.default_rng(0)
    sure = 0
    for _ in range(50):
        raw = encoded(NO_DIGITS[name](rng), "PNG")
        own = read_digits("a.png", raw, SHAPE, predict=scorer("ensemble").predict)
        if len(own.images):
            scored = score_pictures(scorer("ensemble"), thresholds("ensemble"), NOUN, [own])
            sure += bool((scored.table["kind"] == "sure").any())
    assert sure <= 2


def test_touching_pairs_are_parted_or_doubted_and_hardly_ever_sure_and_wrong():
    exact = sure_and_wrong = 0
    for picture, labels in pictures(Kind(2, 60, made.touching, 0.6), DIGITS):
        digits = part_touching(scorer("ensemble").predict, find_digits(find_ink(picture), SHAPE))
        table = score_images(scorer("ensemble"), np.stack([digit.image for digit in digits]))
        got = table["prediction"].tolist()
        exact += got == labels
        kinds = [judge(row, thresholds("ensemble")) for row in table.to_dict("records")]
        sure = [k == "sure" and not d.doubt for k, d in zip(kinds, digits, strict=True)]
        sure_and_wrong += all(sure) and got != labels
        assert {digit.doubt for digit in digits} <= {"", CUT, TWO}
    assert exact >= 0.6 * 60
    assert sure_and_wrong <= 0.02 * 60


def test_a_table_of_270_digits_takes_less_than_two_seconds_and_knows_rows_and_cells():
    ((picture, labels),) = pictures(
        Kind(270, 1, lambda d, rng: made.table(d, rng, 15, 20, per_cell=2), 0.95), DIGITS
    )
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
