"""An item in words: its text, or its columns."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from core.study.dataset import Dataset
from ui.words import short

MOST_WORDS = 90
"""Letters of an item on a tile."""
MOST_LETTERS, MOST_COLUMNS, MOST_IN_A_CELL = 5_000, 40, 300
"""Letters of a text, and columns and letters of each, on an item's card."""


def first_words(dataset: Dataset, rows: Sequence[int]) -> list[str]:
    """Each item's text, or its columns, as short as a tile; its id where there is neither."""
    if dataset.details is None or not len(rows):
        return [_short(id) for id in dataset.ids.take(rows)]
    found = dataset.details.take(rows)
    text = dataset.details.text
    if text is not None:
        return [_short("–" if words is None else str(words)) for words in found[text]]
    return [_short(", ".join(f"{n} {v}" for n, v in row.items())) for row in _records(found)]


def details(dataset: Dataset, row: int) -> None:
    """One item's text and its further columns."""
    if dataset.details is None:
        return
    found = _records(dataset.details.take([row]))[0]
    text = found.pop(dataset.details.text, None) if dataset.details.text else None
    if text is not None:
        st.html(f'<p class="text">{escape(short(text, MOST_LETTERS))}</p>')
    if found:
        shown = {short(n): short(v, MOST_IN_A_CELL) for n, v in list(found.items())[:MOST_COLUMNS]}
        lines = (f"<tr><td>{escape(n)}</td><td>{escape(v)}</td></tr>" for n, v in shown.items())
        head = "<tr><th>column</th><th>value</th></tr>"
        st.html(f'<table class="measures details">{head}{"".join(lines)}</table>')
    if len(found) > MOST_COLUMNS:
        st.caption(f"{MOST_COLUMNS} of {len(found):,} columns.")


def _records(found: pd.DataFrame) -> list[dict[str, str]]:
    texts = found.astype(object).where(found.notna(), "–")
    return [{str(n): _cell(v) for n, v in row.items()} for row in texts.to_dict("records")]


def _cell(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _short(text: str) -> str:
    return short(" ".join(text[: 20 * MOST_WORDS].split()), MOST_WORDS)
