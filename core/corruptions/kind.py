"""What a kind of corruption is: its axis, its severities and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.corruptions.draws import Draws

Change = Callable[[np.ndarray, np.ndarray, Draws], np.ndarray]
"""Images float32 (N, C, H, W) in [0, 1], amounts (N,), chance -> the same, damaged."""
SEVERITIES = (1, 2, 3, 4, 5)
SHARE, DEGREES = "% of the side", "°"


class Axis(NamedTuple):
    """Amounts of something from one end to the other.

    Attributes:
        name: In links, tables and commands.
        title: What a person reads.
        unit: Of the amounts as they are shown: `SHARE`, `DEGREES`, or a word.
        low: The first amount.
        high: The last one.
        neutral: The amount that changes nothing.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    neutral: float = 0.0

    def text(self, amount: float) -> str:
        """An amount as a person reads it: `−20°`, `12 % of the side`, `0.4 of full ink`."""
        amount += 0.0  # no minus before a zero
        if self.unit == DEGREES:
            said = f"{amount:.0f}{DEGREES}"
        elif self.unit == SHARE:
            said = f"{100 * amount:.3g} {SHARE}"
        else:
            said = f"{amount:.2g} {self.unit}".strip()
        return said.replace("-", "−", 1) if amount < 0 else said

    def grid(self, num_steps: int) -> np.ndarray:
        """Amounts from one end of the slider to the other, float64 (num_steps,)."""
        return np.linspace(self.low, self.high, num_steps).round(9)


@dataclass(frozen=True)
class Kind:
    """One kind of corruption.

    Attributes:
        name: In links, tables and commands.
        title: What a person reads.
        unit: Of its amounts as they are shown: `SHARE`, `DEGREES`, or a word.
        change: Does it.
        severities: The amounts of severity 1 to 5.
        low, high: The ends of a slider's amounts.
        source: Of the formula, with section.
        neutral: The amount that changes nothing.
        sided: Whether a severity goes to a side drawn for each image.
        published: Of MNIST-C's fifteen, the severity that is its own; else None.
        counterpart: The operator of `models.augment` that does something like it, if one does.
    """

    name: str
    title: str
    unit: str
    change: Change
    severities: tuple[float, ...]
    low: float
    high: float
    source: str
    neutral: float = 0.0
    sided: bool = False
    published: int | None = None
    counterpart: str | None = None

    @property
    def axis(self) -> Axis:
        """What a slider moves along."""
        return Axis(self.name, self.title, self.unit, self.low, self.high, self.neutral)
