"""A grid of items, each a button that opens its item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import streamlit as st
from pandas.api.typing import NAType

from core.study.dataset import Dataset
from ui.components.sprite import some_sprites
from ui.items import first_words
from ui.words import noun_of, short

MOST_LETTERS = 24
"""Of a class name below a tile."""
_HERE = Path(__file__)
_component = st.components.v2.component(
    "penumbra_tiles",
    js=_HERE.with_suffix(".js").read_text(),
    css=_HERE.with_suffix(".css").read_text(),
)


def tiles(
    dataset: Dataset,
    table: pd.DataFrame,
    key: str,
    on_pick: Callable[[int], None],
    chosen: int | None = None,
    size: int = 56,
    a_row: int | None = None,
    pictures: str | None = None,
) -> None:
    """Show the rows of a score table as tiles, in the table's order.

    Args:
        dataset: The items.
        table: Some rows of a score table, by row number; a few dozen.
        key: Of this component.
        on_pick: Called with the row number of the tile that was pressed.
        chosen: The row number of the tile shown as pressed.
        size: Of a picture, in pixels.
        a_row: How many stand side by side, smaller on a narrow screen; if None, as many as fit.
        pictures: Where the browser finds each picture, see `ui.item_routes.tiles_url`; if None they
            go along, unless all of them are in the sheet that ships.
    """
    shown = [
        _tile(dataset, row, label, int(prediction))
        for row, label, prediction in zip(
            table.index.to_list(), table["label"], table["prediction"], strict=True
        )
    ]
    item_tiles(dataset, shown, key, on_pick, chosen, size, a_row, pictures)


def item_tiles(
    dataset: Dataset,
    shown: Sequence[dict],
    key: str,
    on_pick: Callable[[int], None],
    chosen: int | None = None,
    size: int = 56,
    a_row: int | None = None,
    pictures: str | None = None,
) -> None:
    """As `tiles`, of items that say themselves what stands below their picture or words.

    Args:
        dataset: The items.
        shown: Each with `index`, its row number, `caption`, `title` and whether `wrong`.
        key: Of this component.
        on_pick: Called with the row number of the tile that was pressed.
        chosen: The row number of the tile shown as pressed.
        size: Of a picture, in pixels.
        a_row: How many stand side by side.
        pictures: As in `tiles`.
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
    show_tiles(whole, sheet, key, on_pick, chosen, size, a_row, pictures if by_address else None)


def show_tiles(
    shown: Sequence[dict],
    sprite: dict | None,
    key: str,
    on_pick: Callable[[int], None],
    chosen: int | None = None,
    size: int = 56,
    a_row: int | None = None,
    pictures: str | None = None,
) -> None:
    """As `tiles`, of tiles that say themselves what they are.

    Args:
        shown: Each with `index`, `place` in the sheet, `caption`, `title` and whether `wrong`;
            without a sheet also `text`.
        sprite: See `ui.components.sprite`; None where there are no pictures.
        key: Of this component.
        on_pick: Called with the index of the tile that was pressed.
        chosen: The index of the tile shown as pressed.
        size: Of a picture, in pixels.
        a_row: How many stand side by side.
        pictures: Where the browser finds the picture of each `place`, in place of a sheet.
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
            "chosen": chosen,
            "size": size,
            "row": a_row,
        },
        key=key,
        on_picked_change=picked,
    )


def _tile(dataset: Dataset, row: int, label: int | NAType, prediction: int) -> dict:
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
