"""Long straight runs of a mask, level or upright within a few degrees: what rules are made of."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

STEP = 0.75
SLOPES = np.tan(np.deg2rad(np.arange(-6, 6.1, STEP)))
POOLED_SIDE = 400
SLIMMEST = 4.0
THICKER = 1.6


@dataclass(frozen=True)
class Rule:
    """A straight line of a mask: its ends (x, y), its thickness in pixels and whether upright."""

    start: tuple[float, float]
    end: tuple[float, float]
    thick: float
    steep: bool

    @property
    def length(self) -> float:
        """Along its direction, in pixels."""
        axis = 1 if self.steep else 0
        return self.end[axis] - self.start[axis]

    @property
    def slope(self) -> float:
        """How far it leaves its direction, in pixels a pixel."""
        off = 0 if self.steep else 1
        return (self.end[off] - self.start[off]) / max(self.length, 1.0)

    @property
    def off(self) -> float:
        """Where its middle lies square to its direction."""
        axis = 0 if self.steep else 1
        return (self.start[axis] + self.end[axis]) / 2


def find_rules(
    mask: np.ndarray, least: float, steep: bool, coarse: float = 1.0
) -> tuple[list[Rule], np.ndarray]:
    """The straight runs of a mask (h, w) at least so long, and the mask of their pixels.

    A run may wander by a pixel of the picture, which is `coarse` of the mask's, and is at most
    a quarter as thick as long.
    """
    turned = np.ascontiguousarray(mask.T if steep else mask).astype(np.uint8)
    near = _runs(turned, least, coarse) & turned
    number, marks, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    rules, kept = [], np.zeros(number, bool)
    for mark, (left, top, width, height, _) in enumerate(stats[1:].tolist(), start=1):
        part = marks[top : top + height, left : left + width] == mark
        thick = float(np.median(part.sum(0)))
        if width < 0.9 * least or thick > width / SLIMMEST:
            continue
        kept[mark] = True
        tenth = max(1, width // 10)
        ends = [_height(part[:, :tenth]), _height(part[:, -tenth:])]
        places = [(left, top + ends[0]), (left + width, top + ends[1])]
        if steep:
            places = [(y, x) for x, y in places]
        rules.append(Rule(places[0], places[1], thick, steep))
    found = kept[marks]
    return rules, found.T if steep else found


def _height(part: np.ndarray) -> float:
    return float(np.nonzero(part)[0].mean()) if part.any() else 0.0


def _runs(mask: np.ndarray, least: float, coarse: float) -> np.ndarray:
    """Pixels near a level run at least so long, at any of `SLOPES`, from a reduced copy."""
    factor = max(1, -(-max(mask.shape) // POOLED_SIDE))
    height, width = (-(-size // factor) * factor for size in mask.shape)
    padded = np.zeros((height, width), np.uint8)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    small = padded.reshape(height // factor, factor, width // factor, factor).max((1, 3))
    length = max(3, round(least / factor))
    off = length * np.tan(np.deg2rad(STEP / 2))
    wander = max(1, round(coarse / factor), int(np.ceil(off)))
    wide = cv2.dilate(small, np.ones((2 * wander + 1, 1), np.uint8))
    found = np.zeros_like(wide)
    room = int(np.ceil(SLOPES.max() * small.shape[1])) + 2
    size = (small.shape[1], small.shape[0] + 2 * room)
    for slope in SLOPES:
        matrix = np.array([[1, 0, 0], [-slope, 1, room + slope * small.shape[1] / 2]])
        level = cv2.warpAffine(wide, matrix, size, flags=cv2.INTER_NEAREST)
        level = cv2.morphologyEx(
            level,
            cv2.MORPH_OPEN,
            np.ones((1, length), np.uint8),
            borderType=cv2.BORDER_CONSTANT,
            borderValue=0,
        )
        flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        back = cv2.warpAffine(level, matrix, small.shape[::-1], flags=flags)
        found = cv2.bitwise_or(found, back)
    large = cv2.resize(found, (width, height), interpolation=cv2.INTER_NEAREST)
    return large[: mask.shape[0], : mask.shape[1]]


def without_rules(
    mask: np.ndarray, level: tuple[list[Rule], np.ndarray], upright: tuple[list[Rule], np.ndarray]
) -> np.ndarray:
    """The mask without its rules; where a stroke crosses one, the stroke stays whole.

    Across a rule the mask is no thicker than the rule itself; where it is, a stroke crosses.
    """
    left = mask.copy()
    for (rules, own), other in ((level, upright[1]), (upright, level[1])):
        for rule in rules:
            left[_plain_part(mask & ~(other & ~own), own, rule)] = False
        if rules:
            left[own & other] = False
    return left


def _plain_part(mask: np.ndarray, own: np.ndarray, rule: Rule) -> np.ndarray:
    """Mask of a rule's pixels where nothing crosses it."""
    size = round(THICKER * rule.thick) + 3
    kernel = np.ones((1, size) if rule.steep else (size, 1), np.uint8)
    reach = size + abs(rule.slope) * rule.length
    (x0, y0), (x1, y1) = rule.start, rule.end
    top, bottom = max(0, int(min(y0, y1) - reach)), int(max(y0, y1) + reach) + 1
    left, right = max(0, int(min(x0, x1) - reach)), int(max(x0, x1) + reach) + 1
    window = np.s_[top:bottom, left:right]
    crossing = cv2.morphologyEx(
        mask[window].astype(np.uint8),
        cv2.MORPH_OPEN,
        kernel,
        borderType=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    plain = np.zeros(mask.shape, bool)
    plain[window] = own[window] & (crossing == 0)
    return plain
