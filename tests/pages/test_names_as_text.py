"""Names, titles and ids of others are letters, in a link and on a page."""

import re

import pytest

from core.study.dataset import Noun
from tests.pages.any_study import (
    PAGES,
    TEXTS,
    html,
    metric,
    opened,
    said,
    spec,
    without_faults,
)
from tests.pages.random_studies import ids, random_study


def test_names_ids_and_titles_are_letters_never_markup(written):
    new = random_study(
        num_classes=6, num_members=5, title="<b>T</b> $x$", model_title="*M* <b>$y$</b>",
        ids=ids(40), items=TEXTS, text="text", noun=Noun("<b>th*ng", "$th*ngs$"),
    )  # fmt: skip
    key = written(new)
    for page in PAGES:
        at = without_faults(opened(page, key, id=ids(40)[0]))
        shown = (*at.title, *at.header, *at.markdown, *at.caption, *at.info, *at.warning)
        labelled = (*at.button, *at.metric, *at.selectbox, *at.segmented_control, *at.toggle)
        markdown = (*(each.value for each in shown), *(each.label for each in labelled))
        # The glossary sets formulas of its own.
        dollars = ("$x$", "$y$", "$th") if page == "glossary" else ("$",)
        for element in markdown:
            for name in ("<b>", *dollars, "*M*", "*star*", "th*ng", ":smile:"):
                bare = rf"(?<!\\){re.escape(name)}"
                assert not re.search(bare, element), (page, element)
        for name in ("<b>", "<i>"):
            assert name not in html(at)
            assert name not in spec(at)


@pytest.mark.parametrize("id", ids(10))
def test_every_id_opens_its_item_by_the_link(id, written):
    at = opened("explore", written(random_study(ids=ids(40))), id=id)
    assert "link says" not in said(at)
    shown = " ".join(id.split())[:79]
    assert any(shown in each.value.replace("\\", "").replace("\u2060", "") for each in at.header)


def test_a_link_with_an_unknown_item_of_a_study_names_two_that_are_there(written):
    at = opened("explore", written(random_study(ids=ids(40))), id="nowhere")
    assert "there is no such thing; the first is <b>, the last id-29" in said(at)


def test_another_study_is_picked_and_takes_no_filter_and_no_item_along(written):
    key = written(random_study())
    at = opened("explore", "mnist", model="article", index="247", true="4", reviewer="Ada")
    at.selectbox(key="study").set_value(key).run()
    assert not at.exception
    assert metric(at, "Shown") == "40 of 40"
    assert at.query_params == {"study": key, "reviewer": "Ada"}
    assert "link says" not in said(at)
