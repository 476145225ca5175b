import numpy as np
import pytest

from core.networks.atypicality import atypicality, raw_distances
from models.atypicality import class_gaussians, fit_atypicality, fit_gaussians

RNG = np.random.default_rng(5)
LABELS = RNG.integers(4, size=600)
MIX = RNG.normal(size=(6, 6))
POOLED = (RNG.normal(size=(600, 2, 6)) @ MIX + 3 * LABELS[:, None, None]).astype(np.float32)
FEATURES = RNG.normal(size=(600, 5)).astype(np.float32) + 4 * np.eye(5)[LABELS].astype(np.float32)
HEAD = tuple(RNG.normal(size=size).astype(np.float32) for size in ((17, 3), 3, 3))
LOGITS = (12 * np.eye(4)[LABELS][:, None] + RNG.normal(size=(600, 2, 4))).astype(np.float32)


def test_the_matrix_form_is_the_distance_in_the_log_density_of_tfp():
    values = POOLED[:, 0]
    gaussians = class_gaussians(values, LABELS)
    whitening, centres = fit_gaussians(values, LABELS)
    distances = np.linalg.norm(values[:, None] @ whitening - centres[None], axis=-1)
    densest = gaussians.log_prob(gaussians.loc).numpy()
    expected = np.sqrt(2 * (densest - gaussians.log_prob(values[:, None].astype(float)).numpy()))
    np.testing.assert_allclose(distances, expected, rtol=1e-6)


def test_the_covariance_is_that_within_classes_and_not_between_them():
    gaussians = class_gaussians(POOLED[:, 0], LABELS)
    residuals = np.concatenate(
        [POOLED[k == LABELS, 0] - POOLED[k == LABELS, 0].mean(0) for k in range(4)]
    )
    np.testing.assert_allclose(gaussians.covariance()[0], np.cov(residuals.T), rtol=0.02, atol=0.02)


def test_a_channel_that_never_varies_does_no_harm():
    still = np.concatenate([POOLED[:, 0], np.zeros((600, 1), np.float32)], axis=1)
    distances = []
    for values in (POOLED[:, 0], still):
        whitening, centres = fit_gaussians(values, LABELS)
        distances.append(np.linalg.norm(values[:, None] @ whitening - centres[None], axis=-1))
    np.testing.assert_allclose(distances[1], distances[0], rtol=1e-3)


def test_held_out_images_like_the_training_ones_spread_over_all_values_and_others_lie_beyond():
    fit, rest = slice(0, 400), slice(400, 600)
    held_out = POOLED[rest], FEATURES[rest], LOGITS[rest]
    fitted = fit_atypicality(POOLED[fit], FEATURES[fit], LABELS[fit], HEAD, held_out)
    seen = atypicality(fitted, *held_out)
    assert np.mean(seen) == pytest.approx(0.5, abs=0.01)
    strange_light = atypicality(fitted, POOLED[rest] + 40, *held_out[1:])
    strange_shape = atypicality(fitted, POOLED[rest], -FEATURES[rest], LOGITS[rest])
    no_evidence = atypicality(fitted, *held_out[:2], LOGITS[rest] - 12)
    assert np.all(strange_light > seen.max())
    assert np.median(strange_shape) > 0.99
    assert np.median(no_evidence) > 0.99


def test_the_median_and_the_99_percent_point_of_held_out_images_are_what_is_kept():
    held_out = POOLED[400:], FEATURES[400:], LOGITS[400:]
    fitted = fit_atypicality(POOLED[:400], FEATURES[:400], LABELS[:400], HEAD, held_out)
    raw = raw_distances(fitted, *held_out)
    np.testing.assert_allclose(fitted.middle, np.median(raw, axis=0))
    np.testing.assert_allclose(fitted.far, np.quantile(raw, 0.99, axis=0))
