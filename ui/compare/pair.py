"""Which two models are compared, and what the link says of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from core.study.command_name import COMMAND
from core.trust.comparison import Comparison, default_pair
from core.trust.side_by_side import outcomes_in
from ui import long_work
from ui.compare import answers
from ui.picked import Picked
from ui.readers import one_of
from ui.state import Field, value, widget, write
from ui.words import drawn

BASELINE, CANDIDATE = "baseline", "candidate"


@dataclass(frozen=True)
class Pair:
    """Two models of a study.

    Attributes:
        baseline: The one to start from.
        candidate: The one that it is compared with.
    """

    baseline: Picked
    candidate: Picked

    @property
    def titles(self) -> tuple[str, str]:
        """What a person reads."""
        return self.baseline.title, self.candidate.title

    @property
    def drawn_titles(self) -> tuple[str, str]:
        """The same as a figure takes them."""
        return drawn(self.baseline.title), drawn(self.candidate.title)

    @property
    def has_labels(self) -> bool:
        """Whether any item can be called right or wrong."""
        return len(self.baseline.dataset.labelled) > 0

    @property
    def comparison(self) -> Comparison:
        """Both on the labelled items."""
        return answers.comparison(self.baseline.key, self.candidate.key.model)

    @property
    def table(self) -> pd.DataFrame:
        """Both models' answers, one row per item."""
        return answers.beside(self.baseline.key, self.candidate.key.model)

    @property
    def outcomes(self) -> dict[str, int]:
        """Items of each outcome."""
        return outcomes_in(self.table)


def pick_pair(picked: Picked) -> Pair:
    """The two models that people picked; ends the page where a study has only one."""
    study = picked.study
    if len(study.models) < 2:
        st.info(_only_one(picked), icon=":material/info:")
        st.stop()
    first, second = default_pair(study)
    if st.query_params.get(CANDIDATE) == first:
        first, second = second, first
    baseline = Field(BASELINE, first, one_of(study.models))
    others = [name for name in study.models if name != value(baseline)]
    candidate = Field(CANDIDATE, second if second in others else others[0], one_of(others))
    titles = {name: picked.beside(name).title for name in study.models}
    with st.container(horizontal=True, vertical_alignment="bottom", key="pair"):
        for label, field, names in (
            ("Baseline", baseline, list(study.models)),
            ("Candidate", candidate, others),
        ):
            st.selectbox(label, names, format_func=titles.__getitem__, width=260, **widget(field))
        now = value(baseline), value(candidate)
        st.button(
            "Swap",
            key="swap",
            icon=":material/swap_horiz:",
            on_click=_swap,
            args=now,
            help="Swap baseline and candidate.",
        )
    return Pair(*(picked.beside(name) for name in now))


def prepare(pair: Pair) -> None:
    """Fill the caches of the page, with a bar where that takes more than a second."""
    key, candidate = pair.baseline.key, pair.candidate.key.model
    steps: list[long_work.Step] = [
        ("Setting both models side by side", partial(answers.beside, key, candidate))
    ]
    if pair.has_labels:
        steps += [
            ("Reading both models’ probabilities", partial(answers.comparison, key, candidate)),
            ("Comparing them", lambda: pair.comparison.differences),
        ]
    most = max(pair.baseline.num_values, pair.candidate.num_values)
    long_work.prepare(("compare", key, candidate), steps, most)


def _swap(baseline: str, candidate: str) -> None:
    write(BASELINE, [candidate])
    write(CANDIDATE, [baseline])


def _only_one(picked: Picked) -> str:
    again = "Open both models’ files together"
    if not picked.key.version:
        return f"This study has one model, and a comparison takes two. {again}."
    return (
        f"This study has one model, and a comparison takes two. {again}, or add the other one’s"
        f" file to this study under **Open**, or with `{COMMAND} open FILE --add-to"
        f" {picked.study.key}`."
    )
