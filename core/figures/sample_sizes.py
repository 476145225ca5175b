"""How many members are enough? NLL and mutual information against their number."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures.compare import LEGEND, MARGIN, bars, in_sentence, style
from core.study.dataset import Noun
from core.trust.sample_sizes import SampleSizes
from core.trust.wording import ITEM

SHARE = 0.05


def sample_sizes_figure(found: dict[str, SampleSizes], noun: Noun = ITEM) -> go.Figure:
    """Two panels above one another, a line a model; standard errors as bars.

    Args:
        found: Title of each model -> what its first members say.
        noun: What an item is called.
    """
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.06)
    for position, (title, sizes) in enumerate(found.items()):
        look = style(position)
        line = {
            "x": sizes.sizes,
            "mode": "lines+markers",
            "name": title,
            "legendgroup": title,
            "line": {"color": look.colour, "dash": look.dash},
            "marker": {"color": look.colour, "symbol": look.symbol, "size": 7},
        }
        hover = "%{x} members: %{y:.4f} nats<extra>" + title + "</extra>"
        figure.add_scatter(**line, y=sizes.nll, hovertemplate=hover, row=1, col=1)
        if len(sizes.sizes) == 1:  # no split: a mark of its NLL, to compare with
            continue
        figure.add_scatter(
            **line,
            y=sizes.mutual_information,
            error_y=_errors(sizes, look.colour),
            hovertemplate=hover.replace(" nats", " ± %{error_y.array:.4f} nats"),
            showlegend=False,
            row=2,
            col=1,
        )
    figure.update_layout(height=460, margin=MARGIN, legend=LEGEND, hovermode="closest")
    figure.update_yaxes(title_text="NLL (nats)", row=1, col=1)
    figure.update_yaxes(title_text="mean mutual<br>information (nats)", rangemode="tozero", row=2)
    counts = {sizes.num_items for sizes in found.values()}
    items = noun.counted(max(counts, default=0))
    figure.update_xaxes(title_text=f"members (over {items})", rangemode="tozero", row=2)
    return figure


def _errors(sizes: SampleSizes, colour: str) -> dict[str, Any]:
    middle = sizes.mutual_information
    error = np.nan_to_num(sizes.error)
    return bars(middle - error, middle, middle + error, colour)


def sample_sizes_sentence(title: str, found: SampleSizes) -> str:
    """What the curve of one model says: how far chance moves it, and from where on it is enough."""
    count, name = int(found.sizes[-1]), in_sentence(title)
    if not np.isfinite(found.error[-1]) or found.mutual_information[-1] <= 0:
        return f"{title}: {count} {'member' if count == 1 else 'members'} are too few to tell."
    said = (
        f"Of {name}: with all {count} members the mean mutual information is"
        f" {found.mutual_information[-1]:.4f} nats, with a standard error of"
        f" {100 * found.relative_error:.1f} % of that."
    )
    enough, limit = found.enough(SHARE), f"{100 * SHARE:.0f} %"
    if enough is None:
        return f"{said} That is more than {limit}: to know it that well takes more members."
    return f"{said} It falls below {limit} from {enough} members on.{_likelihood(found, enough)}"


def _likelihood(found: SampleSizes, enough: int) -> str:
    """How much of the gain in NLL over one member so many members bring."""
    gain = found.nll[0] - found.nll[-1]
    if not np.isfinite(gain) or gain <= 0:
        return ""
    share = 100 * (found.nll[0] - found.nll[list(found.sizes).index(enough)]) / gain
    return f" {enough} members bring {share:.0f} % of what averaging gains."
