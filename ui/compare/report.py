"""The comparison on one page that can be sent to somebody."""

from __future__ import annotations

import streamlit as st

from ui.compare.pair import Pair


def report_button(pair: Pair) -> None:
    """Download the comparison, made when the button is pressed."""
    names = f"{pair.baseline.key.model}-{pair.candidate.key.model}"
    st.download_button(
        "Report",
        lambda: _report(pair),
        f"penumbra-{pair.baseline.study.key}-{names}.html",
        "text/html",
        key="report",
        help="One page with every answer, its figures and intervals. It needs no network.",
        icon=":material/description:",
        on_click="ignore",
    )


def _report(pair: Pair) -> bytes:
    from core.figures.two_models_report import report_html  # noqa: PLC0415 - who presses pays

    return report_html(
        pair.comparison, pair.titles, pair.baseline.class_names, pair.baseline.noun
    ).encode()
