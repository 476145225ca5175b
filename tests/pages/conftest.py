import functools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.patience import SECONDS

# Every new AppTest reads the metadata of all installed packages to find components, which takes
# longer than most pages. They stay the same while tests run, and a server looks once, too.
manifest_scanner.scan_component_manifests = functools.cache(
    manifest_scanner.scan_component_manifests
)
APP = Path(__file__).parent.parent.parent / "navigation.py"


@pytest.fixture
def opened() -> Callable[..., AppTest]:
    """Opens a page of the app under a link: opened("pages/trust.py", model="article")."""
    st.cache_data.clear()

    def open_page(page: str = "", /, **link: str | list[str]) -> AppTest:
        at = AppTest.from_file(str(APP), default_timeout=SECONDS)
        if page:  # at once: no other page is drawn on the way
            at.switch_page(page)
        for key, said in link.items():
            at.query_params[key] = said
        return at.run()

    return open_page


@pytest.fixture
def own_decisions(tmp_path, monkeypatch):
    monkeypatch.setenv("PENUMBRA_DECISIONS", f"sqlite:///{tmp_path / 'decisions.sqlite3'}")
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def written(own_decisions):
    """Writes a study under a key for one test."""
    from core.stored.folder import write_study
    from tests.pages.any_study import ROOT

    keys = []

    def write(new, key="any"):
        keys.append(key)
        write_study(new, ROOT, key)
        return key

    yield write
    for key in keys:
        shutil.rmtree(ROOT / key, ignore_errors=True)
