"""Page configuration, the studies that ship, and the table of pages: what every run begins with."""

from pathlib import Path

import streamlit as st

from examples import BUNDLED, WITH_PEOPLE
from ui import events
from ui.components.connection import watch_connection
from ui.door import require_sign_in, who_is_here
from ui.faults import plain_sentences
from ui.look import wear
from ui.offered import OFFERED
from ui.refused_uploads import say_refused
from ui.studies import LIBRARY

HERE = Path(__file__).parent

st.set_page_config(page_title="Penumbra", layout="wide")
wear()
require_sign_in()
st.set_page_config(page_icon=str(HERE / "static" / "icon.png"))
st.logo(HERE / "static" / "wordmark.svg", size="large", icon_image=HERE / "static" / "icon.png")
for key, (title, load) in BUNDLED.items():
    LIBRARY.bundle(key, title, load)
OFFERED[:] = [WITH_PEOPLE]
PAGES = [
    st.Page("pages/explore.py", title="Explore", icon=":material/scatter_plot:", default=True),
    st.Page("pages/open.py", title="Open", icon=":material/folder_open:"),
    st.Page("pages/draw.py", title="Draw", icon=":material/draw:"),
    st.Page("pages/trust.py", title="Trust", icon=":material/balance:"),
    st.Page("pages/stress.py", title="Stress", icon=":material/vital_signs:"),
    st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
    st.Page("pages/people.py", title="People", icon=":material/groups:"),
    st.Page("pages/audit.py", title="Audit", icon=":material/fact_check:"),
    st.Page("pages/glossary.py", title="Glossary", icon=":material/menu_book:"),
]
page = st.navigation(PAGES, position="top")
with st.container(horizontal=True, key="phone-pages"):  # elsewhere they stand on top
    for each in PAGES:
        st.page_link(each, label=each.title)
watch_connection()
who_is_here()
say_refused()
with events.rerun(page.url_path or "explore"), plain_sentences():
    page.run()
