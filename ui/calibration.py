"""The section on calibration: do the probabilities mean it?"""

from __future__ import annotations

import streamlit as st

from core.classifiers import Classifier
from core.figures import calibration as figures
from core.figures.compare import METRICS, interval_text
from core.filters import Filter
from ui import trust_answers
from ui.state import Field, number, one_of, whole, widget
from ui.tables import table

FACTORS = (0.25, 0.33, 0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0, 4.0)


def calibration_section(models: list[Classifier], wanted: Filter) -> None:
    """Reliability, the errors against chance, the metrics, each class, and the temperature."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        bins = st.segmented_control(
            "Bins of equal",
            ["width", "count"],
            required=True,
            **widget(Field("bins", "width", one_of(("width", "count")))),
        )
        num_bins = st.slider(
            "Number of bins", 2, 40, width=220, **widget(Field("num_bins", 15, whole(2, 40)))
        )
        factor = _temperature_slider()
    found = {
        m.card["title"]: trust_answers.diagram(m.name, wanted, factor, num_bins, bins)
        for m in models
    }
    numbers = {m.card["title"]: trust_answers.numbers(m.name, wanted, factor) for m in models}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _diagram({title: pair[0] for title, pair in found.items()}, bins)
    with right:
        errors = {title: pair[1] for title, pair in found.items()}
        st.plotly_chart(
            figures.errors_figure(errors), key="errors", alt=figures.describe_errors(errors)
        )
        st.caption(figures.describe_errors(errors))
    st.subheader("Metrics with 95 % intervals", anchor=False)
    table(_metric_rows(numbers, errors), "Metric")
    st.caption(
        "Brier score = uncertainty − resolution + reliability − within groups, the groups being the"
        " predicted classes. One image alone in a bin can make the MCE."
    )
    _classes({title: n.classes for title, n in numbers.items()}, models[0].class_names)
    _temperatures(models, wanted, factor)


def _temperature_slider() -> float:
    return st.select_slider(
        "Temperature, times the one in use",
        FACTORS,
        width=300,
        help="Under 1 the model sounds surer than it does in use, over 1 less sure.",
        **widget(Field("heat", 1.0, _factor)),
    )


def _factor(texts: list[str]) -> float:
    if (found := number(texts)) not in FACTORS:
        raise ValueError(f"it may be {', '.join(f'{factor:g}' for factor in FACTORS)}")
    return found


def _diagram(results: dict, bins: str) -> None:
    draw = figures.reliability_figure if bins == "width" else figures.doubt_figure
    st.plotly_chart(draw(results), key="reliability", alt=figures.describe_reliability(results))
    if bins == "count":
        st.caption(
            "Most confidences crowd at 1, so both axes show the distance from it. Hollow: no error"
            " in the bin; the truth lies below with 97.5 % confidence."
        )
    st.caption(figures.describe_reliability(results))


def _metric_rows(numbers: dict, errors: dict) -> dict[str, dict[str, str]]:
    columns = {
        title: n.metrics | n.parts | {"ece": errors[title].ece, "mce": errors[title].mce}
        for title, n in numbers.items()
    }
    return {
        label: {title: interval_text(values[key]) for title, values in columns.items()}
        for key, label in METRICS.items()
    }


def _classes(results: dict, class_names: tuple[str, ...]) -> None:
    st.subheader("Class by class", anchor=False)
    text = figures.describe_per_class(results, class_names)
    st.plotly_chart(figures.per_class_figure(results, class_names), key="classes", alt=text)
    st.caption(
        "Above 0 the model is right more often than it says, below less often (95 % intervals). "
        + text
    )


def _temperatures(models: list[Classifier], wanted: Filter, factor: float) -> None:
    st.subheader("Temperature", anchor=False)
    rows = {}
    for model in models:
        best = trust_answers.best_temperature(model.name)
        kinds = {
            "untouched": 1 / model.temperature,
            "in use": 1.0,
            "fitted on the calibration split": best / model.temperature,
            "slider": factor,
        }
        for kind, times in kinds.items():
            _, errors = trust_answers.diagram(model.name, wanted, times, 15, "width")
            metrics = trust_answers.numbers(model.name, wanted, times).metrics
            rows[f"{model.card['title']}, {kind}"] = {
                "Temperature": f"{times * model.temperature:.3f}",
                "NLL (nats)": interval_text(metrics["nll"]),
                "ECE, 15 bins": interval_text(errors.ece),
            }
    table(rows, "Model")
    st.caption(
        "Dividing the logits by a temperature changes how sure a model sounds. It is fitted on the"
        " calibration split, so it need not be the best for the images shown."
    )
