"""A network that comes with predictions joins their study, if it is the one that made them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.networks.network_files import NetworkError
from core.networks.own_network import OwnNetwork, settle_outputs
from core.stored.library import Library
from core.study.study import Study

_SAMPLE = 10


def attach_network(
    library: Library, key: str, network: OwnNetwork, model: str | None = None
) -> list[str]:
    """Give a model of a study its network, and say how far both agree.

    Args:
        library: With the study.
        key: The study's.
        network: As understood from its files.
        model: The model's name; the only one if None.

    Returns:
        What was assumed, and on how many of ten pictures both name the same class.

    Raises:
        NetworkError: there are several models; or there is no picture that shows what the outputs
            are, and the card does not say it.
        StudyError: the classes differ, or the study cannot be written.
    """
    study = library.load(key)
    if model is None and len(study.models) != 1:
        raise NetworkError(
            f"{key} holds {len(study.models)} models: open the one that the network made alone."
        )
    name = model or next(iter(study.models))
    rows, images = _some(study, network)
    lines = []
    if network.card.outputs is None:
        if not len(images):
            raise NetworkError(
                f"{network.files[0].name} does not say what its outputs are, and {key} has no"
                ' pictures that show it. Write "outputs": "logits" or "probabilities" into a'
                " network.json beside it."
            )
        network, line = settle_outputs(network, images)
        lines.append(line)
    library.add_network(key, name, network)
    return [*lines, *_agreement(study, name, network, rows, images)]


def _some(study: Study, network: OwnNetwork) -> tuple[np.ndarray, np.ndarray]:
    """Rows and images of a few items whose pictures can be read."""
    rows, images = [], []
    if study.dataset.images is not None:
        last = len(study.dataset) - 1
        for row in np.unique(np.linspace(0, last, min(_SAMPLE, last + 1)).astype(int)):
            try:
                images.append(network.fit(study.dataset.images.image(int(row))))
            except ValueError:  # it is missing or damaged, which its page says
                continue
            rows.append(int(row))
    return np.array(rows, int), np.array(images, np.uint8)


def _agreement(
    study: Study, name: str, network: OwnNetwork, rows: np.ndarray, images: np.ndarray
) -> Iterator[str]:
    if not len(rows):
        return
    answers = network.predict(images).logits
    logits = answers - answers.max(-1, keepdims=True)
    probs = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    given = study.model(name).scores["prediction"].to_numpy()[rows]
    same = int((probs.mean(0).argmax(1) == given).sum())
    line = f"the network names the class of the predictions on {same} of {len(rows)} pictures"
    yield line if same == len(rows) else f"{line}: is it the one that made them, read as trained?"
