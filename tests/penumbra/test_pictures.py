"""Pictures of any form become what the reading takes."""

import io

import numpy as np
import pytest
from PIL import Image

from penumbra.pictures import as_pictures, picture_columns

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (4, 5, 6), dtype=np.uint8)
COLOUR = RNG.integers(0, 256, (4, 5, 6, 3), dtype=np.uint8)


def decoded(column):
    return np.stack([np.asarray(Image.open(io.BytesIO(cell))) for cell in column.to_pylist()])


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (GREY, GREY), (COLOUR, COLOUR), (GREY[..., None], GREY), (GREY[:, None], GREY),
        (np.moveaxis(COLOUR, 3, 1), COLOUR), (GREY / 255, GREY), (GREY.astype(float), GREY),
        (list(COLOUR), COLOUR), ([Image.fromarray(one) for one in COLOUR], COLOUR),
        (GREY[:, :5, :5].reshape(4, 25), GREY[:, :5, :5]),
        (GREY > 100, (GREY > 100) * np.uint8(255)),
    ],
)  # fmt: skip
def test_every_form_shows_the_same_pictures(given, meant):
    column, root = picture_columns(given)
    assert root is None
    assert np.array_equal(decoded(column), meant)


@pytest.mark.parametrize("given", [GREY / 255 * 4 - 2, GREY / 255 * 16, GREY * 4.0])
def test_another_scale_is_stretched_and_said(given):
    with pytest.warns(UserWarning, match="shown stretched"):
        found = as_pictures(given)
    assert (found.min(), found.max()) == (0, 255)
    assert np.abs(found.astype(int) - (GREY - GREY.min()) / np.ptp(GREY) * 255).max() <= 1


@pytest.mark.parametrize(
    "given",
    [
        np.zeros(3), np.zeros((2, 3)), np.zeros((2, 5, 5, 5)), np.full((1, 2, 2), np.nan),
        np.zeros((1, 2, 2), complex),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(given):
    with pytest.raises(ValueError, match=r"^images "):
        as_pictures(given)


def test_paths_stay_below_the_folder_they_have_in_common(tmp_path):
    paths = [tmp_path / "a" / "1.png", tmp_path / "b" / "2.png"]
    column, root = picture_columns([str(paths[0]), paths[1]])
    assert root == tmp_path
    assert column.to_pylist() == ["a/1.png", "b/2.png"]
    with pytest.raises(ValueError, match="several places"):
        picture_columns(["/a/1.png", "/b/2.png"])


def test_bytes_and_gaps_stay_as_they_are():
    assert picture_columns([b"\x89PNG", None])[0].to_pylist() == [b"\x89PNG", None]
