"""What a page cannot show of a study, and which column or file would make it possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from ui.picked import Picked
from ui.words import plain


class Need(NamedTuple):
    """What is not there, in words that begin a sentence, and what brings it."""

    missing: str
    cure: str


MOST_MODELS = 4
"""Models that a figure shows beside each other."""
NEEDS = {
    "labels": Need(
        "This study has no labels",
        "Open the file again with a column `label`, or with `--labels FILE`.",
    ),
    "judges": Need(
        "With a single label, nothing is left to judge what it chooses",
        "Open more labelled {many}, or a second file with `--held-out FILE`.",
    ),
    "probabilities": Need(
        "{title} came without the probabilities of all classes",
        "Open a file with one column per class, or an array `pred_probs` (items, classes).",
    ),
    "confidence": Need(
        "{title} has predicted classes only",
        "Add a column `confidence`, or the probabilities of all classes.",
    ),
    "network": Need(
        "{title} came as a file of predictions, so it cannot judge new pictures",
        "Open the files again with the network itself: `--network FILE`, .tflite or .onnx.",
    ),
    "people": Need(
        "{study} has one label for each of its {many} at most, not those of several people",
        "Open the files again with an array `label_shares` or `label_counts` of shape (items,"
        " classes), or `annotators` of shape (items, people). In a table, give a column of lists.",
    ),
    "pictures": Need(
        "{study} has no pictures",
        "Open the {many} again with a column of picture files, or with `--images FOLDER`.",
    ),
}


def stop_without(picked: Picked, *needed: str, instead: Callable[[], None] = lambda: None) -> None:
    """Say what is missing and end the page; nothing if all is there.

    Args:
        picked: What is looked at.
        needed: Of NEEDS.
        instead: Shows what else there is to see.
    """
    for name in needed:
        if not has(picked, name):
            missing, cure = _said(picked, name)
            st.info(f"{missing}, so there is nothing to show here. {cure}", icon=":material/info:")
            instead()
            st.stop()


def note_without(picked: Picked, needed: str, what: str) -> bool:
    """Whether something is there; if it is not, say so in a line where it would be.

    Args:
        picked: What is looked at.
        needed: Of NEEDS.
        what: Is not shown without it, as it ends "so there is no …".
    """
    if has(picked, needed):
        return True
    missing, cure = _said(picked, needed)
    st.caption(f"{missing}, so there is no {what}. {cure}")
    return False


def models_with(picked: Picked, *needed: str) -> list[Picked]:
    """The picked model and further ones of its study that have what a page needs, in their order.

    Args:
        picked: What is looked at.
        needed: As in `stop_without`.
    """
    able = [m for m in picked.all_models() if all(has(m, name) for name in needed)]
    if len(able) <= MOST_MODELS:
        return able
    return [picked, *(model for model in able if model.key != picked.key)][:MOST_MODELS]


def note_unlabelled(picked: Picked) -> None:
    """Say how many items have no label, where only those with one count."""
    if number := len(picked.dataset) - len(picked.dataset.labelled):
        st.caption(f"{picked.noun.counted(number)} without a label: left out here.")


def note_left_out(picked: Picked, models: list[Picked], *needed: str) -> None:
    """Say which models of the study stand not beside each other, and why.

    Args:
        picked: What is looked at.
        models: Of `models_with`.
        needed: As there.
    """
    shown = {model.key for model in models}
    others = [model for model in picked.all_models() if model.key not in shown]
    unable = [m for m in others if not all(has(m, name) for name in needed)]
    for model in unable[:MOST_MODELS]:
        first = next(name for name in needed if not has(model, name))
        st.caption("{}, so it is not among these. {}".format(*_said(model, first)))
    if rest := len(others) - len(unable[:MOST_MODELS]):
        st.caption(f"Of {len(models) + len(others)} models {rest} more are not among these.")


def has(picked: Picked, name: str) -> bool:
    """Whether what a page needs is there; `name` is one of NEEDS."""
    dataset, model = picked.dataset, picked.model
    there: dict[str, Callable[[], bool]] = {
        "labels": lambda: len(dataset.labelled) > 0,
        "judges": lambda: len(dataset.labelled) > 1 or picked.key.model in picked.study.held_out,
        "probabilities": lambda: model.has_distribution,
        "confidence": lambda: model.tier != "answers",
        "people": lambda: dataset.label_shares is not None,
        "pictures": lambda: dataset.images is not None,
        "network": lambda: picked.network is not None,
    }
    return there[name]()


def _said(picked: Picked, name: str) -> tuple[str, str]:
    missing, cure = NEEDS[name]
    words = {
        "title": plain(picked.title),
        "study": plain(picked.study.title),
        "many": picked.noun.many,
    }
    return missing.format(**words), cure.format(many=picked.noun.many)
