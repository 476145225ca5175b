import numpy as np
import pytest

from core.stress.foreign import SOURCES, draw_foreign
from examples.mnist_data import load_test

ITEMS = load_test()[0][:30]


@pytest.mark.parametrize("shape", [(28, 28), (29, 41)], ids=str)
@pytest.mark.parametrize("source", SOURCES)
def test_a_source_gives_as_many_pictures_as_asked_and_the_same_by_seed(source, shape):
    items = ITEMS if shape == (28, 28) else np.zeros((3, *shape), np.uint8)
    found = draw_foreign(source, 40, shape, items, seed=5)
    assert found.shape == (40, *shape) and found.dtype == np.uint8
    np.testing.assert_array_equal(found, draw_foreign(source, 40, shape, items, seed=5))
    if source != "scrambled":
        assert len({picture.tobytes() for picture in found}) == 40


def test_scrambled_pictures_have_the_blocks_of_their_items_elsewhere():
    found = draw_foreign("scrambled", 30, (28, 28), ITEMS)
    assert (found != ITEMS).any((1, 2)).mean() > 0.9
    for picture, item in zip(found, ITEMS, strict=True):
        assert sorted(blocks(picture)) == sorted(blocks(item))


def blocks(picture):
    return [part.tobytes() for row in np.split(picture, 4) for part in np.split(row, 4, axis=1)]


def test_blanks_are_even_and_go_from_black_to_white():
    found = draw_foreign("blanks", 52, (28, 28), ITEMS)
    assert (np.ptp(found, axis=(1, 2)) == 0).all()
    assert found[0, 0, 0] == 0 and found[-1, 0, 0] == 255


def test_clothes_are_one_filled_shape_on_black_and_letters_are_framed_strokes():
    clothes = draw_foreign("clothes", 60, (28, 28), ITEMS)
    assert 0.15 < (clothes > 40).mean() < 0.7 and (clothes[:, 0, 0] == 0).all()
    letters = draw_foreign("letters", 60, (28, 28), ITEMS)
    assert 0.05 < (letters > 40).mean() < 0.4
    assert (letters[:, :2] == 0).all() and (letters.max((1, 2)) > 200).all()


def test_an_unknown_source_is_refused():
    with pytest.raises(ValueError, match="source must be one of"):
        draw_foreign("dreams", 1, (28, 28), ITEMS)
