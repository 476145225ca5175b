"""The comparison on one page that can be sent to somebody."""

from __future__ import annotations

from ui.compare.pair import Pair
from ui.report_button import download_report


def report_button(pair: Pair) -> None:
    """Download the comparison."""
    names = f"{pair.baseline.key.model}-{pair.candidate.key.model}"
    download_report(f"{pair.baseline.study.key}-{names}", lambda: _report(pair))


def _report(pair: Pair) -> bytes:
    from core.figures.two_models_report import report_html  # noqa: PLC0415 - who presses pays

    return report_html(
        pair.comparison, pair.titles, pair.baseline.class_names, pair.baseline.noun
    ).encode()
