"""From files to a study: read, asked until nothing is open, and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.reading.read import Source, read_files
from core.reading.reading import Reading
from core.stored.folder_writing import Advance
from core.stored.from_reading import new_study, noun_of
from core.stored.joined_reading import JoinedReading, join_reading
from core.stored.library import Library

DIRECT_OPTIONS = ("--as", "--positive", "--label", "--id", "--class-names", "--labels")
"""Of the command: every other question is answered with `--answer KEY=VALUE`."""


@dataclass(frozen=True)
class Opening:
    """What somebody wants opened.

    Attributes:
        files: With predictions, each under the name that the person knows it by.
        labels, held_out, class_names: Further files, see `core.reading.read.read_files`.
        images: The folder that the names of pictures start in.
        columns: A table of further columns, see there.
        id, label: Columns that were named.
        answers: To questions, by their keys.
        model: The model's name, where there is one model.
        title: Of the study; the first file's name if empty.
        noun: What an item is called, see `noun_of`.
        key: For links; made from the title if None.
        out_of_sample: Whether no model was fitted on these labels; None if not known.
    """

    files: Sequence[Source]
    labels: Source | None = None
    held_out: Source | Sequence[Source] | None = None
    class_names: Source | None = None
    images: Path | None = None
    id: str | None = None
    label: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    model: str = ""
    title: str = ""
    noun: str = "item"
    key: str | None = None
    out_of_sample: bool | None = None
    columns: Source | None = None

    def answered(self, answers: Mapping[str, str]) -> Opening:
        """The same with more questions answered."""
        return replace(self, answers={**self.answers, **answers})

    def read(self) -> Reading:
        """How the files are understood so far.

        Raises:
            ReadingError: a file cannot be read, or files do not fit.
        """
        found = read_files(
            self.files,
            self.answers,
            labels=self.labels,
            held_out=self.held_out,
            class_names=self.class_names,
            images=self.images,
            columns=self.columns,
            id=self.id,
            label=self.label,
        )
        return self._named(found)

    def _named(self, found: Reading) -> Reading:
        if not self.model or len(found.models) != 1:
            return found
        old, model = next(iter(found.models.items()))
        apart = found.held_out
        if apart is not None:
            renamed = {self.model if n == old else n: m for n, m in apart.models.items()}
            apart = replace(apart, models=renamed)
        models = {self.model: replace(model, name=self.model)}
        return replace(found, models=models, held_out=apart)

    def write(
        self,
        reading: Reading,
        library: Library,
        progress: Advance = lambda rows, total: None,
    ) -> str:
        """Make a study of a reading without open questions; gives its key.

        Raises:
            StudyError: what was read makes no study, or it cannot be written.
        """
        title = self.title.strip() or Path(self.files[0].name).name.partition(".")[0] or "Study"
        sources = [source.name for source in self.files]
        new = new_study(reading, title, noun_of(self.noun), sources, self.out_of_sample)
        return library.add(new, self.key, progress)

    def join(self, reading: Reading, library: Library, key: str) -> JoinedReading:
        """What was read, on the items of a study that is there.

        Raises:
            StudyError: as `core.stored.joined_reading.join_reading`; or the study may not be
                changed.
        """
        library.check_own(key)
        return join_reading(reading, library.load(key).dataset, self.out_of_sample)

    def add(
        self,
        joined: JoinedReading,
        library: Library,
        key: str,
        progress: Advance = lambda rows, total: None,
    ) -> tuple[str, ...]:
        """Write the models of `join` into the study; gives their names.

        Raises:
            StudyError: as `Library.add_models`.
        """
        sources = [source.name for source in self.files]
        return library.add_models(key, joined, sources, progress)


def read_until_final(
    opening: Opening, ask: Callable[[Reading], Mapping[str, str]]
) -> tuple[Opening, Reading]:
    """Read files, asking until no question is open.

    Args:
        opening: What to open.
        ask: Gives answers to the first open question of a reading.

    Raises:
        ReadingError: as `Opening.read`.
    """
    reading = opening.read()
    while not reading.is_final:
        opening = opening.answered(ask(reading))
        reading = opening.read()
    return opening, reading


def how_to_answer(reading: Reading) -> str:
    """The option of the command that answers the first open question, with its answers."""
    question = reading.questions[0]
    direct = question.command_option in DIRECT_OPTIONS
    how = f"{question.command_option} " if direct else f"--answer {question.key}="
    values = " or ".join(option.value for option in question.options) or "ANSWER"
    return f"{question.text} Answer it with {how}{values}"
