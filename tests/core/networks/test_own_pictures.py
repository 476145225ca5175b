import io
import zipfile

import cv2
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.measures.table import probs_in
from core.measures.uncertainty import measure_logits
from core.measures.verdict import KINDS
from core.networks.own_export import own_csv, own_parquet, own_zip
from core.networks.own_pictures import (
    EXAMPLE,
    PREVIEW_SIDE,
    canvas_picture,
    parts_of_drawing,
    read_digits,
    read_drawing,
    read_item,
)
from core.networks.own_scores import score_pictures
from core.study.pngs import png
from examples.mnist import load_study
from examples.mnist_data import load_test
from tests.shipped import NOUN, scorer, thresholds
from tests.tolerances import EIGHT_BIT_STEP, FLOAT32_LOGITS, has_eight_bit_weights

SHAPE = (28, 28)


@pytest.fixture(scope="module")
def article():
    return scorer("article")


def test_the_example_is_read_in_reading_order(article):
    picture = read_digits("example.jpg", EXAMPLE.read_bytes(), SHAPE)
    table = score_pictures(article, thresholds("article"), NOUN, [picture]).table
    assert table["prediction"].tolist() == [2, 7, 1, 8, 2, 8, 1, 9]
    assert table["label"].isna().all()
    left, top, right, bottom = (int(part) for part in table["box"][0].split(","))
    assert 0 <= left < right <= picture.size[0]
    assert 0 <= top < bottom <= picture.size[1]


def test_what_is_kept_of_a_picture_is_small():
    picture = read_digits("example.jpg", EXAMPLE.read_bytes(), SHAPE)
    for kept in (picture.preview, picture.ink):
        with Image.open(io.BytesIO(kept)) as image:
            assert max(image.size) == PREVIEW_SIDE
        assert len(kept) < 150_000


def test_a_test_digit_comes_back_from_the_canvas_as_the_same_digit(article):
    images, _ = load_test()
    wanted = range(0, 200)
    found = [read_drawing(canvas_picture(images[i]), SHAPE) for i in wanted]
    assert all(len(picture.images) == 1 for picture in found)
    table = score_pictures(article, thresholds("article"), NOUN, found).table
    direct = load_study().models["article"].scores.loc[list(wanted), "prediction"].to_numpy()
    assert (table["prediction"].to_numpy() == direct).mean() >= 0.98


@pytest.mark.parametrize("model", ["article", "ensemble"])
def test_one_pass_gives_what_two_would(model):
    classifier = scorer(model)
    images, _ = load_test()
    picture = read_drawing(canvas_picture(images[247]), SHAPE)
    scored = score_pictures(classifier, thresholds(model), NOUN, [picture, picture])
    alone = measure_logits(
        classifier.network.predict_logits(picture.images).swapaxes(0, 1), classifier.temperature
    )
    # A batch of another size may be summed in another order.
    eight_bits = has_eight_bit_weights(classifier.network.folder / "model.tflite")
    step = EIGHT_BIT_STEP if eight_bits else FLOAT32_LOGITS
    np.testing.assert_allclose(scored.member_probs[1], alone["mean_probs"], atol=step)
    probs = probs_in(scored.table)
    np.testing.assert_allclose(probs[0], alone["mean_probs"].mean(0), atol=step)
    assert np.array_equal(probs, scored.mean_probs)
    features = classifier.predict(picture.images).features[0]
    np.testing.assert_allclose(scored.features[1], features, atol=step * np.abs(features).max())


def test_files_say_the_kind_and_the_verdict_of_each_digit(article):
    picture = read_digits("example.jpg", EXAMPLE.read_bytes(), SHAPE)
    table = pd.read_csv(
        io.BytesIO(own_csv(score_pictures(article, thresholds("article"), NOUN, [picture]).table))
    )
    assert set(table["kind"]) <= set(KINDS)
    assert table.loc[table["kind"] == "sure", "verdict"].str.fullmatch(r"Sure: \d\.").all()


def test_white_paper_holds_no_digit():
    assert len(read_drawing(canvas_picture(np.zeros(SHAPE, np.uint8)), SHAPE).images) == 0


def test_a_digit_that_fills_the_canvas_to_its_corner_is_ink_on_paper():
    image = np.zeros(SHAPE, np.uint8)
    image[:, :6] = 255
    picture = read_drawing(canvas_picture(image), SHAPE)
    assert len(picture.images) == 1
    assert picture.boxes[0].right < 100


def test_files_hold_every_row_and_no_name_becomes_a_formula_or_a_path(article):
    picture = read_digits("../=1+1.jpg", EXAMPLE.read_bytes(), SHAPE)
    table = score_pictures(article, thresholds("article"), NOUN, [picture]).table
    assert pd.read_csv(io.BytesIO(own_csv(table)))["source"][0] == "'=1+1.jpg"
    assert pd.read_parquet(io.BytesIO(own_parquet(table)))["source"][0] == "=1+1.jpg"
    with zipfile.ZipFile(io.BytesIO(own_zip(picture.images, table))) as archive:
        assert sorted(archive.namelist()) == sorted(["table.csv", *(f"{i}.png" for i in range(8))])
        with Image.open(io.BytesIO(archive.read("3.png"))) as image:
            assert np.array_equal(np.array(image), picture.images[3])


def strokes(*lines):
    """Lines as a canvas shows them, as PNG."""
    paper = np.full((300, 300), 255, np.uint8)
    for line in lines:
        cv2.polylines(paper, [np.array(line)], False, 0, 18)
    return png(paper)


ONE = ((70, 80), (70, 220))
ZERO = ((200, 80), (160, 150), (200, 220), (240, 150), (200, 80))
FIVE = (((190, 60), (110, 60)), ((100, 85), (100, 150), (180, 170), (170, 230), (100, 240)))


@pytest.mark.parametrize(("lines", "parts"), [((ONE,), 1), ((ONE, ZERO), 2), (FIVE, 1)])
def test_a_drawing_of_two_digits_side_by_side_has_two_parts(lines, parts):
    raw = strokes(*lines)
    (image,) = read_drawing(raw, SHAPE).images
    assert parts_of_drawing(raw, image) == parts


def test_an_item_that_lies_on_the_canvas_is_read_as_it_is():
    images, _ = load_test()
    for number in (0, 247, 9999):
        found = read_item(images[number])
        np.testing.assert_array_equal(found.images, images[number][None])
        assert len(found.boxes) == len(found.places) == len(found.doubts) == 1


def test_an_item_without_ink_is_read_as_it_is():
    found = read_item(np.zeros(SHAPE, np.uint8))
    assert found.images.shape == (1, *SHAPE)
    assert str(found.boxes[0]) == "0,0,300,300"
