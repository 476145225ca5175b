import numpy as np
import pandas as pd
import pytest

from core.figures import several_models as figures
from core.figures.item_probs import MOST_RINGS, probs_figure
from core.figures.sample_sizes import sample_sizes_figure, sample_sizes_sentence
from core.trust.intervals import Estimate
from core.trust.sample_sizes import SampleSizes
from core.trust.several_models import COST, as_rows

TITLES = {"one": "The one", "many": "The many"}


@pytest.fixture(scope="module")
def table():
    def rows(model, accuracy, auroc, information):
        metrics = {
            "accuracy": Estimate(accuracy, accuracy - 0.01, accuracy + 0.01),
            "nll": Estimate(1 - accuracy, 0.9 - accuracy, 1.1 - accuracy),
            "ece": Estimate(0.004, 0.001, 0.006),
            "ece_null": Estimate(0.002, 0.001, 0.003 + 0.01 * (model == "many")),
            "auroc_predictive_entropy": Estimate(auroc, auroc - 0.01, auroc + 0.01),
        }
        if information:
            metrics["auroc_mutual_information"] = Estimate(
                information, information - 0.01, information + 0.01
            )
        return as_rows(model, "Things", metrics)

    costs = {"training_minutes": Estimate(5.0, np.nan, np.nan)}
    return pd.concat(
        [rows("one", 0.9, 0.8, None), rows("many", 0.95, 0.9, 0.7), as_rows("one", COST, costs)]
    )


def test_the_order_of_the_models_is_said_and_what_overlaps(table):
    said = figures.metric_sentence(table, "Things", "accuracy", TITLES)
    assert (
        said == "Accuracy, best first: the many 95.00 %, the one 90.00 %. No two intervals overlap."
    )
    said = figures.metric_sentence(table, "Things", "nll", TITLES)
    assert said.startswith("NLL (nats), best first: the many 0.0500, the one 0.1000.")
    assert said.endswith("The intervals of the many and the one overlap.")


def test_what_lies_beyond_its_chance_band_is_named(table):
    said = figures.calibration_sentence(table, "Things", TITLES)
    assert said == "ECE inside what chance alone gives: the many; beyond it: the one."


def test_an_estimate_that_does_worse_than_the_total_is_said_to(table):
    said = figures.split_sentence(table, "Things", TITLES)
    assert said == (
        "Mutual information of the many does worse than its predictive entropy (0.700 against"
        " 0.900)."
    )
    best = figures.separation_sentence(table, "Things", TITLES)
    assert best.startswith("Best first: the many by predictive entropy (0.900), the one by")


def test_a_dot_stands_where_the_table_says(table):
    figure = figures.separation_figure(table, "Things", TITLES)
    assert [trace.name for trace in figure.data] == list(TITLES.values())
    assert list(figure.data[0].x) == [0.8]
    assert list(figure.data[1].x) == [0.9, 0.7]
    np.testing.assert_allclose(figure.data[1].error_x.array, 0.01)


def test_costs_that_are_not_known_are_no_numbers(table):
    found = figures.costs_table(table, TITLES)
    assert found["The one"][figures.COSTS["training_minutes"]] == "5"
    assert found["The many"][figures.COSTS["training_minutes"]] == "–"


SIZES = SampleSizes(
    np.array([1, 2, 5, 10]), np.array([0.5, 0.4, 0.35, 0.3]), np.array([0, 0.06, 0.09, 0.1]),
    np.array([np.nan, np.nan, 0.01, 0.004]), 1_000,
)  # fmt: skip


def test_the_curves_are_drawn_as_they_are_and_one_network_has_no_second():
    one = SampleSizes(np.array([1]), np.array([0.6]), np.array([0.0]), np.array([np.nan]), 1_000)
    figure = sample_sizes_figure({"The one": one, "The many": SIZES})
    assert [trace.name for trace in figure.data] == ["The one", "The many", "The many"]
    np.testing.assert_array_equal(figure.data[1].y, SIZES.nll)
    np.testing.assert_array_equal(figure.data[2].y, SIZES.mutual_information)
    np.testing.assert_allclose(figure.data[2].error_y.array, [0, 0, 0.01, 0.004])


def test_the_sentence_says_how_many_are_enough_and_what_they_bring():
    said = sample_sizes_sentence("The many", SIZES)
    assert "0.1000 nats, with a standard error of 4.0 % of that" in said
    assert "below 5 % from 10 members on. 10 members bring 100 %" in said
    few = SampleSizes(*(part[:3] for part in SIZES[:4]), 1_000)
    assert "to know it that well takes more members" in sample_sizes_sentence("The many", few)
    assert "too few" in sample_sizes_sentence(
        "One", SampleSizes(*(part[:1] for part in SIZES[:4]), 1_000)
    )


@pytest.mark.parametrize(("count", "symbol"), [(MOST_RINGS, "circle-open"), (30, "line-ew")])
def test_many_members_make_a_strip(count, symbol):
    probs = np.random.default_rng(0).dirichlet(np.ones(3), count)
    members = probs_figure(probs.mean(0), probs, ("a", "b", "c")).data[1]
    assert members.marker.symbol == symbol
    np.testing.assert_array_equal(np.reshape(members.y, (count, 3)), probs)
