"""An item in words: its text, or its columns."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from core.study.dataset import Dataset
from ui.words import plain

MOST_WORDS = 90
"""Letters of an item on a tile."""


def first_words(dataset: Dataset, rows: Sequence[int]) -> list[str]:
    """Each item's text, or its columns, as short as a tile; its id where there is neither."""
    if dataset.details is None or not len(rows):
        return dataset.ids.take(rows)
    found = dataset.details.take(rows)
    text = dataset.details.text
    if text is not None:
        return [_short(str(words)) for words in found[text]]
    return [_short(", ".join(f"{n} {v}" for n, v in row.items())) for row in _records(found)]


def details(dataset: Dataset, row: int) -> None:
    """One item's text and its further columns."""
    if dataset.details is None:
        return
    found = _records(dataset.details.take([row]))[0]
    text = found.pop(dataset.details.text, None) if dataset.details.text else None
    if text is not None:
        st.markdown(plain(str(text)))
    if found:
        lines = (f"<tr><td>{escape(n)}</td><td>{escape(v)}</td></tr>" for n, v in found.items())
        head = "<tr><th>column</th><th>value</th></tr>"
        st.html(f'<table class="measures">{head}{"".join(lines)}</table>')


def _records(found: pd.DataFrame) -> list[dict[str, str]]:
    texts = found.astype(object).where(found.notna(), "–")
    return [{str(n): _cell(v) for n, v in row.items()} for row in texts.to_dict("records")]


def _cell(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _short(text: str) -> str:
    plain_text = " ".join(text.split())
    return plain_text if len(plain_text) <= MOST_WORDS else f"{plain_text[: MOST_WORDS - 1]}…"
