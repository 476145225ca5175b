"""Which predicted classes are off: none by chance, all that are, however many there are."""

import numpy as np
import pytest

from core.trust.claims import claim, describe_claims
from core.trust.classes_off import classes_off
from core.trust.judged import judge
from core.trust.metrics import ece
from examples.mnist import load_study
from tests.core.trust.made_probs import judge_probs
from tests.core.trust.made_study import top_1


def said_and_so(confidence, correct, predicted):
    """Items of two-faced classes: the label is the prediction, or the class after it."""
    labels = np.where(correct, predicted, (predicted + 1) % (predicted.max() + 1))
    return judge(top_1(labels, predicted, confidence))


@pytest.mark.parametrize(("num_classes", "per_class"), [(2, 500), (10, 400), (1_000, 30)])
def test_true_confidences_are_hardly_ever_called_off(num_classes, per_class):
    found = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        predicted = np.repeat(np.arange(num_classes), per_class)
        confidence = rng.beta(6, 1, len(predicted))
        correct = rng.random(len(predicted)) < confidence
        off = classes_off(said_and_so(confidence, correct, predicted))
        assert off.num_tested == num_classes
        found.append(off.found)
    # At 5 % for all classes together, more than 9 of 60 happen once in 500 times.
    assert sum(found) <= 9


def test_classes_whose_errors_cancel_on_average_are_found_one_by_one():
    predicted = np.repeat(np.arange(10), 1_000)
    confidence = np.full(10_000, 0.9)
    share = np.full(10, 0.9)
    share[[2, 7]] = 0.82, 0.98
    correct = np.arange(10_000) % 1_000 < 1_000 * share[predicted]
    judged = said_and_so(confidence, correct, predicted)
    assert ece(confidence, correct) == pytest.approx(0)
    off = classes_off(judged)
    assert (off.too_sure, off.too_unsure) == ((2,), (7,))
    claims = claim(confidence, correct), claim(confidence, correct, 0.99)
    text = describe_claims(*claims, off, [f"c{k}" for k in range(10)])
    assert "no miscalibration detected on average (10,000 items). But by class it is too" in text
    assert "too sure of c2; too unsure of c7 (allowing for 10 classes)" in text


def test_a_few_sure_mistakes_in_a_class_are_judged_by_the_exact_interval():
    predicted, confidence = np.zeros(100, int), np.full(100, 0.999)
    one = said_and_so(confidence, np.arange(100) > 0, predicted + 1)
    assert not classes_off(one).found
    ten = said_and_so(confidence, np.arange(100) > 9, predicted + 1)
    assert classes_off(ten).too_sure == (1,)


def test_the_articles_classes_are_off_though_its_mean_confidence_is_not():
    judged = judge(load_study().models["article"])
    off = classes_off(judged)
    assert set(off.too_sure) == {0, 3, 4}
    assert off.too_unsure == (9,)
    everything = claim(judged.confidence, judged.correct)
    assert everything.verdict == "no miscalibration detected on average"


def test_no_item_has_no_class_to_test():
    assert classes_off(judge_probs(np.empty((0, 3)), np.empty(0, int))).num_tested == 0
