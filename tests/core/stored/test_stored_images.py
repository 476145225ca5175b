import io
import os

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from core.pictures import decoded_pictures
from core.pictures.decoded_pictures import decode_picture
from core.stored.folder import StudyError, open_study, write_study
from core.study.thumbnails import fit_square
from tests.core.stored.made_studies import NUM_ITEMS, made_study

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (NUM_ITEMS, 6, 9), np.uint8)
COLOUR = RNG.integers(0, 256, (NUM_ITEMS, 6, 9, 3), np.uint8)


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def images_of(root, **changes):
    return open_study(
        write_study(made_study(text=None, **{"items": None} | changes), root)
    ).dataset.images


def of_bytes(root, cells):
    return images_of(root, items=pa.table({"png": cells}), image_bytes="png")


def of_files(root, folder, paths):
    items = pa.table({"path": paths})
    return images_of(root, items=items, image_paths="path", image_root=folder)


@pytest.fixture(params=["arrays", "bytes", "files"])
def kind(request):
    return request.param


@pytest.mark.parametrize("given", [GREY, COLOUR], ids=["grey", "colour"])
def test_pictures_come_back_as_they_were_wherever_they_lie(tmp_path, kind, given):
    root, folder = tmp_path / "studies", tmp_path / "pictures"
    folder.mkdir()
    if kind == "arrays":
        images = images_of(root, image_arrays=given)
    elif kind == "bytes":
        images = of_bytes(root, [encoded(image) for image in given])
    else:
        for row, image in enumerate(given):
            (folder / f"{row}.png").write_bytes(encoded(image))
        images = of_files(root, folder, [f"{row}.png" for row in range(NUM_ITEMS)])
    assert len(images) == NUM_ITEMS
    for row in (0, 7, NUM_ITEMS - 1):
        assert (images.image(row) == given[row]).all()
    rows = [7, 0, 7]
    expected = [fit_square(given[row], 20) for row in rows]
    assert (images.thumbnails(rows, 20) == expected).all()
    with pytest.raises(IndexError):
        images.image(NUM_ITEMS)


def test_bytes_of_pictures_are_not_among_the_details(tmp_path):
    items = pa.table({"png": [encoded(image) for image in GREY], "age": range(NUM_ITEMS)})
    new = made_study(items=items, text=None, image_bytes="png")
    assert open_study(write_study(new, tmp_path)).dataset.details.names == ("age",)


def test_bytes_that_are_no_picture_are_a_sentence_and_a_blank(tmp_path):
    good = encoded(GREY[0])
    cells = [
        good,
        b"GIF89a",
        None,
        good[:60],
        b"%!PS-Adobe-3.0 EPSF-3.0",
        *[good] * (NUM_ITEMS - 5),
    ]
    images = of_bytes(tmp_path, cells)
    for row, sentence in {1: "no picture", 2: "holds no", 3: "cut off", 4: "no picture"}.items():
        with pytest.raises(ValueError, match=f"(?i)row {row}.*{sentence}"):
            images.image(row)
    thumbnails = images.thumbnails(range(6), 12)
    assert [bool(tile.any()) for tile in thumbnails] == [True, False, False, False, False, True]


def test_a_picture_outside_the_folder_is_refused_whatever_leads_there(tmp_path):
    folder, outside = tmp_path / "pictures", tmp_path / "secret.png"
    folder.mkdir()
    outside.write_bytes(encoded(GREY[0]))
    (folder / "in.png").write_bytes(encoded(GREY[1]))
    (folder / "out.png").symlink_to(outside)
    (folder / "inside.png").symlink_to(folder / "in.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    os.mkfifo(folder / "pipe.png")
    refused = {
        "../secret.png": "outside", str(outside): "outside", "out.png": "outside",
        "missing.png": "is not in", "pipe.png": "is not in", "a\0b": "is not in", "": "no path",
        "loop.png": "is not in", "x" * 5_000: "is not in", "http://example.com/a.png": "is not in",
    }  # fmt: skip
    allowed = ["in.png", "inside.png", str(folder / "in.png"), "./sub/../in.png"]
    (folder / "sub").mkdir()
    paths = [*refused, *allowed]
    paths += ["in.png"] * (NUM_ITEMS - len(paths))
    images = of_files(tmp_path / "studies", folder, paths)
    for row, sentence in enumerate(refused.values()):
        with pytest.raises(ValueError, match=sentence) as raised:
            images.image(row)
        assert len(str(raised.value)) < 400
    for row in range(len(refused), NUM_ITEMS):
        assert (images.image(row) == GREY[1]).all()
    assert not images.thumbnails(range(len(refused)), 9).any()


def test_pictures_of_a_study_that_was_deleted_say_so(tmp_path):
    images = of_bytes(tmp_path, [encoded(image) for image in GREY])
    next(tmp_path.rglob("items.parquet")).unlink()
    with pytest.raises(StudyError, match="is missing"):
        images.thumbnails([0], 9)


def test_cut_arrays_of_pictures_say_so(tmp_path):
    images = images_of(tmp_path, image_arrays=GREY)
    path = next(tmp_path.rglob("pictures.npy"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StudyError, match=r"pictures\.npy is cut off"):
        images.image(0)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch):
    large = encoded(Image.new("1", (8_000, 8_000)))
    with pytest.raises(ValueError, match="50 million pixels"):
        decode_picture(large, "It")
    monkeypatch.setattr(decoded_pictures, "MOST_BYTES", 1_000_000)
    with pytest.raises(ValueError, match="1 million bytes"):
        decode_picture(b"\0" * 1_000_001, "It")


def test_every_mode_becomes_grey_or_rgb():
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    grey = Image.fromarray(ramp)
    half = Image.merge("LA", [grey, Image.new("L", (16, 16), 0)])
    modes = {
        "1": (encoded(grey.convert("1")), 2), "P": (encoded(grey.convert("P")), 3),
        "RGBA": (encoded(grey.convert("RGBA")), 3), "LA": (encoded(half), 2),
        "CMYK": (encoded(grey.convert("CMYK"), "JPEG"), 3),
    }  # fmt: skip
    for mode, (content, num_axes) in modes.items():
        assert decode_picture(content, mode).ndim == num_axes
    assert (decode_picture(encoded(half), "transparent") == 255).all(), "it lies on white"


def test_sixteen_bits_become_eight_by_division():
    deep = (np.arange(256, dtype=np.uint16) * 257).reshape(16, 16)
    found = decode_picture(encoded(Image.fromarray(deep)), "deep")
    assert found.ravel().tolist() == list(range(256))


def test_a_picture_is_turned_as_its_camera_says():
    exif = Image.Exif()
    exif[0x0112] = 6
    found = decode_picture(encoded(COLOUR[0], exif=exif), "turned")
    assert (found == np.rot90(COLOUR[0], -1)).all()


def test_a_thumbnail_of_a_large_jpeg_is_decoded_small():
    large = encoded(Image.new("RGB", (1_600, 800), "red"), "JPEG")
    assert decode_picture(large, "It", longest=100).shape == (100, 200, 3)
    assert decode_picture(large, "It").shape == (800, 1_600, 3)
