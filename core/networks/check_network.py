"""Does a network read pictures as its training did? What ten of them say, and telltale signs.

S members, N pictures, K classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.measures.uncertainty import measure_logits
from core.networks.network_card import Colour, NetworkCard, Scaling
from core.networks.network_files import NetworkError
from core.networks.own_network import OwnNetwork, kind_of, settle_outputs
from core.pictures.decoded_pictures import decode_picture
from core.pictures.picture_files import PictureError, shown_name
from core.pictures.picture_sources import PictureSource, find_sources

IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Mean and deviation of red, green and blue from 0 to 1. Source: torchvision's models."""
_FEWEST_LABELS = 8
_BETTER, _GAIN = 2.0, 0.2
"""Another reading is named if its NLL is so many times smaller, and so many nats: whatever makes
right answers surer makes an NLL near 0 smaller still."""
_SMALLEST = 1e-12


@dataclass(frozen=True)
class CheckedNetwork:
    """What a few pictures say.

    Attributes:
        network: With its kind of outputs found.
        names: Of the pictures, N.
        labels: Codes that their names or folders state (N,), -1 for none.
        prediction: Codes (N,).
        confidence: float32 (N,) in [0, 1].
        lines: What was assumed, and what could not be read.
        signs: What looks wrong, a sentence each.
    """

    network: OwnNetwork
    names: tuple[str, ...]
    labels: np.ndarray
    prediction: np.ndarray
    confidence: np.ndarray
    lines: tuple[str, ...]
    signs: tuple[str, ...]


def check_network(network: OwnNetwork, folder: Path, most: int = 10) -> CheckedNetwork:
    """Run some pictures and look for telltale signs.

    Args:
        network: As understood from its files.
        folder: Of pictures, or a ZIP file, or one picture.
        most: How many are run, spread over the folder.

    Raises:
        NetworkError: no picture could be read, or the network cannot be run.
    """
    names, pictures, labels, lines = _sample(network, folder, most)
    images = np.stack([network.fit(picture) for picture in pictures])
    network, line = settle_outputs(network, images)
    answers = network.predict(images)
    measures = measure_logits(answers.logits)
    signs = [*_output_signs(network, images), *_label_signs(network, images, labels)]
    sizes = {picture.shape[:2] for picture in pictures} - {network.image_shape}
    if sizes:
        how = "its middle cropped" if network.card.fit == "crop" else "stretched"
        lines.append(f"{len(sizes)} other sizes: each picture is {how} to fit")
    return CheckedNetwork(
        network, names, labels, measures["prediction"], measures["mean_probs"].max(1),
        (line, *lines), tuple(signs),
    )  # fmt: skip


def _sample(
    network: OwnNetwork, folder: Path, most: int
) -> tuple[tuple[str, ...], list[np.ndarray], np.ndarray, list[str]]:
    """Names, pictures and labels of a few, and a line for each that cannot be read."""
    sources = find_sources(folder, network.card.class_names)
    places = np.unique(np.linspace(0, len(sources) - 1, min(most, len(sources))).astype(int))
    read: list[tuple[PictureSource, np.ndarray]] = []
    lines = []
    for source in (sources[place] for place in places):
        try:
            read.append((source, decode_picture(source.read(), shown_name(source.name))))
        except (PictureError, ValueError, OSError) as error:
            lines.append(str(error))
    if not read:
        raise NetworkError(f"{folder} holds no picture that can be read. {' '.join(lines)}".strip())
    labels = np.array([-1 if source.label is None else source.label for source, _ in read])
    return tuple(source.name for source, _ in read), [p for _, p in read], labels, lines


def _output_signs(network: OwnNetwork, images: np.ndarray) -> Iterator[str]:
    """What the scores alone say."""
    scores = network.predict_values(images).scores
    if len(images) > 1 and np.ptp(scores, axis=1).max() <= 1e-6 * max(1.0, np.abs(scores).max()):
        yield (
            "All pictures get the same scores: the input may be scaled to nothing, or the network"
            " is not trained."
        )
    looks = kind_of(scores)
    if network.card.outputs == "logits" and looks != "logits":
        yield (
            f"The outputs are said to be logits, and look like {looks}: a softmax of a softmax is"
            f" nearly uniform. Say outputs: {looks}."
        )
    if network.card.outputs not in {"logits", looks}:
        yield f"The outputs are said to be {network.card.outputs}, and look like {looks}."
    answers = scores.argmax(-1)
    if len(images) >= _FEWEST_LABELS and len(np.unique(answers)) == 1:
        name = network.card.class_names[int(answers.flat[0])]
        yield f"Every picture is read as {name}: is the scaling that of the training?"


def _label_signs(network: OwnNetwork, images: np.ndarray, labels: np.ndarray) -> Iterator[str]:
    """What the labels say: accuracy at chance, and another way to read that fits far better."""
    known = labels >= 0
    if known.sum() < _FEWEST_LABELS:
        return
    images, labels = images[known], labels[known]
    accuracy, nll = _fits(network, images, labels)
    if accuracy <= max(np.bincount(labels).max() / len(labels), 1 / len(network.card.class_names)):
        yield (
            f"{100 * accuracy:.0f} % of {len(labels)} labelled pictures are right, no more than by"
            " always naming the commonest class."
        )
    others = {
        words: _fits(replace(network, card=card), images, labels)
        for words, card in _other_readings(network.card)
    }
    words = min(others, key=lambda each: others[each][1])
    better = others[words]
    if better[1] * _BETTER < nll and nll - better[1] > _GAIN and better[0] >= accuracy:
        yield (
            f"With {words} the labels fit better: NLL {better[1]:.3g} in place of {nll:.3g},"
            f" {100 * better[0]:.0f} % right in place of {100 * accuracy:.0f} %, on {len(labels)}"
            " pictures."
        )


def _fits(network: OwnNetwork, images: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Accuracy and NLL in nats."""
    probs = measure_logits(network.predict(images).logits)["mean_probs"]
    given = np.maximum(probs[np.arange(len(labels)), labels], _SMALLEST)
    return float((probs.argmax(1) == labels).mean()), float(-np.log(given).mean())


def _other_readings(card: NetworkCard) -> Iterator[tuple[str, NetworkCard]]:
    """Ways in which networks are usually fed, but for the card's own."""
    scalings: tuple[Scaling, ...] = ("0-1", "-1-1", "0-255")
    plain = replace(card, mean=(), deviation=())
    ways: dict[str, NetworkCard] = {
        f"scaling {each}": replace(plain, scaling=each) for each in scalings
    }
    if card.colour != "grey":
        mean, deviation = IMAGENET
        ways["scaling 0-1 and ImageNet's mean and deviation"] = replace(
            card, scaling="0-1", mean=mean, deviation=deviation
        )
        swapped: Colour = "rgb" if card.colour == "bgr" else "bgr"
        ways |= {
            f"{words} and colour {swapped}": replace(each, colour=swapped)
            for words, each in ways.items()
        }
        ways[f"colour {swapped}"] = replace(card, colour=swapped)
    yield from ((words, each) for words, each in ways.items() if each != card)


def shown_rows(checked: CheckedNetwork, line: Callable[[str], str] = str) -> Iterator[str]:
    """One line a picture: its name, what it is read as, how surely, and its label."""
    names = checked.network.card.class_names
    for name, label, code, confidence in zip(
        checked.names, checked.labels, checked.prediction, checked.confidence, strict=True
    ):
        said = "" if label < 0 else f"  label {names[label]}"
        yield line(f"{name}  {names[code]}  {100 * confidence:.1f} %{said}")
