"""Images in a file -> their score table in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from core.measures.runtime import Progress
from core.measures.table import build_table, save_table, with_probs
from core.measures.uncertainty import measure_logits
from core.networks.array_doubts import doubt_about
from core.pictures.array_forms import Form
from core.pictures.fitting import fitted
from core.pictures.image_arrays import read_images
from core.study.study import Answers, Network, Study

Advance = Callable[[int, int], None]
"""advance(images just finished, images in all)"""


@dataclass(frozen=True)
class Scorer:
    """What scores new images: a network with the names of its classes and its temperature."""

    name: str
    network: Network
    class_names: tuple[str, ...]
    temperature: float

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of the images it reads, in pixels."""
        return self.network.image_shape

    def predict(
        self, images: np.ndarray, threads: int | None = None, progress: Progress = lambda n: None
    ) -> Answers:
        """Logits, features and, if known, atypicality of images uint8 (N, H, W)."""
        return self.network.predict(images, threads, progress)


def scorer_of(study: Study, name: str) -> Scorer:
    """What scores new images as a model of a study.

    Raises:
        ValueError: no such model, or it has no network.
    """
    model = study.model(name)
    if name not in study.networks:
        raise ValueError(f"{model.title} came as a file of predictions: it cannot score new images")
    names = study.dataset.class_names
    return Scorer(name, study.networks[name], names, model.temperature)


def score_images(
    classifier: Scorer,
    images: np.ndarray,
    labels: np.ndarray | None = None,
    threads: int | None = None,
    advance: Advance = lambda done, total: None,
) -> pd.DataFrame:
    """The score table of images uint8 (N, H, W), with labels (N,) where they are known.

    Raises:
        ValueError: the images do not fit the classifier, or a label is none of its classes.
    """
    if labels is not None and not np.isin(labels, range(len(classifier.class_names))).all():
        raise ValueError(f"labels must be 0 to {len(classifier.class_names) - 1}")
    answers = classifier.predict(images, threads, lambda rows: advance(rows, len(images)))
    return table_of(classifier, answers, labels)


def table_of(
    classifier: Scorer, answers: Answers, labels: np.ndarray | None = None
) -> pd.DataFrame:
    """The score table of what a classifier said of N images, with labels (N,) if known.

    Its last columns are the class probabilities, which no file keeps for new images.
    """
    measures = measure_logits(answers.logits, classifier.temperature, labels)
    if answers.atypicality is not None:
        measures["atypicality"] = answers.atypicality
    return with_probs(build_table(measures, labels), measures["mean_probs"])


def score_file(
    source: Path,
    out: Path,
    classifier: Scorer,
    threads: int | None = None,
    advance: Advance = lambda done, total: None,
    use_labels: bool = True,
    key: str | None = None,
    form: Form = Form(),  # noqa: B008 - it is frozen
    say: Callable[[str], None] = lambda line: None,
) -> int:
    """Score the images of `source` into `out`; returns how many there were.

    Args:
        source: NPZ, NPY, IDX or a CSV with a column per pixel, gzip or plain.
        out: `.parquet` or `.csv`.
        classifier: What scores them.
        threads: One a core if None.
        advance: Called as images are finished, from any thread.
        use_labels: False takes the labels of the file for unknown.
        key: The name of the images' array, where the file holds several.
        form: How values and axes are to be read, where it is not left to the array.
        say: Told in a line how the file was read, and in one more if its images look wrong.

    Raises:
        ValueError: unusable input, or a name for `out` that is no table's.
        OSError: `source` cannot be read or `out` cannot be written.
    """
    check_out(out)
    found = read_images(source, key, form, classifier.class_names)
    images, note = fitted(found.images, classifier.image_shape)
    say("; ".join([f"{source}: {found.line}", *([note] if note else [])]))
    if doubt := doubt_about(classifier.predict, images):
        say(f"{source}: {doubt.said}{_cure(doubt.options)}")
    known = found.labels if use_labels else None
    save_table(score_images(classifier, images, known, threads, advance), out)
    return len(images)


def _cure(options: Sequence[str]) -> str:
    return f" Turn them by {' '.join(f'--{each}' for each in options)}." if options else ""


def check_out(out: Path) -> None:
    """Refuse before the work what could not be written after it.

    Raises:
        ValueError: the name is no table's.
        NotADirectoryError: its folder is not there.
    """
    if out.suffix not in {".parquet", ".csv"}:
        raise ValueError(f"{out} must end in .parquet or .csv")
    if not out.parent.is_dir():
        raise NotADirectoryError(f"{out.parent} is not a folder")
