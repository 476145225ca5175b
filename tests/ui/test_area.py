"""What was drawn around items goes into the link and comes back as it was."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.figures.positions import View
from core.stored.folder import open_study, write_study
from tests.pages.random_studies import random_study
from ui.area import MOST_CORNERS, MOST_OUTLINES, Area, _read, as_texts
from ui.picked import Key, Picked

VIEW = View("label", "least_confidence", log_y=True)
TRIANGLE = ((0.5, 2.25, 1.0), (0.01, 0.5, 0.125))


@pytest.fixture(scope="module")
def picked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("area")
    write_study(random_study(), folder, "random")
    return Picked(Key("random", "", "", "net"), open_study(folder / "random"))


def test_what_is_drawn_comes_back(picked):
    texts = as_texts(VIEW, [TRIANGLE, TRIANGLE])
    assert texts[0] == "label least_confidence y"
    assert _read(texts, picked) == Area(VIEW, (TRIANGLE, TRIANGLE))
    assert as_texts(VIEW, []) == []


def test_a_long_lasso_keeps_its_shape_in_few_corners(picked):
    angle = np.linspace(0, 2 * np.pi, 1_000, endpoint=False)
    area = _read(as_texts(VIEW, [(np.cos(angle) + 2, np.sin(angle) + 2)]), picked)
    x, y = (np.array(ends) for ends in area.outlines[0])
    assert 20 <= len(x) <= MOST_CORNERS
    size = abs(np.sum(x * np.roll(y, 1) - y * np.roll(x, 1))) / 2
    assert abs(size / np.pi - 1) < 0.03


def test_of_many_outlines_the_last_are_kept(picked):
    texts = as_texts(VIEW, [((k, k + 1, k), (1, 1, 2)) for k in range(20)])
    assert [outline[0][0] for outline in _read(texts, picked).outlines] == [*range(14, 20)]
    assert len(texts) == MOST_OUTLINES + 1


def test_an_area_is_drawn_only_on_its_own_axes():
    area = Area(VIEW, (TRIANGLE,))
    assert area.on(VIEW) == (TRIANGLE,)
    assert area.on(View("label", "least_confidence")) == ()


def test_a_lasso_on_a_chart_that_is_gone_ends_nothing():
    def page() -> None:
        import streamlit as st

        from core.figures.positions import View
        from ui.area import write_drawn

        write_drawn("a chart", View("label", "confidence"))
        st.write(str(st.query_params.to_dict()))

    run = AppTest.from_function(page).run()
    assert not run.exception
    assert run.markdown[0].value == "{}"
