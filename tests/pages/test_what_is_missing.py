"""A page says what it cannot show, and which column or file would bring it."""

import numpy as np
import pytest

from tests.pages.any_study import (
    TABLE,
    metric,
    opened,
    said,
    without_faults,
)
from tests.pages.random_studies import random_study, some_unlabelled


def test_answers_alone_have_their_accuracy_confusions_and_tiles_in_place_of_a_scatter(written):
    new = random_study(tier="answers", items=TABLE)
    right = float((new.models[0].prediction == new.labels).mean())
    at = opened("explore", written(new))
    assert metric(at, "Accuracy of these") == f"{100 * right:.2f} %"
    assert "A net has predicted classes only, so there is no scatter" in said(at)
    assert "Add a column `confidence`" in said(at)
    assert at.get_by_key("matrix")
    assert at.get_by_key("gallery")
    with pytest.raises(KeyError):
        at.get_by_key("scatter")
    mistakes = int((new.models[0].prediction != new.labels).sum())
    assert f"{mistakes} mistakes in" in said(at)


WITH_AN_ITEM = {"id": "0"}


@pytest.mark.parametrize(
    ("page", "changes", "sentences"),
    [
        ("explore", {"labels": None}, ("This study has no labels", "column `label`")),
        ("explore", {"tier": "top-1"}, ("need the probabilities", "no bar for each class")),
        ("explore", {}, ("Aleatoric × epistemic needs several members",)),
        ("trust calibration", {"labels": None}, ("This study has no labels", "`--labels FILE`")),
        ("trust calibration", {"tier": "answers"}, ("has predicted classes only", "`confidence`")),
        ("trust calibration", {"tier": "top-1"}, ("no NLL, Brier score, temperature",)),
        ("trust declining", {"tier": "top-1"}, ("no NLL, Brier score, temperature",)),
        ("trust sets", {"tier": "top-1"}, ("without the probabilities", "pred_probs")),
        ("trust sets", {"num_items": 1}, ("single label", "`--held-out FILE`")),
        ("trust calibration", {}, ("Nothing was held out. So a random half",)),
        ("audit", {"labels": None}, ("This study has no labels", "`--labels FILE`")),
        ("audit", {"tier": "top-1"}, ("without the probabilities of all classes", "pred_probs")),
        ("audit", {"labels": some_unlabelled(np.arange(40) % 3)}, ("14 things without a label",)),
        (
            "trust declining",
            {"labels": some_unlabelled(np.arange(40) % 3)},
            ("14 things without a label: left out",),
        ),
        ("draw", {}, ("cannot judge new pictures", "the network itself")),
        ("stress", {}, ("cannot judge new pictures", "the network itself")),
    ],
)  # fmt: skip
def test_a_page_says_what_it_cannot_show_and_what_would_bring_it(page, changes, sentences, written):
    at = without_faults(opened(page, written(random_study(**changes)), **WITH_AN_ITEM))
    for sentence in sentences:
        assert sentence in said(at)


def test_with_a_held_out_part_nothing_is_halved(written):
    at = opened("trust calibration", written(random_study(held_out=True)))
    assert "Nothing was held out" not in said(at)
    assert "40 things" in said(at)
