import numpy as np
import pytest

from core.corruptions.kinds import BENCHMARK, KINDS
from examples.mnist_data import load_test
from models import augment
from models.augment import CLUTTERING, OPERATORS, augmented_batches, damage, vary_stroke, warp

IMAGES, LABELS = (array[:200] for array in load_test())
INK = IMAGES.astype(np.float32) / 255


def rng():
    return np.random.default_rng(4)


def test_every_image_changes_and_stays_between_paper_and_ink():
    augmented = augment.augment(IMAGES, rng())
    assert augmented.shape == IMAGES.shape and augmented.dtype == np.float32
    assert augmented.min() >= 0 and augmented.max() <= 255
    assert all((a != b).any() for a, b in zip(augmented, IMAGES, strict=True))


def test_equal_seeds_give_equal_images():
    np.testing.assert_array_equal(augment.augment(IMAGES, rng()), augment.augment(IMAGES, rng()))


def test_an_image_keeps_its_label_in_every_batch_of_an_epoch():
    grey = np.repeat(np.arange(10, 210, dtype=np.uint8), 28 * 28).reshape(200, 28, 28)
    batches = list(augmented_batches(grey, np.arange(10, 210), 64, seed=1, epoch=0))
    assert sorted(np.concatenate([labels for _, labels in batches])) == list(range(10, 210))
    for images, labels in batches:
        undamaged = slice(round(augment.DAMAGED * len(images)), None)
        centres = images.numpy()[undamaged, 14, 14]
        np.testing.assert_allclose(centres, labels[undamaged], rtol=1e-5)


def test_epochs_differ_and_an_epoch_repeats_itself():
    first, again, second = (
        next(iter(augmented_batches(IMAGES, LABELS, 64, seed=1, epoch=epoch)))[0].numpy()
        for epoch in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != second).any()


def test_only_the_share_named_is_damaged(monkeypatch):
    monkeypatch.setattr(augment, "OPERATORS", ((1.0, lambda x, rng: np.ones_like(x)),))
    full = (augment.augment(IMAGES, rng()) == 255).all(axis=(1, 2))
    assert full.sum() == round(augment.DAMAGED * len(IMAGES))


def test_clutter_adds_ink_of_other_digits_and_takes_none():
    change = augment.clutter(INK, rng()) - INK
    assert change.min() >= 0
    assert (change.sum(axis=(1, 2)) > 5).mean() > 0.5
    alone = augment.clutter(np.pad(INK[:1], ((0, 9), (0, 0), (0, 0))), rng())
    assert (alone[0] == INK[0]).all()  # the others are blank: what lies across comes from them


def test_a_cluttered_batch_is_damaged_in_its_larger_share(monkeypatch):
    monkeypatch.setattr(augment, "CLUTTERING", ((1.0, lambda x, rng: np.ones_like(x)),))
    full = (augment.augment(IMAGES, rng(), cluttered=True) == 255).all(axis=(1, 2))
    assert full.sum() == round(augment.CLUTTERED * len(IMAGES))


def test_thick_pens_add_ink_and_thin_pens_take_some():
    change = (vary_stroke(INK, rng()) - INK).sum(axis=(1, 2))
    assert (change > 0).any() and (change < 0).any()
    assert (change == 0).mean() == pytest.approx(1 - augment.STROKE_VARIED, abs=0.13)


def test_a_warp_moves_the_middle_of_the_ink_by_a_few_pixels_at_most():
    def middle(x):
        across, down = x.sum(1), x.sum(2)
        ink = np.stack([across, down]) / x.sum(axis=(1, 2))[:, None]
        return (ink * np.arange(28)).sum(-1)

    moved = np.abs(middle(warp(INK, rng())) - middle(INK))
    assert 0.1 < moved.mean() < 2
    assert moved.max() < 5


@pytest.mark.parametrize("operator", [operator for _, operator in CLUTTERING])
@pytest.mark.parametrize("count", [1, 7])
def test_an_operator_leaves_its_argument_alone_and_keeps_the_shape(operator, count):
    before = INK[:count].copy()
    after = operator(INK[:count], rng())
    assert after.shape == before.shape and np.isfinite(after).all()
    np.testing.assert_array_equal(INK[:count], before)


@pytest.mark.parametrize("operator", [operator for _, operator in CLUTTERING])
def test_an_operator_changes_most_images(operator):
    changed = (operator(INK, rng()) != INK).any(axis=(1, 2))
    assert changed.mean() > 0.6


def test_no_image_is_no_trouble():
    assert damage(INK[:0], rng()).shape == (0, 28, 28)


def test_every_counterpart_a_corruption_names_is_an_operator_here():
    names = {KINDS[name].counterpart for name in BENCHMARK} - {None}
    used = {operator.__name__ for _, operator in OPERATORS} | {"warp"}
    assert names <= used
