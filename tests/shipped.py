"""The bundled study as the tests ask for it."""

from __future__ import annotations

from functools import cache

from core.measures.verdict import Thresholds, fit_thresholds
from core.networks.scoring import Scorer, scorer_of
from examples.mnist import DIGIT, load_study

NOUN = DIGIT


def scorer(name: str) -> Scorer:
    """What scores new images as one of the classifiers that ship."""
    return scorer_of(load_study(), name)


@cache
def thresholds(name: str) -> Thresholds:
    """Its thresholds between the kinds of answer."""
    return fit_thresholds(load_study().held_out[name].scores)
