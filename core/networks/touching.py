"""Digits that touch: cut where a network reads both parts better than the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.measures.verdict import CUT, TWO
from core.networks.likeness import Predict, strangeness
from core.pictures.segments import Digit
from core.pictures.touching import cuts, may_be_two

STRANGE = 0.98
DOUBTED = 0.9
"""Strangeness from which cuts are tried, though the whole may be a digit: of 5,000 digits to choose
by 171 are tried and 5 get a doubt that they do not deserve."""
KNOWN = 0.97
LEAST_GAIN = 0.01
WIDE = 1.0


def part_touching(predict: Predict, digits: Sequence[Digit]) -> tuple[Digit, ...]:
    """The digits, wide ones cut in two where both parts are more like digits than the whole.

    A wide one that is unlike a digit as a whole, and in every part, is marked as doubtful, and so
    is each part: halves of a letter are often like a 1. One that may be a digit, but less than the
    parts of some cut, is doubtful too and stays whole.

    Args:
        predict: Logits and atypicality of images uint8 (N, H, W).
        digits: With their ink, in reading order.
    """
    wide = [place for place, digit in enumerate(digits) if may_be_two(digit)]
    if not wide:
        return tuple(digits)
    whole = strangeness(predict(np.stack([digits[place].image for place in wide])))
    odd = {p: float(v) for p, v in zip(wide, whole, strict=True) if v > DOUBTED}
    tried = {place: cuts(digits[place]) for place in odd}
    parts = _read_parts(predict, tried)
    found: list[Digit] = []
    for place, digit in enumerate(digits):
        if place in odd:
            found += _parted(digit, odd[place], tried[place], parts[place])
        else:
            found.append(digit)
    return tuple(found)


Halves = list[tuple[Digit, Digit]]


def _read_parts(predict: Predict, tried: dict[int, Halves]) -> dict[int, np.ndarray]:
    """How strange both parts of each cut are, (cuts, 2), in one pass through the network."""
    images = [part.image for pairs in tried.values() for pair in pairs for part in pair]
    if not images:
        return {place: np.zeros((0, 2)) for place in tried}
    strange = strangeness(predict(np.stack(images))).reshape(-1, 2)
    ends = np.cumsum([len(pairs) for pairs in tried.values()])
    return dict(zip(tried, np.split(strange, ends[:-1]), strict=True))


def _parted(digit: Digit, odd: float, tried: Halves, strange: np.ndarray) -> tuple[Digit, ...]:
    """Both parts of the best cut, if they are more like digits than the whole is.

    A whole that may be a digit is not cut, but doubted.
    """
    is_cut = False
    if len(tried):
        best = int(np.argmin(strange.max(1) + 0.1 * strange.mean(1)))
        is_cut = bool(strange[best].max() < min(KNOWN, odd - LEAST_GAIN))
    if is_cut and odd > STRANGE:
        first, second = tried[best]
        return replace(first, doubt=CUT), replace(second, doubt=CUT)
    height, width = digit.ink.shape
    is_two = is_cut or (odd > STRANGE and width > WIDE * height)
    return (replace(digit, doubt=TWO) if is_two else digit,)
