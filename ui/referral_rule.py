"""The decision that travels: which measure and threshold send an item to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from core.measures.register import BY_COLUMN, DECLINING, higher_is_surer
from core.trust.acceptance import is_accepted
from ui.readers import number, one_of
from ui.state import Field, value, write


class Rule(NamedTuple):
    """An item goes to a person when its `column` is less sure than `threshold`."""

    column: str
    threshold: float

    def __str__(self) -> str:
        """As a person reads it: `Confidence under 0.95`, with the digits that its float32 needs."""
        side = "under" if higher_is_surer(self.column) else "over"
        measure = BY_COLUMN[self.column]
        unit = f" {measure.unit}" if measure.unit == "nats" else ""
        texts = (f"{self.threshold:.{digits}g}" for digits in range(6, 9))
        same = (text for text in texts if np.float32(text) == np.float32(self.threshold))
        return f"{measure.title} {side} {next(same, f'{self.threshold:.9g}')}{unit}"


def _read(texts: list[str]) -> Rule:
    column, colon, threshold = texts[0].partition(":")
    if not colon:
        raise ValueError("it must be a measure and a threshold, like confidence:0.95")
    return Rule(one_of(DECLINING)([column]), number([threshold]))


RULE = Field("decline", None, _read)


def rule() -> Rule | None:
    """The rule in the link, if there is one."""
    return value(RULE)


def write_rule(chosen: Rule) -> None:
    """Put a rule in the link; nine digits name a float32 exactly."""
    write(RULE.key, [f"{chosen.column}:{chosen.threshold:.9g}"])


def badge(measures: Mapping[str, float] | pd.Series) -> None:
    """Whether one item would go to a person under the link's rule; nothing without a rule.

    Args:
        measures: The item's measures by column; a row of the score table will do.
    """
    chosen = rule()
    if chosen is None or chosen.column not in measures:
        return
    if is_accepted(measures[chosen.column], chosen.threshold, higher_is_surer(chosen.column)):
        st.badge("decided without a person", icon=":material/check:", color="blue")
    else:
        st.badge(f"would go to a person: {chosen}", icon=":material/person:", color="orange")
