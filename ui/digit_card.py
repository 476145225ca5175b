"""One digit with its picture, its probabilities, its measures and its likes."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import streamlit as st

from core.figures.digit import describe_probs, probs_figure
from core.measures.answer_text import describe_answer
from core.measures.register import Measure, measures_in
from core.measures.table import prob_columns
from core.study.classifiers import Classifier
from core.study.pngs import png
from ui import cache
from ui.components.sprite import sprite
from ui.components.tiles import tiles
from ui.decline import badge
from ui.state import choose

SIMILAR = 6


def digit_card(model: Classifier, index: int) -> None:
    """The test image `index` as the model sees it."""
    row = model.scores.loc[[index]].iloc[0]
    st.subheader(heading(index, row, model.class_names), anchor=False)
    mean_probs = row[prob_columns(model.scores)].to_numpy(np.float64)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        image(cache.images_of("test")[index], f"Picture of digit {index}")
        st.markdown(describe_answer(mean_probs, model.class_names), width=170)
    badge(row)
    st.html(_measure_rows(model, row, index))
    st.plotly_chart(
        probs_figure(mean_probs, cache.member_probs(model.name, index), model.class_names),
        key="probs",
        config={"displayModeBar": False},
        alt=describe_probs(mean_probs, model.class_names),
    )
    st.caption("The test digits most like it, to this network (label → prediction)")
    alike = model.scores.loc[cache.similar_digits(model.name, index, SIMILAR)]
    tiles(alike, sprite(len(model.scores), model.image_shape), "similar", choose, size=40)


def heading(index: int, row: pd.Series, class_names: tuple[str, ...]) -> str:
    """`Digit 247 · label 4 · predicted 6`."""
    label = "no label" if pd.isna(row["label"]) else f"label {class_names[int(row['label'])]}"
    return f"Digit {index} · {label} · predicted {class_names[int(row['prediction'])]}"


def image(pixels: np.ndarray, alt: str, size: int = 208) -> None:
    """One image, every pixel sharp."""
    source = base64.b64encode(png(pixels)).decode()
    st.html(
        f'<img class="digit" src="data:image/png;base64,{source}" alt="{alt}"'
        f' width="{size}" height="{size}">',
        width="content",
    )


def _measure_rows(model: Classifier, row: pd.Series, index: int) -> str:
    """Each measure with its place among all test images; numbers only, so no text to escape."""
    lines = [
        _measure_row(measure, float(row[measure.column]), model, index)
        for measure in measures_in(list(model.scores.columns), model.num_members)
        if pd.notna(row[measure.column])
    ]
    head = "<tr><th>measure</th><th>value</th><th>percentile</th></tr>"
    return f'<table class="measures">{head}{"".join(lines)}</table>'


def _measure_row(measure: Measure, found: float, model: Classifier, index: int) -> str:
    place = cache.ranks(model.name, measure.column).loc[index]
    unit = " <small>nats</small>" if measure.unit == "nats" else ""
    cells = (measure.title, f"{found:.4g}{unit}", f"{place:.1f}")
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
