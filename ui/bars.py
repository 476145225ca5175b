"""Class probabilities as plain HTML: it changes with every key press, and a chart would be late."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from core.figures import palette
from core.figures.digit import describe_probs


def probs_bars(
    mean_probs: np.ndarray, member_probs: np.ndarray, class_names: tuple[str, ...]
) -> None:
    """A bar a class and, with more than one member, a ring a member; hover says the numbers.

    Args:
        mean_probs: (K,).
        member_probs: (S, K).
        class_names: The K names.
    """
    members = member_probs if len(member_probs) > 1 else member_probs[:0]
    top = int(mean_probs.argmax())
    columns = (
        _column(name, mean_probs[k], members[:, k], palette.ACCENT if k == top else palette.UNKNOWN)
        for k, name in enumerate(class_names)
    )
    said = escape(describe_probs(mean_probs, class_names), quote=True)
    scale = "<span>1</span><span>0.5</span><span>0</span>"
    st.html(
        f'<div class="bars" role="img" aria-label="{said}"><div class="scale">{scale}</div>'
        f"{''.join(columns)}</div>"
    )


def _column(name: str, mean: float, members: np.ndarray, colour: str) -> str:
    rings = "".join(
        f'<b style="bottom:{share:.2%};border-color:{palette.WRONG}"></b>' for share in members
    )
    each = f"; members {', '.join(f'{share:.3f}' for share in members)}" if len(members) else ""
    title = escape(f"{name}: {mean:.4f}{each}", quote=True)
    bar = f'<i style="height:{mean:.2%};background:{colour}"></i>'
    return f'<div title="{title}"><div class="bar">{bar}{rings}</div>{escape(name)}</div>'
