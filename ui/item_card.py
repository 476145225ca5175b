"""One item with its picture or text, its probabilities, its measures and its likes."""

from __future__ import annotations

import base64
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from core.figures.item_probs import describe_probs, probs_figure
from core.measures.answer_text import describe_answer
from core.measures.register import BY_COLUMN, Measure
from core.measures.verdict import judge, reason, sentence
from core.study.dataset import Noun
from core.study.pngs import png
from ui import cache
from ui.components.tiles import tiles
from ui.item_routes import tiles_url
from ui.items import details
from ui.missing import note_without
from ui.picked import Picked
from ui.plain_language import in_plain_words, is_plain, measure_title, offered
from ui.referral_rule import badge
from ui.state import choose
from ui.stress.links import bend_item
from ui.verdicts import LOOKS
from ui.words import plain, short

SIMILAR = 6
PICTURE = 164


def item_card(picked: Picked, number: int) -> None:
    """The item on row `number` as the model sees it."""
    row = picked.scores.iloc[[number]].iloc[0]
    st.header(plain(heading(picked, number, row)), anchor=False)
    known = picked.model.has_distribution
    members = cache.member_probs(picked.key, number) if known else None
    pictured = picked.dataset.images is not None
    beside = st.columns([2, 3], vertical_alignment="center") if pictured else [st.container()] * 2
    with beside[0]:
        picture(picked, number)
    if members is not None:
        with beside[1]:
            answer(picked, row, members.mean(0))
    details(picked.dataset, number)
    badge(row)
    if members is None:
        note_without(picked, "probabilities", "bar for each class")
    else:
        _probs(picked, row, members)
    if picked.columns:
        st.html(measure_rows(picked, row, number))
    bend_item(picked, number)
    _alike(picked, number)


def how_to_look(noun: Noun) -> str:
    """What a mouse and the keys do on the scatter."""
    return (
        f"**Click** a point, or press **→**, to open its {noun.one}; a **box** or **lasso** lists"
        f" {noun.many} below; **Ctrl** + wheel zooms."
    )


def answer(picked: Picked, row: pd.Series, probs: np.ndarray) -> None:
    """What kind of answer it is, where held-out items say what is usual; else what is in play."""
    names, noun = picked.class_names, picked.noun
    if picked.key.model not in picked.study.held_out:
        st.markdown(plain(describe_answer(probs, names)))
        return
    measured = row.to_dict()
    kind = judge(measured, cache.thresholds(picked.key))
    look, model = LOOKS[kind], picked.model
    said = reason(kind, measured, probs, names, noun, model.num_members, model.member)
    st.markdown(
        f"**:{look.colour}[{look.icon}] {plain(sentence(kind, probs, names, noun))}**\n\n"
        f"{plain(in_plain_words(said))}"
    )


def heading(picked: Picked, number: int, row: pd.Series) -> str:
    """`Digit 247 · label 4 · predicted 6`."""
    names = picked.class_names
    label = "no label" if pd.isna(row["label"]) else f"label {short(names[int(row['label'])])}"
    prediction = short(names[int(row["prediction"])])
    return f"{named(picked, number)} · {label} · predicted {prediction}"


def named(picked: Picked, number: int) -> str:
    """`Digit 247`."""
    return f"{picked.noun.one.capitalize()} {short(picked.dataset.ids[number])}"


def picture(picked: Picked, number: int, size: int = PICTURE) -> None:
    """An item's picture, or why there is none to see; nothing for items without pictures."""
    if picked.dataset.images is None:
        return
    try:
        pixels = picked.dataset.images.image(number)
    except ValueError as error:
        st.warning(plain(str(error)), icon=":material/broken_image:")
        return
    image(pixels, f"Picture of {named(picked, number)}", size)


def image(pixels: np.ndarray, alt: str, size: int = PICTURE) -> None:
    """One image, every pixel sharp, its longest side `size` pixels."""
    source = base64.b64encode(png(pixels)).decode()
    height, width = (max(1, size * side // max(pixels.shape[:2])) for side in pixels.shape[:2])
    st.html(
        f'<img class="digit" src="data:image/png;base64,{source}" alt="{escape(alt)}"'
        f' width="{width}" height="{height}">',
        width="content",
    )


def _probs(picked: Picked, row: pd.Series, members: np.ndarray) -> None:
    label = None if pd.isna(row["label"]) else int(row["label"])
    mean_probs = members.mean(0)
    st.plotly_chart(
        probs_figure(mean_probs, members, picked.drawn_names, label),
        key="probs",
        config={"displayModeBar": False},
        alt=describe_probs(mean_probs, picked.class_names),
    )


def _alike(picked: Picked, number: int) -> None:
    alike = cache.similar_items(picked.key, number, SIMILAR)
    if not alike:
        return
    st.caption(f"The {picked.noun.many} most like it, to this network (label → prediction)")
    rows = picked.scores.iloc[alike]
    pictures = None if picked.key.part else tiles_url(picked.key)
    opens = lambda row: choose(picked.dataset, row)  # noqa: E731
    tiles(picked.dataset, rows, "similar", opens, size=40, pictures=pictures)


def measure_rows(picked: Picked, row: pd.Series, number: int) -> str:
    """Each measure with its place among all items; numbers only, so no text to escape."""
    lines = [
        _measure_row(BY_COLUMN[name], float(row[name]), picked, number)
        for name in offered(picked.columns, "")
        if pd.notna(row[name])
    ]
    head = "<tr><th>measure</th><th>value</th><th>percentile</th></tr>"
    if is_plain():
        share = f"at least as much as in this share of the {picked.noun.many}"
        head = f"<tr><th></th><th>{share}</th></tr>"
    return f'<table class="measures">{head}{"".join(lines)}</table>'


def _measure_row(measure: Measure, found: float, picked: Picked, number: int) -> str:
    place = cache.arrays(picked.key).percentile(measure.column, number)
    unit = " <small>nats</small>" if measure.unit == "nats" else ""
    cells: tuple[str, ...] = (measure.title, f"{found:.4g}{unit}", f"{place:.1f}")
    if is_plain():
        cells = (measure_title(measure.column), f"{place:.1f} %")
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
