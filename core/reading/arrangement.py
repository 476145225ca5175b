"""Which file is a model, a member of one, a fold, or the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from core.reading.errors import ReadingError, listed
from core.reading.fields import Fields, Scores
from core.reading.kinds import ONE_CLASS
from core.reading.labels_beside import drop_name_line, take_label_beside, take_only_column
from core.reading.names import IDS, LABELS, loosely, tokens, words_in
from core.reading.plain_columns import class_names_in, unit_columns
from core.reading.questions import Desk, Option, Question
from core.reading.several_files import folds_first, models_of
from core.reading.tally import tally

_TRUE = words_in("true truth gold gt actual groundtruth")
"""Words in a label's name that leave no question whether it is what a model said."""


@dataclass
class Arranged:
    """Files by what they are for.

    Attributes:
        models: By name, the files of each: several where they are members of one ensemble.
        truth: Files with labels and without a model.
        others: Files with ids, features, texts or the names of the classes.
    """

    models: dict[str, list[Fields]] = field(default_factory=dict)
    truth: list[Fields] = field(default_factory=list)
    others: list[Fields] = field(default_factory=list)


def arrange(files: Sequence[Fields], truth: Sequence[Fields], desk: Desk) -> Arranged:
    """Put every file in its place; asks whether several are models, members or folds.

    Args:
        files: In the order given.
        truth: Files named as labels.
        desk: Where to ask.

    Raises:
        ReadingError: no file holds predictions.
    """
    arranged = Arranged(truth=list(truth))
    whole = folds_first([file for file in files if file.predicts], desk)
    speaking = [one for file in whole for one in _one_scores(file, desk)]
    silent = [file for file in files if not file.predicts]
    for file in [*silent, *arranged.truth]:
        drop_name_line(file, speaking, desk)
    for file in silent:
        take_label_beside(file, class_names_in(speaking))
        take_only_column(file, speaking)
    labelled = [file for file in silent if file.labels or file.label_matrix]
    arranged.others = [file for file in silent if not (file.labels or file.label_matrix)]
    if not speaking:
        speaking, labelled = _answers_among(labelled, bool(truth), desk)
    speaking, more = _truth_among(speaking, bool(truth or labelled), desk)
    arranged.truth += more
    for file in labelled:
        (arranged.others if _names_items(file, speaking) else arranged.truth).append(file)
    if not speaking:
        raise ReadingError(_nothing_found(files, desk))
    arranged.models = models_of(speaking, arranged.truth, desk)
    return arranged


def _nothing_found(files: Sequence[Fields], desk: Desk) -> str:
    columns = [name for file in files if file.rest is not None for name in file.rest.column_names]
    names = listed([file.file for file in files], 3)
    if several := [name for file in files for name in unit_columns(file)]:
        return (
            f"{names}: the numbers in [0, 1] under {listed(several)} do not sum to 1, as those of "
            f"a multi-label classifier; {ONE_CLASS}: save softmax probabilities."
        )
    seen = f" among the columns {listed(columns)}" if columns else ""
    unused = [line.text for line in desk.report.of("set aside")]
    seen += f" ({listed(unused, 2)})" if unused else ""
    return (
        f"{names}: no scores or predictions found{seen}. Name the columns c0, c1 … or like the "
        "labels' values, a column of answers `prediction`, or the array `probs` or `logits`."
    )


def _one_scores(file: Fields, desk: Desk) -> list[Fields]:
    """A file with several sets of scores as several models, or as the one that was chosen."""
    if file.numbers:
        return _one_number(file, desk)
    if len(file.scores) < 2:
        return [file]
    names = [scores.name for scores in file.scores]
    options = [Option(name, f"Only {name!r}") for name in names]
    if len({scores.values.shape[-1] for scores in file.scores}) == 1:
        options.append(Option("all", "All of them, as several models"))
    likeliest = next(
        (n for n in names if tokens(n) & {"probs", "prob", "probabilities", "probability"}),
        options[-1].value,
    )
    question = Question(
        "scores", f"{file.file} holds {listed(names)}. Which are the model's scores?",
        tuple(options), likeliest,
        tuple(f"{s.name}: shape {s.values.shape}" for s in file.scores), "--scores",
    )  # fmt: skip
    chosen = desk.ask(question)
    return [
        replace(file, scores=[scores], stem=scores.name if chosen == "all" else file.stem)
        for scores in file.scores
        if chosen in {"all", scores.name}
    ]


def _one_number(file: Fields, desk: Desk) -> list[Fields]:
    """The same of a file with several numbers per row."""
    names = [column.name for column in file.numbers]
    options = (Option("all", "All of them, as several models"),
               *(Option(name, f"Only {name!r}") for name in names))  # fmt: skip
    question = Question(
        "scores", f"{file.file}: {listed(names)} are one number per row. Whose scores are they?",
        options, "all", (), "--scores",
    )  # fmt: skip
    chosen = desk.ask(question)
    if chosen == "all":
        return [replace(file, number=one, numbers=[], stem=one.name) for one in file.numbers]
    other = {column.name: column.values for column in file.numbers if column.name != chosen}
    return [
        replace(file, number=one, numbers=[], rest=_beside(file.rest, other))
        for one in file.numbers
        if one.name == chosen
    ]


def _beside(rest: pa.Table | None, columns: dict[str, pa.Array]) -> pa.Table:
    """The further columns, and more of them."""
    if rest is None:
        return pa.table(columns)
    for name, values in columns.items():
        rest = rest.append_column(name, values)
    return rest


def _answers_among(
    labelled: list[Fields], has_truth: bool, desk: Desk
) -> tuple[list[Fields], list[Fields]]:
    """Files with one value per row and no scores anywhere: answers, but for the truth."""
    usable = [file for file in labelled if file.labels and not file.named_as_labels]
    true = [file for file in usable if loosely(file.stem, LABELS)]
    if not usable or (len(usable) == 1 and not has_truth and true):
        return [], labelled
    truth = [] if has_truth or len(true) != 1 or len(usable) == 1 else true
    answers = [file for file in usable if file not in truth]
    if len(answers) == 1 and not has_truth and not truth and not _are_predictions(answers[0], desk):
        return [], labelled
    for file in answers:
        file.answers, file.labels = file.labels[0], []
        desk.report.add("read", file.file, f"predicted classes in {file.answers.name!r}")
    return answers, [file for file in labelled if file not in answers]


def _are_predictions(file: Fields, desk: Desk) -> bool:
    if tokens(file.labels[0].name) & _TRUE:
        return False
    question = Question(
        "label-is", f"{file.file}: is {file.labels[0].name!r} a prediction, or the truth?",
        (Option("prediction", "What a model predicted"), Option("truth", "The true label")),
        "prediction", (), "--label-is",
    )  # fmt: skip
    return desk.ask(question) == "prediction"


def _truth_among(
    speaking: list[Fields], has_truth: bool, desk: Desk
) -> tuple[list[Fields], list[Fields]]:
    """One-hot columns beside real scores are labels where the file's name says so, else ask."""
    if has_truth or len(speaking) < 2 or any(f.labels or f.label_matrix for f in speaking):
        return speaking, []
    hot = [f for f in speaking if f.scores and f.scores[0].values.ndim == 2 and
           tally(f.scores[0].values[None]).one_hot]  # fmt: skip
    if len(hot) != 1 or len(hot) == len(speaking):
        return speaking, []
    file = hot[0]
    if not loosely(file.stem, LABELS):
        question = Question(
            "one-hot", f"{file.file} holds one 1 per row. Are these the true labels?",
            (Option("labels", "The true labels"), Option("model", "Votes of a model")),
            "labels", (), "--one-hot",
        )  # fmt: skip
        if desk.ask(question) == "model":
            return speaking, []
    file.label_matrix, file.scores = file.scores[0], []
    return [one for one in speaking if one is not file], [file]


def _names_items(file: Fields, speaking: list[Fields]) -> bool:
    """Whether a file of single texts names the items or the classes; it is told so then."""
    if not speaking or not file.labels_guessed or file.ids or len(file.labels) != 1:
        return False
    values = file.labels[0].values
    if len(values.unique()) < len(values):
        return False
    scores: Scores | None = next((f.scores[0] for f in speaking if f.scores), None)
    if scores is not None and len(values) == scores.values.shape[-1] != speaking[0].num_rows:
        file.class_names = tuple(str(value) for value in values.to_pylist())
        file.labels = []
    elif len(values) == speaking[0].num_rows and (loosely(file.stem, frozenset(IDS)) or
                                                  len(values) > 100):  # fmt: skip
        file.ids, file.labels = file.labels[0]._replace(values=values.cast("string")), []
    return not file.labels
