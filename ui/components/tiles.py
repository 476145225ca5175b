"""A grid of test digits, each a button that opens its digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import streamlit as st
from pandas.api.typing import NAType

_HERE = Path(__file__)
_component = st.components.v2.component(
    "penumbra_tiles",
    js=_HERE.with_suffix(".js").read_text(),
    css=_HERE.with_suffix(".css").read_text(),
)


def tiles(
    table: pd.DataFrame,
    sprite: dict,
    key: str,
    on_pick: Callable[[int], None],
    chosen: int | None = None,
    size: int = 56,
    places: Sequence[int] | None = None,
    a_row: int | None = None,
) -> None:
    """Show the rows of a score table as tiles, in the table's order.

    Args:
        table: Some rows of a score table.
        sprite: See `ui.components.sprite.sprite`.
        key: Of this component.
        on_pick: Called with the index of the tile that was pressed.
        chosen: The index of the tile shown as pressed.
        size: Of a digit, in pixels.
        places: Where each row's digit is in the sheet; if None, at its index.
        a_row: How many stand side by side, smaller on a narrow screen; if None, as many as fit.
    """
    shown = [
        _tile(int(index), label, int(prediction)) | {"place": int(place)}
        for index, label, prediction, place in zip(
            table.index,
            table["label"],
            table["prediction"],
            table.index if places is None else places,
            strict=True,
        )
    ]
    show_tiles(shown, sprite, key, on_pick, chosen, size, a_row)


def show_tiles(
    shown: Sequence[dict],
    sprite: dict,
    key: str,
    on_pick: Callable[[int], None],
    chosen: int | None = None,
    size: int = 56,
    a_row: int | None = None,
) -> None:
    """As `tiles`, of tiles that say themselves what they are.

    Args:
        shown: Each with `index`, `place` in the sheet, `caption`, `title` and whether `wrong`.
        sprite: As there, like all that follow.
        key: Of this component.
        on_pick: Called with the index of the tile that was pressed.
        chosen: The index of the tile shown as pressed.
        size: Of a digit, in pixels.
        a_row: How many stand side by side.
    """

    def picked() -> None:
        index = st.session_state[key].get("picked")
        if index is not None:
            on_pick(int(index))

    _component(
        data={"tiles": list(shown), "sprite": sprite, "chosen": chosen, "size": size, "row": a_row},
        key=key,
        on_picked_change=picked,
    )


def _tile(index: int, label: int | NAType, prediction: int) -> dict:
    wrong = bool(pd.notna(label) and label != prediction)
    known = "no label" if pd.isna(label) else f"label {label}"
    return {
        "index": index,
        "caption": f"{'' if pd.isna(label) else label} → {prediction}",
        "title": f"Digit {index}, {known}, predicted {prediction}",
        "wrong": wrong,
    }
