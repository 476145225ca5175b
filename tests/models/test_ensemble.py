import keras
import numpy as np
import pytest

from examples.mnist_data import load_test
from models import ensemble
from models.ensemble import MEMBERS, Member, build, draw_folds, train, train_folds

IMAGES, LABELS = (array[:256] for array in load_test())


@pytest.mark.parametrize("norm", ["batch", "group"])
def test_a_member_gives_one_logit_a_class_for_any_number_of_images(norm):
    network = build(Member(1, norm), steps=4, num_classes=7)
    assert network(IMAGES[:3]).shape == (3, 7)
    assert 170_000 < network.count_params() < 176_000


def test_weight_decay_reaches_kernels_and_nothing_else():
    network = build(Member(1, "batch"), steps=4)
    network.optimizer.build(network.trainable_variables)
    decayed = [
        v.name for v in network.trainable_variables if network.optimizer._use_weight_decay(v)
    ]
    assert set(decayed) == {"kernel"}
    assert len(decayed) == 6
    assert len(network.trainable_variables) > 6


def test_weight_decay_still_spares_the_rest_after_a_checkpoint(tmp_path):
    network = build(Member(1, "group"), steps=4)
    network.save(tmp_path / "member.keras")
    again = keras.models.load_model(tmp_path / "member.keras")
    assert isinstance(again.optimizer, ensemble.KernelDecayAdamW)
    assert again.optimizer.weight_decay == ensemble.WEIGHT_DECAY


def test_members_differ_in_seed_and_come_in_both_normalisations():
    assert len({member.seed for member in MEMBERS}) == len(MEMBERS) == 5
    assert {member.norm for member in MEMBERS} == {"batch", "group"}


STEPS = {"epochs": 2, "finish_epochs": 2, "processes": 1}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """The weights that a member ends with."""
    folder = tmp_path_factory.mktemp("whole")
    return train(IMAGES, LABELS, [Member(3, "batch")], folder=folder, **STEPS)[0].get_weights()


@pytest.mark.parametrize("last", [1, 3])
def test_a_training_interrupted_before_or_while_it_finishes_ends_as_an_uninterrupted_one(
    tmp_path, last, uninterrupted
):
    member = [Member(3, "batch")]
    told = []

    def stop(name, epoch, loss):
        told.append((name, epoch))
        if epoch == last:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(IMAGES, LABELS, member, folder=tmp_path / "cut", report=stop, **STEPS)
    resumed = train(IMAGES, LABELS, member, folder=tmp_path / "cut", **STEPS)[0]
    assert told == [("member-3", epoch) for epoch in range(1, last + 1)]
    for ours, theirs in zip(resumed.get_weights(), uninterrupted, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_the_finish_goes_on_from_the_trained_weights_at_its_own_rate(tmp_path):
    member = [Member(3, "batch")]
    plain = train(IMAGES, LABELS, member, 1, 0, tmp_path, processes=1)[0]
    finished = train(IMAGES, LABELS, member, 1, 1, tmp_path, processes=1)[0]
    rate = finished.optimizer.get_config()["learning_rate"]["config"]
    assert rate["warmup_target"] == ensemble.FINISH_RATE
    moved = np.abs(finished.get_weights()[0] - plain.get_weights()[0]).max()
    assert 0 < moved < 0.01


@pytest.mark.filterwarnings("error::UserWarning")
def test_a_training_and_its_finish_warn_of_nothing(tmp_path):
    train(IMAGES[:200], LABELS[:200], [Member(1, "batch")], 1, 1, tmp_path, processes=1)


def test_folds_are_equal_in_size_and_the_same_each_time():
    fold = draw_folds(103, 5)
    assert sorted(np.bincount(fold)) == [20, 20, 21, 21, 21]
    np.testing.assert_array_equal(fold, draw_folds(103, 5))


def test_every_image_gets_the_logits_of_the_network_that_has_not_seen_it(tmp_path):
    logits, fold = train_folds(IMAGES, LABELS, 2, 1, tmp_path, processes=1)
    second = ensemble.train_member(
        IMAGES[fold != 1], LABELS[fold != 1], Member(101, "batch"), 1, 0, tmp_path / "fold-2"
    )
    np.testing.assert_allclose(
        logits[fold == 1], second.predict(IMAGES[fold == 1], verbose=0), atol=1e-4
    )
