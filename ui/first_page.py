"""The answers that Explore gives before anybody chose anything, put into the caches it looks in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from PIL import Image

from core.figures.scatter import NO_TITLES
from core.study.study import Study
from ui import cache
from ui.controls import no_filter
from ui.faults import UNREADABLE
from ui.picked import Key, Picked
from ui.studies import LIBRARY
from ui.views import first_view


def draw(bundled: Mapping[str, tuple[str, Callable[[], Study]]]) -> None:
    """Read and draw the study that opens by itself; nothing if it cannot: the page says why.

    Args:
        bundled: Key -> title and what loads it.
    """
    for key, (title, load) in bundled.items():
        LIBRARY.bundle(key, title, load)
    with suppress(*UNREADABLE):
        _draw(next(iter(bundled)))


def _draw(key: str) -> None:
    """What the page reads up to its scatter; the card is read while a browser draws."""
    study = LIBRARY.load(key)
    if not study.models:
        return
    picked = Picked(Key(key, LIBRARY.version(key), "", next(iter(study.models))), study)
    wanted, (view, colour) = no_filter(picked), first_view(picked)
    cache.scatter(picked.key, wanted, view, colour, NO_TITLES).figure.to_json()
    cache.confusions(picked.key)
    Image.preinit()  # Streamlit looks at the page's icon
