"""The widgets that several pages share; each returns plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import streamlit as st

from core.measures.filters import Filter
from core.measures.register import BY_COLUMN, Measure
from ui import cache
from ui.area import AREA
from ui.missing import note_without
from ui.picked import Picked
from ui.plain_language import measure_title, offered, plain_switch
from ui.readers import Read, classes, flag, number, one_of, span, whole
from ui.state import Field, reset, value, widget

MOST_OFFERED, MOST_PAIRS = 1_000, 200
"""Classes, and confused pairs, that a control offers."""


def filter_fields(num_classes: int, measures: list[str]) -> dict[str, Field]:
    """The keys of the link that make up a filter."""
    fields = (
        Field("measure", measures[0] if measures else "", one_of(measures)),
        Field("by", "percentile", one_of(("percentile", "value"))),
        Field("percent", (0.0, 100.0), span(0, 100)),
        Field("from", None, number),
        Field("to", None, number),
        Field("most", None, whole(1, 10**9)),
        Field("true", [], classes(num_classes)),
        Field("read", [], classes(num_classes)),
        Field("wrong", False, flag),
        Field("pair", None, _pair(num_classes)),
    )
    return {field.key: field for field in fields}


def filter_controls(picked: Picked) -> Filter:
    """The filter that people set; a button resets it and what was drawn on the scatter."""
    plain_switch()
    st.header("Filter", anchor=False)
    fields = filter_fields(len(picked.class_names), picked.columns)
    by_measure = _measure_controls(fields, picked.columns) if picked.columns else {}
    by_class = _class_controls(fields, picked)
    reset_button(picked, "reset")
    return Filter(**by_measure, **by_class)


def no_filter(picked: Picked) -> Filter:
    """The filter that nobody has set yet."""
    measure = picked.columns[:1]
    return Filter(measure[0], by_percentile=True) if measure else Filter()


def reset_button(picked: Picked, key: str) -> None:
    """A button that widens the filter to everything, and forgets what was drawn."""
    fields = filter_fields(len(picked.class_names), picked.columns)
    st.button(
        "Reset the filter",
        key=key,
        icon=":material/restart_alt:",
        width="stretch",
        on_click=reset,
        args=([*fields.values(), Field(AREA, None, str)],),
    )


def pick_measure(
    label: str, field: Field, measures: list[str], width: int | Literal["stretch"] = "stretch"
) -> Measure:
    """One measure out of those that say something for this model."""
    titles = {name: measure_title(name) for name in offered(measures, value(field))}
    column = st.selectbox(
        label,
        list(titles),
        format_func=titles.__getitem__,
        width=width,
        **widget(field),
    )
    return BY_COLUMN[column]


def _measure_controls(fields: dict[str, Field], measures: list[str]) -> dict[str, Any]:
    measure = pick_measure("Filter by", fields["measure"], measures)
    title = measure_title(measure.column).lower()
    by = st.segmented_control(
        "given by",
        ["percentile", "value"],
        required=True,
        label_visibility="collapsed",
        width="stretch",
        **widget(fields["by"]),
    )
    if by == "percentile":
        ends = st.slider(
            f"Percentile of {title}",
            0.0,
            100.0,
            step=0.1,
            format="%.1f",
            **widget(fields["percent"]),
        )
        low, high = ends if ends != (0, 100) else (None, None)
    else:
        columns = st.columns(2)
        unit = measure.unit or "value"
        low = columns[0].number_input(f"from ({unit})", format="%g", **widget(fields["from"]))
        high = columns[1].number_input(f"to ({unit})", format="%g", **widget(fields["to"]))
    most = st.number_input(
        f"Show the N least sure, by {title}",
        min_value=1,
        placeholder="all",
        **widget(fields["most"]),
    )
    return {
        "measure": measure.column,
        "low": low,
        "high": high,
        "by_percentile": by == "percentile",
        "most": most,
    }


def _class_controls(fields: dict[str, Field], picked: Picked) -> dict[str, Any]:
    predictions = _classes("Predicted", "prediction", fields["read"], picked)
    if not note_without(picked, "labels", "filter by label, mistake or confused pair"):
        return {"predictions": tuple(predictions)}
    return {
        "labels": tuple(_classes("Label", "label", fields["true"], picked)),
        "predictions": tuple(predictions),
        "pair": _pair_control(fields["pair"], picked),
        "only_mistakes": st.toggle("Only mistakes", **widget(fields["wrong"])),
    }


def _classes(label: str, column: str, field: Field, picked: Picked) -> list[int]:
    """Classes by name; people find them by typing."""
    names, now = picked.class_names, value(field)
    codes: Sequence[int] = range(len(names))
    if len(names) > MOST_OFFERED:
        codes = sorted({*cache.frequent(picked.key, column, MOST_OFFERED), *now})
    found = st.multiselect(
        label, codes, format_func=names.__getitem__, placeholder="all", **widget(field)
    )
    if len(names) > MOST_OFFERED:
        st.caption(f"The {MOST_OFFERED:,} most frequent of {len(names):,} classes.")
    return found


def _pair_control(field: Field, picked: Picked) -> tuple[int, int] | None:
    counts, now = cache.confusions(picked.key), value(field)
    offered_pairs = counts.iloc[:MOST_PAIRS]
    times = dict(zip(offered_pairs.index.to_list(), offered_pairs.to_list(), strict=True))
    if now:
        times.setdefault(now, counts.get(now, 0))
    found = st.selectbox(
        "Confused pair",
        list(times),
        format_func=lambda pair: _pair_name(pair, times[pair], picked.class_names),
        placeholder="any",
        **widget(field),
    )
    if len(counts) > MOST_PAIRS:
        st.caption(f"The {MOST_PAIRS} most frequent of {len(counts):,} confused pairs.")
    return found


def _pair_name(pair: tuple[int, int], times: int, class_names: tuple[str, ...]) -> str:
    true, read = (class_names[code] for code in pair)
    return f"{true} predicted as {read} ({times})"


def _pair(num_classes: int) -> Read:
    """Two different classes: the label, then the prediction."""

    def read(texts: list[str]) -> tuple[int, int]:
        classes(num_classes)(texts)
        if len(texts) != 2 or texts[0] == texts[1]:
            raise ValueError("it must be two different classes, the label and the prediction")
        return int(texts[0]), int(texts[1])

    return read
