"""What is done to the picture: the kind that grows along the axis, and what lies on every step."""

from __future__ import annotations

import streamlit as st

from core.corruptions.kinds import KINDS
from core.stress.curve import MORPHS, WAYS, Layer
from ui.components.tiles import tiles
from ui.picked import Picked
from ui.readers import id_in, number, one_of
from ui.state import Field, is_echo, show, value, write
from ui.stress.curves import Asked, likely_targets
from ui.stress.subject import Chosen

KIND = Field("kind", "rotate", one_of(WAYS))
AT = Field("at", None, number)
MOST_LAYERS, STEPS_OF_SLIDER = 4, 60


def _layers(texts: list[str]) -> tuple[Layer, ...]:
    found = []
    for text in texts[:MOST_LAYERS]:
        kind, _, amount = text.partition(":")
        known = KINDS.get(kind)
        if known is None:
            raise ValueError(f"each must be a kind and an amount, like {_usual('gaussian_blur')}")
        place = number([amount])
        if not known.low <= place <= known.high:
            raise ValueError(f"{kind} goes from {known.low:g} to {known.high:g}")
        found.append(Layer(kind, place))
    return tuple(found)


def _usual(kind: str) -> str:
    """A layer as the link writes it, at the amount of severity 2."""
    return f"{kind}:{KINDS[kind].severities[1]:.6g}"


LAYERS = Field("on", (), _layers)


def controls(picked: Picked, chosen: Chosen) -> Asked:
    """Let people say what is done; what they ask."""
    way, layers = value(KIND), value(LAYERS)
    into = _target(picked, chosen) if way in MORPHS else None
    for layer in layers:
        _slider(layer)
    return Asked(picked.key, chosen.key, way, layers, into)


def kind_control() -> None:
    """The kind that grows along the axis."""
    show("kind", value(KIND))
    st.selectbox(
        "What grows",
        list(WAYS),
        format_func=lambda name: WAYS[name].title.capitalize(),
        key="kind",
        on_change=_write_kind,
        width=270,
    )


def layers_control() -> None:
    """The kinds that lie on every step."""
    show("layers", [layer.kind for layer in value(LAYERS)])
    st.multiselect(
        "On top of every step",
        list(KINDS),
        format_func=lambda name: KINDS[name].title,
        key="layers",
        on_change=_write_layers,
        max_selections=MOST_LAYERS,
        placeholder="nothing more",
        width=330,
    )


def _write_kind() -> None:
    if not is_echo("kind"):
        write("kind", [st.session_state["kind"]])
        write("at", [])


def _write_layers() -> None:
    if is_echo("layers"):
        return
    before = {layer.kind: layer for layer in value(LAYERS)}
    texts = [
        _text(before[kind]) if kind in before else _usual(kind)
        for kind in st.session_state["layers"]
    ]
    write("on", texts)


def _text(layer: Layer) -> str:
    return f"{layer.kind}:{layer.amount:.6g}"


def _slider(layer: Layer) -> None:
    known, key = KINDS[layer.kind], f"layer {layer.kind}"
    show(key, layer.amount)
    st.slider(
        f"{known.title.capitalize()}, on every step: {known.axis.text(layer.amount)}",
        float(known.low),
        float(known.high),
        step=(known.high - known.low) / STEPS_OF_SLIDER,
        key=key,
        on_change=_write_layer,
        args=(layer.kind,),
        format="%.3g",
    )


def _write_layer(kind: str) -> None:
    key = f"layer {kind}"
    if is_echo(key):
        return
    amount = st.session_state[key]
    write(
        "on",
        [_text(Layer(kind, amount) if each.kind == kind else each) for each in value(LAYERS)],
    )


def _target(picked: Picked, chosen: Chosen) -> int | None:
    """Which item a morph ends at: the one that people choose, or the most likely."""
    likely = likely_targets(picked.key, chosen.key, picked, chosen)
    named = value(Field("into", None, id_in(picked.dataset)))
    row = named if named is not None else (likely[0] if likely else 0)
    if likely:
        st.caption(
            f"Into which {picked.noun.one}? The nearest one of each other class, to this network"
            " (label → prediction)"
        )
        tiles(
            picked.dataset,
            picked.scores.loc[likely[:12]],
            "into",
            lambda row: write("into", [picked.dataset.ids[row]]),
            chosen=row,
            size=40,
        )
    return row
