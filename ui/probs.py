"""The class probabilities of one item as bars, with a ring for each member, or a strip of many.

Plain HTML: a chart would be drawn anew after each stroke and each key, and that takes the browser
longer than all the rest.
"""

from __future__ import annotations

from html import escape

import numpy as np

from core.figures.item_probs import MOST_RINGS, bars_shown


def probs_table(
    mean_probs: np.ndarray,
    member_probs: np.ndarray,
    class_names: tuple[str, ...],
    label: int | None = None,
) -> str:
    """A row per class: its name, its bar with the members' marks, its probability.

    Of more than 12 classes the ten most probable and the label.

    Args:
        mean_probs: (K,).
        member_probs: (S, K).
        class_names: The K names.
        label: Code of the label, if it is known.
    """
    top = int(mean_probs.argmax())
    rows = "".join(
        f'<tr class="{"top" if k == top else ""}"><th scope="row">{escape(name)}</th>'
        f"<td{_told(member_probs[:, k])}>{_bar(mean_probs[k], member_probs[:, k])}</td>"
        f"<td>{100 * mean_probs[k]:.1f} %</td></tr>"
        for k, name in ((k, class_names[k]) for k in bars_shown(mean_probs, label))
    )
    num_members = len(member_probs)
    mark = "ring" if num_members <= MOST_RINGS else "line"
    marks = f"; each {mark} is one of {num_members} members" if num_members > 1 else ""
    return f'<table class="probs"><caption>Probability of each class{marks}</caption>{rows}</table>'


def _bar(mean: float, members: np.ndarray) -> str:
    kind = "" if len(members) <= MOST_RINGS else ' class="strip"'
    marks = "".join(f'<i style="left:{p:.2%}"></i>' for p in members) if len(members) > 1 else ""
    return f'<div{kind}><b style="width:{mean:.2%}"></b>{marks}</div>'


def _told(members: np.ndarray) -> str:
    """What the rings show, for the mouse and for who cannot see them."""
    if len(members) == 1:
        return ""
    if len(members) > MOST_RINGS:
        least, middle, most = (f"{100 * p:.1f} %" for p in np.quantile(members, [0, 0.5, 1]))
        return f' title="the members: {least} to {most}, half of them below {middle}"'
    return f' title="the members: {", ".join(f"{100 * p:.1f} %" for p in members)}"'
