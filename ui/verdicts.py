"""What kind of answer is this, in a sentence?"""

from __future__ import annotations

import pandas as pd

from core.classifiers import Classifier


def verdict(model: Classifier, row: pd.Series) -> str:
    """A plain sentence for one row of a score table."""
    return f"Read as {model.class_names[int(row['prediction'])]}"
