import cv2
import numpy as np
import pytest

from core.pictures.ink import Ink, find_ink
from core.pictures.segments import Found, find_digits, find_marks
from examples.mnist_artifacts import load_artifacts
from tests.core import made_pictures as made
from tests.core.drawn_ink import drawn_ink

SHAPE = (28, 28)


@pytest.fixture(scope="module")
def digits():
    return made.held_out_digits()


def read(picture: np.ndarray) -> list[int]:
    found = find_digits(find_ink(picture), SHAPE)
    if not found:
        return []
    logits = load_artifacts("ensemble").network.predict_logits(np.stack([d.image for d in found]))
    return logits.mean(0).argmax(1).tolist()


NUMBERS = {
    "two in pen": (2, {"tool": "pen"}),
    "ten in pen": (10, {"tool": "pen"}),
    "twelve in pencil in three rows": (12, {"tool": "pencil", "rows": 3}),
    "six in marker on squared paper": (6, {"tool": "marker", "lines": "squared"}),
    "eight in pen on ruled paper": (8, {"tool": "pen", "lines": "ruled", "rows": 2}),
    "seven in chalk": (7, {"tool": "chalk", "colour": "green"}),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_are_read_in_order(digits, kind):
    count, options = NUMBERS[kind]
    rng = np.random.default_rng(2)
    counted = right = 0
    for _ in range(2):
        rows = rng.integers(0, len(digits[0]), count)
        got = read(made.number(digits[0][rows], rng, **options))
        counted += len(got) == count
        right += sum(a == b for a, b in zip(got, digits[1][rows], strict=False))
    assert counted == 2
    assert right >= 0.85 * 2 * count


def canvas(*strokes: list[tuple[int, int]]) -> np.ndarray:
    drawing = np.zeros((200, 300, 4), np.uint8)
    opacity = np.zeros((200, 300), np.uint8)
    for stroke in strokes:
        cv2.polylines(opacity, [np.array(stroke, np.int32)], False, 255, 8)
    drawing[..., 3] = opacity
    return drawing


FIVE = [(95, 60), (60, 60), (60, 100), (95, 110), (95, 140), (60, 145)]


def test_a_bar_apart_from_its_5_belongs_to_it():
    body = [(60, 75), (58, 100), (95, 105), (95, 140), (60, 145)]
    found = find_digits(drawn_ink(canvas(body, [(68, 60), (105, 58)])), SHAPE)
    assert len(found) == 1
    assert found[0].box.top < 60


def test_two_strokes_of_an_open_4_are_one_digit():
    corner = [(60, 50), (55, 100), (85, 100)]
    found = find_digits(drawn_ink(canvas(corner, [(98, 50), (98, 150)])), SHAPE)
    assert len(found) == 1


def test_two_1s_side_by_side_are_two_digits():
    found = find_digits(drawn_ink(canvas([(60, 50), (60, 150)], [(100, 50), (100, 150)])), SHAPE)
    assert [digit.box.left < 80 for digit in found] == [True, False]


def test_specks_and_dashes_are_no_digits():
    ink = drawn_ink(canvas(FIVE, [(200, 100), (203, 100)], [(150, 100), (180, 100)]))
    assert len(find_digits(ink, SHAPE)) == 1


def test_nothing_is_found_where_all_is_dust():
    dust = np.zeros((60, 80), np.float32)
    dust[5::9, 7::11] = 1
    grey = (255 * (1 - dust)).astype(np.uint8)
    ink = Ink(np.repeat(grey[..., None], 3, 2), grey, dust, dust, False, 1.0)
    assert find_marks(ink, SHAPE) == Found()


def test_rows_are_read_from_the_top_and_each_from_the_left():
    marks = [(200, 20), (120, 30), (40, 25), (60, 130), (150, 120)]
    ink = drawn_ink(canvas(*[[(x, y), (x + 3, y + 50)] for x, y in marks]))
    lefts = [digit.box.left + 4 for digit in find_digits(ink, SHAPE)]
    assert lefts == [40, 120, 200, 60, 150]


def test_all_ink_is_one_digit_where_one_is_asked_for():
    ink = drawn_ink(canvas([(60, 50), (60, 150)], [(200, 50), (200, 150)]))
    assert len(find_digits(ink, SHAPE, several=False)) == 1


def test_boxes_lie_on_the_digits(digits):
    rng = np.random.default_rng(0)
    paper = made.sheet(rng, (400, 500))
    ink = made.glyph(digits[0][1], 200)
    made.write(paper, ink, 120, 90, "marker", rng)
    box = find_digits(find_ink(paper.astype(np.uint8)), SHAPE)[0].box
    rows, columns = np.nonzero(ink > 0.5)
    expected = (120 + columns.min(), 90 + rows.min(), 120 + columns.max(), 90 + rows.max())
    np.testing.assert_allclose((box.left, box.top, box.right, box.bottom), expected, atol=4)


@pytest.mark.parametrize("tool", ["pen", "pencil"])
def test_a_page_on_a_dark_table_is_read_and_the_table_is_not(digits, tool):
    rng = np.random.default_rng(3)
    right = 0
    for row in range(8):
        page = made.photograph(digits[0][row], rng, tool=tool, size=(400, 500))
        table = np.full((640, 800, 3), (60, 42, 30), np.uint8)
        table[120:520, 150:650] = page
        turn = cv2.getRotationMatrix2D((400, 320), 7, 1)
        picture = cv2.warpAffine(table, turn, (800, 640), borderValue=(60, 42, 30))
        right += read(picture) == [digits[1][row]]
    assert right >= 7
