"""What chooses and what judges: a held-out part, or two halves that say so."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.trust.choosing import best_temperature, choose, halves, judged_at
from core.trust.temperature import fit_predictions, fit_temperature
from tests.core.trust.made_study import made_predictions, made_study, made_values, top_1


def study_of(num_items=200, num_classes=5, num_members=1, labels=None, held_out=False):
    logits, truth = made_values(num_items, num_classes, num_members)
    models = {"one": made_predictions(logits, truth)}
    other = made_predictions(*made_values(60, num_classes, num_members, seed=1))
    return made_study(
        models, truth if labels is None else labels, num_classes, {"one": other} if held_out else {}
    )


def test_a_held_out_part_chooses_and_all_labelled_items_judge():
    study = study_of(held_out=True)
    found = choose(study, "one")
    assert (len(found.chosen_on), len(found.judged), found.note) == (60, 200, "")


def test_without_one_a_half_chooses_the_other_judges_and_the_note_says_so():
    study = study_of(201)
    found = choose(study, "one")
    assert set(found.chosen_on.rows).isdisjoint(found.judged.rows)
    assert {*found.chosen_on.rows, *found.judged.rows} == set(range(201))
    assert "random half of the labelled texts" in found.note
    assert f"{len(found.judged)}" in found.note
    again = choose(study, "one")
    assert (again.judged.rows == found.judged.rows).all()
    alone = judged_at(study, "one", 2.0)
    assert (alone.rows == found.judged.rows).all()
    assert (alone.confidence == choose(study, "one", 2.0).judged.confidence).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-1, 4), max_size=60))
def test_halves_share_out_every_class_evenly(labels):
    labels = np.array(labels, int)
    first, second = halves(labels)
    both = np.sort(np.append(first, second))
    assert both.tolist() == np.flatnonzero(labels >= 0).tolist()
    assert abs(len(first) - len(second)) <= 1
    for k in range(5):
        assert abs((labels[first] == k).sum() - (labels[second] == k).sum()) <= 1


def test_halves_are_random_and_not_those_of_the_file():
    first, _ = halves(np.zeros(1_000, int))
    assert 180 < (first < 400).sum() < 220
    assert first.tolist() != halves(np.zeros(1_000, int), seed=1)[0].tolist()


def test_missing_labels_are_named_with_what_would_help():
    for labels in (None, np.full(200, -1)):
        study = study_of()
        bare = made_study(dict(study.models), labels, 5)
        with pytest.raises(ValueError, match=r"No text of Made up has a label.*label column"):
            choose(bare, "one")
    one = np.full(200, -1)
    one[3] = 2
    with pytest.raises(ValueError, match=r"Only one text .* held-out file"):
        choose(study_of(labels=one), "one")


def test_other_labels_can_count():
    labels = np.full(200, 3)
    found = choose(study_of(held_out=True), "one", labels=labels)
    assert (found.judged.labels == 3).all()


@pytest.mark.parametrize("num_members", [1, 5])
def test_the_best_temperature_is_fitted_on_what_chooses(num_members):
    study = study_of(num_members=num_members, held_out=True)
    part = study.held_out["one"]
    expected = fit_temperature(part.values, part.scores["label"].to_numpy(int))
    assert best_temperature(study, "one") == expected


def test_a_temperature_of_many_rows_is_fitted_on_some_at_equal_distances(monkeypatch):
    logits, labels = made_values(6_000, 4)
    predictions = made_predictions(logits, labels)
    rows = np.arange(6_000)
    exact = fit_temperature(logits, labels)
    assert fit_predictions(predictions, rows, labels) == exact
    monkeypatch.setattr("core.trust.temperature.MOST_ROWS", 3_000)
    some = fit_predictions(predictions, rows, labels)
    assert some == fit_temperature(logits[:, ::2], labels[::2])
    assert some == pytest.approx(exact, rel=0.1)


def test_blocks_change_no_temperature(monkeypatch):
    logits, labels = made_values(900, 30, 3)
    whole = fit_temperature(logits, labels)
    monkeypatch.setattr("core.measures.probabilities.BLOCK_VALUES", 7 * 30 * 3)
    assert fit_temperature(logits, labels) == pytest.approx(whole, rel=1e-6)


def test_confidences_alone_are_shared_out_too():
    labels = np.arange(40) % 2
    models = {"one": top_1(labels, np.zeros(40, int), np.linspace(0.5, 1, 40))}
    found = choose(made_study(models, labels, 3), "one")
    assert len(found.chosen_on) == len(found.judged) == 20
    assert found.judged.num_classes == 3
