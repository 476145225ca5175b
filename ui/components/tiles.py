"""A grid of items, each a button that opens its item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypedDict, Unpack

import pandas as pd
import streamlit as st
from pandas.api.typing import NAType

from core.study.dataset import Dataset
from ui.components.registered import registered
from ui.components.sprite import some_sprites
from ui.items import first_words
from ui.words import noun_of, short

MOST_LETTERS = 24
"""Of a class name below a tile."""
_component = registered(__file__, "cut_sprite.js", "buttons.css")


class Look(TypedDict, total=False):
    """How a grid looks: `chosen`, the index of the tile shown as pressed; `size` of a picture, 56
    pixels unless said; `a_row`, how many stand side by side, smaller on a narrow screen, or as many
    as fit.
    """

    chosen: int | None
    size: int
    a_row: int


def tiles(
    dataset: Dataset,
    table: pd.DataFrame,
    key: str,
    on_pick: Callable[[int], None],
    pictures: str | None = None,
    **look: Unpack[Look],
) -> None:
    """Show the rows of a score table as tiles, in its order: label and prediction below each.

    Args:
        dataset: The items.
        table: Some rows of a score table, by row number; a few dozen.
        key: Of this component.
        on_pick: Called with the row number of the tile that was pressed.
        pictures: Where the browser finds each picture, see `ui.item_routes.tiles_url`; if None they
            go along, unless all of them are in the sheet that ships.
        look: See `Look`.
    """
    shown = [
        _tile(dataset, row, label, int(prediction))
        for row, label, prediction in zip(
            table.index.to_list(), table["label"], table["prediction"], strict=True
        )
    ]
    item_tiles(dataset, shown, key, on_pick, pictures, **look)


def item_tiles(
    dataset: Dataset,
    shown: Sequence[dict[str, Any]],
    key: str,
    on_pick: Callable[[int], None],
    pictures: str | None = None,
    **look: Unpack[Look],
) -> None:
    """As `tiles`, where `shown` says what stands below each item.

    Each has `index`, its row number, a `caption`, a `title`, and whether it is `wrong`.
    """
    rows = [int(tile["index"]) for tile in shown]
    by_address = pictures is not None and dataset.images is not None and dataset.sheet is None
    sheet, places = (None, rows) if by_address else some_sprites(dataset, rows)
    has_pictures = by_address or sheet is not None
    words = [""] * len(rows) if has_pictures else first_words(dataset, rows)
    whole = [
        tile | {"place": int(place), "text": text}
        for tile, place, text in zip(shown, places, words, strict=True)
    ]
    show_tiles(whole, sheet, key, on_pick, pictures if by_address else None, **look)


def show_tiles(
    shown: Sequence[dict[str, Any]],
    sprite: dict[str, Any] | None,
    key: str,
    on_pick: Callable[[int], None],
    pictures: str | None = None,
    **look: Unpack[Look],
) -> None:
    """As `item_tiles`, of pictures that need be no items.

    Each tile has its `place` in the sheet, too (`ui.components.sprite`); without a sheet, also its
    `text`, or it is found by its `place` at the address `pictures`.
    """

    def picked() -> None:
        index = st.session_state[key].get("picked")
        if index is not None:
            on_pick(int(index))

    _component(
        data={
            "tiles": list(shown),
            "sprite": sprite,
            "pictures": pictures,
            "chosen": look.get("chosen"),
            "size": look.get("size", 56),
            "row": look.get("a_row"),
        },
        key=key,
        on_picked_change=picked,
    )


def _tile(dataset: Dataset, row: int, label: int | NAType, prediction: int) -> dict[str, Any]:
    given = None if pd.isna(label) else short(dataset.class_names[int(label)])
    known = "no label" if given is None else f"label {given}"
    read = short(dataset.class_names[prediction])
    return {
        "index": row,
        "caption": " → ".join(short(name, MOST_LETTERS) for name in (given or "", read)),
        "title": f"{noun_of(dataset.noun).one.capitalize()} {short(dataset.ids[row])}, {known},"
        f" predicted {read}",
        "wrong": bool(given is not None and label != prediction),
    }
