import pytest

from core.measures.register import (
    BY_COLUMN,
    DECLINING,
    MEASURES,
    higher_is_surer,
    measures_in,
)
from examples.mnist_artifacts import artifact_names, load_artifacts


@pytest.mark.parametrize("name", artifact_names())
def test_every_value_lies_in_the_range_that_its_measure_states(name):
    classifier = load_artifacts(name)
    scores, classes = classifier.scores, len(classifier.class_names)
    for measure in measures_in(list(scores.columns), classifier.num_members):
        low, high = (end.at(classifier.num_members, classes) for end in (measure.low, measure.high))
        assert scores[measure.column].between(low - 1e-6, high + 1e-6).all(), measure.column


def test_one_network_is_offered_no_split():
    columns = [measure.column for measure in MEASURES]
    alone = {measure.column for measure in measures_in(columns, num_members=1)}
    assert alone.isdisjoint({"expected_entropy", "mutual_information", "variation_ratio"})
    assert len(measures_in(columns, num_members=5)) == len(MEASURES)


def test_a_measure_can_decide_unless_it_needs_the_label_or_only_mirrors_another():
    left_out = {measure.column for measure in MEASURES} - set(DECLINING)
    assert left_out == {"least_confidence", "log_likelihood"}
    assert all(higher_is_surer(name) != BY_COLUMN[name].unsure_is_high for name in DECLINING)
