import numpy as np
import pandas as pd
import pytest

from core.review.doubted import describe_doubted
from core.study.dataset import Dataset, Noun
from core.study.ids import RowIds

THING = Noun("thing", "things")
NAMES = ("ant", "bee")


def dataset():
    return Dataset("k", "T", THING, NAMES, RowIds(4), np.zeros(4, np.int32), lambda: "x")


def ranking(suggestion, rows=(2, 0, 1)):
    return pd.DataFrame({"label": [0, 0, 0], "suggestion": suggestion}, index=list(rows))


@pytest.mark.parametrize(
    ("suggestion", "said", "first"),
    [
        ([1, 0, 1], "contradicts 2 of 3 labels", "thing 2 most: labelled ant, but read as bee."),
        ([0, 0, 0], "none of the 3 labels", "thing 2 most: labelled ant, and read so too."),
        ([0, 1, 0], "contradicts 1 of 3 labels", "thing 2 most: labelled ant, and read so too."),
    ],
)
def test_it_counts_contradictions_and_names_the_first_of_the_ranking(suggestion, said, first):
    whole, one = describe_doubted(ranking(suggestion), dataset(), THING)
    assert said in whole and one.endswith(first)
