"""The web door to Penumbra: `streamlit run app.py` serves the pages and the items they show."""

import streamlit as st

from ui.item_routes import ROUTES
from ui.response_headers import MIDDLEWARE

app = st.App("navigation.py", routes=ROUTES, middleware=MIDDLEWARE)
