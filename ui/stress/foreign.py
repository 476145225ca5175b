"""The section on what belongs to no class: which measure notices it?"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.figures.stress_foreign import describe_apart, foreign_figure
from core.figures.stress_table import METRICS, cell_colours
from core.measures.register import BY_COLUMN
from core.networks.scoring import scorer_of
from core.stress.curve import measured
from core.stress.foreign import SOURCES, draw_foreign
from core.stress.subject import as_read
from core.stress.telling_apart import Apart, tell_apart
from core.trust.intervals import Estimate
from core.trust.wording import percent
from ui.components.heatmap import Cell, Row, heatmap
from ui.components.sprite import own_sprite
from ui.components.tiles import show_tiles
from ui.own import Own
from ui.picked import Key, Picked
from ui.readers import one_of
from ui.state import Field, value, write
from ui.words import plain, short

COUNT, MOST_TILES = 300, 17
OWN_SOURCE = "yours"


class Foreign(NamedTuple):
    """Pictures of a source, with what the model says: images (M, H, W), measures (M,), answers."""

    images: np.ndarray
    measures: dict[str, np.ndarray]
    answers: np.ndarray
    confidence: np.ndarray


@st.cache_resource(max_entries=16, show_spinner="Scoring the other pictures …")
def _foreign(key: Key, source: str, _picked: Picked) -> Foreign:
    """What the model says of a source's pictures: shared, read only."""
    scorer = scorer_of(_picked.study, key.model)
    images = draw_foreign(source, COUNT, scorer.image_shape, _items(_picked))
    if scorer.network.has_colour and images.ndim == 3:
        images = np.repeat(images[..., None], 3, axis=3)
    return _score(_picked, images)


def _score(picked: Picked, images: np.ndarray) -> Foreign:
    measures, _ = measured(scorer_of(picked.study, picked.key.model), images)
    probs = measures.pop("mean_probs")
    kept = {name: measures[name] for name in _columns(picked) if name in measures}
    return Foreign(images, kept, probs.argmax(1), probs.max(1))


def _columns(picked: Picked) -> list[str]:
    """The measures that say something of a picture without a label."""
    return [name for name in picked.columns if name not in ("log_likelihood", "least_confidence")]


def _items(picked: Picked) -> np.ndarray:
    """The first items, for what is made of them."""
    dataset, network = picked.dataset, picked.network
    if dataset.images is None or network is None:
        raise ValueError(f"{picked.study.title} has no pictures")
    count = min(COUNT, len(dataset))
    images, ids = dataset.images, dataset.ids
    return np.stack([as_read(network, images.image(row), ids[row]) for row in range(count)])


def foreign(picked: Picked, answer: DeltaGenerator) -> None:
    """Distributions of every measure, and how well it tells each source apart: see `answer`."""
    try:
        found = {SOURCES[name].title: _foreign(picked.key, name, picked) for name in SOURCES}
    except ValueError as error:
        st.warning(plain(str(error)), icon=":material/broken_image:")
        return
    names = dict(zip(found, SOURCES, strict=True))
    if (own := _own(picked)) is not None:
        found["your own pictures"] = own
        names["your own pictures"] = OWN_SOURCE
    columns = [c for c in _columns(picked) if all(c in each.measures for each in found.values())]
    apart = {
        title: {c: _apart(picked, each.measures[c], c) for c in columns}
        for title, each in found.items()
    }
    titles = {column: BY_COLUMN[column].title for column in columns}
    answer.markdown(plain(describe_apart(apart, titles)))
    source, column = _table(picked, apart, names, columns)
    _chosen(picked, found, apart, source, column)


def _apart(picked: Picked, values: np.ndarray, column: str) -> Apart:
    return tell_apart(picked.scores[column].to_numpy(), values, BY_COLUMN[column].unsure_is_high)


def _own(picked: Picked) -> Foreign | None:
    """What was drawn or brought on Draw in this session, where the model reads its size."""
    kept = st.session_state.get("_own")
    network = picked.network
    if kept is None or network is None or not isinstance(kept[1], Own):
        return None
    images = kept[1].images
    fits = images.shape[1:3] == network.image_shape and (images.ndim == 4) == network.has_colour
    return _score(picked, images) if fits else None


def _table(
    picked: Picked, apart: dict[str, dict[str, Apart]], names: dict[str, str], columns: list[str]
) -> tuple[str, str]:
    """AUROC of each source by each measure; gives the chosen source and measure."""
    keys = [f"{name}:{column}" for name in names.values() for column in columns]
    first = f"{names[next(iter(names))]}:{columns[-1]}"
    chosen = value(Field("foreign", first, one_of(keys)))
    aurocs = np.array([apart[title][c].auroc.value for title in apart for c in columns])
    grounds = iter(cell_colours(np.append(aurocs, [0.5, 1.0]), METRICS["accuracy"]))
    rows = []
    for title, name in names.items():
        cells = [
            Cell(
                key=f"{name}:{column}",
                text=f"{apart[title][column].auroc.value:.3f}",
                title=f"AUROC of {BY_COLUMN[column].title.lower()} for {title}",
                ground=ground,
                letters=letters,
            )
            for column in columns
            for ground, letters in [next(grounds)]
        ]
        rows.append(Row(title=title, cells=cells))
    heatmap(
        [BY_COLUMN[column].title for column in columns],
        rows,
        f"AUROC against the {picked.noun.counted(len(picked.dataset))}: 1 tells all apart, 0.5 is"
        " guessing, under 0.5 they look surer than the data set's own. Press a cell.",
        "apart",
        lambda key: write("foreign", [key]),
        chosen,
    )
    name, _, column = chosen.partition(":")
    return next(title for title, known in names.items() if known == name), column


def _chosen(
    picked: Picked,
    found: dict[str, Foreign],
    apart: dict[str, dict[str, Apart]],
    source: str,
    column: str,
) -> None:
    measure, numbers = BY_COLUMN[column], apart[source][column]
    st.header(f"{measure.title} and {plain(source)}", anchor=False)
    st.markdown(_said(picked, *numbers))
    values = {title: each.measures[column] for title, each in found.items()}
    st.plotly_chart(
        foreign_figure(measure, picked.scores[column].to_numpy(), values, picked.noun),
        key="distributions",
        config={"displayModeBar": False},
        alt=f"Distributions of {measure.title.lower()}: the {picked.noun.many} and "
        + "; ".join(f"{title}, median {np.median(v):.3g}" for title, v in values.items()),
    )
    each = found[source]
    surest = np.argsort(-each.confidence, kind="stable")[:MOST_TILES]
    st.caption(f"Those the model is surest of: what it reads {plain(source)} as, and how surely.")
    show_tiles(
        [_tile(picked, each, int(row), place) for place, row in enumerate(surest)],
        own_sprite(each.images[surest]),
        "foreign items",
        lambda row: None,
    )


def _said(picked: Picked, auroc: Estimate, rate: Estimate) -> str:
    low, high = percent(rate.low, 1), percent(rate.high, 1)
    return (
        f"AUROC {auroc.value:.3f} (95 % interval {auroc.low:.3f} to {auroc.high:.3f}). Where 95 %"
        f" of the {picked.noun.many} pass, {percent(rate.value, 1)} of these pass too ({low} to"
        f" {high})."
    )


def _tile(picked: Picked, each: Foreign, row: int, place: int) -> dict[str, Any]:
    read = short(picked.class_names[int(each.answers[row])], 12)
    return {
        "index": row, "place": place, "caption": f"{read}, {percent(each.confidence[row], 0)}",
        "title": f"read as {read} with {percent(each.confidence[row], 1)}",
        "wrong": False, "text": "",
    }  # fmt: skip
