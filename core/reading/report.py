"""The reading report: what was read as what, on how many rows, and what was done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

What = Literal["read", "joined", "corrected", "set aside", "asked", "noted"]


@dataclass(frozen=True)
class Line:
    """One thing that was understood.

    Attributes:
        what: What happened.
        file: The file it concerns; empty for all of them.
        text: A sentence without its full stop.
        rows: On how many rows; None where rows are not the matter.
        of: Of how many.
        examples: A few rows or ids it concerns.
    """

    what: What
    file: str
    text: str
    rows: int | None = None
    of: int | None = None
    examples: tuple[str, ...] = ()

    def sentence(self) -> str:
        """`preds.csv: labels in "label" (21,397 of 21,397 rows)`."""
        share = "" if self.rows is None else f" ({self.rows:,} of {self.of or self.rows:,} rows)"
        place = f"{self.file}: " if self.file else ""
        shown = f": {', '.join(self.examples)}" if self.examples else ""
        return f"{place}{self.text}{share}{shown}."


@dataclass
class Report:
    """How files were read; plain values that go to JSON and back."""

    entries: list[Line] = field(default_factory=list)

    def add(
        self,
        what: What,
        file: str,
        text: str,
        rows: int | None = None,
        of: int | None = None,
        examples: tuple[str, ...] = (),
    ) -> None:
        """Put down one more thing."""
        line = Line(what, file, text, rows, of, examples)
        if line not in self.entries:
            self.entries.append(line)

    def lines(self) -> list[str]:
        """Sentences, in the order in which things were read."""
        return [entry.sentence() for entry in _together(self.entries)]

    def of(self, what: What) -> list[Line]:
        """The entries of one sort."""
        return [entry for entry in self.entries if entry.what == what]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "entries": [
                asdict(entry) | {"examples": list(entry.examples)} for entry in self.entries
            ]
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Report:
        """Back from `as_dict`."""
        return cls(
            [Line(**{**entry, "examples": tuple(entry["examples"])}) for entry in values["entries"]]
        )


_MANY_FILES = 5


def _together(entries: list[Line]) -> list[Line]:
    """Entries of which only the file differs, and of more than a few files, as one."""
    alike: dict[tuple[str, str, bool], list[Line]] = {}
    for entry in entries:
        alike.setdefault((entry.what, entry.text, bool(entry.examples)), []).append(entry)
    return [
        line
        for lines in alike.values()
        for line in ([_sum(lines)] if len({one.file for one in lines}) > _MANY_FILES else lines)
    ]


def _sum(lines: list[Line]) -> Line:
    """One entry for many files: their rows added up, examples of the first."""
    rows = sum(line.rows or 0 for line in lines) if lines[0].rows is not None else None
    of = sum(line.of or 0 for line in lines) if rows is not None else None
    return replace(lines[0], file=f"{len(lines)} files", rows=rows, of=of or None)
