"""The table of a part as a score table with its class probabilities, for one file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from core.batch.score_part import PATH, PROBLEM, VALUES, PartScorer
from core.measures.probabilities import as_logits
from core.measures.table import with_probs
from core.measures.uncertainty import measure_logits


def as_score_table(table: pa.Table, scorer: PartScorer) -> pd.DataFrame:
    """A part's table with the columns p_0 to p_{K-1} in place of the values.

    Columns in which no row has anything are left out but for the label.
    """
    read = table[PROBLEM].is_null().to_numpy()
    empty = [name for name in (PATH, PROBLEM) if table[name].null_count == len(table)]
    plain = table.drop_columns([VALUES, *empty]).to_pandas(types_mapper=_NULLABLE.get)
    num_classes = len(scorer.scorer.class_names)
    probs = np.full((len(table), num_classes), np.nan, np.float32)
    if read.any():
        values = table[VALUES].combine_chunks().filter(pa.array(read)).flatten().to_numpy()
        members = len(values) // (int(read.sum()) * num_classes)
        values = values.reshape(-1, members, num_classes).swapaxes(0, 1)
        logits = as_logits(values, scorer.kind)
        probs[read] = measure_logits(logits, scorer.scorer.temperature)["mean_probs"]
    return with_probs(plain, probs)


_NULLABLE = {pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}
