"""Arrays in the forms that people keep images in, to uint8 (N, H, W): each step said."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

SCALES = ("1", "255", "standardised")
LEAST_PIXELS = 49
_AT_ONCE = 5_000
_SIXTEEN_BITS = 65_535
_RED_GREEN_BLUE = np.array([0.299, 0.587, 0.114])


class ArrayQuestion(ValueError):  # noqa: N818 - it asks; nothing is wrong yet
    """What only a person can say of a file of arrays: which option it is, and its choices."""

    def __init__(self, message: str, option: str, choices: tuple[str, ...]) -> None:
        super().__init__(message)
        self.option, self.choices = option, choices


@dataclass(frozen=True)
class Form:
    """How an array's values and axes are to be read, where it is not left to the array.

    Attributes:
        scale: What ink is: "1", "255", or "standardised" (from the least value to the greatest).
            None tells it from the values.
        invert: Dark ink on light ground becomes light ink on dark.
        transpose: Rows and columns change places, as in EMNIST.
        mirror: Left and right change places.
    """

    scale: str | None = None
    invert: bool = False
    transpose: bool = False
    mirror: bool = False


@dataclass
class _Said:
    """What was done so far, in the words of the line that is shown."""

    parts: list[str] = field(default_factory=list)

    def add(self, words: str) -> None:
        self.parts.append(words)


def to_images(values: np.ndarray, form: Form, shown: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Images uint8 (N, H, W) and what had to be done to get them, in a few words each.

    Args:
        values: Numbers of one of the forms that this project's manual lists.
        form: What is not left to the array.
        shown: The array's name, for messages.

    Raises:
        ValueError: no images in it, or a scale that only a person can name.
    """
    said = _Said()
    if form.scale not in (None, *SCALES):
        raise ValueError(f"scale must be one of {', '.join(SCALES)}, got {form.scale!r}")
    if values.dtype.kind not in "uifb" or not values.size:
        raise ValueError(f"{shown} must hold images as numbers, got {values.dtype} {values.shape}")
    ordered = _axes(values, shown, said)
    images = _scaled(ordered, form.scale, shown, said)
    if images.ndim == 4:
        images = np.rint(images[..., :3] @ _RED_GREEN_BLUE).astype(np.uint8)
        said.add("colours made grey")
    return _turned(images, form, said), tuple(said.parts)


def _turned(images: np.ndarray, form: Form, said: _Said) -> np.ndarray:
    if form.transpose:
        images = images.swapaxes(1, 2)
        said.add("rows and columns exchanged")
    if form.mirror:
        images = images[:, :, ::-1]
        said.add("left and right exchanged")
    if form.invert:
        images = 255 - images
        said.add("inverted")
    return np.ascontiguousarray(images)


def _axes(values: np.ndarray, shown: str, said: _Said) -> np.ndarray:
    """The values as (N, H, W) or, with colours, (N, H, W, C).

    Raises:
        ValueError: the shape is none that images have.
    """
    shape, image = values.shape, _image_of(values.shape)
    if image is not None:
        said.add(f"one picture {shape}")
        return image(values)
    if len(shape) == 2 and _side(shape[1]):
        side = _side(shape[1])
        said.add(f"{shape[1]} columns as {side} x {side}")
        return values.reshape(-1, side, side)
    if len(shape) == 3:
        if shape[0] == shape[1] != shape[2] and shape[0] >= 7:
            said.add(f"images along the last axis of {shape}")
            return np.moveaxis(values, 2, 0)
        return values
    if len(shape) == 4 and (found := _channels(values)) is not None:
        if found.ndim == 3:
            said.add(f"the channel's axis of {shape} left out")
        return found
    raise ValueError(
        f"{shown} must hold images as (N, height, width), (N, height * width), with or without a"
        f" channel's axis, got {values.dtype} {shape}"
    )


def _image_of(shape: tuple[int, ...]) -> Callable[[np.ndarray], np.ndarray] | None:
    """What makes (1, H, W) or (1, H, W, C) of one picture's array; None if it holds several."""
    if len(shape) == 1 and _side(shape[0]):
        return lambda values: values.reshape(1, _side(shape[0]), _side(shape[0]))
    several = len(shape) == 2 and shape[0] != shape[1] and _side(shape[1])
    if len(shape) == 2 and min(shape) >= 4 and not several:
        return lambda values: values[None]
    if len(shape) == 3 and shape[2] in (3, 4) and min(shape[:2]) > 4:
        return lambda values: values[None]
    if len(shape) == 3 and shape[2] == 1 and min(shape[:2]) > 4:
        return lambda values: values[None, ..., 0]
    return None


def _channels(values: np.ndarray) -> np.ndarray | None:
    """(N, H, W) or (N, H, W, C) of an array with its channels first or last."""
    _, first, *_, last = values.shape
    if last in (1, 3, 4):
        return values[..., 0] if last == 1 else values
    if first in (1, 3, 4):
        return values[:, 0] if first == 1 else np.moveaxis(values, 1, 3)
    return None


def _side(number: int) -> int:
    """The side of the square of so many pixels, 0 where there is none."""
    side = math.isqrt(number)
    return side if number >= LEAST_PIXELS and side * side == number else 0


def _scaled(values: np.ndarray, scale: str | None, shown: str, said: _Said) -> np.ndarray:
    """Values as uint8, 0 paper and 255 ink.

    Raises:
        ValueError: values are no numbers, or only a person can say what is ink.
    """
    if values.dtype == np.int8 and (values < 0).any():
        said.add("signed bytes as unsigned")
        values = values.view(np.uint8)
    if values.dtype == np.bool_:
        said.add("true as ink")
        return np.where(values, 255, 0).astype(np.uint8)
    low, high = float(values.min()), float(values.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        place = tuple(int(axis[0]) for axis in np.nonzero(~np.isfinite(values)))
        raise ValueError(f"{shown}{list(place)} is {values[place]}: an image has numbers only")
    if scale == "standardised":
        said.add(f"{low:.3g} to {high:.3g} stretched to 0 to 255")
        return _stretched(values, low, high)
    top = float(scale) if scale else _top(values, low, high, shown)
    if low < 0 and top == 1:
        said.add("-1 to 1 stretched to 0 to 255")
        return _stretched(values, -1, 1)
    if top == 255 and values.dtype == np.uint8:
        return values
    if top == 255:
        said.add(f"{values.dtype} as 0 to 255")
        return _stretched(values, 0, top)
    said.add(f"{values.dtype} 0 to {top:g} stretched to 0 to 255")
    return _stretched(values, 0, top)


def _top(values: np.ndarray, low: float, high: float, shown: str) -> float:
    """The value of full ink, as the values tell it: 1, 255, 65535 or the greatest below 64.

    Raises:
        ArrayQuestion: they do not tell.
    """
    if low >= -1e-6 or (values.dtype.kind == "f" and low >= -1.001 and high <= 1.001 < high - low):
        for top in (1.0, 255.0, float(_SIXTEEN_BITS)):
            if high <= top * 1.001:
                small = 1 < high < 64
                return high if small else top
    raise ArrayQuestion(
        f"{shown} has values from {low:.3g} to {high:.3g}: standardised? Say what ink is:"
        f" --scale standardised stretches them, --scale {SCALES[0]} or {SCALES[1]} cuts them off",
        "scale",
        SCALES[::-1],
    )


def _stretched(values: np.ndarray, low: float, high: float) -> np.ndarray:
    images = np.empty(values.shape, np.uint8)
    factor = 255 / max(high - low, 1e-12)
    for start in range(0, len(values), _AT_ONCE):
        part = (values[start : start + _AT_ONCE].astype(np.float32) - low) * factor
        images[start : start + _AT_ONCE] = np.clip(np.rint(part), 0, 255)
    return images
