"""Strokes beside a digit that are too pale to be taken for ink: without them it may be another."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.pictures.framing import stroke_width
from core.pictures.ink import Ink

CLEAR = 0.5
"""Of a stroke's width: so far around ink its own soft edge reaches."""
LEAST, MOST = 0.08, 1.0
"""Of a digit's area: what is smaller is dirt, and what is larger than the digit is its ground."""


@dataclass(frozen=True)
class PaleParts:
    """What is on the paper, yet was not taken for ink.

    Attributes:
        regions: int32 (h, w), the number of each connected region; 0 elsewhere.
        areas: Of each region, in pixels; 0 for what is none.
        reach: Pixels from ink within which a region may belong to it.
    """

    regions: np.ndarray
    areas: np.ndarray
    reach: int

    def belong_to(self, own: np.ndarray, window: tuple[slice, slice]) -> bool:
        """Whether a digit lost a part of itself.

        Args:
            own: Mask (h, w) of the digit's pixels within its box.
            window: The box's place in the picture.
        """
        if not self.areas.any():
            return False
        wide = tuple(slice(max(0, s.start - self.reach), s.stop + self.reach) for s in window)
        around = np.zeros(self.regions[wide].shape, np.uint8)
        top, left = (s.start - wider.start for s, wider in zip(window, wide, strict=True))
        around[top : top + own.shape[0], left : left + own.shape[1]] = own
        near = cv2.dilate(around, _disc(self.reach)) > 0
        areas = self.areas[np.unique(self.regions[wide][near])]
        area = int(own.sum())
        return bool(areas[areas <= MOST * area].sum() > LEAST * area)


def pale_parts(ink: Ink) -> PaleParts:
    """All of a picture, clear of its ink and of the ink's soft edges."""
    solid = (ink.ink > 0.25).astype(np.uint8)
    clear = max(2, round(CLEAR * stroke_width(solid > 0)))
    pale = (ink.coverage > ink.ground) & (cv2.dilate(solid, _disc(clear)) == 0)
    _, regions, stats, _ = cv2.connectedComponentsWithStats(pale.astype(np.uint8), connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    return PaleParts(regions, areas, clear + 2)


def _disc(radius: int) -> np.ndarray:
    side = 2 * radius + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
