"""Every colour mode a picture file may hold, to RGB with 8 bits a channel."""

from __future__ import annotations

import numpy as np
from PIL import Image


def eight_bit(image: Image.Image) -> Image.Image:
    """The first frame as RGB or RGBA with 8 bits a channel."""
    if image.mode.startswith(("I", "F")):
        values = np.nan_to_num(np.array(image, dtype=np.float64), posinf=0, neginf=0)
        return Image.fromarray(_to_bytes(values)).convert("RGB")
    seen_through = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "RGBa", "La")
    mode = "RGBA" if seen_through else "RGB"
    if image.mode != mode:
        return image.convert(mode)
    image.load()  # to convert it would copy it: 48 MB of a 12-megapixel photograph
    return image


def _to_bytes(values: np.ndarray) -> np.ndarray:
    """Whole values to 65535 as 16-bit grey; what lies outside is stretched over its range."""
    low, high = float(values.min()), float(values.max())
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
