"""A film of one image as it gets worse: picture, answer, bars and a way to read off where it is."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.figures import palette
from core.stress.curve import Curve

WIDTH, HEIGHT, PICTURE = 640, 360, 280
MOST_BARS = 5
MILLISECONDS, AT_THE_ENDS = 90, 900
"""Of a frame, and of the first and the last one."""
GROUND, INK, PALE = "#10131a", "#f4f6fb", "#39404f"


def film(curve: Curve, class_names: tuple[str, ...], title: str) -> bytes:
    """All steps as a GIF that goes round and round.

    Args:
        curve: What a model says of every step.
        class_names: The K names.
        title: Of the picture, at the top.
    """
    frames = [_frame(curve, step, class_names, title) for step in range(len(curve.amounts))]
    times = [MILLISECONDS] * len(frames)
    times[0] = times[-1] = AT_THE_ENDS
    buffer = io.BytesIO()
    frames[0].save(
        buffer, "GIF", save_all=True, append_images=frames[1:], duration=times, loop=0,
        optimize=False,
    )  # fmt: skip
    return buffer.getvalue()


def _frame(curve: Curve, step: int, class_names: tuple[str, ...], title: str) -> Image.Image:
    frame = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    pen = ImageDraw.Draw(frame)
    frame.paste(_picture(curve.images[step]), (20, 52))
    pen.text((20, 16), title, INK, _font(20))
    pen.text((WIDTH - 20, 16), curve.way.text(curve.amounts[step]), INK, _font(20), anchor="ra")
    probs = curve.mean_probs[step]
    codes = _bars(curve)
    pen.text((330, 56), str(class_names[int(probs.argmax())])[:14], INK, _font(44))
    for place, code in enumerate(codes):
        _bar(pen, curve, step, code, str(class_names[code])[:10], 122 + 34 * place)
    for place, (name, column) in enumerate(_doubts(curve)):
        text = f"{name} {curve.measures[column][step]:.2f}"
        pen.text((330 + 98 * place, 312), text, INK, _font(13))
    share = step / max(len(curve.amounts) - 1, 1)
    pen.rectangle((20, 344, WIDTH - 20, 348), PALE)
    pen.rectangle((20, 344, 20 + share * (WIDTH - 40), 348), palette.POINTER)
    return frame.quantize(64, dither=Image.Dither.NONE)


def _picture(image: np.ndarray) -> Image.Image:
    large = Image.fromarray(image).convert("RGB")
    return large.resize((PICTURE, PICTURE), Image.Resampling.NEAREST)


def _bars(curve: Curve) -> list[int]:
    """The classes that matter most anywhere, the same in each frame."""
    return sorted(int(k) for k in np.argsort(-curve.mean_probs.max(0), kind="stable")[:MOST_BARS])


def _bar(pen: ImageDraw.ImageDraw, curve: Curve, step: int, code: int, name: str, top: int) -> None:
    left, long = 372 + 6 * max(0, len(name) - 3), 190
    share = float(curve.mean_probs[step, code])
    is_answer = code == int(curve.mean_probs[step].argmax())
    pen.text((330, top), name, INK, _font(18))
    pen.rectangle((left, top + 2, left + long, top + 20), PALE)
    colour = palette.ANSWER if is_answer else palette.UNKNOWN
    pen.rectangle((left, top + 2, left + long * share, top + 20), colour)
    if curve.num_members > 1:
        for prob in curve.member_probs[step, :, code]:
            at = left + long * float(prob)
            pen.ellipse((at - 4, top + 7, at + 4, top + 15), outline=INK)
    pen.text((left + long + 50, top), f"{share:.0%}", INK, _font(18), anchor="ra")


def _doubts(curve: Curve) -> list[tuple[str, str]]:
    known = [("entropy", "predictive_entropy")]
    if curve.num_members > 1:
        known = [("aleatoric", "expected_entropy"), ("epistemic", "mutual_information")]
    far = [("atypicality", "atypicality")] if "atypicality" in curve.measures else []
    return known + far


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
