"""What the first visitor needs, made ready while their browser loads Streamlit's own scripts.

The pages' libraries take three quarters of a second of a processor, and the first page's answers
half as long. A server that made them before it answered would let the first visitor wait for both,
one after the other.
"""

from __future__ import annotations

import ast
import gc
import inspect
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import streamlit as st

from ui.prompt_answers import send_at_once

if TYPE_CHECKING:  # the server answers before NumPy is there
    from core.study.study import Study

Bundled = Mapping[str, tuple[str, Callable[[], "Study"]]]
LIBRARIES = ("core.figures.scatter", "core.figures.item_probs", "core.review.audit")
"""Between them they import every large library that Explore needs."""
ROOT = Path(__file__).parent.parent
SCRIPTS = (ROOT / "navigation.py", ROOT / "pages" / "explore.py")
"""What the first visit runs."""


def made_early(bundled: Bundled) -> Callable[[st.App], AbstractAsyncContextManager[None]]:
    """For `st.App(lifespan=…)`: begins, once the server answers, what the first page needs.

    A page that asks for the same meanwhile waits for it, as Python's imports and Streamlit's caches
    do.

    Args:
        bundled: Key -> title and what loads a study that ships; the first one opens by itself.
    """

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        send_at_once()
        Thread(target=_make_ready, args=(bundled,), name="first page", daemon=True).start()
        yield

    return lifespan


def _make_ready(bundled: Bundled) -> None:
    for name in (*LIBRARIES, *_parts_of(SCRIPTS)):
        import_module(name)
    # Half of all objects are modules and stay: Python need not look through them for garbage
    # again and again, and then collects that of the visitors before as much has gathered.
    gc.freeze()
    import_module("ui.first_page").draw(bundled)
    # Streamlit asks once what called it, and Python then looks for the file of every module.
    inspect.stack()


def _parts_of(scripts: Iterable[Path]) -> Iterator[str]:
    """The modules of `ui` that some scripts import."""
    for path in scripts:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "ui":
                yield from (f"ui.{name.name}" for name in node.names)
            elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("ui."):
                yield str(node.module)
