import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.figures.positions import Positions, View, positions
from core.figures.scatter import describe_seen, scatter_figure, window_figure
from core.figures.window import NUM_BINS, Window, bin_points, look, whole_window
from core.measures.score_arrays import ScoreArrays
from core.measures.selection import Selection
from core.measures.table import build_table
from core.study.dataset import UNLABELLED, Noun

ITEM = Noun("item", "items")
LINEAR = (False, False)
FEW = {"most": 6, "most_over": 4}
"""So few points that a few dozen items make a density."""


@st.composite
def scatters(draw):
    """Items with ties, missing values and all-equal values, and where they lie."""
    size = draw(st.integers(1, 60))
    value = st.one_of(
        st.sampled_from([0.25, 0.5, 0.5, 0.5, np.nan]),
        st.floats(0.015625, 1, width=32),
    )
    value = draw(st.sampled_from([value, st.just(0.5)]))  # or all of them equal
    x, y, confidence = (
        np.array(draw(st.lists(value, min_size=size, max_size=size)), np.float32) for _ in range(3)
    )
    labels = np.array(draw(st.lists(st.integers(-1, 1), min_size=size, max_size=size)))
    measures = {"prediction": np.zeros(size, np.int64), "confidence": confidence}
    arrays = ScoreArrays(build_table(measures, labels))
    rows = np.arange(0, size, draw(st.integers(1, 2)), dtype=np.int32)
    return Selection(arrays, rows), Positions(x, y)


def is_inside(places, rows, window):
    x, y = places.x[rows], places.y[rows]
    return (x >= window.x0) & (x <= window.x1) & (y >= window.y0) & (y <= window.y1)


ENDS = st.tuples(st.floats(0.0078125, 1.5), st.floats(0.0078125, 1.5)).map(sorted)


@given(scatters(), ENDS, ENDS, st.sampled_from([LINEAR, (True, True)]), st.integers(-1, 20))
def test_what_is_drawn_and_what_is_binned_add_up_to_all_in_every_window(
    scatter, across, up, log, page
):
    selection, places = scatter
    window = Window(*across, *up)
    seen = look(selection, places, log, window, page, **FEW)
    inside = selection.rows[is_inside(places, selection.rows, window)]
    binned = 0 if seen.density is None else int(seen.density.counts.sum())
    assert len(seen.drawn) + binned == seen.num_inside == len(inside)
    assert set(seen.drawn) <= set(inside)
    assert seen.num_mistakes == (selection.arrays.correct[inside] == 0).sum()
    assert seen.mistakes_drawn == (selection.arrays.correct[seen.drawn] == 0).sum()


@given(scatters())
def test_without_a_window_every_item_is_drawn_binned_or_said_to_lie_nowhere(scatter):
    selection, places = scatter
    seen = look(selection, places, LINEAR, **FEW)
    binned = 0 if seen.density is None else int(seen.density.counts.sum())
    assert len(seen.drawn) + binned + seen.unplaced == len(selection)


@given(scatters(), ENDS, ENDS)
def test_each_item_of_a_window_is_drawn_in_exactly_one_of_its_shares(scatter, across, up):
    selection, places = scatter
    window = Window(*across, *up)
    first = look(selection, places, LINEAR, window, **FEW)
    shares = [
        look(selection, places, LINEAR, window, page, **FEW).drawn
        for page in range(first.num_pages)
    ]
    found = np.concatenate(shares)
    inside = selection.rows[is_inside(places, selection.rows, window)]
    assert sorted(found.tolist()) == inside.tolist()


@given(scatters(), st.randoms(use_true_random=False))
def test_every_item_is_reached_by_zooming_and_a_stack_of_equal_ones_by_its_shares(scatter, random):
    selection, places = scatter
    placed = [row for row in selection.rows if math.isfinite(places.x[row] + places.y[row])]
    if not placed:
        return
    row = random.choice(placed)
    x, y = float(places.x[row]), float(places.y[row])
    seen, half = look(selection, places, LINEAR, **FEW), 1.0
    while seen.density is not None and half > 1e-9:
        seen = look(
            selection, places, LINEAR, Window(x - half, x + half, y - half, y + half), **FEW
        )
        half /= 4
    window = Window(x, x, y, y)
    shares = [seen] if seen.density is None else [
        look(selection, places, LINEAR, window, page, **FEW) for page in range(seen.num_pages)
    ]  # fmt: skip
    assert any(row in share.drawn for share in shares)


def many(size=60_000):
    """More items than a scatter draws at once, one in ten of them a mistake."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, size)
    prediction = np.where(rng.random(size) < 0.1, (labels + 1) % 3, labels)
    confidence = rng.beta(5, 1, size).astype(np.float32)
    measures = {
        "prediction": prediction,
        "confidence": confidence,
        "least_confidence": 1 - confidence,
    }
    return Selection(ScoreArrays(build_table(measures, labels)))


@pytest.fixture(scope="module")
def crowd():
    return many()


def test_over_a_density_the_surest_mistakes_and_the_least_sure_items_are_drawn(crowd):
    places = Positions(crowd.arrays["confidence"], crowd.arrays["least_confidence"])
    seen = look(crowd, places, LINEAR)
    confidence, correct = crowd.arrays["confidence"], crowd.arrays.correct
    mistakes = np.flatnonzero(correct == 0)
    surest = mistakes[np.argsort(-confidence[mistakes], kind="stable")][:4_000]
    assert set(surest) <= set(seen.drawn)
    assert set(np.argsort(confidence)[:4_000]) <= set(seen.drawn)
    assert len(seen.drawn) == 10_000
    assert (np.diff(confidence[seen.drawn]) <= 0).all(), "the unsure end on top"


@pytest.mark.parametrize("log", [LINEAR, (True, True)])
def test_each_cell_counts_the_points_between_its_edges(log):
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0.01, 1, (2, 5_000)).astype(np.float32)
    found = bin_points(x, y, Window(0.01, 1, 0.01, 1), log)
    wanted = np.histogram2d(y, x, bins=(found.y_edges, found.x_edges))[0]
    # A value on an edge may fall to either side of it, as its logarithm is rounded.
    assert np.abs(found.counts - wanted).sum() <= 4
    assert found.counts.shape == NUM_BINS[::-1]


def test_equal_values_make_one_cell_and_no_error(crowd):
    same = np.full(len(crowd), 0.5, np.float32)
    seen = look(crowd, Positions(same, same), LINEAR)
    assert seen.density.counts.max() == seen.density.counts.sum() == 50_000
    none = np.full(len(crowd), np.nan, np.float32)
    assert look(crowd, Positions(none, none), LINEAR).unplaced == len(crowd)
    assert whole_window(crowd, Positions(none, none), (True, False)).x0 > 0


@pytest.mark.parametrize("colour", ["label", "correct", "least_confidence"])
def test_the_figure_of_many_items_holds_a_density_and_points_and_its_windows_the_rest(
    crowd, colour
):
    view = View("label", "least_confidence", log_y=True)
    figure, seen = scatter_figure(crowd, view, colour, ("a", "b", "c"))
    assert figure.data[0].type == "heatmap"
    assert figure.data[0].name == "density (50,000)"
    assert round(np.nansum(10 ** np.asarray(figure.data[0].z, float))) == 50_000
    assert seen.density.counts.min() == 0
    points = np.concatenate([trace.customdata for trace in figure.data[1:]])
    assert sorted(points) == sorted(seen.drawn)
    place = next(trace for trace in figure.data if trace.type == "scattergl")
    row = int(place.customdata[0])
    window = Window(place.x[0] - 0.01, place.x[0] + 0.01, 1e-9, 1)
    near, closer = window_figure(
        crowd, view, colour, ("a", "b", "c"), positions(crowd.arrays, view), window
    )
    assert closer.density is None
    assert row in closer.drawn
    assert all(trace.type == "scattergl" for trace in near.data)


def test_mistakes_are_drawn_large_only_where_they_are_few(crowd):
    view = View("label", "confidence")
    some = Selection(crowd.arrays, crowd.mistakes()[:500])
    sizes = []
    for items in (crowd, some):
        figure = scatter_figure(items, view, "correct", ("a", "b", "c")).figure
        wrong = next(trace for trace in figure.data if (trace.name or "").startswith("wrong"))
        sizes.append(wrong.marker.size)
    assert sizes == [5, 9]


def test_what_is_seen_is_said_in_numbers_that_add_up(crowd):
    _, seen = scatter_figure(crowd, View("label", "confidence"), "label", ("a", "b", "c"))
    text = describe_seen(seen, ITEM)
    assert "10,000 of 60,000 items are drawn as points" in text
    assert "The other 50,000 are shown as density" in text
    wrong = int((crowd.arrays.correct == 0).sum())
    assert f"of {wrong:,} mistakes" in text
    few = Selection(crowd.arrays, np.arange(5))
    assert describe_seen(look(few, _places(crowd), LINEAR), ITEM) == ""
    table = pd.DataFrame(crowd.arrays.table)
    table.loc[:6, "confidence"] = np.nan
    _, missing = scatter_figure(
        Selection(ScoreArrays(table)), View("label", "confidence"), "label", ("a", "b", "c")
    )
    assert "7 items have no value on these axes." in describe_seen(missing, ITEM)


def test_a_table_without_labels_speaks_of_no_mistakes():
    unlabelled = np.full(60_000, UNLABELLED)
    confidence = np.random.default_rng(0).random(60_000).astype(np.float32)
    measures = {"prediction": np.zeros(60_000, int), "confidence": confidence}
    items = Selection(ScoreArrays(build_table(measures, unlabelled)))
    _, seen = scatter_figure(items, View("prediction", "confidence"), "prediction", ("a", "b"))
    assert "the least sure ones." in describe_seen(seen, ITEM)
    assert "mistake" not in describe_seen(seen, ITEM)


def _places(selection):
    return Positions(selection.arrays["confidence"], selection.arrays["confidence"])
