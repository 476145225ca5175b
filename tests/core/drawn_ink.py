"""Ink as drawn on an empty canvas, where nothing has to be told from paper."""

import cv2
import numpy as np

from core.pictures import paper_and_ink as paper
from core.pictures.ink import Ink


def drawn_ink(drawing: np.ndarray) -> Ink:
    """The ink of a drawing made on an empty canvas, RGBA uint8 (H, W, 4).

    What is painted is ink, whatever its colour: there is no paper to be told from it. On a
    canvas painted all over, ink is what differs from the corner's colour.
    """
    colour, opacity = drawing[..., :3], drawing[..., 3]
    if opacity.min() < 255:
        covered = opacity.astype(np.float32) / 255
    else:
        apart = cv2.absdiff(colour, np.broadcast_to(colour[0, 0], colour.shape).copy()).max(2)
        covered = apart.astype(np.float32) / max(int(apart.max()), 1)
    painted = colour[covered > 0.1]
    light = painted.size > 0 and float(painted.mean()) > 127
    paper_tone = 0 if light else 255
    shown = colour * covered[..., None] + paper_tone * (1 - covered[..., None])
    shown = np.rint(shown).astype(np.uint8)
    return Ink(shown, paper.grey(shown), covered, covered, light, 1.0, on_paper=False)
