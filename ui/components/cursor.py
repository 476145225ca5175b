"""A cursor along a chart of steps: moved in the browser, told to the page where it rests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__)
_component = st.components.v2.component(
    "penumbra_cursor",
    js=_HERE.with_suffix(".js").read_text(),
    css=_HERE.with_suffix(".css").read_text(),
)


def step_of_cursor(
    x: float,
    at: str,
    answer: tuple[str, str, str],
    reason: str,
    bars: Sequence[tuple[str, float]],
    numbers: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """What a cursor shows at one step.

    Args:
        x: Its place on the chart's axis.
        at: The same in words.
        answer: A sign, the name of its colour, and the verdict.
        reason: What stands below the verdict.
        bars: Classes with their probabilities, the most probable first.
        numbers: Measures with their values.
    """
    sign, look, heading = answer
    return {
        "x": x, "at": at, "sign": sign, "look": look, "heading": heading, "reason": reason,
        "bars": [list(bar) for bar in bars], "numbers": [list(number) for number in numbers],
    }  # fmt: skip


def cursor(
    chart: str,
    id: str,
    at: int,
    titles: tuple[str, str],
    sprite: dict,
    steps: Sequence[dict],
    key: str,
    on_rest: Callable[[int], None],
) -> None:
    """Show the cursor of the chart under the key `chart`.

    Args:
        chart: The chart's key.
        id: Of these steps: with another one the cursor goes where `at` says.
        at: The step it stands at.
        titles: Of the slider, and of the picture for who cannot see it.
        sprite: The steps' pictures, see `ui.components.sprite`.
        steps: Of `step_of_cursor`.
        key: Of this component.
        on_rest: Called with the step that the cursor came to rest at.
    """

    def rested() -> None:
        step = st.session_state[key].get("at")
        if step is not None:
            on_rest(int(step))

    _component(
        data={
            "chart": chart, "id": id, "at": at, "title": titles[0], "alt": titles[1],
            "sprite": sprite, "steps": list(steps),
        },
        key=key,
        on_at_change=rested,
    )  # fmt: skip
