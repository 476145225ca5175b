"""Several files of predictions: models to be compared, members of one ensemble, or folds."""

from __future__ import annotations

import re

from core.reading.errors import ReadingError, listed
from core.reading.fields import Fields
from core.reading.folds import concatenated
from core.reading.names import tokens, words_in
from core.reading.questions import Desk, Option, Question

_MEMBER = words_in(
    """
    member members seed run mc sample replica vote votes voter ens ensemble annotator
    """
)


def folds_first(speaking: list[Fields], desk: Desk) -> list[Fields]:
    """Folds with several numbers per row as one file, before each number becomes a model.

    Raises:
        ReadingError: they have different columns.
    """
    if len(speaking) < 2 or not all(file.numbers for file in speaking):
        return speaking
    how = desk.answers.get("files") or _obvious(speaking, [])
    return [concatenated(speaking, desk.report)] if how == "folds" else speaking


def models_of(speaking: list[Fields], truth: list[Fields], desk: Desk) -> dict[str, list[Fields]]:
    """The files of each model by its name: several where they are members of one ensemble.

    Args:
        speaking: Files in which a model speaks.
        truth: Files of labels, put below each other where the others are folds.
        desk: Where to ask whether several files are models, members or folds.

    Raises:
        ReadingError: folds have different columns.
    """
    if len(speaking) == 1:
        return {speaking[0].stem: speaking}
    how = desk.answers.get("files") or _obvious(speaking, truth)
    if how is None and len({file.file for file in speaking}) == 1:
        how = "models"  # as was answered when the file's scores were chosen
    if how is None:
        how = desk.ask(_files_question(speaking))
    if how == "folds":
        whole = concatenated(speaking, desk.report)
        if len(truth) == len(speaking) and all(file.labels for file in truth):
            truth[:] = [concatenated(truth, desk.report)]
        return {whole.stem: [whole]}
    if how == "members":
        name = re.sub(r"[\W_]*\d+", "", speaking[0].stem) or "ensemble"
        desk.report.add("read", "", f"{len(speaking)} files read as members of one ensemble")
        return {name: speaking}
    if how != "models":
        raise ReadingError(f"--files {how} answers nothing; say models, members or folds.")
    return _named(speaking)


def _named(speaking: list[Fields]) -> dict[str, list[Fields]]:
    models: dict[str, list[Fields]] = {}
    for file in speaking:
        name, number = file.stem, 2
        while name in models:
            name, number = f"{file.stem} {number}", number + 1
        models[name] = [file]
    return models


def _obvious(speaking: list[Fields], truth: list[Fields]) -> str | None:
    """models, members or folds where the names and ids leave no doubt."""
    stems = [file.stem for file in speaking]
    if all("fold" in stem.lower() for stem in stems):
        return "folds" if _disjoint(speaking) or _own_labels(speaking, truth) else None
    alike = len({re.sub(r"\d+", "", stem) for stem in stems}) == 1
    words = set().union(*(tokens(re.sub(r"\d+", " ", stem)) for stem in stems))
    if _disjoint(speaking):
        return None
    if alike and words & _MEMBER and len(set(stems)) > 1:
        return "members"
    whole = all(file.scores for file in speaking)
    return "models" if whole and not alike and len(speaking) <= 5 else None


def _own_labels(speaking: list[Fields], truth: list[Fields]) -> bool:
    """Whether every file has labels of its own, beside it or in it, and not all the same."""
    if any(file.ids for file in speaking):
        return False
    files = truth if len(truth) == len(speaking) else speaking
    if not all(file.labels for file in files):
        return False
    first, *others = (file.labels[0].values for file in files)
    return not all(first.equals(other) for other in others)


def _disjoint(speaking: list[Fields]) -> bool:
    """Whether every file has ids and no id is in two files."""
    seen: set[str] = set()
    for file in speaking:
        if file.ids is None:
            return False
        here = set(file.ids.values.to_pylist())
        if seen & here:
            return False
        seen |= here
    return True


def _files_question(speaking: list[Fields]) -> Question:
    sizes = {file.num_rows for file in speaking}
    alike = len({re.sub(r"\d+", "", file.stem) for file in speaking}) == 1
    only_answers = not any(file.scores or file.number for file in speaking)
    options = [Option("models", "Several models, to be compared"),
               Option("members", "Members of one ensemble"),
               Option("folds", "Folds: other rows in each file")]  # fmt: skip
    if len(sizes) > 1 or _disjoint(speaking):
        likeliest = "folds"
    else:
        likeliest = "members" if alike or (only_answers and len(speaking) > 5) else "models"
    evidence = tuple(f"{file.file}: {file.num_rows:,} rows" for file in speaking[:5])
    text = (
        f"{len(speaking)} files hold predictions ({listed([f.stem for f in speaking], 3)}). "
        "Several models, or members of one ensemble?"
    )
    return Question("files", text, tuple(options), likeliest, evidence, "--files")
