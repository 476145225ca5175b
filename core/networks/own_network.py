"""A network of one's own: one file, or several that are an ensemble.

S members, N images, K classes, D features.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core.measures.probabilities import as_logits
from core.measures.runtime import Progress
from core.networks.first_contact import first_contact
from core.networks.network_card import NetworkCard, load_card
from core.networks.network_files import NetworkError
from core.networks.network_input import fit_picture, network_input
from core.networks.network_model import NetworkModel, load_model
from core.networks.network_shape import understand
from core.study.predictions import Kind
from core.study.study import Answers

_MOST_BATCH, _BATCH_BYTES = 50, 8_000_000
"""Images at once; and of large ones as many as keep a batch's input within a processor's cache."""


class Values(NamedTuple):
    """What a network says, as it says it.

    Attributes:
        scores: float32 (S, N, K), of the network's kind.
        features: float32 (N, D), of an ensemble one file's after the other's; None without any.
    """

    scores: np.ndarray
    features: np.ndarray | None


@dataclass(frozen=True)
class OwnNetwork:
    """Files with a card in which everything is said; loaded when it is first asked.

    Attributes:
        files: At least one; each a member, or several in one file.
        card: Complete but for its features.
    """

    files: tuple[Path, ...]
    card: NetworkCard

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of the images it reads, in pixels."""
        return self.card.size or (0, 0)

    @property
    def has_colour(self) -> bool:
        """Whether it reads RGB."""
        return self.card.colour != "grey"

    @property
    def finds_ink(self) -> bool:
        """Whether a picture of one's own is to be made like a small image of handwriting."""
        return self.card.reads == "ink"

    @property
    def knows_atypicality(self) -> bool:
        """No: no file of other people brings what it takes."""
        return False

    @property
    def kind(self) -> Kind:
        """What its scores are."""
        return self.card.outputs or "logits"

    def fit(self, picture: np.ndarray) -> np.ndarray:
        """A picture of any size as an image that it reads; see `fit_picture`."""
        return fit_picture(picture, self.card)

    def predict(
        self, images: np.ndarray, threads: int | None = None, progress: Progress = lambda n: None
    ) -> Answers:
        """Logits and features of images uint8 (N, H, W) or (N, H, W, 3) of its size."""
        found = self.predict_values(images, threads, progress)
        return Answers(as_logits(found.scores, self.kind), found.features)

    def predict_values(
        self, images: np.ndarray, threads: int | None = None, progress: Progress = lambda n: None
    ) -> Values:
        """Scores as they come out, and features, of images of its size.

        Args:
            images: uint8 (N, H, W), or (N, H, W, 3) RGB.
            threads: One a core if None.
            progress: Called with the number of images just finished, from any thread.

        Raises:
            NetworkError: a file is missing or damaged, or a score is not finite.
            ValueError: the images are not of its size.
        """
        self._check(images)
        parts = list(self._batches(images, threads, progress))
        scores = np.concatenate([part.scores for part in parts], axis=1)
        if parts[0].features is None:
            return Values(scores, None)
        return Values(scores, np.concatenate([part.features for part in parts]))

    def _batches(
        self, images: np.ndarray, threads: int | None, progress: Progress
    ) -> Iterator[Values]:
        first = self._models[0].input
        size = _MOST_BATCH
        if images[0].size:
            size = int(np.clip(_BATCH_BYTES // (4 * images[0].size), 1, _MOST_BATCH))
        size = first.shape[0] or size

        def run(start: int) -> Values:
            batch = images[start : start + size]
            found = self._run(batch)
            progress(len(batch))
            return found

        starts = range(0, len(images), size)
        num_threads = min(threads or os.cpu_count() or 1, len(starts))
        if num_threads == 1:
            yield from map(run, starts)
            return
        with ThreadPoolExecutor(num_threads) as pool:
            try:
                yield from pool.map(run, starts)
            finally:
                pool.shutdown(cancel_futures=True)

    def _run(self, batch: np.ndarray) -> Values:
        """One batch through every file."""
        scores, features = [], []
        given: dict[str, np.ndarray] = {}
        for path, model in zip(self.files, self._models, strict=True):
            dtype = model.input.dtype
            if dtype not in given:
                given[dtype] = network_input(batch, self.card, dtype)
            found = model.run(given[dtype])
            _require_outputs(path, found, self.card)
            scores.append(_members(path, found, self.card.scores or ""))
            if self.card.features is not None:
                flat = found[self.card.features].reshape(len(batch), -1)
                features.append(flat.astype(np.float32, copy=False))
        return Values(
            np.concatenate(scores), np.concatenate(features, axis=1) if features else None
        )

    def _check(self, images: np.ndarray) -> None:
        shape = (*self.image_shape, *((3,) if self.has_colour else ()))
        if images.dtype != np.uint8 or images.shape[1:] != shape or len(images) == 0:
            raise ValueError(
                f"images must be uint8 (N >= 1, {', '.join(map(str, shape))}),"
                f" got {images.dtype} {images.shape}"
            )

    @cached_property
    def _models(self) -> tuple[NetworkModel, ...]:
        return tuple(load_model(path) for path in self.files)


def _require_outputs(path: Path, found: Mapping[str, np.ndarray], card: NetworkCard) -> None:
    """Raises NetworkError where the card names an output that the file does not have."""
    for name in (card.scores or "", card.features):
        if name is not None and name not in found:
            have = ", ".join(found)
            raise NetworkError(
                f"{path.name} has no output {name!r}, only {have}: name one in network.json."
            )


def _members(path: Path, found: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """The scores (S, n, K) of (n, K) or (n, S, K)."""
    scores = np.asarray(found[name], np.float32)
    scores = scores[None] if scores.ndim == 2 else np.moveaxis(scores, 1, 0)
    if not np.isfinite(scores).all():
        row = int(np.flatnonzero(~np.isfinite(scores).all((0, 2)))[0])
        raise NetworkError(f"{path} gives scores that are not finite, image {row} of a batch.")
    return scores


def own_network(
    files: Sequence[Path],
    options: Mapping[str, Any],
    say: Callable[[str], None] = lambda line: None,
) -> OwnNetwork:
    """The network of some files, understood; nothing is run yet but one blank image.

    Args:
        files: At least one, `.tflite` or `.onnx`; several are an ensemble.
        options: Entries of a `NetworkCard` that go before those of the `network.json` beside it.
        say: Told in a line what was found in the files, and what was assumed.

    Raises:
        NetworkError: a file cannot be used, or leaves open what only a person knows.
    """
    given = load_card(files[0]).with_options(options)
    card = given
    for path in files:
        model = first_contact(path)
        found = understand(path, model, replace(card, scores=given.scores))
        card = found.card
        for line in found.lines:
            say(f"{path.name}: {line}")
    return OwnNetwork(tuple(path.resolve() for path in files), card)


def settle_outputs(network: OwnNetwork, images: np.ndarray) -> tuple[OwnNetwork, str]:
    """The same network, its kind of outputs found by some images, and a line that says so.

    Args:
        network: Its card may leave open what its outputs are.
        images: uint8, of its size.
    """
    if network.card.outputs is not None:
        return network, f"outputs given: {network.card.outputs}"
    kind = kind_of(network.predict_values(images).scores)
    why = {
        "probabilities": "every row is in [0, 1] and sums to 1",
        "log-probabilities": "the exponentials of every row sum to 1",
        "logits": "rows do not sum to 1",
    }[kind]
    settled = OwnNetwork(network.files, replace(network.card, outputs=kind))
    return settled, f"outputs assumed: {kind}, as {why}"


def kind_of(scores: np.ndarray) -> Any:
    """What scores (S, N, K) look like: "probabilities", "log-probabilities" or "logits"."""
    values = scores.astype(np.float64)
    if values.min() >= -1e-3 and np.allclose(values.sum(-1), 1, atol=1e-3):
        return "probabilities"
    if values.max() <= 1e-3 and np.allclose(np.exp(values).sum(-1), 1, atol=1e-3):
        return "log-probabilities"
    return "logits"
