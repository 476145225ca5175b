"""Ensembles: on the first axis, on the second, below each other, in several files."""

import numpy as np
import pytest

from tests.core.reading import made_files as made
from tests.core.reading.made_files import IDS, LABELS, NAMES, PROBS, K, N, keys

ENSEMBLE = np.stack([PROBS, np.roll(PROBS, 1, axis=1), PROBS[:, ::-1]])


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_members_axis_follows_from_labels_and_sums(folder, axis):
    content = made.npz(probs=np.moveaxis(ENSEMBLE, 0, axis), labels=LABELS)
    reading = folder.read(("a.npz", content))
    assert reading.is_final
    assert np.array_equal(reading.models["a"].values, ENSEMBLE)
    assert "3 members" in made.lines(reading)


def test_as_many_members_as_items_are_asked_about(folder):
    square = made.npz(probs=np.stack([PROBS[:5]] * 5), labels=LABELS[:5])
    assert keys(folder.read(("a.npz", square))) == ["members-axis"]


def test_a_shape_without_the_items_is_refused(folder):
    assert "40 items" in folder.refusal(("a.npz", made.npz(probs=ENSEMBLE[:, :30], y=LABELS)))


@pytest.mark.parametrize("order", ["stacked", "interleaved"])
def test_members_below_each_other_are_asked_about(folder, order):
    rows = ENSEMBLE if order == "stacked" else ENSEMBLE.transpose(1, 0, 2)
    content = made.npz(probs=rows.reshape(-1, K), labels=LABELS)
    assert keys(folder.read(("a.npz", content))) == ["members-axis"]
    reading = folder.read(("a.npz", content), answers={"members-axis": order})
    assert reading.is_final
    assert np.array_equal(reading.models["a"].values, ENSEMBLE)


def test_sixty_nine_files_of_votes_are_one_ensemble(folder):
    rng = np.random.default_rng(5)
    answers = [np.where(rng.random(N) < 0.7, LABELS, rng.integers(0, K, N)) for _ in range(69)]
    files = [(f"vote_{i}.csv", made.csv({"id": IDS, "label": NAMES[codes]}))
             for i, codes in enumerate(answers)]  # fmt: skip
    truth = folder.source("truth.csv", made.csv({"id": IDS[::-1], "label": NAMES[LABELS[::-1]]}))
    reading = folder.read(*files, labels=truth)
    (model,) = reading.models.values()
    assert reading.is_final
    assert (model.kind, model.tier, model.values.shape) == ("votes", "full", (69, N, K))
    assert model.values.dtype == np.uint8
    assert np.array_equal(model.values.argmax(2), np.array(answers))
    assert np.array_equal(reading.labels, LABELS)


def test_files_of_votes_without_a_telling_name_are_asked_about(folder):
    files = [(f"team{i}.npy", made.npy(np.roll(LABELS, i))) for i in range(7)]
    files.append(("labels.npy", made.npy(LABELS)))
    reading = folder.read(*files)
    assert keys(reading) == ["files"]
    assert reading.questions[0].suggested == "members"
    members = folder.read(*files, answers={"files": "members"})
    assert next(iter(members.models.values())).values.shape == (7, N, K)
    models = folder.read(*files, answers={"files": "models", "tier": "answers"})
    assert len(models.models) == 7


def test_seeds_are_members_and_other_names_are_models(folder):
    truth = ("labels.npy", made.npy(LABELS))
    seeds = folder.read(*[(f"seed{i}.npy", made.npy(ENSEMBLE[i])) for i in range(3)], truth)
    assert seeds.is_final
    assert np.array_equal(seeds.models["seed"].values, ENSEMBLE)
    two = folder.read(("vit.npy", made.npy(PROBS)), ("resnet.npy", made.npy(ENSEMBLE[1])), truth)
    assert two.is_final
    assert list(two.models) == ["vit", "resnet"]


def test_members_whose_columns_stand_in_another_order_are_put_in_one(folder):
    first = made.csv({"id": IDS} | made.scores(PROBS, "", NAMES) | {"label": NAMES[LABELS]})
    turned = np.array([2, 0, 3, 1])
    rows = np.random.default_rng(6).permutation(N)
    other = made.csv({"id": np.array(IDS)[rows]}
                     | made.scores(PROBS[rows][:, turned], "", NAMES[turned]))  # fmt: skip
    reading = folder.read(("seed1.csv", first), ("seed2.csv", other))
    (model,) = reading.models.values()
    assert np.array_equal(model.values[0], PROBS)
    assert np.array_equal(model.values[1], PROBS)
    models = folder.read(("a.csv", first), ("b.csv", other))
    assert np.array_equal(models.models["b"].values[0], PROBS)


def test_folds_with_their_own_ids_are_put_below_each_other(folder):
    files = [(f"fold_{f}.csv", made.csv({"id": IDS[f::4]} | made.scores(PROBS[f::4])
                                        | {"label": LABELS[f::4]})) for f in range(4)]  # fmt: skip
    reading = folder.read(*files)
    assert reading.is_final
    order = np.concatenate([np.arange(N)[f::4] for f in range(4)])
    (model,) = reading.models.values()
    assert np.array_equal(model.values[0], PROBS[order])
    assert reading.ids.to_pylist() == [IDS[row] for row in order]
    assert np.array_equal(reading.labels, LABELS[order])


def test_files_of_different_length_without_ids_may_be_folds(folder):
    files = [(f"part{f}.csv", made.csv(made.scores(rows) | {"label": labels}))
             for f, (rows, labels) in enumerate([(PROBS[:25], LABELS[:25]),
                                                 (PROBS[25:], LABELS[25:])])]  # fmt: skip
    reading = folder.read(*files)
    assert keys(reading) == ["files"]
    assert reading.questions[0].suggested == "folds"
    folds = folder.read(*files, answers={"files": "folds"})
    assert np.array_equal(next(iter(folds.models.values())).values[0], PROBS)


def test_probabilities_and_logits_in_one_file_are_asked_about(folder):
    content = made.npz(probs=PROBS, logits=np.log(PROBS) + 1, labels=LABELS)
    reading = folder.read(("a.npz", content))
    assert keys(reading) == ["scores"]
    assert reading.questions[0].suggested == "probs"
    both = folder.read(("a.npz", content), answers={"scores": "all", "as": "logits"})
    assert list(both.models) == ["probs", "logits"]


def test_folds_of_arrays_bring_their_own_labels(folder):
    cuts = [slice(0, 13), slice(13, 27), slice(27, N)]
    pairs = {f"fold{i}_probs.npy": made.npy(PROBS[cut]) for i, cut in enumerate(cuts)}
    pairs |= {f"fold{i}_labels.npy": made.npy(LABELS[cut]) for i, cut in enumerate(cuts)}
    arrays = {f"fold_{i}_probs": PROBS[cut] for i, cut in enumerate(cuts)}
    arrays |= {f"fold_{i}_labels": LABELS[cut] for i, cut in enumerate(cuts)}
    for reading in (folder.read(*pairs.items()), folder.read(("cv.npz", made.npz(**arrays)))):
        assert reading.is_final
        (model,) = reading.models.values()
        assert np.array_equal(model.values[0], PROBS)
        assert np.array_equal(reading.labels, LABELS)


def test_models_of_several_folds_on_the_same_items_are_asked_about(folder):
    files = [(f"fold{i}.csv", made.csv({"id": IDS} | made.scores(ENSEMBLE[i]) | {"label": LABELS}))
             for i in range(3)]  # fmt: skip
    reading = folder.read(*files)
    assert keys(reading) == ["files"]
    assert reading.questions[0].suggested == "members"
