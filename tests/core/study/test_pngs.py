import io

import numpy as np
from PIL import Image

from core.study.pngs import png, sheet_columns, tile_sheet
from examples.mnist_data import load_test


def test_a_png_keeps_every_pixel():
    image = load_test()[0][0]
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png(image)))), image)


def test_every_tile_of_the_sheet_is_its_image():
    images = np.random.default_rng(0).integers(0, 256, (11, 5, 3), dtype=np.uint8)
    sheet = tile_sheet(images)
    columns = sheet_columns(11)
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        tile = sheet[row * 5 : row * 5 + 5, column * 3 : column * 3 + 3]
        assert np.array_equal(tile, image)


def test_the_committed_sheet_is_the_test_set():
    images, _ = load_test()
    sheet = np.asarray(Image.open("static/mnist-test.webp").convert("L"))
    columns = sheet_columns(len(images))
    tiles = sheet.reshape(-1, 28, columns, 28).swapaxes(1, 2).reshape(-1, 28, 28)
    np.testing.assert_array_equal(tiles[: len(images)], images)
