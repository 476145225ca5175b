"""The reading report: what was read as what, on how many rows, and what was done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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
        return [entry.sentence() for entry in self.entries]

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
