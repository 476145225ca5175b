"""What a review leaves as files: the labels, the decisions and the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import streamlit as st

from core.review.audit import Audit
from core.review.audit_export import labels_csv, log_csv, log_parquet, reviewed_zip
from core.review.decisions import current_decisions, load_log
from core.review.labels import correct_labels, labels_npz
from core.study.command_name import COMMAND
from ui import store
from ui.download import download
from ui.picked import Key
from ui.words import noun_of

FILES = {
    "labels.csv": "Corrected labels, CSV",
    "labels.npz": "Corrected labels, NPZ",
    "decisions.csv": "Decision log, CSV",
    "decisions.parquet": "Decision log, Parquet",
}


def audit_files(audit: Audit, key: Key, ships: bool) -> None:
    """Offer them, each made of the decisions that stand when it is asked for.

    Args:
        audit: The items.
        key: Of their study.
        ships: Whether the labels can be trained on here.
    """
    st.header("Download", anchor=False)
    noun = noun_of(audit.dataset.noun)
    files = dict(FILES)
    if audit.dataset.images is not None:
        files[f"{noun.many}.zip"] = f"Reviewed {noun.many}, ZIP"
    with st.container(horizontal=True, key="files"):
        for name, title in files.items():
            make = partial(_pieces, audit, name)
            named = f"{audit.dataset.key}-{name}"
            download(title, named, len(audit.dataset), (key, audit.data_hash), make)
    training = (
        f"; train on them with `{COMMAND} train article --labels FILE`, then `export article"
        " --labels FILE` (training images)"
    )
    st.caption(
        f"Evaluate against the labels with `{COMMAND} evaluate --labels FILE`"
        f"{training if ships else ''}."
    )


def _pieces(audit: Audit, name: str) -> Iterator[bytes]:
    engine, images = store.engine(), audit.dataset.images
    if name.startswith("decisions"):
        log = load_log(engine, audit.data_hash)
        yield from log_csv(log) if name.endswith(".csv") else [log_parquet(log)]
        return
    current = current_decisions(engine, audit.data_hash)
    corrected = correct_labels(audit.labels, current, audit.dataset.ids).table
    if name == "labels.csv":
        yield from labels_csv(corrected)
    elif name == "labels.npz":
        yield labels_npz(corrected)
    elif images is not None:
        yield from reviewed_zip(images, corrected)
