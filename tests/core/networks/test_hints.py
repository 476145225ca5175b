import numpy as np
import pytest

from core.networks.array_doubts import WORDS, doubt_about
from core.networks.own_pictures import read_digits
from core.networks.turned_pages import quarter_turns
from core.pictures.ink import find_ink
from core.pictures.segments import find_digits
from examples.mnist_data import load_test
from tests.core import made_forms as made
from tests.core.pictures.test_picture_files import encoded
from tests.shipped import scorer

IMAGES, _ = load_test()
MODELS = ["ensemble", "article"]


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_said_of_digits_as_they_should_be(model):
    assert doubt_about(scorer(model).predict, IMAGES[:1_000]) is None
    assert doubt_about(scorer(model).predict, IMAGES[:4][:, ::-1]) is None


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("images", "option"),
    [
        (255 - IMAGES[:300], "invert"),
        (IMAGES[:300].swapaxes(1, 2), "transpose"),
        (IMAGES[:300, :, ::-1], "mirror"),
    ],
)
def test_a_set_that_is_turned_is_named_with_the_option_that_turns_it(model, images, option):
    found = doubt_about(scorer(model).predict, np.ascontiguousarray(images))
    assert found.options == (option,)
    assert WORDS[option] in found.said


def test_a_set_unlike_digits_in_every_turn_is_called_so():
    noise = np.random.default_rng(0).integers(0, 256, (60, 28, 28), np.uint8)
    found = doubt_about(scorer("ensemble").predict, noise)
    assert "unlike" in found.said
    assert found.options == ()


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_page_on_its_side_is_noticed_and_turned(turns):
    rng = np.random.default_rng(2)
    page = made.note(IMAGES[:12], rng, 2, tall=60)
    lying = np.ascontiguousarray(np.rot90(page, -turns))
    digits = find_digits(find_ink(lying), (28, 28))
    images = np.stack([digit.image for digit in digits])
    assert quarter_turns(scorer("ensemble").predict, images) == turns
    raw, predict = encoded(lying), scorer("ensemble").predict
    read = read_digits("page.png", raw, (28, 28), predict=predict)
    assert read.quarter_turns == turns
    upright = read_digits("page.png", raw, (28, 28), predict=predict, quarter_turns=turns)
    assert upright.quarter_turns == 0
    assert len(upright.images) == 12
