"""What files leave open, asked with the rows that make it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.reading.errors import ReadingError
from core.reading.report import Report


@dataclass(frozen=True)
class Option:
    """One possible answer: its value on the command line, and what a person reads."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """Something that nobody but the owner of the files knows.

    Attributes:
        key: What `answers` holds the answer under.
        text: The question.
        options: The answers there are; empty where any text is one, a file's name for example.
        suggested: The value of the likeliest; it is taken for the preview only.
        evidence: The rows or facts that make it a question.
        command_option: What answers it on the command line, without the value.
    """

    key: str
    text: str
    options: tuple[Option, ...]
    suggested: str
    evidence: tuple[str, ...] = ()
    command_option: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        options = [{"value": option.value, "label": option.label} for option in self.options]
        return {**self.__dict__, "options": options, "evidence": list(self.evidence)}

    def on_command_line(self) -> str:
        """The option with its likeliest value: `--as logits`."""
        return f"{self.command_option} {self.suggested}".strip()


@dataclass
class Desk:
    """Where the reading asks: answers that were given, questions still open, the report.

    Attributes:
        answers: By the questions' keys.
        report: What is put down on the way.
        open: Questions without an answer, in their order.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    open: list[Question] = field(default_factory=list)

    def ask(self, question: Question) -> str:
        """The answer given, or the suggested one, in which case the question stays open.

        Raises:
            ReadingError: the answer is none of the options.
        """
        given = self.answers.get(question.key)
        if given is None:
            if all(asked.key != question.key for asked in self.open):
                self.open.append(question)
            return question.suggested
        given = self._option(question, given)
        self.report.add("asked", "", f"{question.text} {given!r}, as was answered")
        return given

    @staticmethod
    def _option(question: Question, given: str) -> str:
        values = [option.value for option in question.options]
        if values and given not in values:
            raise ReadingError(
                f"{question.command_option} {given} answers nothing here; "
                f"choose one of {', '.join(values)}."
            )
        return given
