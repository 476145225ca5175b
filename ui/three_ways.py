"""The models of a study as ways of being unsure: one item by each, many items, and their cost."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.figures import several_models as figures
from core.figures.sample_sizes import sample_sizes_figure, sample_sizes_sentence
from core.trust.sample_sizes import SampleSizes, sample_sizes
from core.trust.several_models import COST, sets_in
from core.trust.telling_items import telling_items
from ui import cache
from ui.components.tiles import tiles
from ui.item_card import answer, heading, measure_rows, picture
from ui.picked import Key, Picked
from ui.probs import probs_table
from ui.state import choose, chosen
from ui.tables import table
from ui.words import plain, titled

PROSE = Path(__file__).parent / "prose" / "three_ways.md"
NUM_ITEMS = 12


def three_ways(models: list[Picked]) -> None:
    """The section, for a study that says what its models make of further items."""
    one_item(models)
    many_items(models)
    enough(models)
    st.header("What the three are", anchor=False)
    st.markdown(PROSE.read_text())


def one_item(models: list[Picked]) -> None:
    """One item judged by every model, side by side."""
    first = models[0]
    st.header(f"One {first.noun.one}, judged by each", anchor=False)
    shown = first.scores.loc[_telling(tuple(model.key for model in models))]
    number = chosen(first.dataset)
    number = int(shown.index[0]) if number is None else number
    st.caption(
        f"Press {first.noun.with_article}. On these the models differ, or all of them are unsure."
    )
    tiles(
        first.dataset, shown, "ways", lambda row: choose(first.dataset, row), chosen=number, size=48
    )
    picture(first, number, 112)
    for model, place in zip(models, st.columns(len(models), gap="medium"), strict=True):
        with place:
            _judged(model, number)


def _judged(model: Picked, number: int) -> None:
    """One model's verdict, probabilities and measures of one item."""
    row, members = model.scores.loc[[number]].iloc[0], cache.member_probs(model.key, number)
    probs, count = members.mean(0), model.model.num_members
    st.markdown(
        f"**{plain(model.title)}** · {count} {'member' if count == 1 else 'members'}  \n"
        f"{plain(heading(model, number, row))}"
    )
    answer(model, row, probs)
    label = None if pd.isna(row["label"]) else int(row["label"])
    st.html(probs_table(probs, members, model.class_names, label))
    st.html(measure_rows(model, row, number))


def many_items(models: list[Picked]) -> None:
    """What each model makes of sets of items, and what it costs."""
    found = _comparison(models[0].key)
    titles = {model.key.model: model.title for model in models}
    st.header("On many", anchor=False)
    for number, (items, has_labels) in enumerate(sets_in(found).items()):
        st.subheader(plain(items), anchor=False)
        if has_labels:
            said = [figures.metric_sentence(found, items, m, titles) for m in ("accuracy", "nll")]
            said.append(figures.calibration_sentence(found, items, titles))
            st.markdown(plain(" ".join(said)))
            table(figures.metrics_table(found, items, titles), "model")
            st.markdown("How well each measure finds the errors:")
        told = (
            f"{figures.separation_sentence(found, items, titles)}"
            f" {figures.split_sentence(found, items, titles)}"
        )
        figure = figures.separation_figure(found, items, titled_models(titles))
        st.plotly_chart(figure, key=f"ways_{number}", alt=told)
        st.caption(plain(told))
    st.subheader(COST, anchor=False)
    table(figures.costs_table(found, titles), "model")
    st.caption("Each measured once, in one run on one machine: good for comparison only.")


def titled_models(titles: dict[str, str]) -> dict[str, str]:
    """Model -> its title as a figure takes it."""
    return dict(zip(titles, titled(dict.fromkeys(titles.values())), strict=True))


def enough(models: list[Picked]) -> None:
    """How many members are enough; a single network is there to compare."""
    st.header("How many samples are enough?", anchor=False)
    found = {model.title: _sizes(model.key) for model in models}
    said = " ".join(
        sample_sizes_sentence(title, sizes)
        for title, sizes in found.items()
        if len(sizes.sizes) > 1
    )
    st.plotly_chart(
        sample_sizes_figure(titled(found), models[0].noun), key="sample_sizes", alt=said
    )
    st.markdown(plain(said))
    st.caption(
        "Bars: one standard error of the mean, by leaving out each member in turn: how far other"
        " members would have moved it. Fewer members also see less of the disagreement, so the"
        " curve rises at first."
    )


@st.cache_data(max_entries=16)
def _sizes(key: Key) -> SampleSizes:
    return sample_sizes(cache.picked(key).model)


@st.cache_data(max_entries=4)
def _telling(keys: tuple[Key, ...]) -> list[int]:
    return telling_items([cache.picked(key).scores for key in keys], NUM_ITEMS)


@st.cache_data(max_entries=4)
def _comparison(key: Key) -> pd.DataFrame:
    read = cache.picked(key).study.read_comparison
    return read() if read else pd.DataFrame()
