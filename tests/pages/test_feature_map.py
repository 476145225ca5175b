"""The map of a study's features on Explore."""

import numpy as np

from core.stored.new_study import NewModel, NewStudy
from tests.pages.any_study import charts, opened, said, without_faults


def test_choosing_the_map_lays_it_out_once_and_shows_it(written):
    rng = np.random.default_rng(0)
    values = rng.dirichlet(np.ones(3), (1, 24))
    model = NewModel("net", "The net", values=values, features=rng.normal(size=(24, 4)))
    written(NewStudy("Mapped", ["a", "b", "c"], [model], rng.integers(0, 3, 24)))
    page = without_faults(opened("explore", view="map"))
    assert "t-SNE of its features" in said(page)
    assert "Map, first direction" in charts(page)["scatter"]["layout"]["xaxis"]["title"]["text"]
    assert "most like it" in said(opened("explore", view="map", id="3"))


def test_without_features_it_says_what_would_bring_the_map(written):
    values = np.random.default_rng(0).dirichlet(np.ones(3), (1, 24))
    written(NewStudy("Plain", ["a", "b", "c"], [NewModel("net", "The net", values=values)]))
    assert "an array features of shape" in said(opened("explore")).replace("`", "")
