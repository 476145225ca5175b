"""A scatter of more items than a browser draws: its windows by a route, its page, its lasso."""

import base64
import json
import os
import shutil
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
import streamlit as st

from core.figures.positions import View
from core.measures.filters import Filter
from core.stored.folder import write_study
from tests.pages.any_study import charts, opened, said, without_faults
from tests.pages.asked_routes import Browser
from tests.pages.random_studies import random_study
from ui.late_routes import ROUTES
from ui.picked import Key
from ui.scatter_address import scatter_address
from ui.studies import LIBRARY

ROOT = Path(os.environ["PENUMBRA_STUDIES"])
NAME, SIZE = "crowd", 60_000
VIEW = View("label", "confidence")


@pytest.fixture(scope="module")
def key():
    write_study(random_study(num_items=SIZE), ROOT, NAME)
    yield Key(NAME, LIBRARY.version(NAME), "", "net")
    shutil.rmtree(ROOT / NAME)
    st.cache_resource.clear()


@pytest.fixture
def browser():
    return Browser(ROUTES)


def numbers(said):
    found = np.frombuffer(base64.b64decode(said["bdata"]), said["dtype"])
    return found.reshape([int(n) for n in said["shape"].split(",")]) if "shape" in said else found


def rows_of(answer):
    traces = answer.json()["figure"]["data"]
    drawn = [numbers(t["customdata"]) for t in traces if t["type"] == "scattergl"]
    return np.concatenate(drawn) if drawn else np.zeros(0, int)


def test_a_window_comes_with_its_points_and_the_rest_as_density(browser, key):
    answer = browser.get(scatter_address(key, Filter(), VIEW, "label"))
    assert answer.status_code == 200
    heat = answer.json()["figure"]["data"][0]
    assert heat["type"] == "heatmap"
    counts = 10 ** numbers(heat["z"]).astype(float)
    assert round(np.nansum(counts)) + len(rows_of(answer)) == SIZE
    assert answer.json()["pages"] == 6
    assert f"of {SIZE:,} things are drawn as points" in answer.json()["said"]


def test_a_filtered_window_holds_exactly_the_items_that_pass_and_lie_in_it(browser, key):
    wanted = Filter(measure="margin", low=0.1, high=0.9, labels=(1,), only_mistakes=True)
    address = scatter_address(key, wanted, VIEW, "correct")
    answer = browser.get(f"{address}&x0=0.9&x1=1.1&y0=0&y1=0.7")
    scores = LIBRARY.load(NAME).models["net"].scores
    kept = scores[
        (scores["label"] == 1)
        & ~scores["correct"]
        & scores["margin"].between(0.1, 0.9)
        & (scores["confidence"] <= np.float32(0.7))
    ]
    spread = (kept.index.to_numpy(np.int64) * 2_654_435_761 % 2**32) / 2**32 - 0.5
    inside = kept.index[np.abs(0.72 * spread) <= 0.1]
    assert len(inside) > 10
    assert sorted(rows_of(answer)) == inside.tolist()
    assert answer.json()["said"] == ""


@pytest.mark.parametrize(
    "change",
    [
        {"filter": "{"},
        {"filter": "[]"},
        {"filter": "[" * 10_000},
        {"filter": '{"most": 0}'},
        {"filter": '{"low": "a"}'},
        {"filter": '{"low": NaN}'},
        {"filter": '{"low": 1' + "0" * 400 + "}"},
        {"filter": '{"labels": [3]}'},
        {"filter": '{"labels": 3}'},
        {"filter": '{"pair": [1]}'},
        {"filter": '{"measure": "label"}'},
        {"filter": '{"by_percentile": 1}'},
        {"filter": '{"colour": 1}'},
        {"view": '{"x": "label"}'},
        {"view": '{"x": "label", "y": "../x"}'},
        {"view": '{"x": "label", "y": "confidence", "log_y": true}'},
        {"colour": "x"},
        {"x0": "nan", "x1": "1", "y0": "0", "y1": "1"},
        {"x0": "a", "x1": "1", "y0": "0", "y1": "1"},
        {"page": "a"},
    ],
)
def test_what_no_scatter_asks_for_is_refused_in_a_sentence(browser, key, change):
    plain = {"version": key.version, "filter": "{}", "colour": "label"}
    plain |= {"view": json.dumps({"x": "label", "y": "confidence"})} | change
    query = "&".join(f"{name}={quote(text)}" for name, text in plain.items())
    answer = browser.get(f"/points/{NAME}/net?{query}")
    assert answer.status_code == 400
    assert answer.json()["said"].startswith("The scatter cannot be shown: ")


def test_other_versions_models_and_studies_are_refused(browser, key):
    address = scatter_address(key, Filter(), VIEW, "label")
    assert browser.get(address.replace(quote(key.version), "1")).status_code == 409
    assert browser.get(address.replace("/net?", "/other?")).status_code == 404
    assert browser.get(address.replace(NAME, "nothing")).status_code == 404
    assert browser.get(address.replace(NAME, "..%2Fcrowd")).status_code == 404
    assert browser.get(f"/points/{NAME}/net").status_code == 409


def test_the_page_shows_a_density_and_says_what_it_draws(key):
    at = without_faults(opened("explore", NAME))
    data = charts(at)["scatter"]["data"]
    assert data[0]["type"] == "heatmap"
    drawn = sum(len(numbers(trace["customdata"])) for trace in data[1:])
    assert drawn == 10_000
    assert f"{SIZE:,} of {SIZE:,}" in [each.value for each in at.metric]


def test_a_lasso_means_every_item_inside_drawn_or_not(key):
    at = opened("explore", NAME, area=["label confidence", "0.5 0 1.5 0 1.5 2 0.5 2"])
    ones = int((LIBRARY.load(NAME).dataset.labels == 1).sum())
    assert ones > 10_000
    assert f"{ones:,} things selected" in said(at)
    at = opened("explore", NAME, area=["label confidence", "-1 1.5 0.5 1.5 0.5 2 -1 2"])
    assert f"{SIZE:,} things shown" in said(at), "nothing lies in there"
    assert not at.exception
