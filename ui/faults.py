"""Files that cannot be read, said in a sentence where the page would be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

import streamlit as st

from core.study.artifact import ArtifactError
from core.study.study_error import StudyError
from ui import events
from ui.door import require_sign_in
from ui.words import plain

UNREADABLE = (ArtifactError, StudyError)


def say(sentence: str) -> None:
    """Show what is wrong; names in it are shown as they are, never as markup."""
    st.error(plain(sentence), icon=":material/broken_image:")


@contextmanager
def plain_sentences() -> Iterator[None]:
    """What cannot be read ends the page with its sentence, never with a traceback."""
    try:
        yield
    except UNREADABLE as error:
        events.fault(error, "file")
        say(str(error))


def fragment(draw: Callable[[], None]) -> Callable[[], None]:
    """A fragment of a page that ends in such a sentence too: it runs without its page."""

    @st.fragment
    @wraps(draw)
    def drawn() -> None:
        require_sign_in()
        with events.rerun(), plain_sentences():
            draw()

    return drawn
