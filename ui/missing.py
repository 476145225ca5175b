"""What a page cannot show of a study, and which column or file would make it possible."""

from __future__ import annotations

import streamlit as st

from ui.picked import Picked


def stop_without(picked: Picked, *needed: str) -> None:
    """Say what is missing and end the page; nothing if all is there.

    Args:
        picked: What is looked at.
        needed: Of "labels", "probabilities", "confidence", "network".
    """
    for name in needed:
        if not _has(picked, name):
            st.info(_SENTENCES[name].format(title=picked.model.title), icon=":material/info:")
            st.stop()


def models_with(picked: Picked, needed: str) -> list[Picked]:
    """The picked model and further ones of its study that have what a page needs, in their order.

    Args:
        picked: What is looked at.
        needed: As in `stop_without`.
    """
    able = [model for model in picked.all_models() if _has(model, needed)]
    if len(able) <= MOST_MODELS:
        return able
    return [picked, *(model for model in able if model.key != picked.key)][:MOST_MODELS]


def _has(picked: Picked, name: str) -> bool:
    if name == "labels":
        return len(picked.dataset.labelled) > 0
    if name == "probabilities":
        return picked.model.has_distribution
    if name == "confidence":
        return picked.model.tier != "answers"
    return picked.network is not None


MOST_MODELS = 4
"""Models that a figure shows beside each other."""
_SENTENCES = {
    "labels": "This page compares predictions with labels, and this study has none. Open the file"
    " again with a column `label`, or with `--labels FILE`.",
    "probabilities": "{title} came without the probabilities of all classes, which this page needs."
    " Open a file with one column a class, or an array `pred_probs` of shape (items, classes).",
    "confidence": "{title} came with its answers alone. Add a column `confidence`, or the"
    " probabilities of all classes, to see where it is unsure.",
    "network": "{title} came as a file of predictions, so it cannot judge new pictures. This page"
    " needs the network itself.",
}
