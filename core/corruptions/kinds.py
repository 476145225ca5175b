"""What breaks the model? Every kind of corruption: its parameter, its severities, its source.

`corrupt` damages images by a severity, as a benchmark does; `corrupt_by` by any amount, as a slider
does. Images of any size, grey or colour: lengths are shares of the longer side.

The fifteen of MNIST-C: N. Mu and J. Gilmer (2019), "MNIST-C: A Robustness Benchmark for Computer
Vision", arXiv:1906.02337, section 3. Each stands here at its published strength, as the severity
`published`, among four others of the same formula. The other kinds follow D. Hendrycks and T.
Dietterich (2019), "Benchmarking Neural Network Robustness to Common Corruptions and Perturbations",
ICLR, section 3, or are Penumbra's own.
"""

from __future__ import annotations

import numpy as np

from core.corruptions import blur, geometry, light, noise, strokes
from core.corruptions.blur import SIDE
from core.corruptions.draws import Draws, Seed
from core.corruptions.kind import DEGREES, SEVERITIES, SHARE, Kind

MNIST_C = "Mu and Gilmer, arXiv:1906.02337, section 3"
IMAGENET_C = "Hendrycks and Dietterich, ICLR 2019, section 3"
OWN = "Penumbra"


def corrupt(images: np.ndarray, kind: str, severity: int, seed: Seed = 0) -> np.ndarray:
    """The images with one kind of damage at a severity.

    Args:
        images: uint8 (N, H, W) or (N, H, W, 3).
        kind: A name in `KINDS`.
        severity: 0, which changes nothing, to 5.
        seed: For the random part: equal seeds give equal images, and with one seed a higher
            severity only goes further.

    Returns:
        uint8, of the same shape.

    Raises:
        ValueError: `kind` is no kind's name, or `severity` no severity.
    """
    known = kind_of(kind)
    if severity not in (0, *SEVERITIES):
        raise ValueError(f"severity must be 0 to {len(SEVERITIES)}, got {severity!r}")
    if severity == 0:
        return images.copy()
    draws = Draws(seed, len(images))
    amounts = np.full(len(images), known.severities[severity - 1])
    if known.sided:
        amounts = amounts * draws.sides()
    return _changed(images, known, amounts, draws)


def corrupt_by(
    images: np.ndarray, kind: str, amounts: np.ndarray, seed: Seed = 0, shared: bool = False
) -> np.ndarray:
    """The images with one kind of damage by an amount each.

    Args:
        images: uint8 (N, H, W) or (N, H, W, 3).
        kind: A name in `KINDS`.
        amounts: (N,), each the kind's neutral one, which changes nothing, or in its unit.
        seed: For the random part.
        shared: Whether all images share the random part, as the steps of a curve do.

    Returns:
        uint8, of the same shape.

    Raises:
        ValueError: `kind` is no kind's name, or an amount is not finite.
    """
    amounts = np.broadcast_to(np.asarray(amounts, float), len(images))
    if not np.isfinite(amounts).all():
        raise ValueError("amounts must be finite")
    return _changed(images, kind_of(kind), amounts, Draws(seed, len(images), shared))


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises:
        ValueError: there is none; the message lists those there are.
    """
    if name not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {name!r}")
    return KINDS[name]


def _changed(images: np.ndarray, kind: Kind, amounts: np.ndarray, draws: Draws) -> np.ndarray:
    grey = images.ndim == 3
    x = images.astype(np.float32) / 255
    x = x[:, None] if grey else x.transpose(0, 3, 1, 2)
    changed = kind.change(np.ascontiguousarray(x), amounts, draws)
    found = np.rint(255 * changed.clip(0, 1)).astype(np.uint8)
    found = found[:, 0] if grey else found.transpose(0, 2, 3, 1)
    neutral = (amounts == kind.neutral).reshape(-1, *(1,) * (images.ndim - 1))
    return np.where(neutral, images, found)


def _shares(*pixels: float) -> tuple[float, ...]:
    """Lengths at MNIST-C's size as shares of the side."""
    return tuple(length / SIDE for length in pixels)


def _degrees(*radians: float) -> tuple[float, ...]:
    return tuple(float(np.rad2deg(angle)) for angle in radians)


_INK = "of full ink"
_TURNS = _degrees(0.2, 0.4, 0.6, 0.8, 1.0)
_LIST = (
    Kind("rotate", "rotation", DEGREES, geometry.rotate, _TURNS, -180, 180, MNIST_C,
         sided=True, published=2, counterpart="warp"),
    Kind("scale", "scale", "of the size", geometry.scale, (0.9, 0.8, 0.7, 0.6, 0.5), 0.4, 1.6,
         MNIST_C, neutral=1, published=3, counterpart="warp"),
    Kind("shear", "shear", DEGREES, geometry.shear, _TURNS, -60, 60, MNIST_C,
         sided=True, published=2, counterpart="warp"),
    Kind("shift_right", "shift to the right", SHARE, geometry.shift_right, _shares(1, 2, 3, 4, 5),
         -0.5, 0.5, OWN, sided=True),
    Kind("shift_down", "shift down", SHARE, geometry.shift_down, _shares(1, 2, 3, 4, 5),
         -0.5, 0.5, OWN, sided=True),
    Kind("translate", "shift to a corner", SHARE, geometry.translate, _shares(1, 2, 3, 4, 5),
         -0.3, 0.3, MNIST_C, published=3, counterpart="warp"),
    Kind("gaussian_blur", "blur", SHARE, blur.gaussian_blur, _shares(0.5, 1, 1.5, 2, 3), 0, 0.15,
         IMAGENET_C),
    Kind("motion_blur", "motion blur", SHARE, blur.motion_blur, _shares(1.5, 3, 4.5, 6, 8), 0, 0.3,
         MNIST_C, published=2, counterpart="move"),
    Kind("glass_blur", "glass blur", "passes", blur.glass_blur, (2, 3, 4, 5, 6), 0, 6, MNIST_C,
         published=1),
    Kind("pixelate", "pixelation", SHARE, blur.pixelate, _shares(2, 3, 4, 5, 7), 0, 0.4,
         IMAGENET_C),
    Kind("gaussian_noise", "noise", _INK, noise.gaussian_noise, (0.08, 0.12, 0.18, 0.26, 0.38),
         0, 1, IMAGENET_C, counterpart="add_noise"),
    Kind("shot_noise", "shot noise", _INK, noise.shot_noise,
         tuple(n**-0.5 for n in (60, 25, 12, 5, 3)), 0, 1, MNIST_C, published=5,
         counterpart="add_noise"),
    Kind("impulse_noise", "impulse noise", "of the pixels", noise.impulse_noise,
         (0.03, 0.06, 0.09, 0.17, 0.27), 0, 0.6, MNIST_C, published=4, counterpart="add_noise"),
    Kind("spatter", "spatter", "", noise.spatter, (0.35, 0.4, 0.45, 0.5, 0.6), 0, 0.9, MNIST_C,
         published=4),
    Kind("contrast", "contrast", "of the contrast", light.contrast, (0.4, 0.3, 0.2, 0.1, 0.05),
         0, 1, IMAGENET_C, neutral=1, counterpart="shade"),
    Kind("brightness", "lifted background", _INK, light.brightness, (0.1, 0.2, 0.3, 0.4, 0.5),
         0, 0.9, MNIST_C, published=5, counterpart="shade"),
    Kind("fog", "fog", "times the ink", light.fog, (1, 1.5, 2, 2.5, 3), 0, 6, MNIST_C,
         published=5, counterpart="shade"),
    Kind("stripe", "inverted edges", "of the width", light.stripe,
         (1 / 16, 1 / 8, 3 / 16, 1 / 4, 5 / 16), 0, 0.5, MNIST_C, published=4, counterpart="frame"),
    Kind("occlusion", "occlusion", SHARE, strokes.occlusion, (0.15, 0.22, 0.3, 0.37, 0.45), 0, 0.9,
         OWN),
    Kind("stroke", "stroke, thinner to thicker", SHARE, strokes.stroke,
         _shares(0.3, 0.6, 0.9, 1.2, 1.5), -0.06, 0.12, OWN, sided=True, counterpart="vary_stroke"),
    Kind("dotted_line", "dotted lines", "lines", strokes.dotted_line, (1, 2, 3, 4, 5), 0, 6,
         MNIST_C, published=1),
    Kind("zigzag", "zigzags", "zigzags", strokes.zigzag, (1, 2, 3, 4, 5), 0, 6, MNIST_C,
         published=1),
    Kind("canny_edges", "edges alone", "of the way", strokes.canny_edges,
         (0.2, 0.4, 0.6, 0.8, 1.0), 0, 1, MNIST_C, published=5, counterpart="outline"),
)  # fmt: skip
KINDS = {kind.name: kind for kind in _LIST}
BENCHMARK = tuple(kind.name for kind in _LIST if kind.published is not None)
"""MNIST-C's fifteen: what a whole data set is judged by."""
UNTRAINED = tuple(n for n in BENCHMARK if KINDS[n].counterpart is None)
"""Those among them that the ensemble's training has nothing like."""
