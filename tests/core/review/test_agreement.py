import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from core.review.agreement import agreement, cohens_kappa, disputed, verdicts


def decided(*rows):
    """(item, reviewer, decision, new_label) -> what current_decisions gives."""
    frame = pd.DataFrame(rows, columns=["item", "reviewer", "decision", "new_label"])
    return frame.astype({"new_label": "Int64"}).set_index("item")


CURRENT = decided(
    ("g", "Ada", "keep", None),
    ("g", "Bob", "keep", None),
    ("c", "Ada", "relabel", 8),
    ("c", "Bob", "relabel", 9),
    ("e", "Ada", "unclear", None),
    ("e", "Bob", "skip", None),
    ("f", "Bob", "none of these", None),
)


@pytest.mark.parametrize("seed", range(20))
def test_kappa_is_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    words = np.array(["keep", "relabel 3", "unclear", "none of these"], dtype=object)
    first = words[rng.integers(0, 4, 50)]
    second = np.where(rng.random(50) < 0.6, first, words[rng.integers(0, 4, 50)])
    assert cohens_kappa(first, second) == pytest.approx(cohen_kappa_score(first, second))


def test_kappa_of_equal_verdicts_is_1_and_of_opposed_ones_is_minus_1():
    first = np.array(["keep", "unclear"] * 10)
    assert cohens_kappa(first, first) == 1
    assert cohens_kappa(first, first[::-1]) == -1


def test_kappa_is_unknown_where_nothing_or_only_one_verdict_was_given():
    assert np.isnan(cohens_kappa(np.array([]), np.array([])))
    assert np.isnan(cohens_kappa(np.array(["keep"] * 5), np.array(["keep"] * 5)))


def test_verdicts_have_a_column_a_reviewer_and_leave_out_what_was_skipped():
    table = verdicts(CURRENT)
    assert table.columns.tolist() == ["Ada", "Bob"]
    assert table.index.tolist() == ["c", "e", "f", "g"]
    assert table.loc["c"].tolist() == ["relabel 8", "relabel 9"]
    assert table["Bob"].isna().tolist() == [False, True, False, False]


def test_an_item_relabelled_to_two_classes_is_disputed():
    assert disputed(verdicts(CURRENT)).index.tolist() == ["c"]


def test_agreement_counts_only_what_both_settled():
    row = agreement(verdicts(CURRENT)).iloc[0]
    assert (row["reviewer_a"], row["reviewer_b"], row["num_both"]) == ("Ada", "Bob", 2)
    assert row["agreed"] == 1 / 2


def test_nobody_and_one_reviewer_have_no_agreement():
    assert verdicts(decided()).empty
    assert agreement(verdicts(decided())).empty
    assert disputed(verdicts(decided())).empty
    assert agreement(verdicts(decided(("a", "Ada", "keep", None)))).empty
