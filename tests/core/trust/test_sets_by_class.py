"""Sets with one threshold per class, by classes kept in order: as of the whole array."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.measures.streamed_probs import KeptProbs
from core.trust import sets_by_class
from core.trust.conformal import METHODS, nonconformity, prediction_sets, uniform_draws
from core.trust.set_rule import Rule
from core.trust.sets_by_class import classes_by_rank, sizes_by_class

SCORES = st.lists(st.integers(0, 3), min_size=6, max_size=6)
LIMITS = st.sampled_from([0.0, 0.3, 0.5, 0.75, 1.0, 1.2, np.inf])


def sizes_of_all(probs, threshold, rule, keep_top):
    scores = nonconformity(probs, rule.method, rule.uniform)
    sets = prediction_sets(scores, threshold)
    if keep_top:
        sets[np.arange(len(probs)), probs.argmax(1)] = True
    return sets.sum(1)


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(SCORES, min_size=1, max_size=9),
    limits=st.lists(LIMITS, min_size=6, max_size=6),
    method=st.sampled_from(METHODS),
    kind=st.sampled_from([np.float32, np.float64]),
    keep_top=st.booleans(),
    num_kept=st.integers(0, 9),
)  # fmt: skip
def test_sizes_are_those_of_the_whole_array(rows, limits, method, kind, keep_top, num_kept):
    counts = np.array(rows) + np.eye(6, dtype=int)[2]
    probs = (counts / counts.sum(1, keepdims=True)).astype(kind)
    rule, threshold = Rule(method, uniform_draws(len(probs))), np.array(limits)
    expected = sizes_of_all(probs, threshold, rule, keep_top)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.measures.probabilities.BLOCK_VALUES", 24)  # four items
        patch.setattr(sets_by_class, "KEPT_BYTES", num_kept * 6 * 2)
        kept = classes_by_rank(KeptProbs(probs))
        assert kept.shape == (min(num_kept, len(probs)), 6)
        for by_rank in (kept, None):
            found = sizes_by_class(KeptProbs(probs), threshold, rule, keep_top, by_rank)
            assert (found == expected).all()


def test_what_is_kept_of_many_classes_fits_the_smallest_type():
    few, many = (KeptProbs(np.eye(2, k, dtype=np.float32)) for k in (65_536, 65_537))
    assert classes_by_rank(few).dtype == np.uint16
    assert classes_by_rank(few)[1, 0] == 1
    assert classes_by_rank(few)[0, -1] == 65_535
    assert classes_by_rank(many).dtype == np.int32
