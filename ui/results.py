"""What a review came to: agreement, corrections, files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.review.agreement import agreement, disputed, verdicts
from core.review.audit import Audit, ranked_some
from core.review.by_row import by_row
from core.review.database import StoreError
from core.review.decision_words import NOT_USABLE
from core.review.decisions import current_decisions, load_log
from core.review.labels import codes_of, correct_labels, usable
from core.study.dataset import UNLABELLED
from core.trust.wording import percent
from ui import store
from ui.audit_files import audit_files
from ui.components.tiles import tiles
from ui.decide import go_to
from ui.picked import Picked
from ui.state import write
from ui.words import noun_of


def results(audit: Audit, picked: Picked) -> None:
    """All reviewers' decisions on this data set, or why they cannot be read."""
    try:
        current = current_decisions(store.engine(), audit.data_hash)
        log = load_log(store.engine(), audit.data_hash)
    except StoreError as error:
        st.error(str(error).replace("`", ""), icon=":material/database_off:")
        st.button("Try again", key="read again")
        return
    if log.empty:
        st.info("Nobody has decided anything on this data set yet.")
        return
    found = correct_labels(audit.labels, current, audit.dataset.ids)
    corrected = found.table
    if found.num_unknown:
        st.caption(f"{found.num_unknown:,} decisions are on items that are not in this study.")
    _counts(corrected)
    _accuracy(picked, corrected)
    _reviewers(audit, verdicts(by_row(current, audit.dataset.ids).current))
    audit_files(audit, picked.key, picked.network is not None and not picked.key.version)


def _counts(corrected: pd.DataFrame) -> None:
    counts = corrected["status"].value_counts()
    with st.container(horizontal=True, key="counts"):
        for status in ("keep", "relabel", *NOT_USABLE, "disputed"):
            st.metric(status.capitalize(), f"{counts.get(status, 0):,}", width="content")


def _accuracy(picked: Picked, corrected: pd.DataFrame) -> None:
    # Imported here, so that who settles labels does not wait for SciPy.
    from core.trust.evaluation import evaluate_predictions  # noqa: PLC0415

    st.header("What the corrections do to the accuracy", anchor=False)
    codes = codes_of(usable(corrected))
    given = np.where(codes == UNLABELLED, UNLABELLED, corrected["given_label"].to_numpy())
    if (codes == UNLABELLED).all():
        st.info(f"No {picked.noun.one} has a label that can be used.")
        return
    # Both on the same items: to leave some out is no correction.
    before, after = (evaluate_predictions(picked.model, labels) for labels in (given, codes))
    left_out = int(((codes == UNLABELLED) & (corrected["given_label"] != UNLABELLED)).sum())
    with st.container(horizontal=True, key="accuracy"):
        change = after["accuracy"] - before["accuracy"]
        st.metric("With the given labels", percent(before["accuracy"]), width="content")
        st.metric(
            f"With the corrected labels, {picked.noun.counted(int(after['num_items']))}",
            percent(after["accuracy"]),
            f"{100 * change:+.2f} points",
            delta_color="normal" if change else "off",
            width="content",
        )
    st.caption(
        "Only labels that this model doubted were reviewed, so the second number flatters it."
        " Labels that are wrong in its favour were never in question."
        + (f" Without {picked.noun.counted(left_out)} that no label fits." if left_out else "")
    )


def _reviewers(audit: Audit, table: pd.DataFrame) -> None:
    if table.shape[1] < 2:
        return
    st.header("Do the reviewers agree?", anchor=False)
    st.dataframe(
        agreement(table).rename(columns=PAIR),
        hide_index=True,
        width="content",
        key="pairs",
        placeholder="–",
        column_config={
            PAIR["agreed"]: st.column_config.NumberColumn(format="percent"),
            PAIR["kappa"]: st.column_config.NumberColumn(format="%.2f", help=KAPPA),
        },
    )
    open_cases = disputed(table)
    if open_cases.empty:
        st.write(f"No {noun_of(audit.dataset.noun).one} is disputed.")
        return
    st.write(f"Disputed, so that the given label stays: {len(open_cases):,}. Press one to open it.")
    _disputed(audit, open_cases.index[:MOST])
    st.dataframe(open_cases, width="content", key="disputed")


def _disputed(audit: Audit, indices: pd.Index) -> None:
    tiles(
        audit.dataset,
        ranked_some(audit.ranking, indices),
        "disputed tiles",
        lambda index: _open(audit, index),
    )


def _open(audit: Audit, index: int) -> None:
    go_to(audit, index)
    write("look", [])


MOST = 60
PAIR = {
    "reviewer_a": "Reviewer",
    "reviewer_b": "and",
    "num_both": "both settled",
    "agreed": "alike",
    "kappa": "Cohen’s κ",
}
KAPPA = (
    "Agreement beyond chance: 1 is perfect, 0 is what chance alone would give. Left empty"
    " where chance alone would make both agree every time."
)
