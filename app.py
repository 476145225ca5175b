"""The web door to Penumbra: `streamlit run app.py` serves the pages and the items they show."""

import streamlit as st

from ui import export_routes, item_routes, scatter_routes
from ui.base_path import routes_below_base
from ui.middleware import MIDDLEWARE
from ui.page_table import pages_come_from_the_table
from ui.still_route import STILL

ROUTES = routes_below_base(
    [*item_routes.ROUTES, *scatter_routes.ROUTES, *export_routes.ROUTES, STILL]
)
pages_come_from_the_table()
app = st.App("navigation.py", routes=ROUTES, middleware=MIDDLEWARE)
