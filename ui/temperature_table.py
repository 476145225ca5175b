"""Each model's temperature, before and after it was fitted."""

from __future__ import annotations

import streamlit as st

from core.figures.compare import interval_text
from core.measures.filters import Filter
from ui import trust_answers
from ui.picked import Picked
from ui.tables import table


def temperatures(models: list[Picked], wanted: Filter, factor: float) -> None:
    """Each model's NLL and ECE at the temperatures that mean something."""
    if not models:
        return
    st.header("Temperature, before and after", anchor=False)
    rows = {}
    for model in models:
        for times, kinds in _kinds(model, factor).items():
            _, errors = trust_answers.diagram(model.key, wanted, times, 15, "width")
            metrics = trust_answers.metrics(model.key, wanted, times)
            rows[f"{model.title}, {' and '.join(kinds)}"] = {
                "Temperature": f"{times * model.model.temperature:.3f}",
                "NLL (nats)": interval_text(metrics["nll"]),
                "ECE, 15 bins": interval_text(errors.ece),
            }
    table(rows, "Model")
    st.caption(
        "Dividing the logits by a temperature changes how sure a model sounds. It is fitted on"
        " other items than those it is judged on, so it need not be the best for the ones shown."
    )


def _kinds(model: Picked, factor: float) -> dict[float, list[str]]:
    """Times its temperature -> what for; what nobody can tell apart is one row."""
    best, now = trust_answers.best_temperature(model.key), model.model.temperature
    kinds = {
        "in use": 1.0,
        "untouched": 1 / now,
        "fitted on what was held out": best / now,
    }
    found: dict[float, list[str]] = {}
    for kind, times in kinds.items() if factor == 1 else (kinds | {"slider": factor}).items():
        alike = (other for other in found if abs(other - times) < 5e-4)
        found.setdefault(next(alike, times), []).append(kind)
    return found
