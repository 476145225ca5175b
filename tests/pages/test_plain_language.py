"""The pages under the switch that leaves out units and names of methods."""

import re

import pytest

from core.measures.register import MEASURES
from tests.pages.any_study import charts, html
from ui import plain_language

NOT_FOR_PUPILS = re.compile(
    r"\bnats?\b|entrop|epistemic|aleatoric|mutual information|\b[EM]CE\b|\bNLL\b|Brier|AUROC|AURC|"
    r"AUGRC|\bLAC\b|\bR?APS\b|\balpha\b|temperature|logit|t-SNE|variation ratio|Wilson|quantile|"
    r"log-likelihood|miscalibrat|selective risk|pred_probs|\bbins?\b",
    re.IGNORECASE,
)
SHOWN = [
    ("pages/explore.py", {"id": "247"}),
    ("pages/explore.py", {"id": "247", "view": "split"}),
    ("pages/explore.py", {"view": "map", "model": "article"}),
    ("pages/trust.py", {}),
    ("pages/trust.py", {"wrong": "true"}),
    ("pages/trust.py", {"section": "declining", "id": "247"}),
    ("pages/trust.py", {"section": "sets"}),
]


def texts(page):
    """What a page says: its texts, the labels of its controls and what they offer."""
    kinds = (page.title, page.header, page.subheader, page.markdown, page.caption, page.info,
             page.warning)  # fmt: skip
    yield from (element.value for kind in kinds for element in kind)
    controls = (*page.selectbox, *page.slider, *page.select_slider, *page.number_input,
                *page.toggle, *page.button_group, *page.metric, *page.multiselect)  # fmt: skip
    for control in controls:
        yield control.label
        yield from getattr(control, "options", [])
    yield html(page)
    for chart in page.get("plotly_chart"):
        found = str(chart.proto.spec)
        yield from re.findall(r'"title":\{"text":"([^"]*)"', found)
        yield from re.findall(r'"name":"([^"]*)"', found)


@pytest.mark.parametrize(("page", "link"), SHOWN, ids=str)
def test_no_unit_and_no_name_of_a_method_is_left(opened, page, link):
    found = opened(page, plain="true", **link)
    assert not found.exception
    assert charts(found)
    assert found.toggle(key="plain").value
    assert not [text for text in texts(found) if NOT_FOR_PUPILS.search(text)]


def test_it_is_off_by_default_and_then_they_are_there(opened):
    found = opened("pages/trust.py")
    assert not found.toggle(key="plain").value
    assert [text for text in texts(found) if NOT_FOR_PUPILS.search(text)]


def test_a_press_writes_it_into_the_link_and_the_next_page_keeps_it(opened):
    page = opened("pages/trust.py")
    page.toggle(key="plain").set_value(True).run()
    assert page.session_state["_link"]["plain"] == ["true"]
    page.switch_page("pages/explore.py").run()
    assert page.toggle(key="plain").value


def test_a_link_to_what_has_no_plain_words_still_shows_it(opened):
    page = opened("pages/explore.py", plain="true", view="entropy", measure="margin")
    assert not page.exception and not page.warning
    assert page.selectbox(key="measure").value == "margin"


def test_every_measure_with_plain_words_is_one_of_the_registers():
    assert set(plain_language.MEASURES) <= {measure.column for measure in MEASURES}
