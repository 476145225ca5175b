"""Which digits is the model unsure about, and why?"""

import streamlit as st

from core.figures.scatter import describe_scatter
from core.measures.register import measures_in
from ui import cache
from ui.components.hover import hover
from ui.components.sprite import sprite
from ui.controls import filter_controls, model_picker
from ui.digit_card import digit_card
from ui.gallery import gallery, in_order, stepper
from ui.state import choose, chosen, close_page, lassoed, open_page
from ui.summary import summary
from ui.take_away import take_away
from ui.views import view_controls

open_page("explore")
st.title("Which digits is the model unsure about, and why?", anchor=False)

with st.sidebar:
    model = model_picker()
    columns = [m.column for m in measures_in(list(model.scores.columns), model.num_members)]
    wanted = filter_controls(model.scores, columns, model.class_names)
shown = cache.filtered(model.name, wanted)
summary(shown, model)
view, colour = view_controls(columns, model.num_members)
if shown.empty:
    st.info("No digit meets this filter. Widen it, or reset it in the sidebar.")
    st.stop()


@st.fragment
def look() -> None:
    """The chosen digit: a click on a point reruns this and nothing else."""
    index = chosen(model.scores)
    hover("scatter", index, sprite(len(model.scores), model.image_shape), "hover", choose)
    stepper(in_order(shown, columns).index, index)
    if index is None:
        st.info(
            "**Hover** over a point to see its digit. **Click** it, or press **→**, to read why the"
            " model is unsure of it. Draw a **box** or **lasso** to list digits below.",
            icon=":material/touch_app:",  # without one Streamlit looks for an emoji: 0.1 s, once
        )
    else:
        digit_card(model, index)


chart, card = st.columns([3, 2], gap="medium")
with chart:
    event = st.plotly_chart(
        cache.scatter(model.name, wanted, view, colour),
        key="scatter",
        on_select="rerun",
        selection_mode=("box", "lasso"),
        config={"scrollZoom": True, "displaylogo": False},
        alt=describe_scatter(shown, view, colour),
    )
with card:
    look()

picked = lassoed(event)
listed = shown.loc[shown.index.isin(picked)] if picked else shown
gallery(listed, model, columns, f"{len(listed):,} digits {'selected' if picked else 'shown'}")
take_away(listed, f"penumbra-{model.name}")
close_page()
