"""A page on a table: found by its shape, and everything around it made paper."""

from __future__ import annotations

import cv2
import numpy as np

from core.pictures.paper_and_ink import PROXY_SIDE, grey, shrink

LEAST_AREA = 0.02
DARKER = 0.75
LEAST_FILL = 0.86
LONGEST = 4.0
MARGIN = 0.02
LEAST_INK = 6


def only_page(picture: np.ndarray) -> np.ndarray:
    """The picture uint8 (H, W, 3) with what lies around its page replaced by the page's colour.

    A picture without a page on a darker ground is returned as it is.
    """
    small = shrink(picture, PROXY_SIDE)
    page = find_page(small)
    if page is None:
        return picture
    width = max(3, round(2 * MARGIN * max(small.shape))) | 1
    inner = cv2.erode(page.astype(np.uint8), np.ones((width, width), np.uint8), borderValue=0)
    if not inner.any():
        return picture
    size = picture.shape[1::-1]
    around = cv2.resize(_continued(small, inner), size, interpolation=cv2.INTER_LINEAR)
    keep = cv2.resize(inner, size, interpolation=cv2.INTER_NEAREST).astype(bool)
    return np.where(keep[..., None], picture, around)


def find_page(small: np.ndarray) -> np.ndarray | None:
    """Mask (H, W) of a light, straight-edged page with ink on it, or None.

    A page fills most of its tightest rectangle and is not as slim as a thick light 1.
    """
    image = cv2.GaussianBlur(grey(small), (0, 0), 1.5)
    _, light = cv2.threshold(image, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    light = cv2.morphologyEx(light, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    page = np.zeros(image.shape, np.uint8)
    cv2.drawContours(page, [outline], -1, 1, cv2.FILLED)
    if not _is_straight_edged(outline, image.size) or _sides_touched(page) > 1 or page.all():
        return None
    if float(np.percentile(image[page == 0], 75)) > DARKER * float(np.median(image[page > 0])):
        return None
    return (page > 0) if _has_ink(image, page) else None


def _is_straight_edged(outline: np.ndarray, pixels: int) -> bool:
    area = cv2.contourArea(outline)
    _, (width, height), _ = cv2.minAreaRect(outline)
    if area < LEAST_AREA * pixels or min(width, height) < 1:
        return False
    return area > LEAST_FILL * width * height and max(width, height) < LONGEST * min(width, height)


def _sides_touched(page: np.ndarray) -> int:
    """How many of the picture's sides the page runs along: light between shadows meets two."""
    sides = (page[0], page[-1], page[:, 0], page[:, -1])
    return sum(float(side.mean()) > 0.1 for side in sides)


def _has_ink(image: np.ndarray, page: np.ndarray) -> bool:
    """Whether something darker and narrower than its grain lies in the page, off its edge."""
    width = max(3, min(image.shape) // 12) | 1
    kernel = np.ones((width, width), np.uint8)
    inner = cv2.erode(page, kernel, borderValue=0) > 0
    hat = cv2.morphologyEx(image, cv2.MORPH_BLACKHAT, kernel)
    if not inner.any():
        return False
    grain, ink = np.percentile(hat[inner], [50, 99.9])
    return float(ink) > max(LEAST_INK, 3 * float(grain))


def _continued(small: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """The page's own brightness carried on beyond its edge, uint8 (H, W, 3)."""
    sigma = 0.06 * max(small.shape)
    calm = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    weight = cv2.GaussianBlur(inner.astype(np.float32), (0, 0), sigma)[..., None]
    usual = np.median(calm[inner > 0], axis=0).astype(np.float32)
    total = cv2.GaussianBlur(calm.astype(np.float32) * inner[..., None], (0, 0), sigma)
    return np.clip((total + 0.002 * usual) / (weight + 0.002), 0, 255).astype(np.uint8)
