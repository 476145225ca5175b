"""The app behind its response headers, for the test of them."""

from pathlib import Path

import streamlit as st

from ui.response_headers import MIDDLEWARE

app = st.App(Path(__file__).resolve().parents[2] / "app.py", middleware=MIDDLEWARE)
