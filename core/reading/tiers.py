"""Files with less than a distribution: one number per row, a prediction, or both."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from core.reading.errors import ReadingError, counted, listed
from core.reading.fields import Column, Fields, Scores
from core.reading.label_faults import refuse_measured
from core.reading.label_values import distinct, sorted_names, text_of
from core.reading.questions import Desk, Option, Question
from core.reading.scratch import allocate


def settle(file: Fields, truth: Column | None, desk: Desk) -> None:
    """Decide what a file without scores says: a binary probability, or a prediction.

    Args:
        file: Changed in place: gains scores, or an answer.
        truth: The labels of another file, if there are any.
        desk: Where to ask.

    Raises:
        ReadingError: one number per row for more than two classes, or columns of other lengths.
    """
    if file.scores:
        _keep_number(file)
        return
    _require_one_length(file)
    if file.number is None or (file.answers is not None and not _is_of_one_class(file, truth)):
        return
    if file.answers is None and file.labels and _is_prediction(file, truth, desk):
        file.answers, file.labels = file.labels[0], file.labels[1:]
        return
    label = truth or (file.labels[0] if file.labels else file.answers)
    file.scores = [_binary(file, file.number, label, desk)]
    file.number = None


def _require_one_length(file: Fields) -> None:
    columns = [c for c in (file.answers, file.number, *file.labels, file.ids) if c is not None]
    for column in columns[1:]:
        if len(column.values) != len(columns[0].values):
            numbers = (
                f"{c.name!r} has {counted(len(c.values), 'row')}" for c in (columns[0], column)
            )
            raise ReadingError(f"{file.file}: {' and '.join(numbers)}; give one of each per item.")


def _is_of_one_class(file: Fields, truth: Column | None) -> bool:
    """Whether the number beside a prediction of two classes is always the same class's: a
    confidence is never below one half there.
    """
    label = truth or (file.labels[0] if file.labels else file.answers)
    names = set(distinct(label.values)) if label is not None else set()
    if file.answers is not None and not _are_signs(file.answers, names):
        names |= set(distinct(file.answers.values))
    assert file.number is not None  # noqa: S101 - for the type checker; settle looked
    values = _numbers(file.number)
    values = values[np.isfinite(values)]
    return len(names) == 2 and bool(values.size) and 0 <= values.min() < 0.5 and values.max() <= 1


def _are_signs(answers: Column, names: set[str]) -> bool:
    """Whether answers are 0 and 1 where the two classes have names."""
    return set(distinct(answers.values)) <= {"0", "1"} and not names & {"0", "1"}


def _named_answers(answers: Column, one: str, zero: str) -> Column:
    """Answers 0 and 1 as the names of their classes."""
    names = {"1": one, "0": zero}
    texts = [names.get(text_of(value)) for value in answers.values.to_pylist()]
    return answers._replace(values=pa.array(texts, pa.string()))


def _keep_number(file: Fields) -> None:
    """A confidence beside scores is one more column."""
    if file.number is None:
        return
    column = pa.table([file.number.values], names=[file.number.name])
    file.rest = column if file.rest is None else file.rest.append_column(*_named(file.number))
    file.number = None


def _named(column: Column) -> tuple[str, pa.Array]:
    return column.name, column.values


def _is_prediction(file: Fields, truth: Column | None, desk: Desk) -> bool:
    """Whether `label` beside one number is what was predicted, as timm writes it."""
    label, number = file.labels[0], file.number
    assert number is not None  # noqa: S101 - for the type checker; settle looked
    if truth is not None:
        desk.report.add("read", file.file, f"{label.name!r} read as the prediction: the truth is "
                                           "in another file")  # fmt: skip
        return True
    names, values = distinct(label.values), _numbers(number)
    if len(names) <= 2 and (values < 0.5).any():
        return False
    options = (Option("prediction", f"What the model predicted, {number.name!r} its confidence"),
               Option("truth", "The true label"))  # fmt: skip
    question = Question(
        "label-is",
        f"{file.file}: is {label.name!r} the truth, or the prediction, as timm writes it?",
        options, "prediction",
        tuple(f"row {row}: {label.name} {text_of(label.values[row].as_py())}, {number.name} "
              f"{number.values[row].as_py()}" for row in range(min(3, len(label.values)))),
        "--label-is",
    )  # fmt: skip
    return desk.ask(question) == "prediction"


def _numbers(column: Column) -> np.ndarray:
    return column.values.to_numpy(zero_copy_only=False)


def _binary(file: Fields, number: Column, label: Column | None, desk: Desk) -> Scores:
    """Both classes' scores from the one that is there."""
    names = sorted_names(distinct(label.values)) if label else ["0", "1"]
    names = _two(names, file, number)
    values = _numbers(number)
    told = file.number_of if file.number_of in names else None
    positive = names.index(told or _positive(file, number, label, names, desk))
    if file.answers is not None and _are_signs(file.answers, set(names)):
        file.answers = _named_answers(file.answers, names[positive], names[1 - positive])
    dtype = values.dtype if values.dtype.kind == "f" else np.dtype(np.float64)
    both = allocate((len(values), 2), dtype, file.file)
    known = values[np.isfinite(values)]
    shares = not known.size or (known.min() >= 0 and known.max() <= 1)
    both[:, positive] = values
    both[:, 1 - positive] = 1 - values if shares else np.where(np.isfinite(values), 0, values)
    said = f"{number.name!r} read as the score of class {names[positive]!r}"
    desk.report.add("read", file.file, said, len(values), len(values))
    return Scores(number.name, both, tuple(names))


def _positive(
    file: Fields, number: Column, label: Column | None, names: list[str], desk: Desk
) -> str:
    """Which of the two classes the number is of, as somebody answers."""
    values = _numbers(number)
    question = Question(
        "positive", f"{file.file}: {number.name!r} is one number per row. Of which class?",
        tuple(Option(name, f"Class {name}") for name in names),
        names[_higher(values, label, names)],
        _means(values, label, names), "--positive",
    )  # fmt: skip
    return desk.ask(question)


def _two(names: list[str], file: Fields, number: Column) -> list[str]:
    if len(names) > 2:
        raise ReadingError(
            f"{file.file}: {number.name!r} is one number per row and there are {len(names)} "
            f"classes ({listed(names, 3)}); add the predicted class, or the scores of all classes."
        )
    return names if len(names) == 2 else (["0", "1"] if not names or names[0] in {"0", "1"}
                                          else [f"not {names[0]}", names[0]])  # fmt: skip


def _of_class(values: np.ndarray, label: Column | None, name: str) -> float:
    if label is None or len(label.values) != len(values):
        return float("nan")
    here = np.array([text_of(value) == name for value in label.values.to_pylist()])
    here &= np.isfinite(values)
    return float(values[here].mean()) if here.any() else float("nan")


def _higher(values: np.ndarray, label: Column | None, names: list[str]) -> int:
    first, second = (_of_class(values, label, name) for name in names)
    return 0 if first > second else 1


def _means(values: np.ndarray, label: Column | None, names: list[str]) -> tuple[str, ...]:
    means = [(name, _of_class(values, label, name)) for name in names]
    return tuple(f"mean over label {name}: {mean:.3g}" for name, mean in means if np.isfinite(mean))


def ask_answers_only(file: Fields, desk: Desk) -> None:
    """Ask whether to go on with less.

    Raises:
        ReadingError: the answer was no.
    """
    said = repr(file.answers.name) if file.answers else "it"
    question = Question(
        "tier",
        f"{file.file}: {said} is a predicted class per row, and there is no confidence. Go on with "
        "accuracy, confusions and comparison only?",
        (Option("answers", "Yes: no confidence, entropy, calibration or prediction sets"),
         Option("refuse", "No: I have the scores elsewhere")), "answers", (), "--tier",
    )  # fmt: skip
    if desk.ask(question) == "refuse":
        raise ReadingError(
            f"{file.file} holds answers without confidence; give the scores instead."
        )


def confidence_of(file: Fields, number: Column, desk: Desk) -> np.ndarray:
    """The confidence (N,) in [0, 1], as it was given.

    Raises:
        ReadingError: it is not in [0, 1], nor per cent.
    """
    values = _numbers(number)
    known = values[np.isfinite(values)]
    if not known.size or (known.min() >= 0 and known.max() <= 1 + 1e-3):
        return values
    if known.min() >= 0 and known.max() <= 100 + 1e-3:
        desk.report.add("corrected", file.file, f"{number.name!r} divided by 100: it is per cent")
        return values / 100
    row = int(np.flatnonzero((values < 0) | (values > 1))[0])
    refuse_measured(file.file, number.name, values)
    raise ReadingError(
        f"{file.file}, row {row:,}: {number.name!r} is {values[row]:.4g}, and a confidence lies in "
        "[0, 1]; give probabilities, or the scores of all classes."
    )
