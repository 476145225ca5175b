"""A picture of digits to its ink alone: paper exactly 0, every stage kept to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.pictures import paper_and_ink as paper
from core.pictures import rulings
from core.pictures.page_on_table import only_page
from core.pictures.two_colours import coverage_of_colours, two_colours

SMALL_SIDE = 96
"""Pixels of the longer side under which a picture is a digit that fills it, and no sheet."""
FINE_SIDE = 200
"""Pixels to which such a picture is enlarged, so that its strokes are several wide."""
LEAST_COVERAGE = 0.08
"""A twelfth of the light: a pencil swallows more, and a crease less."""
STRONG, WEAK = 0.55, 0.3
"""Shares of the ink's level: a stroke is what is above WEAK and holds something above STRONG."""
TRACE = 0.12
"""Share of the ink's level from which something is on the paper, though it may be no ink."""
STEEP = 0.4
"""Of the ink's level within five pixels: pen on paper ends so, a shadow more slowly."""
FEW = 0.1
"""Soft edges a pixel of the picture's two sides by which windows count as equally good."""
SMOOTHED = 400
"""Where no ink stands out of the grain, one part in so many of the longer side is blurred over."""
SMALL_WINDOW = paper.Window(0.6, even=False)
WINDOWS = tuple(paper.Window(width, even) for width in (0.3, 0.12, 0.07) for even in (True, False))


@dataclass(frozen=True)
class Ink:
    """The stages from picture to ink.

    Attributes:
        picture: uint8 (H, W, 3), as read.
        grey: uint8 (h, w), its luminance; a small picture is enlarged `scale` times.
        coverage: float32 (h, w) in [0, 1]: light the paper gives and the pixel lacks.
        ink: float32 (h, w) in [0, 1]: exactly 0 off the strokes.
        light_on_dark: Chalk on a board rather than pen on paper.
        scale: h / H.
        on_paper: False where all ink was put there on purpose: no shadow, no page's edge.
        ground: Coverage under which there is nothing but paper.
    """

    picture: np.ndarray
    grey: np.ndarray
    coverage: np.ndarray
    ink: np.ndarray
    light_on_dark: bool
    scale: float
    on_paper: bool = True
    ground: float = 1.0

    @property
    def is_blank(self) -> bool:
        """Whether there is no ink at all."""
        return not self.ink.any()


def find_ink(picture: np.ndarray) -> Ink:
    """Separate ink from paper in an RGB picture uint8 (H, W, 3).

    Raises:
        ValueError: `picture` is of another type or shape.
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
        raise ValueError(f"picture must be uint8 (H, W, 3), got {picture.dtype} {picture.shape}")
    block = _block(picture)
    given = picture[::block, ::block]
    small = max(given.shape) < SMALL_SIDE
    sheet = given if small else only_page(given)
    colours = two_colours(sheet)
    if colours is not None:
        covered, light_on_dark = coverage_of_colours(sheet, colours)
    else:
        light_on_dark = paper.is_light_on_dark(paper.grey(sheet))
        covered = _flat_coverage(sheet, light_on_dark)
    ceiling = paper_ceiling(covered) if colours is None else 0.0
    if not small and ink_level(covered, ceiling) == 0:
        covered = cv2.GaussianBlur(covered, (0, 0), max(covered.shape) / SMOOTHED)
        ceiling = paper_ceiling(covered)
    scale = FINE_SIDE / max(given.shape) if small else 1.0
    enlarged = paper.grey(_enlarge(given, scale))
    covered = np.clip(_enlarge(covered, scale), 0, 1)
    level = ink_level(covered, ceiling)
    ink, ground = solid_ink(covered, ceiling, level), max(TRACE * level, ceiling)
    return Ink(picture, enlarged, covered, ink, light_on_dark, scale / block, ground=ground)


def _block(picture: np.ndarray) -> int:
    """Of how many pixels' side the equal squares are that the picture is made of; usually 1."""
    block = 0
    for axis in (0, 1):
        line = np.moveaxis(picture, axis, 0)
        changes = np.flatnonzero((line[1:] != line[:-1]).any((1, 2))) + 1
        block = int(np.gcd.reduce([block, len(line), *changes.tolist()]))
    return max(block, 1)


def _flat_coverage(picture: np.ndarray, light_on_dark: bool) -> np.ndarray:
    if max(picture.shape) < SMALL_SIDE:
        return paper.coverage(picture, light_on_dark, SMALL_WINDOW)
    window = _best_window(paper.shrink(picture, paper.PROXY_SIDE), light_on_dark)
    covered = paper.coverage(picture, light_on_dark, window)
    covered = cv2.GaussianBlur(covered, (0, 0), max(0.6, max(covered.shape) / 1500))
    return rulings.without_rulings(covered)


def _best_window(small: np.ndarray, light_on_dark: bool) -> paper.Window:
    """The window whose ink has the fewest soft edges: a shadow taken for ink ends in a slope.

    Of windows about as good, the first in `WINDOWS`.
    """
    image = paper.grey(small).astype(np.float32)
    steps: np.ndarray = cv2.morphologyEx(image, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
    steps /= 255 if light_on_dark else image + 1
    covered = [paper.coverage(small, light_on_dark, window) for window in WINDOWS]
    ceilings = [paper_ceiling(each) for each in covered]
    levels = [ink_level(*pair) for pair in zip(covered, ceilings, strict=True)]
    flat = steps < STEEP * max(levels)
    inks = (solid_ink(*each) for each in zip(covered, ceilings, levels, strict=True))
    soft = np.array([_soft_edges(ink, flat) for ink in inks])
    return WINDOWS[int(np.argmax(soft <= soft.min() + FEW * sum(image.shape)))]


def _soft_edges(ink: np.ndarray, flat: np.ndarray) -> int:
    """How many pixels of the edge of wide ink lie on flat places of the picture."""
    solid: np.ndarray = (ink > 0.5).astype(np.uint8)
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    edge = (solid - cv2.erode(solid, np.ones((3, 3), np.uint8), borderValue=0)) > 0
    return int((flat & edge).sum())


def _enlarge(image: np.ndarray, scale: float) -> np.ndarray:
    if scale == 1:
        return image
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)


def solid_ink(covered: np.ndarray, ceiling: float, level: float) -> np.ndarray:
    """Coverage float32 (h, w) to ink float32 (h, w): strokes near 1, soft edges, the rest 0.

    A stroke is a connected region above `WEAK` of the picture's ink level with some pixel above
    `STRONG` of it; `ceiling` is the coverage that bare paper stays under, `level` from `ink_level`.
    """
    if level == 0:
        return np.zeros_like(covered)
    weak = (covered > max(WEAK * level, 0.7 * ceiling)).astype(np.uint8)
    _, marks = cv2.connectedComponents(weak, connectivity=8)
    strong = np.zeros(marks.max() + 1, bool)
    strong[np.unique(marks[covered > STRONG * level])] = True
    strong[0] = False
    soft = (covered / level - WEAK / 2) / (STRONG + 0.1 - WEAK / 2)
    return np.where(strong[marks], np.clip(soft, 0, 1), 0).astype(np.float32)


def ink_level(covered: np.ndarray, ceiling: float) -> float:
    """Coverage of the picture's darkest strokes, or 0 where nothing stands out of the paper."""
    candidates = covered[covered > max(LEAST_COVERAGE, ceiling)]
    if candidates.size < 12:
        return 0.0
    level = float(np.percentile(candidates, 90))
    return level if level > 1.5 * ceiling else 0.0


def paper_ceiling(covered: np.ndarray) -> float:
    """The coverage that bare paper's grain stays under; 0 for a small picture, all digit.

    Six standard deviations over the median, from the differences of near pixels.
    """
    step = 4
    if min(covered.shape) <= SMALL_SIDE:
        return 0.0
    apart = np.abs(covered[::2, step::2] - covered[::2, :-step:2])
    return float(np.median(covered[::2, ::2])) + 6 * 1.4826 * float(np.median(apart)) / 2**0.5
