"""What scores are, told from all rows: votes, counts, probabilities, their logarithms, logits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from core.reading.errors import ReadingError, counted
from core.reading.questions import Desk, Option, Question
from core.reading.tally import Tally, row_blocks, shown, tally
from core.study.predictions import LARGEST, Kind

ONE_CLASS = "Penumbra reads classifiers with exactly one class per item"
_ALMOST = 0.05
_PROBABILITIES = Option("probabilities", "Probabilities; each row is divided by its sum")
_LOGITS = Option("logits", "Logits of one softmax: exactly one class is right")
_MULTI = Option("multi-label", "Multi-label: several classes can be right at once")
_COUNTS = Option("counts", "Counts: how often each class was said")
_PERCENT = Option("per-cent", "Per cent; each row is divided by its sum")
_LOGS = Option("log-probabilities", "Logarithms of probabilities")
_VOTES = Option("votes", "Votes: one 1 per row")
_ALL = (_PROBABILITIES, _LOGITS, _LOGS, _VOTES, _COUNTS, _PERCENT, _MULTI)


class Understood(NamedTuple):
    """A kind, what the report says of it, and the rows that cannot be kept."""

    kind: Kind
    text: str
    set_aside: np.ndarray
    tally: Tally


def understand(
    values: np.ndarray, file: str, model: str, desk: Desk, alone: bool = True
) -> Understood:
    """The kind of values (S, N, K); asks where the numbers leave it open.

    Args:
        values: As they were given.
        file: To be named.
        model: To be named; an answer under "as:" and this name is for it alone.
        desk: Where to ask.
        alone: Whether there is no other model: else an answer under "as" is for those models
            whose numbers leave it open.

    Raises:
        ReadingError: they are multi-label, or do not fit the answer that was given.
    """
    if not values.shape[1]:
        raise ReadingError(f"{file}: {model!r} has no rows; export it again.")
    found = tally(values)
    _refuse_unusable(found, file, model)
    _ask_order(found, values, file, desk)
    certain = _certain(found)
    given = desk.answers.get(f"as:{model}")
    if given is None and (alone or certain is None):
        given = desk.answers.get("as")
    if given is None:
        given = certain or desk.ask(_question(found, values, file, model))
    elif given not in {option.value for option in _ALL}:
        raise ReadingError(
            f"--as {given} is no kind of scores; choose one of "
            f"{', '.join(option.value for option in _ALL)}."
        )
    else:
        desk.report.add("asked", file, f"{model!r} is read as {given!r}, as was answered")
    return _checked(given, found, values, file)


def _refuse_unusable(found: Tally, file: str, model: str) -> None:
    if found.broken.all():
        raise ReadingError(
            f"{file}: every row of {model!r} holds NaN or infinity; export the scores again."
        )
    if (largest := max(found.high, -found.low)) > LARGEST:
        raise ReadingError(
            f"{file}: {model!r} holds numbers up to {largest:.3g}, too large for scores; export "
            "them again, or leave such rows out."
        )


def _certain(found: Tally) -> Kind | None:
    """The kind where the numbers leave no doubt."""
    if found.one_hot:
        return "votes"
    if found.whole:
        return None
    if found.in_unit and found.worst_sum <= found.tolerance:
        return "probabilities"
    if found.high <= found.tolerance and found.log_sum <= found.tolerance:
        return "log-probabilities"
    return None


def _question(found: Tally, values: np.ndarray, file: str, model: str) -> Question:
    """What the scores might be.

    Raises:
        ReadingError: they are multi-label beyond doubt.
    """
    rows = np.flatnonzero(~found.broken)
    if found.in_unit and not (found.whole and found.high > 1):
        return _about_unit(found, values, file)
    if found.low >= 0 and found.sum_low >= 99 and found.sum_high <= 101:
        text = f"{file}: the rows of {model!r} sum to about 100. Are they per cent?"
        options = (_PERCENT, *((_COUNTS,) if found.whole else ()), _LOGITS, _MULTI)
    elif found.whole and found.low >= 0:
        text = f"{file}: {model!r} holds whole numbers. Are they counts?"
        options = (_COUNTS, _LOGITS, _MULTI)
    else:
        text = (
            f"{file}: {model!r} holds numbers from {found.low:.4g} to {found.high:.4g}. Are they "
            "logits of one softmax? Those of a multi-label classifier look alike."
        )
        options = (_LOGITS, _MULTI)
    return Question("as", text, options, options[0].value, shown(values, rows), "--as")


def _about_unit(found: Tally, values: np.ndarray, file: str) -> Question:
    """Rows in [0, 1] of which some do not sum to 1."""
    rows, num_off = np.flatnonzero(found.off), int(found.off.sum())
    few = num_off <= 0.01 * len(found.off)
    if not few and found.worst_sum > _ALMOST:
        raise _multi_label(file, shown(values, rows[:1])[0])
    text = (
        f"{file}: {counted(num_off, 'row')} of {len(found.off):,} sum to something else than 1 "
        f"({found.sum_low:.4g} to {found.sum_high:.4g}). Are they rounded probabilities?"
    )
    options = (_PROBABILITIES, _MULTI)
    return Question("as", text, options, "probabilities", shown(values, rows), "--as")


def _multi_label(file: str, row: str) -> ReadingError:
    return ReadingError(
        f"{file} holds multi-label scores, rows in [0, 1] that do not sum to 1 ({row}); "
        f"{ONE_CLASS}: save softmax probabilities or logits, or say --as logits."
    )


def _ask_order(found: Tally, values: np.ndarray, file: str, desk: Desk) -> None:
    """Rows that fall from left to right are most often the k best, without their classes."""
    if not found.falls or found.one_hot:
        return
    options = (
        Option("falling", "The k highest scores of each row, highest first (top-k)"),
        Option("classes", "The order of the classes; it falls by chance"),
    )
    question = Question(
        "order", f"{file}: in every row the scores fall from left to right. Top-k, or classes?",
        options, "classes", shown(values, np.flatnonzero(~found.broken)), "--order",
    )  # fmt: skip
    part = found.in_unit and found.worst_sum > _ALMOST and question.key not in desk.answers
    if part or desk.ask(question) == "falling":
        raise ReadingError(
            f"{file} holds the k highest scores of each row, highest first (top-k). Save the "
            "scores of all classes in the order of the classes, or the first class as `prediction` "
            "and its score as `confidence`."
        )


def _checked(chosen: str, found: Tally, values: np.ndarray, file: str) -> Understood:
    if chosen == "multi-label":
        raise ReadingError(f"{file} holds multi-label scores; {ONE_CLASS}.")
    if chosen in {"logits", "log-probabilities"}:
        kind: Kind = "logits" if chosen == "logits" else "log-probabilities"
        if kind == "log-probabilities" and found.high > found.tolerance:
            row = _first_row(values, lambda block: (block > found.tolerance).any((0, 2)))
            raise _unfit(file, chosen, row, "a value above 0")
        return Understood(kind, _range_text(kind, found), found.broken, found)
    if found.low < -found.tolerance:
        row = _first_row(values, lambda block: (block < -found.tolerance).any((0, 2)))
        raise _unfit(file, chosen, row, "a value below 0")
    if chosen == "votes" and not found.one_hot:
        row = _first_row(
            values, lambda block: (block.sum(2) != 1).any(0) | (block % 1 != 0).any((0, 2))
        )
        raise _unfit(file, chosen, row, "something else than one 1")
    named: dict[str, Kind] = {"votes": "votes", "counts": "counts"}
    kind = named.get(chosen, "probabilities")
    return Understood(kind, _share_text(kind, chosen, found), found.broken | found.empty, found)


def _first_row(values: np.ndarray, wrong: Callable[[np.ndarray], Any]) -> int:
    for rows in row_blocks(values):
        with np.errstate(invalid="ignore"):
            at = np.flatnonzero(wrong(np.asarray(values[:, rows])))
        if at.size:
            return int(rows.start + at[0])
    return 0


def _unfit(file: str, chosen: str, row: int, what: str) -> ReadingError:
    return ReadingError(f"{file}, row {row:,} holds {what}, so these are no {chosen}; see --as.")


def _range_text(kind: Kind, found: Tally) -> str:
    if kind == "logits":
        return f"logits from {found.low:.4g} to {found.high:.4g}"
    return f"log-probabilities (their exponentials sum to 1 within {found.log_sum:.2g})"


def _share_text(kind: Kind, chosen: str, found: Tally) -> str:
    if kind == "probabilities" and found.worst_sum < 1e-6:
        return "probabilities (rows sum to 1)"
    if kind == "votes":
        return "votes, one 1 per row"
    if chosen == "per-cent":
        return f"per cent (rows sum to {found.sum_low:.6g}–{found.sum_high:.6g})"
    if kind == "counts":
        return f"counts (rows sum to {found.sum_low:,.0f}–{found.sum_high:,.0f})"
    return f"probabilities (rows sum to {found.sum_low:.6g}–{found.sum_high:.6g})"
