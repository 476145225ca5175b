import numpy as np
import pandas as pd
import pytest

from core.measures.filters import Filter, apply, confusions, least_sure
from core.measures.score_predictions import score_answers
from core.study.dataset import UNLABELLED
from examples.mnist_artifacts import load_artifacts


@pytest.fixture(scope="module")
def scores():
    return load_artifacts("article").scores


def test_the_default_keeps_every_row(scores):
    assert apply(scores, Filter()).equals(scores)


def test_a_range_of_values_keeps_its_ends(scores):
    low, high = scores["margin"].quantile([0.1, 0.4])
    shown = apply(scores, Filter(measure="margin", low=low, high=high))
    assert shown.equals(scores[scores["margin"].between(low, high)])


def test_a_reversed_range_is_turned_round(scores):
    forward = apply(scores, Filter(low=0.2, high=0.9))
    assert len(forward) > 0
    assert apply(scores, Filter(low=0.9, high=0.2)).equals(forward)


def test_percentiles_keep_their_share_under_every_other_condition(scores):
    wanted = Filter(measure="predictive_entropy", low=98, by_percentile=True)
    shown = apply(scores, wanted)
    assert len(shown) == pytest.approx(0.02 * len(scores), abs=2)
    fours = apply(scores, Filter("predictive_entropy", low=98, by_percentile=True, labels=(4,)))
    assert fours.index.isin(shown.index).all()


@pytest.mark.parametrize("measure", ["confidence", "predictive_entropy"])
def test_the_n_least_sure_are_the_least_sure_whichever_way_the_measure_points(scores, measure):
    shown = apply(scores, Filter(measure=measure, most=25))
    assert len(shown) == 25
    rest = scores.drop(shown.index)
    if measure == "confidence":
        assert shown[measure].max() <= rest[measure].min()
    else:
        assert shown[measure].min() >= rest[measure].max()


def test_more_than_there_are_keeps_all_and_ties_go_by_index():
    table = pd.DataFrame({"confidence": [0.5, 0.5, 0.5], "correct": True, "label": 1})
    table["prediction"] = 1
    assert apply(table, Filter(most=9)).index.tolist() == [0, 1, 2]
    assert apply(table, Filter(most=2)).index.tolist() == [0, 1]


def test_one_confusion_keeps_that_confusion(scores):
    (label, prediction), count = next(iter(confusions(scores).items()))
    shown = apply(scores, Filter(pair=(label, prediction)))
    assert len(shown) == count
    assert set(shown["label"]) == {label}
    assert set(shown["prediction"]) == {prediction}


def test_confusions_count_every_mistake_once(scores):
    assert confusions(scores).sum() == (~scores["correct"]).sum()
    assert len(apply(scores, Filter(only_mistakes=True))) == confusions(scores).sum()


def test_conditions_all_hold(scores):
    shown = apply(scores, Filter(labels=(4, 9), predictions=(9,), only_mistakes=True, most=3))
    assert set(shown["label"]) == {4}
    assert len(shown) <= 3


def test_rows_without_a_label_are_no_mistakes(scores):
    unknown = scores.assign(label=pd.NA, correct=pd.array([pd.NA] * len(scores), dtype="boolean"))
    assert apply(unknown, Filter(only_mistakes=True)).empty
    assert apply(unknown, Filter(labels=(4,))).empty
    assert apply(unknown, Filter(pair=(4, 9))).empty


def test_nothing_may_be_left(scores):
    assert apply(scores, Filter(low=2.0)).empty
    assert least_sure(scores.iloc[:0], "margin").empty


def test_answers_alone_can_be_filtered_by_class_and_keep_their_order():
    answers = score_answers(np.array([1, 0, 1, 2]), 3, np.array([1, 1, 0, 2]))
    assert apply(answers, Filter(only_mistakes=True)).index.tolist() == [1, 2]
    assert apply(answers, Filter(predictions=(1,), most=1)).index.tolist() == [0]
    assert least_sure(answers, "confidence") is answers


def test_confusions_are_counted_the_most_frequent_first_and_ties_by_class():
    labels, prediction = np.array([3, 3, 0, 0, 2, 1, UNLABELLED]), np.array([1, 1, 2, 1, 2, 0, 0])
    counts = confusions(score_answers(prediction, 4, labels))
    assert list(counts.items()) == [((3, 1), 2), ((0, 1), 1), ((0, 2), 1), ((1, 0), 1)]
    assert confusions(score_answers(labels[:3], 4, labels[:3])).empty
