"""Studies that are deleted, cut, replaced or of a later version while they are open."""

import json
import shutil

import pytest
import streamlit as st

from tests.pages.any_study import (
    PAGES,
    ROOT,
    metric,
    opened,
    said,
)
from tests.pages.random_studies import ids, random_study


def test_a_study_deleted_while_open_ends_the_page_in_a_sentence(written):
    key = written(random_study(features=3))
    at = opened("explore", key, id="3")
    shutil.rmtree(ROOT / key)
    at.button(key="next").click().run()
    assert not at.exception
    assert "any" in said(at)


@pytest.mark.parametrize(
    ("file", "tier"),
    [
        ("study.json", "full"),
        ("items.parquet", "full"),
        ("net/values.npy", "full"),
        ("net/scores.parquet", "top-1"),
    ],
)
def test_a_study_cut_while_open_says_which_file(file, tier, written):
    key = written(random_study(ids=ids(40), out_of_sample=True, tier=tier))
    for page in ("explore", "trust calibration", "audit"):
        path = ROOT / key / file
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        at = opened(page, key, id="<b>")
        path.write_bytes(whole)
        if at.error:
            assert path.name in said(at)
            assert "open the" in said(at).lower() or "files anew" in said(at)
        elif page == "explore":
            pytest.fail("a cut file went unnoticed")
        st.cache_resource.clear()


def test_a_study_replaced_while_open_is_shown_anew(written):
    key = written(random_study(num_items=40))
    at = opened("explore", key)
    assert metric(at, "Shown") == "40 of 40"
    shutil.rmtree(ROOT / key)
    written(random_study(num_items=25, num_classes=5), key)
    at.run()
    assert not at.exception
    assert metric(at, "Shown") == "25 of 25"


def test_a_study_of_a_later_version_is_named_and_the_others_open(written):
    key = written(random_study())
    card = ROOT / key / "study.json"
    changed = json.loads(card.read_text())
    form = next(name for name in changed if name in {"form", "version", "schema"})
    card.write_text(json.dumps(changed | {form: 99}))
    for page in PAGES:
        at = opened(page, key)
        assert "later" in said(at).lower() or "newer" in said(at).lower()
    assert metric(opened("explore", "mnist"), "Shown") == "10,000 of 10,000"
