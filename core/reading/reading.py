"""What came out of reading: everything a study needs, the report, and the open questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from core.reading.questions import Question
from core.reading.report import Report
from core.reading.tally import mean_scores
from core.study.dataset import UNLABELLED
from core.study.predictions import Kind, Tier


@dataclass
class ModelReading:
    """What one model says of the N items.

    Attributes:
        name: As its file is called.
        kind: What the values are.
        tier: What can be known from them.
        values: (S, N, K) of the type that was given, most often memory-mapped; None without a
            distribution over the classes.
        prediction: Class codes int32 (N,), where there are no values; UNLABELLED for none.
        confidence: (N,) in [0, 1], in the tier "top-1".
        features: (N, D), if they came along.
    """

    name: str
    kind: Kind
    tier: Tier
    values: np.ndarray | None = None
    prediction: np.ndarray | None = None
    confidence: np.ndarray | None = None
    features: np.ndarray | None = None

    @property
    def num_members(self) -> int:
        """How many members each item was given to, S."""
        return 1 if self.values is None else len(self.values)


@dataclass
class HeldOut:
    """Answers on items that the thresholds may be chosen on.

    Attributes:
        labels: Class codes int32 (M,).
        models: By name, as in the study.
    """

    labels: np.ndarray
    models: dict[str, ModelReading]


@dataclass
class Reading:
    """Other people's files, understood.

    Attributes:
        models: By name, in the order of the files.
        labels: Class codes int32 (N,), UNLABELLED where not known.
        ids: N unique texts; None where row numbers name the items.
        class_names: K.
        columns: Texts and further columns of the items; None where there are none.
        text: The column that holds the items' text.
        image_paths: Paths below `image_folder`, null where an item has none.
        image_folder: As it was given.
        image_bytes: Pictures as they were in the file.
        label_shares: (N, K) in [0, 1], NaN where nobody labelled.
        held_out: If there is one.
        report: How all this was read.
        num_people: How many people labelled each item, int32 (N,), where that is known.
        questions: Still open; the values above then follow the suggested answers.
    """

    models: dict[str, ModelReading]
    labels: np.ndarray
    ids: pa.StringArray | None
    class_names: tuple[str, ...]
    columns: pa.Table | None = None
    text: str | None = None
    image_paths: pa.StringArray | None = None
    image_folder: Path | None = None
    image_bytes: pa.ChunkedArray | None = None
    label_shares: np.ndarray | None = None
    held_out: HeldOut | None = None
    report: Report = field(default_factory=Report)
    questions: list[Question] = field(default_factory=list)
    num_people: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to be asked."""
        return not self.questions

    def preview(self, num_rows: int = 5) -> list[dict[str, Any]]:
        """The first rows as they are understood: plain values by column."""
        return [self._row(row) for row in range(min(num_rows, len(self)))]

    def _row(self, row: int) -> dict[str, Any]:
        found: dict[str, Any] = {"id": str(row) if self.ids is None else self.ids[row].as_py()}
        code = int(self.labels[row])
        found["label"] = None if code == UNLABELLED else self.class_names[code]
        for name, model in self.models.items():
            found |= self._said(name, model, row)
        if self.columns is not None:
            for name in self.columns.column_names[:5]:
                found.setdefault(name, self.columns[name][row].as_py())
        return found

    def _said(self, name: str, model: ModelReading, row: int) -> dict[str, Any]:
        if model.values is not None:
            mean = mean_scores(model.values[:, row : row + 1], model.kind)[0]
            best = int(mean.argmax())
            return {f"{name}: prediction": self.class_names[best],
                    f"{name}: values": [float(number) for number in mean[:10]]}  # fmt: skip
        code = UNLABELLED if model.prediction is None else int(model.prediction[row])
        said: dict[str, Any] = {
            f"{name}: prediction": None if code == UNLABELLED else self.class_names[code]
        }
        if model.confidence is not None:
            said[f"{name}: confidence"] = float(model.confidence[row])
        return said
