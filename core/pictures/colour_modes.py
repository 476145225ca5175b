"""Every colour mode a picture file may hold, to RGB with 8 bits a channel."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PIL import Image

Bounds = tuple[float, float]


def eight_bit(image: Image.Image, bounds: Bounds | None = None) -> Image.Image:
    """The first frame as RGB or RGBA with 8 bits a channel.

    Args:
        image: Of any mode.
        bounds: Least and greatest value of the picture that this is a part of; its own if None.
    """
    if is_deep(image):
        values = np.nan_to_num(np.array(image, dtype=np.float32), posinf=0, neginf=0)
        found = _to_bytes(values, bounds or (float(values.min()), float(values.max())))
        return Image.fromarray(found).convert("RGB")
    seen_through = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "RGBa", "La")
    mode = "RGBA" if seen_through else "RGB"
    if image.mode != mode:
        return image.convert(mode)
    image.load()  # to convert it would copy it: 48 MB of a 12-megapixel photograph
    return image


def is_deep(image: Image.Image) -> bool:
    """Whether its values have more than 8 bits: whole numbers or fractions."""
    return image.mode.startswith(("I", "F"))


def value_range(parts: Iterable[np.ndarray]) -> Bounds:
    """The least and the greatest of all values; what is no number counts as 0."""
    clean = (np.nan_to_num(part, posinf=0, neginf=0) for part in parts)
    found = np.array([(part.min(), part.max()) for part in clean])
    return float(found[:, 0].min()), float(found[:, 1].max())


def _to_bytes(values: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Whole values to 65535 as 16-bit grey; what lies outside is stretched over its range."""
    low, high = bounds
    if low >= 0 and 255 < high <= 65535:
        return np.rint(values / 257).astype(np.uint8)
    if low >= 0 and 1 < high <= 255:
        return np.rint(values).astype(np.uint8)
    return np.rint((values - low) * (255 / max(high - low, 1e-12))).astype(np.uint8)


def on_paper(image: Image.Image) -> Image.Image:
    """An RGBA image laid on white paper; on black where all that can be seen is light."""
    pixels = np.array(image.convert("RGBA"))
    opaque = pixels[..., 3] > 127
    visible = pixels[opaque] if opaque.any() else pixels[pixels[..., 3] > 0]
    light = float(np.percentile(visible[:, :3].mean(1), 5)) > 128 and not opaque.all()
    paper = Image.new("RGBA", image.size, (0, 0, 0, 255) if light else (255, 255, 255, 255))
    return Image.alpha_composite(paper, image.convert("RGBA"))
