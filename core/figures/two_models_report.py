"""One self-contained web page about two models, for people who were not in the room."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from core.figures import two_models as figures
from core.figures import two_models_sentences as sentences
from core.figures.compare import in_sentence
from core.figures.web_page import figure_html, save_page, table_html, web_page
from core.study.dataset import Noun
from core.trust.comparison import SHARES, Comparison
from core.trust.wording import ITEM, level

MOST_ROWS = 15


def save_report(
    found: Comparison, titles: tuple[str, str], class_names: tuple[str, ...], noun: Noun, path: Path
) -> None:
    """Write the page; it needs no other file and no network.

    Raises:
        ValueError: the name does not end in `.html`.
    """
    save_page(report_html(found, titles, class_names, noun), path)


def report_html(
    found: Comparison, titles: tuple[str, str], class_names: tuple[str, ...], noun: Noun = ITEM
) -> str:
    """The page as text: numbers with paired 95 % intervals, figures, and each figure in words."""
    shown = escape(titles[0], quote=False), escape(titles[1], quote=False)
    names = tuple(escape(name, quote=False) for name in class_names)
    parts = [
        *_short(found, titles, noun),
        *_metrics(found, titles, shown),
        *_labels(found, titles, class_names, names, noun),
        *_coverage(found, titles, shown, noun),
    ]
    return web_page(f"{titles[1]} compared with {in_sentence(titles[0])}", "\n".join(parts))


def _short(found: Comparison, titles: tuple[str, str], noun: Noun) -> Iterator[str]:
    counts = ", ".join(
        f"{sentences.OUTCOME_TITLES[name].lower()} {n:,}" for name, n in found.counts.items()
    )
    lines = (
        sentences.headline(found, titles, noun),
        sentences.describe_accuracy(found, noun),
        f"{counts[:1].upper()}{counts[1:]}.",
    )
    yield f'<ul class="short">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>'


def _metrics(found: Comparison, titles: tuple[str, str], shown: tuple[str, str]) -> Iterator[str]:
    yield "<h2>Is the difference more than chance?</h2>"
    rows = [
        {"Metric": sentences.METRIC_TITLES[name]} | sentences.difference_row(name, one, titles)
        for name, one in found.differences.items()
    ]
    yield table_html(rows)
    yield f'<p class="note">{escape(sentences.METHOD_NOTE)}</p>'
    yield figure_html(
        figures.differences_figure(found.differences, shown),
        sentences.describe_differences(found.differences, titles),
    )


def _labels(
    found: Comparison, titles: tuple[str, str], class_names: tuple[str, ...],
    shown: tuple[str, ...], noun: Noun,
) -> Iterator[str]:  # fmt: skip
    yield "<h2>Label by label</h2>"
    by_class = found.by_class
    yield figure_html(
        figures.classes_figure(by_class, shown, noun),
        sentences.describe_classes(by_class, class_names, titles),
    )
    codes = figures.most_telling(by_class, MOST_ROWS)
    yield table_html(
        [{"Label": class_names[k]} | sentences.class_row(by_class, k, noun) for k in codes]
    )


def _coverage(
    found: Comparison, titles: tuple[str, str], shown: tuple[str, str], noun: Noun
) -> Iterator[str]:
    if found.curves is None:
        return
    yield "<h2>At equal coverage: who leaves fewer mistakes?</h2>"
    yield figure_html(
        figures.mistakes_left_figure(found.curves, shown, noun),
        sentences.describe_coverage(found, titles, noun),
    )
    yield table_html(
        [
            {"declined by each": level(share)}
            | {
                f"mistakes left by {in_sentence(title)}": f"{decision.mistakes:,} of"
                f" {decision.accepted:,}"
                for title, decision in zip(titles, found.at_equal_coverage(share), strict=True)
            }
            for share in SHARES
        ]
    )
