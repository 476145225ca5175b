"""What took long on a large study, from its folder if it was computed before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from core.stored import kept_answers
from ui.long_work import LARGE
from ui.picked import Picked
from ui.studies import LIBRARY

Answer = TypeVar("Answer")


def kept_answer(
    picked: Picked, name: str, fresh: Callable[[], Answer], types: Sequence[type] = ()
) -> Answer:
    """An answer on all items of a model.

    Args:
        picked: The study and the model.
        name: Of the answer.
        fresh: Computes it.
        types: What it is made of, see `core.stored.kept_answers.kept`.
    """
    key, is_large = picked.key, picked.num_values >= LARGE
    folder = LIBRARY.folder(key.study) if is_large and not key.part else None
    return kept_answers.kept(folder, f"{key.model}-{name}", key.version, types, fresh)


def kept_table(picked: Picked, name: str, fresh: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """A table of numbers, its index of row numbers too."""

    def columns() -> dict[str, np.ndarray]:
        table = fresh()
        return {"": table.index.to_numpy()} | {n: table[n].to_numpy() for n in table.columns}

    found = dict(kept_answer(picked, name, columns))
    index = pd.Index(found.pop(""), name="index")
    return pd.DataFrame(found, index=index)
