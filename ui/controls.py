"""The widgets that several pages share; each returns plain values."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.measures.filters import Filter, confusions
from core.measures.register import BY_COLUMN, Measure
from ui.picked import Picked
from ui.readers import Read, classes, flag, number, one_of, span, whole
from ui.state import Field, reset, value, widget


def filter_fields(num_classes: int, measures: list[str]) -> dict[str, Field]:
    """The keys of the link that make up a filter."""
    fields = (
        Field("measure", measures[0], one_of(measures)),
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
    """The filter that people set, and a button that resets it."""
    st.subheader("Filter", anchor=False)
    fields = filter_fields(len(picked.class_names), picked.columns)
    by_measure = _measure_controls(fields, picked.columns)
    by_class = _class_controls(fields, picked)
    st.button(
        "Reset the filter",
        key="reset",
        icon=":material/restart_alt:",
        width="stretch",
        on_click=reset,
        args=(list(fields.values()),),
    )
    return Filter(**by_measure, **by_class)


def pick_measure(
    label: str, field: Field, measures: list[str], width: int | Literal["stretch"] = "stretch"
) -> Measure:
    """One measure out of those that say something for this model."""
    column = st.selectbox(
        label,
        measures,
        format_func=lambda name: BY_COLUMN[name].title,
        width=width,
        **widget(field),
    )
    return BY_COLUMN[column]


def _measure_controls(fields: dict[str, Field], measures: list[str]) -> dict:
    measure = pick_measure("Filter by", fields["measure"], measures)
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
            f"Percentile of {measure.title.lower()}",
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
        f"Show the N least sure, by {measure.title.lower()}",
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


def _class_controls(fields: dict[str, Field], picked: Picked) -> dict:
    class_names = picked.class_names
    codes = list(range(len(class_names)))
    show: dict[str, Any] = {"format_func": lambda code: class_names[code], "placeholder": "all"}
    labels = st.multiselect("Label", codes, **show, **widget(fields["true"]))
    predictions = st.multiselect("Predicted", codes, **show, **widget(fields["read"]))
    counts = confusions(picked.scores)
    pairs = [(int(label), int(prediction)) for label, prediction in counts.index]
    now = value(fields["pair"])
    pair = st.selectbox(
        "Confused pair",
        [*pairs, *([now] if now and now not in pairs else [])],
        format_func=lambda pair: _pair_name(pair, counts, class_names),
        placeholder="any",
        **widget(fields["pair"]),
    )
    return {
        "labels": tuple(labels),
        "predictions": tuple(predictions),
        "pair": pair,
        "only_mistakes": st.toggle("Only mistakes", **widget(fields["wrong"])),
    }


def _pair_name(pair: tuple[int, int], counts: pd.Series, class_names: tuple[str, ...]) -> str:
    true, read = (class_names[code] for code in pair)
    return f"{true} predicted as {read} ({counts.get(pair, 0)})"


def _pair(num_classes: int) -> Read:
    """Two different classes: the label, then the prediction."""

    def read(texts: list[str]) -> tuple[int, int]:
        classes(num_classes)(texts)
        if len(texts) != 2 or texts[0] == texts[1]:
            raise ValueError("it must be two different classes, the label and the prediction")
        return int(texts[0]), int(texts[1])

    return read
