"""Two models of a study: counts, metrics that equal `evaluate`, and what is asked of a study."""

import numpy as np
import pytest

from core.trust.comparison import OUTCOMES, compare, default_pair
from core.trust.evaluation import evaluate_predictions
from core.trust.selective import decide, threshold_at
from core.trust.side_by_side import in_order, orders_in, outcomes_in, side_by_side
from tests.core.trust.made_study import made_predictions, made_study, made_values, top_1

NUM_ITEMS, NUM_CLASSES = 300, 4


@pytest.fixture(scope="module")
def study():
    one, labels = made_values(NUM_ITEMS, NUM_CLASSES, seed=1)
    other, _ = made_values(NUM_ITEMS, NUM_CLASSES, num_members=3, seed=2)
    other = one + 0.7 * other
    labels = np.where(np.arange(NUM_ITEMS) % 10 == 0, -1, labels)
    models = {
        "one": made_predictions(one, labels),
        "other": made_predictions(other, labels, name="other"),
    }
    return made_study(models, labels, NUM_CLASSES)


def test_the_four_outcomes_are_counted_by_definition(study):
    found = compare(study, "one", "other")
    rights = [
        (study.models[name].scores["prediction"] == study.models[name].scores["label"]).fillna(
            False
        )
        for name in ("one", "other")
    ]
    known = study.dataset.labelled
    one, other = (right.to_numpy(bool)[known] for right in rights)
    assert found.counts == {
        "fixed": (~one & other).sum(),
        "broken": (one & ~other).sum(),
        "both_wrong": (~one & ~other).sum(),
        "both_right": (one & other).sum(),
    }
    assert len(found) == len(known) < NUM_ITEMS


def test_a_model_and_itself_differ_in_nothing(study):
    found = compare(study, "one", "one")
    assert found.counts["fixed"] == found.counts["broken"] == 0
    assert found.p_value == 1
    for name, one in found.differences.items():
        assert one.difference.value == 0
        assert one.first == one.second
        if name != "accuracy":  # whose interval is that of no item among so many
            assert one.difference == (0, 0, 0)


def test_one_item_fixed_is_counted_and_known_by_its_id():
    values, labels = made_values(50, NUM_CLASSES)
    fixed = int(np.flatnonzero(values[0].argmax(1) != labels)[0])
    better = values.copy()
    better[0, fixed, labels[fixed]] = 50
    models = {
        "old": made_predictions(values, labels),
        "new": made_predictions(better, labels, name="new"),
    }
    study = made_study(models, labels, NUM_CLASSES)
    table = side_by_side(study, "old", "new")
    assert outcomes_in(table)["fixed"] == 1
    assert study.dataset.ids.take(table.index[table["outcome"] == "fixed"]) == [str(fixed)]
    assert outcomes_in(side_by_side(study, "new", "old"))["broken"] == 1
    assert in_order(table, "disagreement").index[0] == fixed


def test_the_metrics_are_those_of_each_model_alone_and_the_difference_is_theirs(study):
    found = compare(study, "one", "other").differences
    alone = [evaluate_predictions(study.models[name]) for name in ("one", "other")]
    assert set(found) == {"accuracy", "nll", "brier", "ece", "aurc"}
    for name, one in found.items():
        assert (one.first, one.second) == pytest.approx((alone[0][name], alone[1][name]))
        value, low, high = one.difference
        assert value == pytest.approx(one.second - one.first, abs=1e-9)
        assert low <= value <= high


def test_turning_the_models_round_turns_the_differences_round(study):
    there, back = compare(study, "one", "other"), compare(study, "other", "one")
    assert there.p_value == back.p_value
    for name, one in there.differences.items():
        assert one.difference.value == pytest.approx(-back.differences[name].difference.value)
    assert there.by_class.difference == pytest.approx(-back.by_class.difference)


def test_the_classes_add_up_to_all_items(study):
    found = compare(study, "one", "other")
    by_class = found.by_class
    assert by_class.num_items.sum() == len(found)
    assert by_class.fixed.sum() == found.counts["fixed"]
    assert by_class.broken.sum() == found.counts["broken"]
    assert (by_class.p_adjusted >= by_class.p_value).all()
    assert (by_class.low <= by_class.difference).all()
    assert (by_class.difference <= by_class.high).all()


def test_a_class_without_an_item_is_not_tested():
    values, labels = made_values(60, 3)
    models = {"a": made_predictions(values, labels % 2), "b": made_predictions(-values, labels % 2)}
    found = compare(made_study(models, labels % 2, 3), "a", "b").by_class
    assert np.isnan([found.difference[2], found.p_value[2], found.p_adjusted[2]]).all()
    assert np.isfinite(found.p_adjusted[:2]).all()


def test_at_equal_coverage_each_model_declines_what_it_is_least_sure_of(study):
    found = compare(study, "one", "other")
    for curve, decision in zip(found.curves, found.at_equal_coverage(0.1), strict=True):
        assert decision == decide(curve, threshold_at(curve, 0.1))
        assert decision.referred >= 0.1 * len(found) - 1


def test_what_one_model_lacks_is_left_out_for_both():
    values, labels = made_values(80, NUM_CLASSES)
    answers = values[0].argmax(1)
    sure = made_predictions(values, labels).scores["confidence"].to_numpy()
    for other, known in ((top_1(labels, answers, sure), {"accuracy", "ece", "aurc"}),
                         (top_1(labels, answers, None), {"accuracy"})):  # fmt: skip
        models = {"full": made_predictions(values, labels), "less": other}
        study = made_study(models, labels, NUM_CLASSES)
        assert set(compare(study, "full", "less").differences) == known
        table = side_by_side(study, "full", "less")
        assert "disagreement" not in orders_in(table)
        assert orders_in(table)[-1] == "row"


def test_without_labels_the_table_says_where_the_answers_differ():
    one, _ = made_values(80, NUM_CLASSES, seed=1)
    other, _ = made_values(80, NUM_CLASSES, seed=2)
    models = {"a": made_predictions(one), "b": made_predictions(other)}
    models = {name: _unlabelled(model) for name, model in models.items()}
    study = made_study(models, None, NUM_CLASSES)
    agree = int((one[0].argmax(1) == other[0].argmax(1)).sum())
    assert outcomes_in(side_by_side(study, "a", "b")) == {"differ": 80 - agree, "agree": agree}
    with pytest.raises(ValueError, match="has a label"):
        compare(study, "a", "b")


def _unlabelled(model):
    model.scores["label"] = None
    return model


def test_the_less_accurate_of_two_is_the_baseline_and_one_alone_is_refused(study):
    for model in study.models.values():
        model.scores["correct"] = model.scores["label"] == model.scores["prediction"]
    baseline, candidate = default_pair(study)
    accuracy = {n: evaluate_predictions(m)["accuracy"] for n, m in study.models.items()}
    assert accuracy[baseline] <= accuracy[candidate]
    alone = made_study({"one": study.models["one"]}, study.dataset.labels, NUM_CLASSES)
    with pytest.raises(ValueError, match="takes two"):
        default_pair(alone)


def test_every_outcome_has_its_place():
    assert OUTCOMES == ("fixed", "broken", "both_wrong", "both_right")
