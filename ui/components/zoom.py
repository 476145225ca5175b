"""The windows of a scatter of many items, in the browser: zoom until every point is drawn."""

from __future__ import annotations

from ui.components.registered import registered

_component = registered(__file__, "watch_plot.js")


def zoom(chart: str, address: str, said: str, pages: int, every: str, key: str) -> None:
    """Listen to the chart under the key `chart`, and say below it what it shows.

    Args:
        chart: The chart's key.
        address: Where its windows are asked for, see `ui.scatter_address`.
        said: What the whole figure shows.
        pages: In how many shares its items are drawn one by one.
        every: What a window shows in which every item is drawn.
        key: Of this component.
    """
    found = {"chart": chart, "address": address, "said": said, "pages": pages, "all": every}
    _component(data=found, key=key)
