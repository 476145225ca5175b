"""Pictures of any size -> images of a network's size -> the numbers that it reads."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PIL import Image

from core.networks.network_card import NetworkCard
from core.networks.network_files import NetworkError

# ITU-R BT.601, as Pillow and OpenCV turn colours to grey.
_ENDS = {"0-255": (1.0, 0.0), "0-1": (1 / 255, 0.0), "-1-1": (2 / 255, -1.0)}


def fit_picture(picture: np.ndarray, card: NetworkCard) -> np.ndarray:
    """A picture as an image of the network's size and colour.

    Args:
        picture: uint8 (H, W) or (H, W, 3) RGB, of any size.
        card: Of the network, with size and colour.

    Returns:
        uint8 (h, w) for grey, else (h, w, 3) RGB. A picture that fits already stays as it is;
        another is resized bilinearly, averaging where it becomes smaller.
    """
    height, width = card.size or picture.shape[:2]
    image = Image.fromarray(picture)
    mode = "L" if card.colour == "grey" else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    if image.size == (width, height):
        return np.array(image)
    box = _middle(image, height, width) if card.fit == "crop" else None
    return np.array(image.resize((width, height), Image.Resampling.BILINEAR, box))


def _middle(image: Image.Image, height: int, width: int) -> tuple[float, float, float, float]:
    """The largest part about the centre that has the shape wanted."""
    scale = min(image.width / width, image.height / height)
    wide, tall = width * scale, height * scale
    left, top = (image.width - wide) / 2, (image.height - tall) / 2
    return left, top, left + wide, top + tall


def fit_pictures(pictures: Iterable[np.ndarray], card: NetworkCard) -> np.ndarray:
    """Several as one array, uint8 (N, h, w) or (N, h, w, 3); see `fit_picture`."""
    return np.stack([fit_picture(picture, card) for picture in pictures])


def network_input(images: np.ndarray, card: NetworkCard, dtype: str) -> np.ndarray:
    """The numbers that a network reads.

    Args:
        images: uint8 (N, h, w) or (N, h, w, 3) of its size and colour.
        card: Of the network, complete.
        dtype: Of its input.
    """
    values = images[..., None] if images.ndim == 3 else images
    if card.colour == "bgr":
        values = values[..., ::-1]
    plain = card.scaling == "0-255" and not card.mean and not card.deviation
    if not plain or dtype not in {"uint8"}:
        factor, offset = _ENDS[card.scaling or "0-1"]
        values = values.astype(np.float32)
        if (factor, offset) != (1.0, 0.0):
            values = values * np.float32(factor) + np.float32(offset)
        if card.mean:
            values = values - np.array(card.mean, np.float32)
        if card.deviation:
            values = values / np.array(card.deviation, np.float32)
    return np.ascontiguousarray(_laid_out(values, card).astype(dtype, copy=False))


def _laid_out(values: np.ndarray, card: NetworkCard) -> np.ndarray:
    """Images (N, h, w, channels) in the order of the network's axes."""
    if card.layout == "NCHW":
        return np.moveaxis(values, 3, 1)
    if card.layout in {"NHW", "flat"}:
        if values.shape[3] != 1:
            raise NetworkError(f"An input {card.layout} has no channels: its colour is grey.")
        grey = values[..., 0]
        return grey.reshape(len(grey), -1) if card.layout == "flat" else grey
    return values
