"""What is to be scored, cut into parts that never change: one part in, one part out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Source = Literal["pictures", "parquet", "tar", "array"]
FEW_ROWS = 100_000
"""Up to so many pictures are kept with their scores unless something else is said."""
ROWS = 10_000
"""Of a part, where the input does not say otherwise."""


@dataclass(frozen=True)
class Part:
    """Some of the input.

    Attributes:
        number: From 0.
        address: Of the folder, the file or the shard.
        names: Of pictures below it; else empty.
        first, last: Row groups of Parquet, or rows of an array, the last one not included; of a
            shard 0 and 0.
        rows: How many there are; 0 where only reading tells.
        most: Rows that are read at most; 0 for all.
    """

    number: int
    address: str
    names: tuple[str, ...] = ()
    first: int = 0
    last: int = 0
    rows: int = 0
    most: int = 0

    @property
    def file(self) -> str:
        """The name of its output."""
        return f"part-{self.number:06d}.parquet"

    def as_json(self) -> str:
        """As text, to travel to a worker."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Part:
        """Back from `as_json`."""
        found = json.loads(text)
        return cls(**{**found, "names": tuple(found["names"])})


@dataclass(frozen=True)
class Reading:
    """How parts are read.

    Attributes:
        source: What they are.
        image, id, label: Columns of Parquet; None where there is none.
        holds_paths: Whether that column holds paths, below `root`, in place of pictures.
        root: The folder or address that paths start in.
        key: The images' array, where a file holds several.
        form: How an array's values are to be read, see `core.pictures.array_forms.Form`.
        shards: Whether ids begin with their shard or file, as there are several.
        use_labels: Whether the input's labels are taken.
        keeps_pictures: Whether the parts keep what the network read, for the study to show.
    """

    source: Source
    image: str | None = None
    id: str | None = None
    label: str | None = None
    holds_paths: bool = False
    root: str | None = None
    key: str | None = None
    form: Mapping[str, Any] | None = None
    shards: bool = False
    use_labels: bool = True
    keeps_pictures: bool = False


@dataclass(frozen=True)
class Plan:
    """All parts and how they are read.

    Attributes:
        reading: How.
        parts: All of them.
        line: What was found, for a person.
    """

    reading: Reading
    parts: tuple[Part, ...]
    line: str

    @property
    def rows(self) -> int | None:
        """How many rows there are; None where only reading tells."""
        counts = [part.rows for part in self.parts]
        return sum(counts) if all(counts) else None

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal, of everything but the words."""
        text = json.dumps([asdict(self.reading), [asdict(part) for part in self.parts]])
        return hashlib.sha256(text.encode()).hexdigest()

    def keeping(self, pictures: bool | None) -> Plan:
        """The same, keeping what the network reads or not; None keeps it where that is little.

        Files that lie here need not be kept: the study finds them.
        """
        if pictures is None:
            here = self.reading.source == "pictures" and "://" not in self.parts[0].address
            pictures = not here and self.rows is not None and self.rows <= FEW_ROWS
        return replace(self, reading=replace(self.reading, keeps_pictures=pictures))

    def limited(self, rows: int | None) -> Plan:
        """The same up to so many rows; where only reading tells how many, those of one part."""
        if rows is None:
            return self
        kept: list[Part] = []
        for part in self.parts:
            left = rows - sum(each.rows or rows for each in kept)
            if left <= 0:
                break
            cut = 0 < part.rows <= left
            kept.append(part if cut else replace(part, most=left, rows=min(part.rows, left)))
        return Plan(self.reading, tuple(kept), self.line)


def in_slices(address: str, names: Sequence[str], size: int = ROWS) -> tuple[Part, ...]:
    """Names of pictures, so many a part."""
    starts = range(0, len(names), size)
    return tuple(
        Part(
            number,
            address,
            tuple(names[start : start + size]),
            rows=len(names[start : start + size]),
        )
        for number, start in enumerate(starts)
    )


def in_ranges(address: str, rows: int, size: int = ROWS) -> tuple[Part, ...]:
    """Rows of an array, so many a part."""
    ends = [(start, min(start + size, rows)) for start in range(0, rows, size)]
    return tuple(
        Part(number, address, (), first, last, last - first)
        for number, (first, last) in enumerate(ends)
    )
