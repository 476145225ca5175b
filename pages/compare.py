"""Which of two models, and where do they differ?"""

import streamlit as st

from ui.compare import sections
from ui.compare.answers import ALL
from ui.compare.items import opened_item, pick_outcome, scatter, tiles
from ui.compare.pair import pick_pair, prepare
from ui.compare.report import report_button
from ui.faults import fragment
from ui.state import close_page, open_page
from ui.studies import pick_study

open_page("compare")
st.title("Which of two models, and where do they differ?", anchor=False)
with st.sidebar:
    picked = pick_study()
pair = pick_pair(picked)
prepare(pair)
sections.answer(pair)
outcome = pick_outcome(pair)
listed = pair.table if outcome == ALL else pair.table[pair.table["outcome"] == outcome]
chart, card = st.columns([3, 2], gap="medium")
with chart:
    has_scatter = scatter(pair, outcome)


@fragment
def look() -> None:
    """The chosen item: a click on a point reruns this and nothing else."""
    opened_item(pair, listed, has_scatter)


with card:
    look()
tiles(pair, listed, outcome)
if pair.has_labels:
    sections.differences(pair)
    sections.labels(pair)
    sections.equal_coverage(pair)
    report_button(pair)
close_page()
