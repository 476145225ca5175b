import numpy as np
import pytest

from core.study.dataset import Noun
from core.trust.claims import SURE, claim
from core.trust.plain_claims import VERDICTS, describe_plainly

THING = Noun("thing", "things")


def said(confidence, correct, by_outcome=False):
    confidence, correct = np.array(confidence), np.array(correct)
    return describe_plainly(
        claim(confidence, correct), claim(confidence, correct, SURE), THING, by_outcome
    )


@pytest.mark.parametrize(
    ("right", "verdict"),
    [(50, "overconfident"), (100, "underconfident"), (80, "no miscalibration detected on average")],
)
def test_it_says_what_the_claim_says_in_other_words(right, verdict):
    correct = np.arange(100) < right
    found = claim(np.full(100, 0.8), correct)
    assert found.verdict == verdict
    text = said(np.full(100, 0.8), correct)
    assert text.startswith("sounds 80.00 % sure on average, and is right on")
    assert "of 100 things" in text and VERDICTS[verdict] in text
    assert text.endswith("It is never 99 % sure.")


def test_the_sure_answers_are_counted():
    assert said([0.995] * 8 + [0.5] * 2, [1] * 7 + [0] * 3).endswith(
        "Where it is at least 99 % sure, 7 of 8 are right."
    )


def test_items_chosen_by_their_outcome_get_no_verdict():
    text = said([0.9] * 10, [False] * 10, by_outcome=True)
    assert not any(verdict in text for verdict in VERDICTS.values())
    assert said([], []) == "has no things to look at."
