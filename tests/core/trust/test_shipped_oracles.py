"""The shipped tables' numbers against scikit-learn and MAPIE, on every image."""

import numpy as np
import pytest
from mapie.classification import SplitConformalClassifier
from mapie.conformity_scores import RAPSConformityScore
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedShuffleSplit

from core.measures.register import higher_is_surer
from core.measures.streamed_probs import whole
from core.trust import answers as trust
from core.trust import conformal
from core.trust.calibration import reliability
from core.trust.judged import judge
from examples.mnist import load_study
from tests.core.known import Known

SEED = 4


@pytest.fixture(scope="module", params=list(load_study().models))
def splits(request):
    """The test images and the calibration split as a classifier answers them."""
    study = load_study()
    return judge(study.models[request.param]), judge(study.held_out[request.param])


def exact(probs):
    """Probabilities in float64 that add up to 1, as scikit-learn and MAPIE insist."""
    probs = probs.astype(np.float64)
    return probs / probs.sum(1, keepdims=True)


def test_metrics_equal_scikit_learns_to_a_millionth(splits):
    images, _ = splits
    classes = list(range(images.num_classes))
    found = trust.calibrate(images)
    probs = exact(whole(images.probs))
    expected = log_loss(images.labels, probs, labels=classes)
    assert found.metrics["nll"].value == pytest.approx(expected, abs=1e-6)
    expected = brier_score_loss(images.labels, probs, labels=classes, scale_by_half=False)
    assert found.metrics["brier"].value == pytest.approx(expected, abs=1e-6)


def test_the_diagram_equals_scikit_learns_calibration_curve(splits):
    images, _ = splits
    found = reliability(images.confidence, images.correct, 12)
    accuracies, confidences = calibration_curve(images.correct, images.confidence, n_bins=12)
    full = found.count > 0
    assert found.accuracy[full] == pytest.approx(accuracies, abs=1e-6)
    assert found.confidence[full] == pytest.approx(confidences, abs=1e-6)


def test_every_measures_auroc_equals_scikit_learns(splits):
    images, _ = splits
    found = trust.detections(images)
    for name, values in images.measures.items():
        signed = values if higher_is_surer(name) else -values
        assert found[name].auroc.value == pytest.approx(
            roc_auc_score(images.correct, signed), abs=1e-6
        )


def mapies(splits, score, alpha, **options):
    """MAPIE's fitted classifier and its sets of the test images, bool (N, K)."""
    images, calibration = splits
    reference = SplitConformalClassifier(
        Known(images.num_classes),
        1 - alpha,
        conformity_score=score,
        prefit=True,
        random_state=SEED,
    )
    reference.conformalize(exact(whole(calibration.probs)), calibration.labels)
    return reference, reference.predict_set(exact(whole(images.probs)), options)[1][:, :, 0]


def draws(num_images):
    return np.random.RandomState(SEED).uniform(size=num_images)


@pytest.mark.parametrize("alpha", [0.01, 0.1])
def test_lac_sets_equal_mapies_on_every_image(splits, alpha):
    images, calibration = splits
    fitted = conformal.nonconformity(exact(whole(calibration.probs)))
    threshold = conformal.fit_threshold(fitted, calibration.labels, alpha)
    ours = conformal.prediction_sets(conformal.nonconformity(exact(whole(images.probs))), threshold)
    assert (ours == mapies(splits, "lac", alpha)[1]).all()


@pytest.mark.parametrize("alpha", [0.01, 0.1])
def test_randomised_aps_sets_equal_mapies_on_every_image(splits, alpha):
    images, calibration = splits
    fitted = conformal.nonconformity(
        exact(whole(calibration.probs)), "aps", draws(len(calibration.labels))
    )
    threshold = conformal.fit_threshold(fitted, calibration.labels, alpha)
    scores = conformal.nonconformity(exact(whole(images.probs)), "aps", draws(len(images.labels)))
    ours = conformal.prediction_sets(scores, threshold)
    reference = mapies(splits, "aps", alpha, include_last_label="randomized")[1]
    assert (ours == reference).all()


@pytest.mark.parametrize("alpha", [0.01, 0.1])
def test_raps_sets_equal_mapies_with_its_penalty_and_its_calibration_images(splits, alpha):
    """MAPIE chooses the penalty on a part of the calibration images and calibrates on the rest.

    It removes the last class of a set by the paper's V, whose denominator carries the penalty, so
    its sets of more than one class beyond the free ones are not held against ours.
    """
    images, calibration = splits
    score = RAPSConformityScore()
    reference, theirs = mapies(splits, score, alpha, include_last_label="randomized")
    chosen = reference._mapie_classifier.conformity_score_function_
    penalty, free = float(chosen.lambda_star), int(chosen.k_star[0])
    splitter = StratifiedShuffleSplit(n_splits=1, test_size=len(chosen.X_raps), random_state=SEED)
    kept, _ = next(splitter.split(calibration.labels, calibration.labels))
    fitted = conformal.nonconformity(
        exact(whole(calibration.probs)[kept]), "raps", draws(len(kept)), penalty, free
    )
    threshold = conformal.fit_threshold(fitted, calibration.labels[kept], alpha)
    assert threshold == pytest.approx(np.full(len(threshold), chosen.quantiles_[0]), abs=1e-6)
    scores = conformal.nonconformity(
        exact(whole(images.probs)), "raps", draws(len(images.labels)), penalty, free
    )
    ours = conformal.prediction_sets(scores, threshold)
    comparable = np.maximum(ours.sum(1), theirs.sum(1)) <= free + 1
    assert (ours[comparable] == theirs[comparable]).all()
    assert comparable.mean() > 0.99
