"""The web door to Penumbra: page configuration and the table of pages."""

from pathlib import Path

import streamlit as st

st.set_page_config(page_title="Penumbra", page_icon=":material/blur_on:", layout="wide")
st.html(Path(__file__).parent / "ui" / "style.css")
page = st.navigation(
    [
        st.Page("pages/explore.py", title="Explore", icon=":material/scatter_plot:", default=True),
        st.Page("pages/glossary.py", title="Glossary", icon=":material/menu_book:"),
    ],
    position="top",
)
page.run()
