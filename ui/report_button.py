"""Everything about trust on one page that can be sent to somebody."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.picked import Picked


def report_button(picked: Picked) -> None:
    """Download the report of the picked model."""
    download_report(f"{picked.study.key}-{picked.key.model}", lambda: _report(picked))


def download_report(name: str, make: Callable[[], bytes]) -> None:
    """Download a page of answers, made when the button is pressed.

    Args:
        name: Of what it tells, for the file's name.
        make: Gives the page as HTML.
    """
    st.download_button(
        "Report",
        make,
        f"penumbra-{name}.html",
        "text/html",
        key="report",
        help="One page with every answer, its figures and intervals. It needs no network.",
        icon=":material/description:",
        on_click="ignore",
    )


def _report(picked: Picked) -> bytes:
    # The report's figures bring SciPy's statistics along: only who presses pays for them.
    from core.figures.report import report_html  # noqa: PLC0415
    from core.trust.examined import examine  # noqa: PLC0415

    return report_html(examine(picked.study, picked.key.model)).encode()
