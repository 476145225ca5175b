"""Downloads of many items: sent from an address while they are made."""

import io
import os
import shutil
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st

from core.measures.selection import Selection
from core.stored.folder import write_study
from tests.pages.any_study import opened
from tests.pages.asked_routes import Browser
from tests.pages.random_studies import ids, random_study
from ui import base_path, cache, download, export_routes
from ui.base_path import routes_below_base
from ui.export_routes import offered
from ui.late_routes import ROUTES
from ui.picked import Key
from ui.studies import LIBRARY
from ui.take_away import pieces

ROOT = Path(os.environ["PENUMBRA_STUDIES"])
KEY = "exported"


@pytest.fixture
def key():
    write_study(random_study(num_classes=6, ids=ids(40), pictures="bytes"), ROOT, KEY)
    yield Key(KEY, LIBRARY.version(KEY), "", "net")
    shutil.rmtree(ROOT / KEY, ignore_errors=True)
    st.cache_resource.clear()


@pytest.fixture
def browser():
    return Browser(ROUTES)


def selection(key, rows=None):
    return Selection(cache.arrays(key), rows)


def address(key, some, ending="csv"):
    """Where a file of a selection is found."""
    make = partial(pieces, key, some.rows, ending)
    return f"{offered((key, some, ending), make)}/some-name.{ending}"


def test_a_selection_comes_in_every_form(key, browser):
    rows = np.array([2, 5, 30])
    some = selection(key, rows)
    answer = browser.get(address(key, some))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="some-name.csv"'
    table = pd.read_csv(io.BytesIO(answer.content))
    dataset = cache.picked(key).dataset
    assert [name.removeprefix("'") for name in table["id"]] == dataset.ids.take(rows)
    again = pd.read_parquet(io.BytesIO(browser.get(address(key, some, "parquet")).content))
    assert again.index.tolist() == dataset.ids.take(rows)
    assert {f"p_{k}" for k in range(6)} < set(again.columns)
    packed = browser.get(address(key, some, "zip")).content
    assert len(zipfile.ZipFile(io.BytesIO(packed)).namelist()) == 4


def test_the_same_selection_has_the_same_address_and_nobody_guesses_it(key, browser):
    some = selection(key, np.array([1]))
    assert address(key, some) == address(key, some)
    assert address(key, some) != address(key, selection(key, np.array([1])))
    answer = browser.get("/export/guessed/penumbra.csv")
    assert (answer.status_code, answer.content.decode()) == (404, export_routes.GONE)
    assert browser.get(address(key, some).replace(".csv", ".exe")).status_code == 404


def test_what_was_offered_long_ago_says_so(key, browser, monkeypatch):
    monkeypatch.setattr(export_routes, "MOST_OFFERED", 2)
    first = address(key, selection(key))
    for _ in range(2):
        address(key, selection(key))
    assert browser.get(first).content.decode() == export_routes.GONE


def test_a_study_that_is_deleted_meanwhile_ends_in_a_sentence(key, browser):
    found = address(key, selection(key))
    shutil.rmtree(ROOT / KEY)
    st.cache_resource.clear()
    answer = browser.get(found)
    assert answer.status_code in {404, 409}
    assert b"Traceback" not in answer.content


def test_many_items_are_offered_by_address(key, browser, monkeypatch):
    monkeypatch.setattr(download, "MOST_AT_ONCE", 10)
    at = opened("explore", KEY)
    assert not at.exception
    links = {link.proto.label: link.proto.url for link in at.get("link_button")}
    assert list(links) == ["CSV", "Parquet", "ZIP of the pictures with the table"]
    found = pd.read_csv(io.BytesIO(browser.get(links["CSV"]).content))
    assert len(found) == 40


def test_below_a_path_of_the_server_every_address_still_finds_its_file(key, monkeypatch):
    monkeypatch.setattr(base_path.st, "get_option", {"server.baseUrlPath": "/team/penumbra/"}.get)
    found = address(key, selection(key))
    assert found.startswith("/team/penumbra/export/")
    browser = Browser(routes_below_base(ROUTES))
    assert browser.get(found).status_code == 200
    assert browser.get(found.removeprefix("/team/penumbra")).status_code == 404
