"""What the file of a network does not say of itself: `network.json` beside it, or options."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from core.networks.network_files import NetworkError

NAME = "network.json"
Colour = Literal["grey", "rgb", "bgr"]
Layout = Literal["NHWC", "NCHW", "NHW", "flat"]
Scaling = Literal["0-255", "0-1", "-1-1"]
Fit = Literal["stretch", "crop"]
Outputs = Literal["logits", "probabilities", "log-probabilities"]
Reads = Literal["pictures", "ink"]
_WORDS: dict[str, tuple[str, ...]] = {
    name: get_args(kind)
    for name, kind in (
        ("colour", Colour), ("layout", Layout), ("scaling", Scaling), ("fit", Fit),
        ("outputs", Outputs), ("reads", Reads),
    )
}  # fmt: skip
_MOST_BYTES = 20_000_000
_MOST_SIDE = 4_096


@dataclass(frozen=True)
class NetworkCard:
    """How images become a network's input, and what its outputs are; None where it is not said.

    Attributes:
        size: Height and width of its input, in pixels.
        colour: Of its input: one channel, or three in this order.
        layout: Order of its input's axes; "flat" is a row of grey pixels.
        scaling: What 0 and 255 become, before mean and deviation.
        mean, deviation: Subtracted from each channel, then divided by; empty for none.
        fit: How a picture of another shape is made to fit: stretched, or its middle cropped.
        outputs: What its class scores are.
        scores, features: Names of its outputs: class scores, and what it sees just before them.
        class_names: The K names, in the order of the scores.
        reads: "ink" where a picture of one's own is to be made like a small image of handwriting,
            "pictures" where it is read as a whole.
    """

    size: tuple[int, int] | None = None
    colour: Colour | None = None
    layout: Layout | None = None
    scaling: Scaling | None = None
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()
    fit: Fit = "stretch"
    outputs: Outputs | None = None
    scores: str | None = None
    features: str | None = None
    class_names: tuple[str, ...] = ()
    reads: Reads = "pictures"

    def with_options(self, options: Mapping[str, Any]) -> NetworkCard:
        """The same with what was said by options; None says nothing.

        Raises:
            NetworkError: an option is none of the words it may be.
        """
        given = {name: value for name, value in options.items() if value not in (None, ())}
        return replace(self, **_checked("The options", given)) if given else self


def load_card(network: Path) -> NetworkCard:
    """The card beside a network; an empty one where there is none.

    Raises:
        NetworkError: the card is no JSON object, or an entry is strange.
    """
    path = network.parent / NAME
    if not path.is_file():
        return NetworkCard()
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise NetworkError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(found, dict):
        raise NetworkError(f"{path} must hold one JSON object.")
    return NetworkCard(**_checked(str(path), found))


def card_bytes(card: NetworkCard) -> bytes:
    """The card as JSON."""
    return json.dumps(asdict(card), indent=1).encode()


def _checked(where: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """Each entry in its type."""
    known = [field.name for field in fields(NetworkCard)]
    for name in found:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            meant = f"; did you mean {close[0]!r}?" if close else f"; there is {', '.join(known)}."
            raise NetworkError(f"{where}: there is no entry {name!r}{meant}")
    given = {name: value for name, value in found.items() if value is not None}
    return {name: _entry(where, name, value) for name, value in given.items()}


def _entry(where: str, name: str, value: Any) -> Any:
    if name in _WORDS:
        if value not in _WORDS[name]:
            raise NetworkError(f"{where}: {name} must be one of {', '.join(_WORDS[name])}.")
        return value
    if name == "size":
        return _size(where, value)
    if name in {"mean", "deviation"}:
        return _channels(where, name, value)
    if name == "class_names":
        if not _are_names(value):
            raise NetworkError(f"{where}: class_names must be two or more texts, each once.")
        return tuple(value)
    if not isinstance(value, str):
        raise NetworkError(f"{where}: {name} must be the name of an output.")
    return value


def _size(where: str, value: Any) -> tuple[int, int]:
    sides = [value, value] if isinstance(value, int) else value
    if isinstance(sides, list | tuple) and len(sides) == 2:
        height, width = sides
        if all(type(side) is int and 1 <= side <= _MOST_SIDE for side in (height, width)):
            return height, width
    raise NetworkError(f"{where}: size must be a side in pixels, or height and width.")


def _channels(where: str, name: str, value: Any) -> tuple[float, ...]:
    numbers = [value] if isinstance(value, int | float) else value
    fits = isinstance(numbers, list | tuple) and len(numbers) in {0, 1, 3}
    if not fits or not all(type(each) in {int, float} for each in numbers):
        raise NetworkError(f"{where}: {name} must be one number, or three: one a channel.")
    if name == "deviation" and not all(each > 0 for each in numbers):
        raise NetworkError(f"{where}: each deviation must be over 0.")
    return tuple(float(each) for each in numbers)


def _are_names(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) >= 2
        and all(isinstance(name, str) for name in value)
        and len(set(value)) == len(value)
    )
