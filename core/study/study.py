"""A study: a data set, what one or many classifiers say of it, and what thresholds come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from core.study.dataset import Dataset
from core.study.predictions import Predictions

if TYPE_CHECKING:  # what only reads files need not wait for pandas
    import pandas as pd


class Answers(NamedTuple):
    """What a network says of N new images, S members, K classes.

    Attributes:
        logits: float32 (S, N, K).
        features: float32 (N, D), what the network sees just before its logits.
        atypicality: float32 (N,) in (0, 1), the share of held-out items less unlike the training
            items; None where the network does not know it.
        foreign: float32 (N,) in (0, 1), the share of held-out items that look less like something
            else that people draw; None where the network does not know it.
    """

    logits: np.ndarray
    features: np.ndarray | None = None
    atypicality: np.ndarray | None = None
    foreign: np.ndarray | None = None


class TourStop(NamedTuple):
    """A view worth showing in class.

    Attributes:
        title: A few words.
        text: Two sentences: what to look at.
        link: Key -> text of the page's link.
    """

    title: str
    text: str
    link: Mapping[str, str]


class Network(Protocol):
    """What can score new images; only some studies have one."""

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of the images it reads, in pixels."""

    @property
    def has_colour(self) -> bool:
        """Whether it reads RGB; otherwise grey."""

    @property
    def finds_ink(self) -> bool:
        """Whether a picture of one's own is searched for ink on paper and each mark made an image;
        otherwise a picture is read as a whole.
        """

    @property
    def knows_atypicality(self) -> bool:
        """Whether it can say how unlike the training images an image is."""

    def fit(self, picture: np.ndarray) -> np.ndarray:
        """A picture uint8 (H, W) or (H, W, 3) of any size as an image that it reads."""

    def predict(
        self,
        images: np.ndarray,
        threads: int | None = None,
        progress: Callable[[int], None] = lambda n: None,
    ) -> Answers:
        """Logits, features and, if known, atypicality of images.

        Args:
            images: uint8 (N, H, W), or (N, H, W, 3) where it reads colours; of the size it reads.
            threads: One a core if None.
            progress: Called with the number of images just finished, from any thread.
        """


@dataclass(frozen=True)
class Study:
    """Everything the pages show.

    Attributes:
        dataset: The items.
        models: Predictions by name, all in the order of the dataset's rows, the default first.
        held_out: Answers on items that were neither trained nor judged on, by the model's name:
            thresholds are chosen on them. Their score tables hold a label on every row. Empty where
            nothing was held out.
        networks: By the model's name; empty where new images cannot be scored.
        parts: Further data whose labels can be audited, by name: a study each.
        report: How the files were read, as plain values; empty for a bundled study.
        sources: Where the files came from, one line each; empty for a bundled study.
        tour: Views of the Stress page, where somebody chose some.
        stress_tables: Files of `core.stress.table`, by the model's name, where some were made.
        read_comparison: Gives what is known of the models beyond these items, as a table of
            `core.trust.several_models`; None where nobody has looked.
    """

    dataset: Dataset
    models: Mapping[str, Predictions]
    held_out: Mapping[str, Predictions] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    parts: Mapping[str, Study] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    stress_tables: Mapping[str, Path] = field(default_factory=dict)
    tour: tuple[TourStop, ...] = ()
    read_comparison: Callable[[], pd.DataFrame] | None = None

    @property
    def key(self) -> str:
        """The dataset's."""
        return self.dataset.key

    @property
    def title(self) -> str:
        """The dataset's."""
        return self.dataset.title

    def model(self, name: str) -> Predictions:
        """The predictions of that name.

        Raises:
            ValueError: no such model; the message lists those there are.
        """
        if name not in self.models:
            raise ValueError(f"There is no model {name!r}; there is {', '.join(self.models)}")
        return self.models[name]
