from dataclasses import replace

import numpy as np
import pytest

from core.networks.corruptions import FAMILIES, UNTRAINED, corrupt
from core.networks.stress import stress_classifier
from core.study.ids import RowIds
from core.study.packed import PackedImages
from examples.mnist import load_study
from examples.mnist_artifacts import load_artifacts
from examples.mnist_data import load_test

IMAGES, LABELS = (array[:300] for array in load_test())


@pytest.fixture(scope="module")
def found():
    study = load_study()
    few = replace(
        study.dataset,
        ids=RowIds(len(LABELS)),
        labels=LABELS.astype(np.int32),
        images=PackedImages(lambda: [IMAGES]),
    )
    return stress_classifier(replace(study, dataset=few), "ensemble")


def test_an_error_is_the_share_of_damaged_images_that_the_members_get_wrong(found):
    logits = load_artifacts("ensemble").network.predict_logits(corrupt(IMAGES, "shear"))
    probs = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    wrong = probs.mean(0).argmax(1) != LABELS
    assert found["families"]["shear"]["error"] == pytest.approx(wrong.mean(), abs=1 / len(LABELS))


def test_the_summary_is_made_of_the_families(found):
    errors = {family: row["error"] for family, row in found["families"].items()}
    assert set(errors) == set(FAMILIES)
    assert found["mean_error"] == pytest.approx(np.mean(list(errors.values())))
    assert found["worst_error"] == max(errors.values())
    untrained = [errors[family] for family in UNTRAINED]
    assert found["untrained_mean_error"] == pytest.approx(np.mean(untrained))


def test_the_ensemble_holds_under_most_damage(found):
    assert found["mean_error"] < 0.04
