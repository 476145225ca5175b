"""The still picture: every point a dot in its place, and nothing that could run."""

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from core.figures import still
from core.figures.still import still_svg
from core.measures.table import build_table
from core.study.dataset import UNLABELLED, Noun

ITEM = Noun("leaf", "leaves")


def table(confidence, prediction, labels):
    measures = {"prediction": np.array(prediction), "confidence": np.array(confidence, np.float32)}
    return build_table(measures, None if labels is None else np.array(labels), num_classes=3)


def dots(svg):
    """The points' picture, (height, width, 4)."""
    address = re.search(r'href="data:image/png;base64,([^"]+)"', svg)[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address))).convert("RGBA"))


def words(svg):
    return "".join(ElementTree.fromstring(svg).itertext())  # noqa: S314 - our own


def centres(pixels, first, last):
    """The middle of what is drawn between two columns of pixels: down, across, and its dots."""
    part = pixels[:, int(first * 2) : int(last * 2), 3] > 0
    down, across = np.nonzero(part)
    return down.mean() / 2, across.mean() / 2 + first, len(down)


def test_a_point_lies_where_its_class_and_its_confidence_are():
    svg = still_svg(table([0.5, 1.0], [0, 2], [0, 2]), ("a", "b", "c"), ITEM)
    pixels = dots(svg)
    column = (still._RIGHT - still._LEFT) / 3
    for code, value in ((0, 0.5), (2, 1.0)):
        start = still._LEFT + code * column
        down, across, size = centres(pixels, start, start + column)
        room = 0.03 * 0.5
        share = (value - (0.5 - room)) / (0.5 + 2 * room)
        assert down == pytest.approx(still._BOTTOM - share * (still._BOTTOM - still._TOP), abs=1)
        assert start < across < start + column
        assert size == pytest.approx(np.pi * still._RADIUS**2, rel=0.1)
    between = [int((still._LEFT + times * column) * 2) for times in (1, 2)]
    assert not pixels[:, slice(*between), 3].any()


def test_many_points_in_one_place_look_darker_than_one():
    alone = dots(still_svg(table([0.5], [0], [0]), ("a", "b", "c"), ITEM))[..., 3].max()
    crowd = table([0.5] * 2_000, [0] * 2_000, [0] * 2_000)
    together = dots(still_svg(crowd, ("a", "b", "c"), ITEM))[..., 3].max()
    assert alone == pytest.approx(255 * still._OPACITY, abs=4)
    assert together > 250


def test_it_says_how_many_points_are_right_and_wrong():
    svg = still_svg(table([0.5, 0.6, 0.7], [0, 1, 2], [0, 0, UNLABELLED]), ("a", "b", "c"), ITEM)
    assert "3 leaves · ● 1 right ● 1 wrong" in words(svg)
    assert "no label" in words(svg)
    assert "right" not in words(still_svg(table([0.5], [0], None), ("a", "b", "c"), ITEM))


def test_names_are_text_and_nothing_in_it_runs():
    svg = still_svg(table([0.5], [0], [0]), ("<script>", "&", "c"), ITEM)
    assert "<script" not in svg
    assert "<script>" in words(svg)
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_discs_are_counted_as_one_by_one():
    rng = np.random.default_rng(0)
    size = still.HEIGHT * still._DOTS, still.WIDTH * still._DOTS
    x = rng.uniform(still._LEFT, still._RIGHT, 60)
    y = rng.uniform(still._TOP, still._BOTTOM, 60)
    down, across = np.ogrid[: size[0], : size[1]]
    counted = sum(
        ((across - a) ** 2 + (down - d) ** 2 <= still._RADIUS**2).astype(int)
        for a, d in zip(np.rint(x * still._DOTS), np.rint(y * still._DOTS), strict=True)
    )
    assert np.array_equal(still._counts(x, y, size), counted)
