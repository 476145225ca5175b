"""A cursor along a chart of steps: moved in the browser, told to the page where it rests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ui.components.registered import registered

_component = registered(__file__, "watch_plot.js", "cut_sprite.js")


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
    sprite: dict[str, Any],
    steps: Sequence[dict[str, Any]],
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
