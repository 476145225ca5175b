"""The score table of a model on disk: read and checked, or made from its values and kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.measures.register import MEASURES
from core.measures.score_predictions import score_values
from core.measures.table import is_table_of, lacks_numbers, load_table
from core.stored.mapped_scores import keep_columns, mapped_columns
from core.stored.study_card import ModelCard
from core.study.predictions import Tier
from core.study.study_error import StudyError, place_of, unreadable
from core.study.write_aside import file_aside, sweep

MEASURED: dict[Tier, tuple[str, ...]] = {
    "full": tuple(measure.column for measure in MEASURES if measure.column != "atypicality"),
    "top-1": ("confidence", "least_confidence"),
    "answers": (),
}
"""The measures that a score table has, by what can be known from the predictions."""


def scores_reader(
    path: Path,
    model: ModelCard,
    num_classes: int,
    labels: np.ndarray | None,
    read_values: Callable[[], np.ndarray | None],
) -> Callable[[], pd.DataFrame]:
    """What reads a model's score table, for any thread.

    Where there is none yet it is made from the values, and kept for the next time if the folder
    may be written; another process that does the same keeps the same.

    Args:
        path: Of the table.
        model: The model's card.
        num_classes: K.
        labels: Of its items, int32 (N,).
        read_values: Gives its values (S, N, K); None where there is no distribution.
    """
    making = Lock()

    def read() -> pd.DataFrame:
        with making:
            try:
                return _read(path, model, num_classes, labels)
            except FileNotFoundError as error:
                if (values := read_values()) is None:
                    raise unreadable(path, error) from error
                return _made(path, model, labels, values)

    return read


def _read(
    path: Path, model: ModelCard, num_classes: int, labels: np.ndarray | None
) -> pd.DataFrame:
    """The score table, which must be of these items and classes."""
    wanted = model.num_items, num_classes, labels, MEASURED[model.tier]
    try:
        table = mapped_columns(path, model.num_items)
        if table is not None and is_table_of(table, *wanted):
            return table
        table = load_table(path, model.num_items)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise StudyError(
            f"{place_of(path)} is cut off, damaged or no score table; open the study's files anew."
        ) from error
    if is_table_of(table, *wanted) and not lacks_numbers(table, MEASURED[model.tier]):
        return _mapped(table, path)
    raise StudyError(
        f"{place_of(path)} is not the score table of this study's items;"
        " open the study's files anew."
    )


def _made(
    path: Path, model: ModelCard, labels: np.ndarray | None, values: np.ndarray
) -> pd.DataFrame:
    """The score table of the values; a folder that cannot be written does without."""
    try:
        table = score_values(values, model.kind, labels, model.temperature)
    except ValueError as error:
        raise StudyError(f"{model.title} cannot be measured: {error}.") from error
    with suppress(OSError):
        sweep(path.parent)
        with file_aside(path) as aside:
            save_scores(table, aside)
        return _mapped(table, path)
    return table


def _mapped(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """The same table, of which no more is in memory than is used, if it is large."""
    keep_columns(table, path)
    found = mapped_columns(path, len(table))
    return table if found is None else found


def save_scores(table: pd.DataFrame, path: Path) -> None:
    """As Parquet that is read six times as fast as with pandas' settings, and twice as large.

    Raises:
        OSError: it cannot be written.
    """
    plain = pa.Table.from_pandas(table)
    pq.write_table(plain, path, compression="none", use_dictionary=["label", "prediction"])
