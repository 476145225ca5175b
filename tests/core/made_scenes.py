"""Scans, screens and desks with digits among other things, and what is no digit: uint8 RGB."""

from __future__ import annotations

import cv2
import numpy as np

from core.stress.foreign import draw_foreign
from tests.core import made_forms as made
from tests.core import made_pictures

RULES = {
    "black": (40, 40, 45),
    "grey": (150, 150, 150),
    "blue": (120, 150, 210),
    "red": (215, 110, 110),
    "green": (110, 170, 120),
}
PENS = ((25, 25, 30), (30, 40, 120), (70, 70, 75))


def pen_glyph(image, rng, tall) -> np.ndarray:
    """A digit by a pen of some width, or by MNIST's own."""
    pen = None if rng.random() < 0.4 else rng.uniform(0.04, 0.1)
    ink = made_pictures.glyph(image, tall, pen)
    return np.clip((ink - ink.min()) / (1 - ink.min()) * 1.1 - 0.05, 0, 1).astype(np.float32)


def scanned(covers, rng, turn=3.0) -> np.ndarray:
    """Coverages with their colours laid on paper, turned, blurred, with grain, through JPEG."""
    paper = np.array(rng.uniform(225, 255, 3)) * np.ones((*covers[0][0].shape, 1))
    for cover, colour in covers:
        paper = paper * (1 - cover[..., None]) + np.array(colour, float) * cover[..., None]
    height, width = paper.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-turn, turn), 1)
    paper = cv2.warpAffine(paper, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.7:
        paper = cv2.GaussianBlur(paper, (0, 0), rng.uniform(0.3, 0.8))
    paper = np.clip(paper + rng.normal(0, rng.uniform(0, 4), paper.shape), 0, 255)
    _, coded = cv2.imencode(
        ".jpg", paper.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 96))]
    )
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR))


def scanned_form(images, rng, rows=1, crossing=0.0) -> np.ndarray:
    """Cells of a form, scanned: rules of any colour and width; digits may cross them."""
    tall = int(rng.integers(22, 70))
    columns = len(images) // rows
    high, wide = round(tall * rng.uniform(1.35, 1.9)), round(tall * rng.uniform(1.2, 1.7))
    edge = round(0.5 * tall) + 4
    shape = (rows * high + 2 * edge, columns * wide + 2 * edge)
    ink, rules = made.blank(*shape), made.blank(*shape)
    for i, image in enumerate(images):
        row, column = divmod(i, columns)
        room = np.array([wide, high]) - tall
        shift = rng.uniform(-0.4, 0.4, 2) * np.maximum(room, 0) + crossing * tall * rng.uniform(
            -0.5, 0.5, 2
        )
        x, y = edge + (column + 0.5) * wide + shift[0], edge + (row + 0.5) * high + shift[1]
        made.centred(ink, pen_glyph(image, rng, tall), x, y)
    thick = int(rng.integers(1, min(6, max(1, tall // 9)) + 1))
    for row in range(rows + 1):
        y = edge + row * high
        made.line(rules, (edge, y), (edge + columns * wide, y), thick)
    for column in range(columns + 1):
        x = edge + column * wide
        made.line(rules, (x, edge), (x, edge + rows * high), thick)
    colour = RULES[rng.choice(list(RULES))]
    return scanned([(rules, colour), (ink, PENS[rng.integers(len(PENS))])], rng)


def on_a_line(images, rng) -> np.ndarray:
    """Digits on one printed line, as "Amount: ____" has it, and touching it."""
    tall = int(rng.integers(24, 80))
    shape = (round(2.4 * tall), round((len(images) + 2) * 1.1 * tall))
    ink, rules = made.blank(*shape), made.blank(*shape)
    foot = round(1.75 * tall)
    for i, image in enumerate(images):
        glyph = pen_glyph(image, rng, tall)
        low = foot - glyph.shape[0] + round(rng.uniform(-0.12, 0.06) * tall)
        made.lay(ink, glyph, round((i + 1) * 1.1 * tall), low)
    made.line(rules, (0.4 * tall, foot), (shape[1] - 0.4 * tall, foot), max(1, tall // 25))
    return scanned([(rules, RULES["black"]), (ink, PENS[1])], rng, turn=2.0)


def screenshot(image, rng, size=(480, 640)) -> np.ndarray:
    """A painting program's window: a title's bar, words of a menu, buttons, and a digit."""
    picture = np.full((*size, 3), 240, np.uint8)
    cv2.rectangle(picture, (0, 0), (size[1], 28), tuple(map(int, rng.integers(30, 120, 3))), -1)
    for x, colour in zip(
        (604, 584, 624), ((90, 200, 90), (230, 190, 60), (220, 80, 70)), strict=True
    ):
        cv2.circle(picture, (x, 14), 6, colour, -1, cv2.LINE_AA)
    font = cv2.FONT_HERSHEY_SIMPLEX
    for i, word in enumerate(("File", "Edit", "View", "Help")):
        cv2.putText(picture, word, (10 + 60 * i, 48), font, 0.45, (40, 40, 40), 1, cv2.LINE_AA)
    cv2.putText(picture, "Untitled - Paint", (10, 20), font, 0.5, (255,) * 3, 1, cv2.LINE_AA)
    cv2.rectangle(picture, (20, 62), (size[1] - 20, size[0] - 20), (255,) * 3, -1)
    cv2.rectangle(picture, (20, 62), (size[1] - 20, size[0] - 20), (150,) * 3, 1)
    tall = int(rng.integers(120, 300))
    ink = pen_glyph(image, rng, tall)
    left = int(rng.integers(60, size[1] - 60 - ink.shape[1]))
    top = int(rng.integers(80, max(81, size[0] - 40 - ink.shape[0])))
    window = picture[top : top + ink.shape[0], left : left + ink.shape[1]]
    window[:] = np.rint(window * (1 - ink[: window.shape[0], : window.shape[1], None]))
    return picture


def sheet_on_desk(images, rng, rows=2, size=(750, 1000)) -> np.ndarray:
    """A bright sheet with rows of digits, photographed on a dark, grained desk."""
    height, width = round(0.62 * size[0]), round(0.66 * size[1])
    in_row = -(-len(images) // rows)
    tall = min(0.8 * width / in_row, 0.55 * height / rows)
    cover = made.blank(height, width)
    for i, image in enumerate(images):
        row, place = divmod(i, in_row)
        glyph = pen_glyph(image, rng, round(tall * rng.uniform(0.75, 0.95)))
        made.centred(cover, glyph, (place + 0.5) * width / in_row, (row + 0.5) * height / rows)
    sheet = made.picture(cover, ink=PENS[rng.integers(len(PENS))], paper=rng.uniform(215, 245))
    ground = rng.uniform(30, 110, 3) + rng.normal(0, 7, (*size, 1))
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    seen = corners + rng.uniform(-0.04, 0.04, (4, 2)) * width + np.array(size[::-1]) * 0.17
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    laid = cv2.warpPerspective(sheet, matrix, size[::-1])
    mask = cv2.warpPerspective(np.ones(cover.shape, np.uint8), matrix, size[::-1]) > 0
    ground[mask] = laid[mask]
    fall = np.linspace(1, rng.uniform(0.65, 1), size[1])[None, :, None]
    taken = cv2.GaussianBlur(ground * fall, (0, 0), 0.9) + rng.normal(0, 2, ground.shape)
    return np.clip(taken, 0, 255).astype(np.uint8)


def single(image, rng) -> np.ndarray:
    """One digit as programs and cameras save it: any size, pen, tone, place and compression."""
    side = int(rng.choice([28, 32, 48, 64, 100, 200, 280, 500]))
    tall = max(14, round(side * rng.uniform(0.5, 0.85)))
    ink = pen_glyph(image, rng, tall) if side > 40 else made.glyph(image, tall)
    cover = made.blank(side, side)
    room = np.maximum(np.array(cover.shape) - ink.shape, 0)
    top, left = (room * rng.uniform(0.1, 0.9, 2)).astype(int)
    made.lay(cover, ink, left, top)
    dark, light = rng.uniform(0, 60, 3), rng.uniform(215, 255, 3)
    ends = (light, dark) if rng.random() < 0.4 else (dark, light)
    picture = (
        made.picture(cover, rng.uniform(-6, 6), *ends)
        if side > 40
        else made.picture(cover, 0.0, *ends)
    )
    if rng.random() < 0.4:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 96))]
        picture = cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_COLOR)
    return np.ascontiguousarray(picture)


def stroke(image, rng) -> np.ndarray:
    """A digit of one pen, as a tablet or a mouse draws it on white."""
    cover = made.blank(280, 280)
    ink = made_pictures.glyph(image, int(rng.uniform(110, 220)), rng.uniform(0.03, 0.13))
    room = np.maximum(280 - np.array(ink.shape), 0)
    top, left = (room * rng.uniform(0, 1, 2)).astype(int)
    made.lay(cover, np.clip(ink, 0, 1).astype(np.float32), left, top)
    return made.picture(cover, ink=0.0, paper=255.0)


def postal(image, rng) -> np.ndarray:
    """A digit that fills 16 x 16 pixels from edge to edge, as postal scans do."""
    return made_pictures.scan(image, 16, bool(rng.random() < 0.5))


def letter(rng) -> np.ndarray:
    """A letter unlike any digit."""
    image = draw_foreign("letters", 1, (28, 28), np.zeros((1, 28, 28), np.uint8), _seed(rng))[0]
    return _as_picture(image)


def scribble(rng) -> np.ndarray:
    """A tangle of one stroke."""
    cover = made.blank(280, 280)
    points = np.cumsum(rng.normal(0, 38, (int(rng.integers(14, 40)), 2)), 0)
    points = (points - points.min(0)) / np.maximum(np.ptp(points, axis=0), 1) * 200 + 40
    smooth = np.stack(
        [
            np.interp(np.linspace(0, len(points) - 1, 400), np.arange(len(points)), axis)
            for axis in points.T
        ],
        1,
    )
    smooth = cv2.GaussianBlur(smooth, (1, 21), 5)
    thick = int(rng.integers(8, 24))
    cv2.polylines(cover, [smooth.astype(np.int32)], False, 1.0, thick, cv2.LINE_AA)
    return made.picture(cover)


def drawn_thing(rng) -> np.ndarray:
    """A smiley, a house, a star, an arrow, a tree, a heart or a cross, by one pen."""
    cover = made.blank(280, 280)
    thing = THINGS[rng.integers(len(THINGS))]
    thick = int(rng.integers(8, 22))
    wobble = cv2.getRotationMatrix2D((50, 50), rng.uniform(-15, 15), rng.uniform(1.5, 2.2))
    wobble[:, 2] += 90
    wobble[:, :2] += rng.normal(0, 0.12, (2, 2))
    for line in thing:
        points = np.array(line, float) + rng.normal(0, 1.5, (len(line), 2))
        placed = points @ wobble[:, :2].T + wobble[:, 2]
        cv2.polylines(cover, [placed.astype(np.int32)], False, 1.0, thick, cv2.LINE_AA)
    return made.picture(cover)


def _circle(x, y, radius, start=0, end=360):
    angles = np.deg2rad(np.linspace(start, end, 24))
    return [(x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles]


THINGS = (
    (_circle(50, 50, 40), _circle(36, 40, 3), _circle(64, 40, 3), _circle(50, 52, 20, 20, 160)),
    ([(20, 90), (20, 45), (50, 15), (80, 45), (80, 90), (20, 90)], [(42, 90), (42, 62), (58, 62),
                                                                    (58, 90)]),
    ([(50, 8), (61, 40), (95, 40), (67, 60), (78, 92), (50, 72), (22, 92), (33, 60), (5, 40),
      (39, 40), (50, 8)],),
    ([(10, 50), (90, 50)], [(65, 25), (90, 50), (65, 75)]),
    ([(50, 95), (50, 60)], [(20, 60), (80, 60), (50, 8), (20, 60)]),
    ([(50, 90), (12, 48), (14, 26), (32, 16), (50, 34), (68, 16), (86, 26), (88, 48), (50, 90)],),
    ([(15, 15), (85, 85)], [(85, 15), (15, 85)]),
    ([(10, 50), (35, 20), (60, 50), (35, 80), (10, 50)], [(60, 50), (90, 20), (90, 80),
                                                          (60, 50)]),
    ([(15, 55), (40, 85), (90, 12)],),
    ([(20, 20), (80, 20), (80, 80), (20, 80), (20, 20)], [(20, 20), (80, 80)]),
)  # fmt: skip


def words(rng) -> np.ndarray:
    """Print: a few words of letters that no digit looks like."""
    text = " ".join("".join(rng.choice(list("aceghkmnprtuvwxy"), 5)) for _ in range(3))
    picture = np.full((120, 420, 3), 250, np.uint8)
    font = int(rng.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX]))
    cv2.putText(picture, text, (12, 70), font, 1.0, (20, 20, 20), 2, cv2.LINE_AA)
    return picture


def _as_picture(image: np.ndarray) -> np.ndarray:
    large = cv2.resize(image, (200, 200), interpolation=cv2.INTER_CUBIC)
    return np.repeat(np.pad(255 - large, 40, constant_values=255)[..., None], 3, 2)


def _seed(rng) -> int:
    return int(rng.integers(2**31))
