"""Is the model unsure where people are?"""

import streamlit as st

from ui import people
from ui.faults import fragment
from ui.missing import stop_without
from ui.people_example import suggest_people
from ui.state import close_page, open_page
from ui.studies import pick

open_page("people")
st.title("Is the model unsure where people are?", anchor=False)
with st.sidebar:
    picked = pick()

stop_without(picked, "people", "probabilities", instead=suggest_people)
people.answer(picked)
chart, card = st.columns([3, 2], gap="medium")
with chart:
    people.scatter(picked)
rows = people.rows_in_order(picked, people.pick_order())


@fragment
def look() -> None:
    """The chosen item: a click on a point reruns this and nothing else."""
    people.opened_item(picked, rows)


with card:
    look()
people.listed(picked, rows)
people.numbers(picked)
close_page()
