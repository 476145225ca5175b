"""The compare page through the front door."""

import numpy as np
import pytest

from core.stored.new_study import NewModel, NewStudy
from core.study.dataset import Noun
from tests.pages.any_study import charts, html, opened, said, without_faults

NUM_ITEMS = 40


def two_models(labels=True, **changed):
    """Three classes; the second model fixes item 3 and breaks item 7."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, NUM_ITEMS)
    right = np.full((NUM_ITEMS, 3), 0.1)
    right[np.arange(NUM_ITEMS), codes] = 0.8
    old, new = right.copy(), 0.9 * right + 0.1 / 3
    for values, row in ((old, 3), (new, 7)):
        values[row] = np.roll(values[row], 1)
    models = [NewModel(name, name.title(), values=v[None]) for name, v in
              (("old", old), ("new", new))]  # fmt: skip
    ids = [f"item-{n}" for n in range(NUM_ITEMS)]
    return NewStudy(
        "Two <b>", ["a", "b_*c*", "d"], models, codes if labels else None, Noun("row", "rows"),
        ids, **changed,
    )  # fmt: skip


def test_mnist_compares_at_once_with_the_answer_first(request):
    page = without_faults(request.getfixturevalue("opened")("pages/compare.py", study="mnist"))
    text = said(page)
    assert "The ensemble fixes " in text
    assert "McNemar" in text
    assert set(charts(page)) == {"beside", "differences", "labels", "coverage"}


def test_what_was_fixed_and_broken_is_listed_by_the_link(written):
    written(two_models())
    page = without_faults(opened("compare", baseline="old", candidate="new", outcome="fixed"))
    assert "New fixes the only mistake of Old and adds 1 of its own." in said(page)
    assert "1 row that the candidate fixes" in said(page)
    (points,) = [t for t in charts(page)["beside"]["data"] if "customdata" in t]
    assert points["name"] == "Fixed (1)"


def test_swapping_turns_fixed_into_broken(written):
    written(two_models())
    page = opened("compare", baseline="old", candidate="new", outcome="broken", id="item-7")
    assert "Row item-7" in said(page)
    page.button(key="swap").click().run()
    assert page.query_params["baseline"] == "new"
    assert page.query_params["candidate"] == "old"
    assert "Old fixes the only mistake of New and adds 1 of its own." in said(page)


def test_an_opened_item_shows_both_models_and_the_way_to_explore(written):
    written(two_models())
    page = without_faults(opened("compare", baseline="old", candidate="new", id="item-3"))
    assert {"probs old", "probs new"} <= set(charts(page))
    assert "gives the label" in html(page)
    links = [each.proto for each in page.get("page_link") if "with" in each.proto.label]
    assert {"Explore with Old", "Explore with New"} == {link.label for link in links}
    assert all("id=item-3" in link.query_string for link in links)


@pytest.mark.parametrize(
    "link", [{"baseline": "nobody"}, {"candidate": "old", "baseline": "old"}, {"outcome": "odd"},
             {"order": "luck"}, {"id": "none"}]
)  # fmt: skip
def test_a_link_that_makes_no_sense_is_said_and_left_aside(written, link):
    written(two_models())
    page = without_faults(opened("compare", **link))
    assert next(iter(link)) in " ".join(w.value for w in page.warning) or "baseline" in link


def test_without_labels_it_says_where_the_answers_differ(written):
    written(two_models(labels=False))
    text = said(without_faults(opened("compare")))
    assert "give the same answer on 38 of 40 rows" in text
    assert "no labels" in text


def test_a_study_of_one_model_says_how_to_get_another(written):
    whole = two_models()
    written(NewStudy(whole.title, whole.class_names, whole.models[:1], whole.labels, ids=whole.ids))
    text = said(opened("compare"))
    assert "This study has one model" in text
    assert "--add-to any" in text


def test_answers_alone_compare_by_accuracy(written):
    whole = two_models()
    codes = [model.values[0].argmax(1) for model in whole.models]
    models = [NewModel(f"m{n}", f"M {n}", tier="answers", prediction=c) for n, c in
              enumerate(codes)]  # fmt: skip
    written(NewStudy("Two", whole.class_names, models, whole.labels, ids=whole.ids))
    page = without_faults(opened("compare", id="item-3"))
    assert "beside" not in charts(page)
    assert "predicted classes only" in said(page)
