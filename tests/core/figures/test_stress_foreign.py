import numpy as np

from core.figures.stress_foreign import FLOOR, describe_apart, foreign_figure
from core.measures.register import BY_COLUMN
from core.stress.telling_apart import Apart
from core.study.dataset import Noun
from core.trust.intervals import Estimate

THING = Noun("thing", "things")


def apart(value):
    return Apart(Estimate(value, value, value), Estimate(0.1, 0.1, 0.1))


def test_each_source_has_its_distribution_below_the_items_and_the_count_beside_it():
    items, letters = np.linspace(0, 1, 5_000), np.array([0.5, 1.0])
    figure = foreign_figure(BY_COLUMN["confidence"], items, {"letters": letters}, THING)
    assert [trace.name for trace in figure.data] == ["the things (5,000)", "letters (2)"]
    np.testing.assert_allclose(np.quantile(figure.data[0].x, 0.5), 0.5, atol=1e-3)
    assert len(figure.data[0].x) == 999
    np.testing.assert_array_equal(figure.data[1].x, letters)


def test_entropies_stand_on_a_logarithmic_axis_with_a_floor_under_zero():
    figure = foreign_figure(BY_COLUMN["predictive_entropy"], np.array([0.0, 0.01, 1.0]), {}, THING)
    np.testing.assert_allclose(figure.data[0].x, [np.log10(FLOOR), -2, 0])


def test_the_answer_names_the_best_measure_what_each_misses_and_never_claims_all():
    titles = {"a": "Alpha", "b": "Beta"}
    some = {"x": {"a": apart(0.99), "b": apart(0.5)}, "y": {"a": apart(0.96), "b": apart(0.99)}}
    said = describe_apart(some, titles)
    assert "Alpha notices most: at worst an AUROC of 0.960, on y." in said
    assert "Beta misses x" in said and "may still miss the next" in said
    none = {"x": {"a": apart(0.9), "b": apart(0.99)}, "y": {"a": apart(0.99), "b": apart(0.9)}}
    assert describe_apart(none, titles).endswith("None notices everything here.")
