"""The pages come from the table in `navigation.py`, from the first visitor on."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


def pages_come_from_the_table() -> None:
    """Tell Streamlit, before anybody comes, that it need not look into the folder `pages`.

    Beside such a folder it takes an app for one of its older kind until `st.navigation` is called
    once: a server's first visitor would see the names of files for a menu, and a link straight to a
    page would run that page alone. It has no option for this.
    """
    PagesManager.uses_pages_directory = False


def through_the_table() -> None:
    """Run `navigation.py` around a page where something else than `app.py` began."""
    if PagesManager.uses_pages_directory:
        pages_come_from_the_table()
        st.rerun()
