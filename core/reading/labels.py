"""Labels as codes: numbers or names, from 0 or from 1, one-hot or shares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from core.reading.errors import ReadingError, counted, listed
from core.reading.fields import Column
from core.reading.label_values import (
    SIGNS,
    Classes,
    Coded,
    distinct,
    is_whole,
    sorted_names,
    text_of,
    whole_numbers,
)
from core.reading.questions import Desk, Option, Question
from core.study.dataset import UNLABELLED

Predicted = Callable[[], np.ndarray | None]


def code_labels(
    column: Column, classes: Classes, file: str, desk: Desk, predicted: Predicted
) -> Coded:
    """The codes of labels in the order of the classes; asks where that order is open.

    Args:
        column: One label per row.
        classes: What the scores say of the classes.
        file: Of the labels.
        desk: Where to ask.
        predicted: Gives the predicted codes, to show which answer fits.

    Raises:
        ReadingError: there are more or fewer classes than the scores have.
    """
    texts = distinct(column.values)
    if texts and set(texts) <= set(classes.columns):
        classes = Classes(classes.num, classes.columns)
    elif classes.are_numbers and not set(texts) <= set(classes.names or ()):
        classes = Classes(classes.num)
    names = classes.names or _names_from(texts, classes, column, file, desk, predicted)
    mapping = _by_name(texts, names, file, desk) or _by_number(
        texts, names, classes, column, file, desk, predicted
    )
    if mapping is not None and classes.names is None and mapping.pop("shift", 0):
        names = tuple(str(number + 1) for number in range(len(names)))
    if mapping is None:
        mapping = _without_class(texts, names, column, file, desk)
    return Coded(_codes(column.values, mapping), names)


def _codes(values: pa.Array, mapping: dict[str, int]) -> np.ndarray:
    if (numbers := whole_numbers(values)) is not None:
        seen, where = np.unique(numbers, return_inverse=True)
        return np.array([mapping.get(str(n), UNLABELLED) for n in seen.tolist()], np.int32)[where]
    encoded = values.dictionary_encode()
    table = [mapping.get(text_of(value), UNLABELLED) for value in encoded.dictionary.to_pylist()]
    places = encoded.indices
    if places.null_count:  # fill_null imports pandas, which takes longer than all the rest
        places = places.fill_null(len(table))
    places = np.frombuffer(places.buffers()[1], np.int32, len(places), 4 * places.offset)
    return np.array([*table, UNLABELLED], np.int32)[places]


def _names_from(
    texts: list[str], classes: Classes, column: Column, file: str, desk: Desk, predicted: Predicted
) -> tuple[str, ...]:
    """Names where the scores have none: numbers, or the labels' values in an order to be asked."""
    num = classes.num
    if set(texts) == SIGNS and num in {None, 2}:
        return ("-1", "1")
    if all(is_whole(text) for text in texts):
        most = max((int(text) for text in texts), default=0)
        return tuple(str(number) for number in range(num or most + 1))
    if num is None or (num == 2 and {text.lower() for text in texts} <= {"false", "true"}):
        return tuple(sorted_names(texts if num is None else ["False", "True"]))
    if len(texts) != num:
        raise ReadingError(
            f"{file}: {column.name!r} holds {counted(len(texts), 'class', 'classes')} by name "
            f"({listed(texts, 3)}) and the scores have {num} columns without names; "
            "give the names in the columns' order with --class-names."
        )
    orders = {"sorted": sorted_names(texts), "first-seen": texts}
    if orders["sorted"] == orders["first-seen"]:
        right = {"sorted": _agreement(column, texts, predicted)}
    else:
        right = {key: _agreement(column, names, predicted) for key, names in orders.items()}
    best = max(right, key=lambda key: right[key])
    options = tuple(Option(key, f"{listed(orders[key], 4)}") for key in orders)
    question = Question(
        "class-order",
        f"{file}: labels are names, the scores' columns are not. In which order are the classes?",
        options, best,
        tuple(
            f"{key}: {100 * share:.1f} % of the predictions are right"
            for key, share in right.items()
        ),
        "--class-order",
    )  # fmt: skip
    return tuple(orders[desk.ask(question)])


def _agreement(column: Column, names: list[str], predicted: Predicted) -> float:
    answers = predicted()
    if answers is None:
        return 0.0
    codes = _codes(column.values, {name: code for code, name in enumerate(names)})
    known = codes != UNLABELLED
    return float((codes == answers)[known].mean()) if known.any() else 0.0


def _by_name(
    texts: list[str], names: tuple[str, ...], file: str, desk: Desk
) -> dict[str, int] | None:
    exact = {name: code for code, name in enumerate(names)}
    if all(text in exact for text in texts):
        return exact
    folded = {name.strip().casefold(): code for code, name in enumerate(names)}
    if len(folded) == len(names) and all(text.casefold() in folded for text in texts):
        desk.report.add("noted", file, "labels match the columns but for upper and lower case")
        return {text: folded[text.casefold()] for text in texts}
    return None


def _by_number(
    texts: list[str], names: tuple[str, ...], classes: Classes, column: Column, file: str,
    desk: Desk, predicted: Predicted,
) -> dict[str, int] | None:  # fmt: skip
    if not texts or not all(is_whole(text) for text in texts):
        return None
    low, high = min(map(int, texts)), max(map(int, texts))
    if low >= 0 and high < len(names):
        desk.report.add("noted", file, f"labels {low}–{high} read as places of the columns, from 0")
        return {text: int(text) for text in texts}
    if low < 1 or high != len(names):
        return None
    shift = _ask_first(texts, len(names), column, file, desk, predicted)
    mapping = {text: int(text) - shift for text in texts if 0 <= int(text) - shift < len(names)}
    return mapping | ({"shift": 1} if shift and classes.names is None else {})


def _ask_first(
    texts: list[str], num: int, column: Column, file: str, desk: Desk, predicted: Predicted
) -> int:
    from_1 = _agreement(column, [str(code + 1) for code in range(num)], predicted)
    from_0 = _agreement(column, [str(code) for code in range(num)], predicted)
    question = Question(
        "labels-from",
        f"{file}: labels in {column.name!r} go from {min(map(int, texts))} to {num} and there are "
        f"{num} classes. Is the first class called 1?",
        (Option("1", "Yes: labels are counted from 1"),
         Option("0", f"No: from 0; rows with label {num} have no column and stay unlabelled")),
        "1" if from_1 >= from_0 else "0",
        (f"from 1: {100 * from_1:.1f} % of the predictions are right",
         f"from 0: {100 * from_0:.1f} % of the predictions are right"),
        "--labels-from",
    )  # fmt: skip
    return int(desk.ask(question))


def _without_class(
    texts: list[str], names: tuple[str, ...], column: Column, file: str, desk: Desk
) -> dict[str, int]:
    exact = {name: code for code, name in enumerate(names)}
    if all(is_whole(text) for text in texts) and not any(text in exact for text in texts):
        exact = {str(code): code for code in range(len(names))}
    strange = [text for text in texts if text not in exact]
    if len(strange) == len(texts):
        raise ReadingError(
            f"{file}: no label in {column.name!r} ({listed(texts, 3)}) is one of the classes "
            f"({listed(names, 3)}); name the label with --label, or the classes with --class-names."
        )
    options = (Option("unlabelled", "Keep these rows, without a label"),
               Option("refuse", "Stop; the files do not fit"))  # fmt: skip
    question = Question(
        "unknown-labels",
        f"{file}: {counted(len(strange), 'label')} in {column.name!r} without a column of scores "
        f"({listed(strange)}). What becomes of these rows?",
        options, "unlabelled",
        tuple(f"label {text!r}: {sum(text_of(v) == text for v in column.values.to_pylist()):,} rows"
              for text in strange[:5]),
        "--unknown-labels",
    )  # fmt: skip
    if desk.ask(question) == "refuse":
        raise ReadingError(
            f"{file}: the label {strange[0]!r} has no column; give scores for all classes."
        )
    return exact
