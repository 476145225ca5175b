"""How badly a class suits an item: what prediction sets are made by.

N items, K classes, M classes of each item.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.trust.conformal import FREE_LABELS, PENALTY, Method, nonconformity


class Rule(NamedTuple):
    """How badly a class suits an item, see `conformal.nonconformity`.

    Attributes:
        method: "lac", "aps" or "raps".
        uniform: (N,) draws of aps and raps; None sets u = 0.
        penalty: Of raps.
        free_labels: Of raps.
    """

    method: Method = "lac"
    uniform: np.ndarray | None = None
    penalty: float = PENALTY
    free_labels: int = FREE_LABELS

    def only(self, places: np.ndarray | slice) -> Rule:
        """The same for some of the items."""
        return self if self.uniform is None else self._replace(uniform=self.uniform[places])

    def by_rank(self, ordered: np.ndarray) -> np.ndarray:
        """Nonconformity, float64 (n, M) as `ordered`, probabilities in falling order.

        It never falls along a row.
        """
        if self.method == "lac":
            return 1 - ordered.astype(np.float64)
        total = np.cumsum(ordered, axis=1, dtype=np.float64)
        if self.uniform is not None:
            total -= self.uniform[:, None] * ordered
        if self.method == "raps":
            total += self._penalties(np.arange(ordered.shape[1]))
        return total

    def at(self, prob: np.ndarray, up_to: np.ndarray, rank: np.ndarray) -> np.ndarray:
        """Nonconformity of one class of each item, float64 (N,).

        Args:
            prob: (N,) its probability.
            up_to: float64 (N,), its sum with all that come before it.
            rank: int (N,), how many do.
        """
        if self.method == "lac":
            return 1 - prob.astype(np.float64)
        total = up_to if self.uniform is None else up_to - self.uniform * prob
        return total + self._penalties(rank) if self.method == "raps" else total

    def _penalties(self, rank: np.ndarray) -> np.ndarray:
        return self.penalty * np.maximum(0, rank + 1 - self.free_labels)

    def by_class(self, probs: np.ndarray) -> np.ndarray:
        """Nonconformity of every class, float64 (n, K)."""
        return nonconformity(probs, self.method, self.uniform, self.penalty, self.free_labels)
