import re
import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.figures import palette

ROOT = Path(__file__).resolve().parents[3]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
MARKS = {"unknown": palette.UNKNOWN, "pointer": palette.POINTER} | dict(
    zip(palette.LETTERS, palette.STEPS, strict=True)
)
# Machado, Oliveira and Fernandes, IEEE TVCG 2009, table 1, severity 1.0; of linear RGB.
COLOUR_BLIND = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
    "nobody": np.eye(3),
}  # fmt: skip
LEAST_APART = 0.08
"""In Oklab, where 0.02 is just noticeable side by side."""


@pytest.mark.parametrize("name", MARKS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_mark_stands_out_on_the_ground(name, theme):
    assert palette.contrast(MARKS[name], THEME[theme]["backgroundColor"]) >= 3


@pytest.mark.parametrize("step", palette.LETTERS)
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_letters_can_be_read_on_every_ground(step, ground):
    letters = palette.LETTERS[step]
    assert palette.contrast(letters.on_light, THEME["light"][ground]) >= 4.5
    assert palette.contrast(letters.on_dark, THEME["dark"][ground]) >= 4.5


@pytest.mark.parametrize("colours", [palette.STEPS, palette.CELLS])
def test_it_grows_darker_from_light_to_shadow(colours):
    shades = [palette.luminance(palette.channels(colour)) for colour in colours]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == len(shades)


@pytest.mark.parametrize("sight", COLOUR_BLIND)
def test_neighbours_stay_apart_whatever_colours_one_sees(sight):
    seen = [oklab(np.array(COLOUR_BLIND[sight]) @ linear(step)) for step in palette.STEPS]
    assert min(np.linalg.norm(a - b) for a, b in pairwise(seen)) >= LEAST_APART


def linear(colour):
    shares = np.array(palette.channels(colour)) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def oklab(rgb):
    """Ottosson, "A perceptual color space for image processing", 2020."""
    cones = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                      [0.2119034982, 0.6806995451, 0.1073969566],
                      [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
    axes = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                     [1.9779984951, -2.4285922050, 0.4505937099],
                     [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip
    return axes @ np.cbrt(cones @ np.clip(rgb, 0, 1))


def test_the_theme_has_the_palettes_colours():
    names = {"yellow": "light", "orange": "glow", "violet": "dusk"}
    for theme in ("light", "dark"):
        found = THEME[theme]
        for colour, step in names.items():
            assert found[f"{colour}Color"] == MARKS[step]
            assert found[f"{colour}TextColor"] == getattr(palette.LETTERS[step], f"on_{theme}")
        assert found["primaryColor"] == getattr(palette.LETTERS["shadow"], f"on_{theme}")


def test_every_colour_that_a_style_names_is_one_of_the_palettes():
    defined = set(re.findall(r"(--[\w-]+):", palette.css_variables()))
    assert {f"--{name}" for name in MARKS} <= defined
    for path in [*(ROOT / "ui").rglob("*.css"), *(ROOT / "ui").rglob("*.js")]:
        text = path.read_text()
        own = set(re.findall(r"(--[\w-]+):", text))
        used = {name for name in re.findall(r"var\((--[\w-]+)", text) if name[:5] != "--st-"}
        missing = used - own - defined - {"--size", "--edge", "--rim"}
        assert not missing, path


def test_a_scale_leads_from_light_to_shadow_where_high_means_unsure():
    assert palette.scale(unsure_is_high=True)[0] == (0.0, palette.LIGHT)
    assert palette.scale(unsure_is_high=True)[-1] == (1.0, palette.SHADOW)
    assert palette.scale(unsure_is_high=False)[0] == (0.0, palette.SHADOW)
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
