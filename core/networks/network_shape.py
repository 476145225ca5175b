"""What a network's own shapes say: size, colour, layout, classes. What they do not is said to be
assumed, and what could be either way is refused with the option that says it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from core.networks.network_card import Colour, Layout, NetworkCard
from core.networks.network_files import NetworkError
from core.networks.network_model import Signature, Tensor

_CHANNELS: dict[int, Colour] = {1: "grey", 3: "rgb"}
_WHOLE = {"uint8", "int8"}


class Understood(NamedTuple):
    """A card in which all but the kind of outputs is known.

    Attributes:
        card: The card.
        lines: What was found in the file, and what was assumed, one line each.
        num_members: S of this file: its scores may be (N, S, K).
    """

    card: NetworkCard
    lines: tuple[str, ...]
    num_members: int


def understand(path: Path, model: Signature, card: NetworkCard) -> Understood:
    """Complete a card from a loaded file.

    Raises:
        NetworkError: what the card says does not fit the file, or the file leaves open what only a
            person knows; the message names the option.
    """
    card, lines = _input(path, model.input, card)
    if card.scaling is None:
        whole = model.input.dtype in _WHOLE
        card = replace(card, scaling="0-255" if whole else "0-1")
        lines.append(f"scaling assumed: {card.scaling}, as usual for {model.input.dtype}")
    channels = 1 if card.colour == "grey" else 3
    for name, numbers in (("mean", card.mean), ("deviation", card.deviation)):
        if len(numbers) not in {0, 1, channels}:
            raise NetworkError(f"{path}: {name} has {len(numbers)} numbers for {card.colour}.")
    scores = _scores(path, model, card)
    num_classes = scores.shape[-1]
    if num_classes is None:
        raise NetworkError(f"{path} does not say how many classes {scores.name} has: class_names.")
    if num_classes < 2:
        raise NetworkError(
            f"{path}: {scores.name} has one column: a classifier needs one a class. Export it"
            " with two outputs, or with a softmax over both classes."
        )
    if not card.class_names:
        card = replace(card, class_names=tuple(str(code) for code in range(num_classes)))
        lines.append(f"class names assumed: 0 to {num_classes - 1}")
    if len(card.class_names) != num_classes:
        raise NetworkError(
            f"{path} has {num_classes} classes in {scores.name}, and there are"
            f" {len(card.class_names)} class names."
        )
    members = scores.shape[1] if len(scores.shape) == 3 else 1
    lines.append(f"scores {scores.name}: {num_classes} classes"
                 f"{f', {members} members' if members != 1 else ''}")  # fmt: skip
    return Understood(replace(card, scores=scores.name), tuple(lines), members or 1)


def _input(path: Path, given: Tensor, card: NetworkCard) -> tuple[NetworkCard, list[str]]:
    layout = card.layout or _layout(path, given)
    axes = dict(zip({"NHW": "NHW", "flat": "NF"}.get(layout, layout), given.shape, strict=False))
    if len(axes) != len(given.shape):
        raise NetworkError(f"{path} reads {_shown(given)}, which is not laid out as {layout}.")
    colour = card.colour or _CHANNELS.get(axes.get("C", 1) or 0)
    if colour is None or axes.get("C", 1) not in {None, 1 if colour == "grey" else 3}:
        raise NetworkError(
            f"{path} reads {_shown(given)}: {axes.get('C')} channels are not {colour or 'known'};"
            " say colour: grey, rgb or bgr."
        )
    size = card.size or _size(axes)
    if size is None:
        raise NetworkError(f"{path} reads {_shown(given)} of any size: say its size.")
    for side, axis in zip(size, "HW", strict=True):
        if axes.get(axis) not in {None, side}:
            raise NetworkError(
                f"{path} reads {_shown(given)}, not images of {size[0]} × {size[1]}."
            )
    if "F" in axes and axes["F"] not in {None, math.prod(size)}:
        raise NetworkError(f"{path} reads {axes['F']} pixels, not {size[0]} × {size[1]}.")
    line = f"input {_shown(given)}: {layout}, {size[0]} × {size[1]}, {colour}"
    return replace(card, layout=layout, colour=colour, size=size), [line]


def _layout(path: Path, given: Tensor) -> Layout:
    shape = given.shape
    if len(shape) == 2:
        return "flat"
    if len(shape) == 3:
        return "NHW"
    if len(shape) != 4:
        raise NetworkError(f"{path} reads {_shown(given)}, and no images.")
    first, last = shape[1] in _CHANNELS, shape[3] in _CHANNELS
    if first == last:
        raise NetworkError(f"{path} reads {_shown(given)}: say its layout, NHWC or NCHW.")
    return "NCHW" if first else "NHWC"


def _size(axes: dict[str, int | None]) -> tuple[int, int] | None:
    height, width = axes.get("H"), axes.get("W")
    if height and width:
        return height, width
    pixels = axes.get("F")
    if pixels and math.isqrt(pixels) ** 2 == pixels:
        return math.isqrt(pixels), math.isqrt(pixels)
    return None


def _scores(path: Path, model: Signature, card: NetworkCard) -> Tensor:
    """The output that holds the class scores, (N, K) or (N, members, K)."""
    outputs = {tensor.name: tensor for tensor in model.outputs}
    for name in (card.scores, card.features):
        if name is not None and name not in outputs:
            raise NetworkError(f"{path} has no output {name!r}; there is {', '.join(outputs)}.")
    if card.scores is not None:
        return outputs[card.scores]
    able = [
        tensor
        for tensor in model.outputs
        if len(tensor.shape) in {2, 3}
        and tensor.name != card.features
        and tensor.dtype.startswith("float")
        and (not card.class_names or tensor.shape[-1] in {None, len(card.class_names)})
    ]
    named = [tensor for tensor in able if tensor.name in {"logits", "probs", "probabilities"}]
    able = named if len(named) == 1 else able
    if len(able) != 1:
        shown = ", ".join(f"{tensor.name} {_shown(tensor)}" for tensor in model.outputs)
        raise NetworkError(f"{path} gives {shown}: say which one holds the scores.")
    return able[0]


def _shown(tensor: Tensor) -> str:
    return f"{tensor.dtype} ({', '.join('any' if n is None else str(n) for n in tensor.shape)})"
