"""What is said when a file cannot be read."""

from __future__ import annotations


class ReadingError(ValueError):
    """A file cannot be read; the message is one sentence that names it and the cure.

    Rows are counted from 0, as the ids of items without a name are; lines of a text from 1.
    """


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def cut(name: str, longest: int = 60) -> str:
    """A name as it is, or its beginning; what breaks lines or cannot be printed is a space."""
    name = "".join(letter if letter.isprintable() else " " for letter in name[: longest + 1])
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def listed(names: object, most: int = 5) -> str:
    """The first few names, and how many more there are."""
    several = names if isinstance(names, list | tuple) else [names]
    every = [cut(str(name)) for name in several]
    more = f" and {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
