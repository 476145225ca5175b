"""The section on calibration: do the probabilities mean it?"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.figures import calibration_gaps, reliability
from core.figures import trust_sentences as sentences
from core.figures.compare import BRIER_NOTE, CHANCE_NOTE, METRICS, by_name, interval_text
from core.measures.filters import Filter
from core.study.dataset import Noun
from core.trust.claims import describe_claims
from core.trust.notes import zero_note
from ui import trust_answers, trust_steps
from ui.picked import Picked
from ui.readers import number, one_of, whole
from ui.state import Field, widget
from ui.tables import table
from ui.temperature_table import temperatures
from ui.words import plain, titled

FACTORS = (0.25, 0.33, 0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0, 4.0)


def calibration_section(models: list[Picked], wanted: Filter, picked: Picked) -> None:
    """The answer, reliability, the errors against chance, metrics, classes and temperature.

    On a phone the diagrams come before their controls and before what is said of other models.
    """
    with st.container(key="first"):
        answer, others = st.container(), st.container(key="later-answers")
        with st.container(key="later-controls"):
            bins, num_bins, factor = _controls(all(m.model.has_distribution for m in models))
        with answer:
            trust_steps.prepare("calibration", models, wanted, factor, num_bins, bins)
            _note_factor(factor)
            _answer([m for m in models if m.key == picked.key], wanted, factor)
        with others:
            _answer([m for m in models if m.key != picked.key], wanted, factor)
        keys = {m.title: m.key for m in models}
        found = {
            t: trust_answers.diagram(key, wanted, factor, num_bins, bins) for t, key in keys.items()
        }
        _diagrams(found, bins, picked.noun, is_by_outcome(wanted))
    numbers = {t: trust_answers.numbers(key, wanted, factor) for t, key in keys.items()}
    _metrics(numbers, {title: errors for title, (_, errors) in found.items()})
    _zeros(models, wanted)
    _classes(numbers, models[0], is_by_outcome(wanted))
    temperatures([m for m in models if m.model.has_distribution], wanted, factor)


def _diagrams(found: dict[str, Any], bins: str, noun: Noun, by_outcome: bool) -> None:
    """Reliability, and beside it the calibration errors against chance."""
    diagrams = {title: pair[0] for title, pair in found.items()}
    errors = {title: pair[1] for title, pair in found.items()}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _diagram(diagrams, bins, noun, by_outcome)
    with right:
        text = sentences.describe_errors(errors, noun, by_outcome)
        st.plotly_chart(
            calibration_gaps.errors_figure(titled(errors), noun), key="errors", alt=text
        )
        st.caption(plain(text))
        st.caption(plain(sentences.describe_reliability(diagrams, noun, by_outcome)))


def is_by_outcome(wanted: Filter) -> bool:
    """Whether a filter keeps items by being right or wrong, which no verdict survives."""
    return wanted.only_mistakes or wanted.pair is not None


def _controls(with_temperature: bool) -> tuple[Any, ...]:
    with st.container(horizontal=True):
        bins = st.segmented_control(
            "Bins of equal",
            ["width", "count"],
            required=True,
            **widget(Field("bins", "width", one_of(("width", "count")))),
        )
        num_bins = st.slider(
            "Number of bins", 2, 40, width=220, **widget(Field("num_bins", 15, whole(2, 40)))
        )
        return bins, num_bins, _temperature_slider() if with_temperature else 1.0


def _note_factor(factor: float) -> None:
    """That what is shown is not what is in use."""
    if factor != 1:
        kind = "surer" if factor < 1 else "less sure"
        st.info(
            f"Every model is shown at {factor:g} times its temperature, which makes it sound {kind}"
            " than it does in use. The slider shows what that looks like; 1 is the one in use.",
            icon=":material/thermostat:",
        )


def _answer(models: list[Picked], wanted: Filter, factor: float) -> None:
    """What each model says of these items, and what is so."""
    for model in models:
        text = describe_claims(
            *trust_answers.claims(model.key, wanted, factor),
            trust_answers.numbers(model.key, wanted, factor).off,
            model.class_names,
            model.noun,
            is_by_outcome(wanted),
        )
        st.markdown(f"**{plain(model.title)}** {plain(text)}")


def _temperature_slider() -> float:
    return st.select_slider(
        "Temperature: surer ← as in use → less sure",
        FACTORS,
        format_func=lambda factor: f"× {factor:g}",
        width=320,
        help="The logits are divided by it. Under 1 the models sound surer than in use, over 1 less"
        " sure: watch the dots leave the dotted line.",
        **widget(Field("heat", 1.0, _factor)),
    )


def _factor(texts: list[str]) -> float:
    if (found := number(texts)) not in FACTORS:
        raise ValueError(f"it may be {', '.join(f'{factor:g}' for factor in FACTORS)}")
    return found


def _diagram(results: dict[str, Any], bins: str, noun: Noun, by_outcome: bool) -> None:
    draw = reliability.reliability_figure if bins == "width" else reliability.doubt_figure
    text = sentences.describe_reliability(results, noun, by_outcome)
    st.plotly_chart(draw(titled(results), noun), key="reliability", alt=text)
    if bins == "count":
        st.caption(
            "Most confidences crowd at 1, so both axes show the distance from it: above the dotted"
            " line the model errs more often than it says. The bins hold equally many items,"
            " as far as ties allow. Hollow: no error in the bin; the truth lies below with 97.5 %"
            " confidence."
        )
    else:
        st.caption("Below the dotted line the model is overconfident, above it underconfident.")


def _metrics(numbers: dict[str, Any], errors: dict[str, Any]) -> None:
    st.header("Metrics with 95 % intervals", anchor=False)
    columns = {title: n.metrics | n.parts | by_name(errors[title]) for title, n in numbers.items()}
    rows = {
        label: {title: interval_text(values[key]) for title, values in columns.items()}
        for key, label in METRICS.items()
    }
    table(rows, "Metric")
    st.caption(f"{BRIER_NOTE} {CHANCE_NOTE}")
    if any(trust_answers.lacks_parts(n) for n in numbers.values()):
        st.caption(
            "The parts of the Brier score stand at the temperature in use. With as many classes as"
            " here they take too long for a slider."
        )


def _zeros(models: list[Picked], wanted: Filter) -> None:
    """On how many items a label was given no probability at all, so that the NLL is infinite."""
    for model in models:
        number = trust_answers.num_zero(model.key, wanted)
        items = len(trust_answers.judged(model.key, wanted))
        if note := zero_note(number, items, model.noun):
            st.caption(f"{plain(model.title)}: {note}")


def _classes(numbers: dict[str, Any], first: Picked, by_outcome: bool) -> None:
    st.header("Class by class", anchor=False)
    results = {title: n.classes for title, n in numbers.items()}
    off, names = {title: n.off for title, n in numbers.items()}, first.class_names
    text = sentences.describe_per_class(results, names, first.noun, off, by_outcome)
    figure = calibration_gaps.per_class_figure(titled(results), first.drawn_names, first.noun)
    st.plotly_chart(figure, key="classes", alt=text)
    st.caption(
        "Above 0 the model is right more often than it says, below less often (95 % intervals). "
        + plain(text)
    )
