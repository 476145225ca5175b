"""What a page says and keeps while its server does not answer."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

from ui.components.registered import registered

_NO_LETTER = re.compile(r"[^a-zA-Z0-9_-]")
"""What Streamlit makes a dash of where a widget's key becomes a class of the page."""
_component = registered(__file__, "connected.js", isolate_styles=False)


def watch_connection() -> None:
    """Say on the page when the server is away."""
    _component(key="connection", data={})


def keep_last_key(item: str, keys: Mapping[str, str]) -> None:
    """Take the last key that was pressed while the server was away, if the same item comes back.

    Args:
        item: Names what the keys are about.
        keys: Key -> name of the widget that it presses.
    """
    run = str(time.monotonic_ns())  # another one each time: so the browser knows that it was drawn
    named = {key: _NO_LETTER.sub("-", name) for key, name in keys.items()}
    _component(key="last key", data={"item": item, "keys": named, "run": run})
