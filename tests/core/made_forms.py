"""Forms, tables, notes and odd pictures made from MNIST's digits: uint8 RGB, dark on light."""

from __future__ import annotations

import cv2
import numpy as np

from tests.core import made_pictures

WHITE = 250.0
DARK = 25.0


def glyph(image: np.ndarray, tall: int) -> np.ndarray:
    """The digit's ink float32 (H, W), `tall` px by its longest side; paper is exactly 0."""
    ink = made_pictures.glyph(image, tall)
    return np.clip((ink - ink.min()) / (1 - ink.min()) * 1.1 - 0.05, 0, 1).astype(np.float32)


def blank(height: int, width: int) -> np.ndarray:
    """Coverage float32 (H, W) of white paper: 0."""
    return np.zeros((height, width), np.float32)


def lay(cover: np.ndarray, ink: np.ndarray, left: int, top: int) -> None:
    """Ink laid on a coverage in place; what sticks out is cut off."""
    y, x = max(top, 0), max(left, 0)
    part = ink[y - top :, x - left :]
    window = cover[y : y + part.shape[0], x : x + part.shape[1]]
    np.maximum(window, part[: window.shape[0], : window.shape[1]], out=window)


def centred(cover, ink, x, y) -> None:
    """Ink with the middle of its box at x, y."""
    lay(cover, ink, round(x - ink.shape[1] / 2), round(y - ink.shape[0] / 2))


def line(cover, start, end, thick, shade=1.0) -> None:
    """A straight printed line between two points (x, y)."""
    fine = 4
    points = [tuple(int(fine * value) for value in point) for point in (start, end)]
    layer = np.zeros(cover.shape, np.float32)
    cv2.line(layer, *points, shade, max(1, round(thick)), cv2.LINE_AA, 2)
    np.maximum(cover, layer, out=cover)


def rectangle(cover, left, top, right, bottom, thick, wobble=0.0, rng=None) -> None:
    """Four lines; with `wobble` px, drawn by hand."""
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)
    if wobble:
        corners += rng.uniform(-wobble, wobble, corners.shape)
    for i in range(4):
        line(cover, corners[i], corners[(i + 1) % 4], thick)


def picture(cover, turn=0.0, ink=DARK, paper=WHITE) -> np.ndarray:
    """The coverage as RGB, turned by so many degrees about its middle."""
    if turn:
        height, width = cover.shape
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1)
        cover = cv2.warpAffine(cover, matrix, (width, height), flags=cv2.INTER_LINEAR)
    tone = np.asarray(paper, float) + cover[..., None] * (
        np.asarray(ink, float) - np.asarray(paper, float)
    )
    return np.repeat(np.rint(tone), 3 if tone.shape[2] == 1 else 1, 2).astype(np.uint8)


def boxed(images, rng, tall=None, touching=False, wobble=0.0, turn=None) -> np.ndarray:
    """Digits in one closed frame, with paper around it."""
    tall = tall or int(rng.integers(16, 120))
    thick = rng.integers(1, min(6, max(1, tall // 8)) + 1)
    inks = [glyph(image, tall) for image in images]
    gap = round(0.3 * tall)
    width = sum(ink.shape[1] + gap for ink in inks) + gap
    height = round(tall * (1.0 if touching else rng.uniform(1.3, 1.8)))
    edge = round(tall * rng.uniform(0.2, 0.6)) + 3
    cover = blank(height + 2 * edge, width + 2 * edge)
    left = edge + gap
    for ink in inks:
        low = 0 if touching else 0.3 * (height - tall)
        middle = edge + height / 2 + rng.uniform(-low, low)
        lay(cover, ink, left, round(middle - ink.shape[0] / 2))
        left += ink.shape[1] + gap
    rectangle(cover, edge, edge, edge + width, edge + height, thick, wobble * tall, rng)
    return picture(cover, rng.uniform(-3, 3) if turn is None else turn)


def comb(images, rng, tall=None, turn=None, full=False) -> np.ndarray:
    """A line with teeth, one digit between two; `full` draws the cells closed."""
    tall = tall or int(rng.integers(20, 90))
    thick = rng.integers(1, min(6, max(1, tall // 10)) + 1)
    cell = round(1.25 * tall)
    edge = round(0.4 * tall) + 3
    high = round(1.4 * tall)
    cover = blank(high + 2 * edge, cell * len(images) + 2 * edge)
    for i, image in enumerate(images):
        shift = rng.uniform(-0.05, 0.05, 2) * tall
        centred(
            cover,
            glyph(image, tall),
            edge + (i + 0.5) * cell + shift[0],
            edge + high / 2 + shift[1],
        )
    bottom, right = edge + high, edge + cell * len(images)
    line(cover, (edge, bottom), (right, bottom), thick)
    if full:
        line(cover, (edge, edge), (right, edge), thick)
    for i in range(len(images) + 1):
        x = edge + i * cell
        line(cover, (x, edge if full else bottom - 0.5 * high), (x, bottom), thick)
    return picture(cover, rng.uniform(-3, 3) if turn is None else turn)


def table(images, rng, rows, tall=18, thick=1, turn=0.0, rules=True, per_cell=1) -> np.ndarray:
    """Digits in rows and columns, ruled on all sides."""
    columns = len(images) // rows // per_cell
    wide, high = round(tall * (0.6 + 1.05 * per_cell)), round(1.7 * tall)
    edge = round(0.8 * tall)
    cover = blank(rows * high + 2 * edge, columns * wide + 2 * edge)
    for i, image in enumerate(images):
        cell, place = divmod(i, per_cell)
        row, column = divmod(cell, columns)
        x = edge + column * wide + (wide - per_cell * tall * 1.05) / 2 + (place + 0.5) * 1.05 * tall
        y = edge + (row + 0.5) * high + rng.uniform(-0.1, 0.1) * tall
        centred(cover, glyph(image, tall), x, y)
    for row in range(rows + 1 if rules else 0):
        y = edge + row * high
        line(cover, (edge, y), (edge + columns * wide, y), thick)
    for column in range(columns + 1 if rules else 0):
        x = edge + column * wide
        line(cover, (x, edge), (x, edge + rows * high), thick)
    return picture(cover, turn)


def cell_of_table(image, rng, tall=None) -> np.ndarray:
    """A cell cut out of a table, with remains of its lines along the picture's edges."""
    tall = tall or int(rng.integers(18, 60))
    thick = int(rng.integers(1, max(2, tall // 8) + 1))
    high, wide = (round(tall * rng.uniform(1.5, 1.9)) for _ in range(2))
    cover = blank(high, wide)
    middle = np.array([wide, high]) / 2 + rng.uniform(-0.06, 0.06, 2) * tall
    centred(cover, glyph(image, tall), *middle)
    off = rng.uniform(0, 0.12, 4) * tall
    sides = rng.permutation(4)[: rng.integers(2, 5)]
    tilt = rng.uniform(-0.03, 0.03) * tall
    for side in sides:
        if side == 0:
            line(cover, (-5, off[0] + tilt), (wide + 5, off[0] - tilt), thick)
        if side == 1:
            line(cover, (-5, high - 1 - off[1] + tilt), (wide + 5, high - 1 - off[1] - tilt), thick)
        if side == 2:
            line(cover, (off[2] - tilt, -5), (off[2] + tilt, high + 5), thick)
        if side == 3:
            line(cover, (wide - 1 - off[3] - tilt, -5), (wide - 1 - off[3] + tilt, high + 5), thick)
    return picture(cover)


def edge_frame(image, rng, tall=None) -> np.ndarray:
    """A digit in a picture that has a frame along its very edge."""
    tall = tall or int(rng.integers(18, 200))
    side = round(1.5 * tall)
    cover = blank(side, side)
    centred(cover, glyph(image, tall), side / 2, side / 2)
    thick = int(rng.integers(1, max(2, tall // 12) + 1))
    cover[:thick] = cover[-thick:] = 1
    cover[:, :thick] = cover[:, -thick:] = 1
    return picture(cover)


def note(images, rng, rows, tall=40, spread=0.0, size=None) -> np.ndarray:
    """Digits in rows without lines; `spread` is how much their sizes differ."""
    in_row = -(-len(images) // rows)
    cover = blank(*(size or (round(rows * 1.7 * tall), round((in_row + 1) * 1.05 * tall))))
    for i, image in enumerate(images):
        row, place = divmod(i, in_row)
        ink = glyph(image, round(tall * rng.uniform(1 - spread, 1)))
        centred(cover, ink, (place + 1) * 1.05 * tall, (row + 0.5) * 1.7 * tall)
    return picture(cover)


def stacked(images, rng, tall=150, gap=None) -> np.ndarray:
    """Digits one above another, close together."""
    gap = rng.uniform(0.03, 0.25) * tall if gap is None else gap * tall
    inks = [glyph(image, tall) for image in images]
    cover = blank(round(len(inks) * (tall + gap) + tall), 2 * tall)
    top = tall / 2
    for ink in inks:
        lay(cover, ink, round(tall - ink.shape[1] / 2 + rng.uniform(-0.1, 0.1) * tall), round(top))
        top += ink.shape[0] + gap
    return picture(cover)


def touching(images, rng, tall=100) -> np.ndarray:
    """Digits side by side so near that their ink runs together."""
    inks = [glyph(image, round(tall * rng.uniform(0.9, 1))) for image in images]
    cover = blank(2 * tall, (len(inks) + 1) * tall)
    middle = tall
    left = tall // 2
    lay(cover, inks[0], left, round(middle - inks[0].shape[0] / 2))
    for ink in inks[1:]:
        top = round(middle - ink.shape[0] / 2)
        solid = (cover > 0.5).astype(np.uint8)
        for left in range(cover.shape[1] - ink.shape[1], 0, -1):
            under = solid[top : top + ink.shape[0], left : left + ink.shape[1]]
            if (under[:, : ink.shape[1]] & (ink > 0.5)[:, : under.shape[1]]).sum() > 0.05 * tall:
                break
        lay(cover, ink, left, top)
    return picture(cover)


def dotted(image, rng, tall=200, share=0.5) -> np.ndarray:
    """A digit one part of which is drawn in dots: what lies above or below its middle."""
    ink = glyph(image, tall)
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    pitch = max(6, round(0.13 * tall))
    dots = ((y % pitch) < 0.6 * pitch) & ((x % pitch) < 0.6 * pitch)
    part = y < share * ink.shape[0] if rng.random() < 0.5 else y > (1 - share) * ink.shape[0]
    cover = blank(round(1.5 * tall), round(1.5 * tall))
    centred(cover, np.where(part & ~dots, 0, ink).astype(np.float32), 0.75 * tall, 0.75 * tall)
    return picture(cover)


def two_tone(image, rng, tall=200, pale=0.4) -> np.ndarray:
    """A digit one half of which is paler."""
    ink = glyph(image, tall)
    y = np.arange(ink.shape[0])[:, None]
    upper = y < 0.5 * ink.shape[0]
    part = upper if rng.random() < 0.5 else ~upper
    cover = blank(round(1.5 * tall), round(1.5 * tall))
    centred(cover, (ink * np.where(part, pale, 1)).astype(np.float32), 0.75 * tall, 0.75 * tall)
    return picture(cover)


EQUAL = {
    "red on green": ((214, 40, 60), (62, 134, 62)),
    "green on red": ((62, 134, 62), (214, 40, 60)),
    "blue on brown": ((60, 90, 220), (140, 90, 30)),
    "magenta on teal": ((190, 60, 190), (20, 130, 130)),
}
"""Ink and paper of about the same luminance."""


def coloured(image, rng, pair, tall=None) -> np.ndarray:
    """A digit in a colour as bright as its ground."""
    tall = tall or int(rng.integers(24, 160))
    cover = blank(round(1.4 * tall), round(1.4 * tall))
    centred(cover, glyph(image, tall), 0.7 * tall, 0.7 * tall)
    return picture(cover, ink=EQUAL[pair][0], paper=EQUAL[pair][1])


def tight(image, rng, tall=400, light_on_dark=None) -> np.ndarray:
    """A digit cropped to its ink."""
    ink = glyph(image, tall)
    rows, columns = np.nonzero(ink > 0.5)
    cut = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    dark = rng.random() < 0.5 if light_on_dark is None else light_on_dark
    return picture(cut, ink=255.0, paper=0.0) if dark else picture(cut, ink=0.0, paper=255.0)


def desk(images, rng, size=(600, 800), tall=70) -> np.ndarray:
    """A bright sticker with digits on a dark, grained desk, among other things."""
    ground = rng.uniform(40, 90, 3) + rng.normal(0, 6, (*size, 1))
    height, width = round(1.7 * tall), round((len(images) + 0.8) * 0.95 * tall)
    cover = blank(height, width)
    for i, image in enumerate(images):
        centred(cover, glyph(image, tall), (i + 0.9) * 0.95 * tall, height / 2)
    sticker = picture(cover, ink=30.0, paper=235.0)
    cv2.circle(ground, (int(0.85 * size[1]), int(0.2 * size[0])), tall // 2, (150, 120, 60), -1)
    cv2.rectangle(ground, (20, size[0] - 90), (240, size[0] - 60), (170, 170, 175), -1)
    place = np.float32([[1, 0, rng.uniform(0.1, 0.3) * (size[1] - width)], [0, 1, 0.4 * size[0]]])
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-5, 5), 1)
    matrix = (np.vstack([place, [0, 0, 1]]) @ np.vstack([turn, [0, 0, 1]]))[:2]
    laid = cv2.warpAffine(sticker, matrix, size[::-1])
    mask = cv2.warpAffine(np.ones(sticker.shape[:2], np.uint8), matrix, size[::-1]) > 0
    ground[mask] = laid[mask]
    return np.clip(cv2.GaussianBlur(ground, (0, 0), 0.8), 0, 255).astype(np.uint8)


def axes(image, rng, size=(480, 640)) -> np.ndarray:
    """A figure: the digit in a frame, with ticks and small printed numbers along two sides."""
    cover = blank(*size)
    top, left, side = 60, 140, 360
    centred(cover, glyph(image, 200), left + side / 2, top + side / 2)
    rectangle(cover, left, top, left + side, top + side, 1)
    words = np.zeros(size, np.uint8)
    for i in range(6):
        at = round(30 + i * 60)
        line(cover, (left - 5, top + at), (left, top + at), 1)
        line(cover, (left + at, top + side), (left + at, top + side + 5), 1)
        for place in ((left - 32, top + at + 5), (left + at - 8, top + side + 22)):
            font = cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(words, str(5 * i), place, font, 0.45, 255, 1, cv2.LINE_AA)
    return picture(np.maximum(cover, words.astype(np.float32) / 255))


def under_words(images, rng, tall=40) -> np.ndarray:
    """A line of joined-up words above a line of digits."""
    width = round((len(images) + 1) * 1.05 * tall)
    cover = blank(round(4 * tall), width)
    x = np.arange(0.3 * tall, width - 0.3 * tall)
    wave = tall + 0.35 * tall * np.sin(x / (0.12 * tall)) * (1 + 0.6 * np.sin(x / (0.5 * tall)))
    points = np.stack([x, wave], 1).astype(np.int32)
    for word in np.array_split(points, 3):
        cv2.polylines(cover, [word[: -tall // 2]], False, 1.0, max(2, tall // 9), cv2.LINE_AA)
    for i, image in enumerate(images):
        centred(cover, glyph(image, tall), (i + 1) * 1.05 * tall, 2.8 * tall)
    return picture(cover)
