"""Pictures of the items as `open` reads them: encoded in a column, or named below a folder."""

from __future__ import annotations

import io
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from penumbra.arrays import as_array

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

IMAGE = "image"
_QUICK = 1  # of zlib: the files are read back at once
_HALF = 127.5


def picture_columns(images: Any) -> tuple[pa.Array, Path | None]:
    """The column with the pictures, and the folder that its paths start in, if they are paths.

    Args:
        images: An array (N, H, W), (N, H, W, C) or (N, C, H, W) with C of 1, 3 or 4; or a sequence
            of such without the N, of Pillow's pictures, of encoded bytes, or of paths.

    Raises:
        ValueError: they are none of these.
    """
    import pyarrow as pa

    if len(getattr(images, "shape", ())) > 1:
        pictures = as_pictures(as_array(images, "images"))
        return pa.array([_png(picture) for picture in pictures], pa.binary()), None
    found = list(images)
    if found and all(isinstance(image, str | os.PathLike) for image in found):
        return _below_a_folder(found)
    return pa.array([_encoded(image, row) for row, image in enumerate(found)], pa.binary()), None


def as_pictures(values: np.ndarray) -> np.ndarray:
    """Numbers of any scale as pictures, uint8 (N, H, W) or (N, H, W, 3 or 4).

    0 to 1 and 0 to 255 are taken as they are meant; any other range is stretched, with a warning.

    Raises:
        ValueError: the shape is that of no pictures.
    """
    import numpy as np

    values = _channels_last(values)
    if values.dtype == np.uint8:
        return values
    if values.dtype.kind not in "biuf" or not np.isfinite(values).all():
        raise ValueError(f"images must be finite numbers, not {values.dtype} with gaps.")
    numbers = values.astype(np.float32)
    low, high = float(numbers.min(initial=0)), float(numbers.max(initial=0))
    if low >= 0 and high <= 1:
        numbers *= 255
    elif low < 0 or high > 255 or high < _HALF:
        warnings.warn(
            f"images range from {low:.3g} to {high:.3g}: shown stretched, the least as black and"
            " the most as white.",
            stacklevel=6,
        )
        numbers = (numbers - low) * (255 / (high - low))
    return numbers.round().astype(np.uint8)


def _channels_last(values: np.ndarray) -> np.ndarray:
    import numpy as np

    if values.ndim == 2 and (side := round(values.shape[1] ** 0.5)) ** 2 == values.shape[1] > 1:
        return values.reshape(-1, side, side)
    if values.ndim == 4 and values.shape[3] not in {1, 3, 4} and values.shape[1] in {1, 3, 4}:
        values = np.moveaxis(values, 1, 3)
    if values.ndim == 4 and values.shape[3] == 1:
        values = values[..., 0]
    if values.ndim == 3 or (values.ndim == 4 and values.shape[3] in {3, 4}):
        return values
    raise ValueError(
        f"images have the shape {values.shape}; give (N, H, W), (N, H, W, 3) or (N, 3, H, W)."
    )


def _encoded(image: Any, row: int) -> bytes | None:
    if image is None or isinstance(image, bytes):
        return image
    if isinstance(image, str | os.PathLike):
        try:
            return Path(image).read_bytes()
        except OSError as error:
            raise ValueError(f"images, row {row:,}: {image} cannot be read: {error}") from None
    if hasattr(image, "convert"):  # Pillow's
        return _png(image.convert("L" if image.mode in {"1", "L"} else "RGB"))
    return _png(as_pictures(as_array(image, f"images, row {row:,}")[None])[0])


def _png(picture: Any) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    made = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    made.save(buffer, "PNG", compress_level=_QUICK)
    return buffer.getvalue()


def _below_a_folder(paths: list[Any]) -> tuple[pa.Array, Path]:
    """Paths below the folder that all have in common."""
    import pyarrow as pa

    whole = [os.path.abspath(path) for path in paths]  # noqa: PTH100 - links stay as they are
    root = Path(os.path.commonpath({str(Path(path).parent) for path in whole}))
    if root == Path(root.anchor):
        raise ValueError("images are in several places; put them below one folder.")
    return pa.array([Path(path).relative_to(root).as_posix() for path in whole]), root
