import pandas as pd
import pytest

from core.measures.register import BY_COLUMN
from core.measures.standing_text import describe_standing, standing
from core.study.dataset import Dataset, Noun
from core.study.ids import RowIds

TABLE = pd.DataFrame(
    {
        "confidence": [i / 1_000 for i in range(1_000)],
        "predictive_entropy": [i / 1_000 for i in range(1_000)],
        "atypicality": [i / 1_000 for i in range(1_000)],
        "variation_ratio": [0.0] * 900 + [0.2] * 100,
    }
)


def dataset(num_items):
    ids, noun = RowIds(num_items), Noun("digit", "digits")
    return Dataset("numerals", "Numerals", noun, ("0", "1"), ids, None, lambda: "")


def words(column, value):
    return describe_standing(dataset(1_000), TABLE, BY_COLUMN[column], value)


def test_sureness_runs_the_right_way_for_each_measure():
    assert standing(TABLE, BY_COLUMN["confidence"], 0.25) == (749, 250)
    assert standing(TABLE, BY_COLUMN["predictive_entropy"], 0.25) == (250, 749)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("confidence", 0.1, "less sure than 89.9 % of digits in Numerals"),
        ("confidence", 0.9, "surer than 90.0 % of digits in Numerals"),
        ("predictive_entropy", 2.0, "less sure than all 1,000 digits in Numerals"),
        ("predictive_entropy", -1.0, "surer than all 1,000 digits in Numerals"),
        ("atypicality", 0.9, "less typical than 90.0 % of digits in Numerals"),
        ("atypicality", 0.1, "more typical than 89.9 % of digits in Numerals"),
        ("variation_ratio", 0.0, "as sure as 90.0 % of digits in Numerals"),
        ("variation_ratio", 0.1, "less sure than 90.0 % of digits in Numerals"),
    ],
)
def test_the_standing_in_words(column, value, expected):
    assert words(column, value) == expected


def test_nearly_all_is_counted_rather_than_rounded_to_all():
    table = pd.DataFrame({"confidence": [0.5] + [0.9] * 9_999})
    said = describe_standing(dataset(10_000), table, BY_COLUMN["confidence"], 0.6)
    assert said == "less sure than all but 1 of the digits in Numerals"
