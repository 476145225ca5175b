"""Photographs, scans and pen strokes made from MNIST's held-out training digits."""

from __future__ import annotations

import cv2
import numpy as np

from examples.mnist_data import calibration_split, load_mnist

PAPER = {
    "white": (238, 236, 230),
    "yellow": (245, 225, 150),
    "pink": (245, 200, 210),
    "green": (35, 60, 48),
    "black": (30, 32, 35),
}
INK = {
    "pencil": ((85, 85, 85), 0.65, 0.035),
    "pen": ((25, 35, 110), 0.95, 0.05),
    "red pen": ((160, 25, 35), 0.95, 0.05),
    "marker": ((15, 15, 20), 0.97, None),
    "chalk": ((230, 230, 225), 0.8, 0.08),
}


def held_out_digits() -> tuple[np.ndarray, np.ndarray]:
    """MNIST's training images that no network here is fitted on."""
    mnist = load_mnist()
    rows = calibration_split(len(mnist.x_train)).calibration
    return mnist.x_train[rows], mnist.y_train[rows]


def glyph(image: np.ndarray, height: int, pen: float | None = None) -> np.ndarray:
    """The digit's ink (H, W) in [0, 1], `height` px by its longest side.

    `pen` is the stroke's width as a fraction of that, None for MNIST's own.
    """
    rows, columns = np.nonzero(image > 60)
    image = image[max(rows.min() - 1, 0) : rows.max() + 2, max(columns.min() - 1, 0) :]
    image = image[:, : columns.max() - max(columns.min() - 1, 0) + 2].astype(np.float32)
    scale = height / max(image.shape)
    if pen is None:
        large = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        return 1 / (1 + np.exp(-(large - 110) / max(4.0, 60 / scale)))
    fine = np.pad(cv2.resize(image, None, fx=5, fy=5, interpolation=cv2.INTER_CUBIC), 6)
    middle = skeleton(cv2.GaussianBlur(fine, (0, 0), 1.5) > 100)
    away = cv2.distanceTransform(1 - middle, cv2.DIST_L2, 5)
    away = cv2.resize(away, None, fx=scale / 5, fy=scale / 5, interpolation=cv2.INTER_CUBIC)
    away = np.pad(away * scale / 5, int(pen * height) + 2, mode="linear_ramp", end_values=height)
    away = cv2.GaussianBlur(away.astype(np.float32), (0, 0), max(0.24 * scale, 0.5))
    return np.clip(pen * height / 2 + 0.16 * scale - away + 0.5, 0, 1)


def skeleton(solid: np.ndarray) -> np.ndarray:
    """Thinned to one pixel (Zhang and Suen, 1984)."""
    left = solid.astype(np.uint8)
    while True:
        before = left.copy()
        for turn in (0, 1):
            p = np.pad(left, 1)
            around = [p[:-2, 1:-1], p[:-2, 2:], p[1:-1, 2:], p[2:, 2:]]
            around += [p[2:, 1:-1], p[2:, :-2], p[1:-1, :-2], p[:-2, :-2]]
            count = sum(a.astype(int) for a in around)
            starts = sum((around[i] == 0) & (around[(i + 1) % 8] == 1) for i in range(8))
            n, e, s, w = around[::2]
            open_sides = (n * e * s, e * s * w) if turn == 0 else (n * e * w, n * s * w)
            gone = (left == 1) & (count >= 2) & (count <= 6) & (starts == 1)
            left = np.where(gone & (open_sides[0] == 0) & (open_sides[1] == 0), 0, left)
        if (left == before).all():
            return left.astype(np.uint8)


def sheet(rng, size=(600, 800), colour="white", lines=None, pitch=None) -> np.ndarray:
    """Paper float (H, W, 3); `lines` is None, "ruled" or "squared", `pitch` of the width apart."""
    height, width = size
    paper = np.ones((height, width, 3)) * np.array(PAPER[colour], float)
    if lines is None:
        return paper
    pitch = (pitch or rng.uniform(0.06, 0.12)) * width
    thick, tilt = max(1.0, 0.04 * pitch), np.deg2rad(rng.uniform(-4, 4))
    y, x = np.mgrid[:height, :width]
    for along, across in ((x, y), (y, -x))[: 2 if lines == "squared" else 1]:
        off = (across * np.cos(tilt) - along * np.sin(tilt)) % pitch - pitch / 2
        line = np.clip(thick / 2 - np.abs(off) + 0.5, 0, 1)[..., None]
        paper *= 1 - line * (1 - np.array((120, 160, 215)) / 255)
    return paper


def write(paper, ink, left, top, tool, rng) -> None:
    """Ink laid on the paper in place, with grain."""
    colour, opacity, _ = INK[tool]
    window = paper[top : top + ink.shape[0], left : left + ink.shape[1]]
    ink = ink[: window.shape[0], : window.shape[1]] * opacity
    ink = (ink * rng.uniform(0.75, 1, ink.shape))[..., None]
    window[:] = window * (1 - ink) + np.array(colour) * ink


def photographed(paper, rng, shadow=False, noise=3.0, quality=75) -> np.ndarray:
    """Lit unevenly, taken at a slight angle, blurred, with noise, through JPEG: uint8 RGB."""
    height, width = paper.shape[:2]
    y, x = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j]
    turn = rng.uniform(0, 2 * np.pi)
    slope = np.cos(turn) * x + np.sin(turn) * y
    light = (1 - 0.3 * (slope + 0.5).clip(0, 1)) * (1 - 0.5 * (x * x + y * y))
    if shadow:
        light = light * (1 - 0.35 / (1 + np.exp(-(slope + rng.uniform(-0.3, 0.3)) / 0.01)))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = (corners - corners.mean(0)) * 1.1 + corners.mean(0)
    seen += rng.uniform(-0.03, 0.03, (4, 2)) * width
    warp = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    bent = cv2.warpPerspective(
        (paper * light[..., None]).astype(np.float32),
        warp,
        (width, height),
        borderMode=cv2.BORDER_REFLECT,
    )
    taken = cv2.GaussianBlur(bent, (0, 0), width / 1000) + rng.normal(0, noise, bent.shape)
    taken = np.clip(taken, 0, 255).astype(np.uint8)
    _, coded = cv2.imencode(".jpg", taken, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR))


def photograph(
    image, rng, tool="pen", colour="white", lines=None, size=(600, 800), pitch=None, **camera
):
    """One digit, 0.35 to 0.7 of the shorter side tall, somewhere near the middle."""
    paper = sheet(rng, size, colour, lines, pitch)
    ink = glyph(image, int(rng.uniform(0.35, 0.7) * min(size)), INK[tool][2])
    top, left = (int((size[i] - ink.shape[i]) * rng.uniform(0.3, 0.7)) for i in (0, 1))
    write(paper, ink, left, top, tool, rng)
    return photographed(paper, rng, **camera)


def number(images, rng, rows=1, tool="pen", colour="white", lines=None, size=(900, 1400), **camera):
    """Several digits in rows."""
    paper = sheet(rng, size, colour, lines)
    in_row = -(-len(images) // rows)
    tall = min(0.6 * size[1] / in_row, 0.55 * size[0] / rows)
    for row in range(rows):
        left = 0.13 * size[1]
        for image in images[row * in_row : (row + 1) * in_row]:
            ink = glyph(image, int(tall * rng.uniform(0.85, 1)), INK[tool][2])
            middle = size[0] * (0.08 + 0.84 * (row + 0.5) / rows) + rng.uniform(-0.05, 0.05) * tall
            write(paper, ink, int(left), int(middle - ink.shape[0] / 2), tool, rng)
            left += ink.shape[1] + tall * rng.uniform(0.1, 0.3)
    return photographed(paper, rng, **camera)


def scan(image, side, light_on_dark=True, bold=1) -> np.ndarray:
    """A digit that fills a `side` x `side` picture edge to edge, uint8 RGB."""
    image = cv2.dilate(image, np.ones((bold, bold), np.uint8))
    rows, columns = np.nonzero(image > 40)
    cut = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    longest = max(cut.shape)
    square = np.zeros((longest, longest), np.float32)
    top, left = ((longest - cut.shape[i]) // 2 for i in (0, 1))
    square[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
    fine = cv2.resize(square, (8 * side, 8 * side), interpolation=cv2.INTER_CUBIC)
    small = cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA)
    grey = np.clip(small, 0, 255).astype(np.uint8)
    return np.repeat((grey if light_on_dark else 255 - grey)[..., None], 3, axis=2)
