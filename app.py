"""The web door to Penumbra: `streamlit run app.py` serves the pages and the items they show."""

import streamlit as st

from examples import BUNDLED
from ui import events
from ui.base_path import routes_below_base
from ui.early import made_early
from ui.fair_turns import take_short_turns
from ui.late_routes import ROUTES
from ui.middleware import MIDDLEWARE
from ui.page_table import pages_come_from_the_table

take_short_turns()
pages_come_from_the_table()
app = st.App(
    "navigation.py",
    routes=routes_below_base(ROUTES),
    middleware=MIDDLEWARE,
    lifespan=made_early(BUNDLED),
    on_script_error=events.uncaught,
)
