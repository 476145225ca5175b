"""Images read at fractional places: what every rotation, shift and bend comes down to."""

from __future__ import annotations

import cv2
import numpy as np

_CHUNK = 500  # one tall image of these stays within OpenCV's 32,767 rows


def sample(images: np.ndarray, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Bilinear values of images at fractional pixel places, 0 outside.

    Args:
        images: Numbers (N, H, W).
        columns: Where to read, 0 the first column's centre; broadcast to (N, H, W).
        rows: Likewise, 0 the first row's centre.

    Returns:
        float32 (N, H, W).
    """
    columns, rows = (np.broadcast_to(at, images.shape) for at in (columns, rows))
    parts = [
        _sample_chunk(images[start:end], columns[start:end], rows[start:end])
        for start in range(0, len(images), _CHUNK)
        for end in [start + _CHUNK]
    ]
    return np.concatenate(parts) if parts else np.zeros(images.shape, np.float32)


def affine(images: np.ndarray, matrices: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Images (N, H, W) read at `matrices @ (x, y) + shifts` about their centres.

    Args:
        images: Numbers (N, H, W).
        matrices: (N, 2, 2): from a place in the result to a place in the image.
        shifts: (N, 2): pixels right and down.

    Returns:
        float32 (N, H, W).
    """
    height, width = images.shape[1:]
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)))
    places = np.einsum("nij,jhw->nihw", matrices, grid - middle[:, None, None])
    places += (shifts + middle)[:, :, None, None]
    return sample(images, places[:, 0], places[:, 1])


def _sample_chunk(images: np.ndarray, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The images stand one under another, each in a frame of paper, so that one call serves."""
    count, height, width = images.shape
    tall = np.pad(images.astype(np.float32), ((0, 0), (1, 1), (1, 1))).reshape(-1, width + 2)
    start = (height + 2) * np.arange(count)[:, None, None]
    at_x = (columns + 1).clip(0, width + 1).astype(np.float32).reshape(-1, width)
    at_y = ((rows + 1).clip(0, height + 1) + start).astype(np.float32).reshape(-1, width)
    return cv2.remap(tall, at_x, at_y, cv2.INTER_LINEAR).reshape(images.shape)
