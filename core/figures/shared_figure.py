"""A figure that many visitors are shown."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go


class SharedFigure(go.Figure):  # type: ignore[misc]  # Plotly has no types
    """A figure that is put into plain values once and not each time it is shown; read only."""

    def to_dict(self) -> dict[str, Any]:
        """The figure in plain values: shared, so not to be changed."""
        if not hasattr(self, "_plain"):
            self._plain = super().to_dict()
        return self._plain
