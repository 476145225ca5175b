"""All decisions and studies of a server in one file, and back."""

from __future__ import annotations

import json
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, NamedTuple

import sqlalchemy as sa

from core.review.decision_schema import open_store
from core.review.decisions import Decision, all_decisions, append
from core.stored.slugs import is_slug
from core.stored.study_zip import pack_study, unpack_study
from core.study.study_error import StudyError
from core.study.write_aside import file_aside

VERSION = 1
_CARD, _LOG, _STUDIES = "backup.json", "decisions.jsonl", "studies/"
_AT_ONCE = 1_000  # decisions in one transaction
_LONGEST_LINE = 100_000  # characters: the longest decision has some 10,000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_FIELDS = {field.name for field in fields(Decision)}


class BackupError(ValueError):
    """A backup cannot be read or does not fit; the message says which and why."""


class Restored(NamedTuple):
    """What came back.

    Attributes:
        decisions: How many the backup holds; those that the database had stay as they were.
        added: How many of them it did not have.
        studies: The keys of the studies that were put back.
        kept: The keys of studies that are here already and stayed as they are.
    """

    decisions: int
    added: int
    studies: tuple[str, ...]
    kept: tuple[str, ...]


Advance = Callable[[int, int], None]


def save_backup(engine: sa.Engine, root: Path, out: Path, advance: Advance) -> tuple[int, int]:
    """Write every decision and every study below `root` to a ZIP; how many of each.

    Decisions are read in one transaction, so that those made meanwhile are all in or all out.

    Args:
        engine: On the decision database.
        root: The folder of the studies.
        out: The ZIP; it appears whole or not at all.
        advance: Called with what was done and what there is, in studies.

    Raises:
        StoreError: the database cannot be read.
        StudyError: a study cannot be read, or the file not written.
        OSError: the file cannot be written.
    """
    open_store(engine)
    folders = [path.parent for path in sorted(root.glob("*/study.json"))]
    with file_aside(out) as aside, zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
        count = _write_log(archive, all_decisions(engine))
        for done, folder in enumerate(folders):
            advance(done, len(folders))
            with archive.open(f"{_STUDIES}{folder.name}.zip", "w", force_zip64=True) as packed:
                _pack(folder, packed)
        card = {
            "version": VERSION,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "decisions": count,
            "studies": [folder.name for folder in folders],
        }
        archive.writestr(_CARD, json.dumps(card, indent=1))
    advance(len(folders), len(folders))
    return count, len(folders)


def restore_backup(source: Path, engine: sa.Engine, root: Path, advance: Advance) -> Restored:
    """Bring back what a backup holds and this server lacks; nothing here is changed or removed.

    It may be repeated: a decision or a study that is here already stays as it is.

    Args:
        source: What `save_backup` wrote.
        engine: On a decision database, empty or not.
        root: The folder of the studies.
        advance: As of `save_backup`.

    Raises:
        BackupError: the file is no backup, damaged, or of a later version.
        StoreError: the database cannot be written; what was written of it stays.
        StudyError: a study of it cannot be stored here.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            card = _read_card(source, archive)
            decisions = list(_read_log(source, archive))
            if len(decisions) != card["decisions"]:
                raise BackupError(
                    f"{source} holds {len(decisions):,} of its {card['decisions']:,} decisions: it"
                    " is damaged."
                )
            added = _append(engine, decisions)
            studies, kept = _unpack_studies(archive, card["studies"], root, advance)
    except _BROKEN as error:
        raise BackupError(f"{source} is no backup, or is cut off or damaged.") from error
    return Restored(len(decisions), added, tuple(studies), tuple(kept))


def _write_log(archive: zipfile.ZipFile, decisions: Iterator[Decision]) -> int:
    count = 0
    with archive.open(_LOG, "w", force_zip64=True) as log:
        for decision in decisions:
            row = {name: getattr(decision, name) for name in sorted(_FIELDS)}
            row |= {"time": decision.time.isoformat(), "scores": dict(decision.scores)}
            log.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _pack(folder: Path, packed: IO[bytes]) -> None:
    with TemporaryDirectory() as scratch:  # a ZIP in a ZIP cannot be written to twice at once
        whole = Path(scratch) / "study.zip"
        pack_study(folder, whole)
        with whole.open("rb") as file:
            shutil.copyfileobj(file, packed)


def _read_card(source: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        card = json.loads(archive.read(_CARD))
        version, count, keys = (card[name] for name in ("version", "decisions", "studies"))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise BackupError(f"{source} is not a backup of Penumbra.") from error
    if version != VERSION:
        raise BackupError(f"{source} is a backup of version {version!r}; this is {VERSION}.")
    whole = isinstance(count, int) and _LOG in archive.namelist()
    if not whole or not all(isinstance(key, str) and is_slug(key) for key in keys):
        raise BackupError(f"{source} is not a backup of Penumbra, or is damaged.")
    return card


def _read_log(source: Path, archive: zipfile.ZipFile) -> Iterator[Decision]:
    with archive.open(_LOG) as log:
        number = 0
        while line := log.readline(_LONGEST_LINE):
            number += 1
            try:
                row = json.loads(line)
                time = datetime.fromisoformat(row.pop("time"))
                yield Decision(time=time, **row)
            except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
                raise BackupError(f"{source}, {_LOG}, line {number}: {error}") from error


def _append(engine: sa.Engine, decisions: list[Decision]) -> int:
    open_store(engine)
    before = sum(1 for _ in all_decisions(engine))
    for start in range(0, len(decisions), _AT_ONCE):
        append(engine, *decisions[start : start + _AT_ONCE])
    return sum(1 for _ in all_decisions(engine)) - before


def _unpack_studies(
    archive: zipfile.ZipFile, keys: list[str], root: Path, advance: Advance
) -> tuple[list[str], list[str]]:
    back, kept = [], []
    for done, key in enumerate(keys):
        advance(done, len(keys))
        if (root / key).exists():
            kept.append(key)
            continue
        with TemporaryDirectory() as scratch:
            packed = Path(scratch) / "study.zip"
            try:
                with archive.open(f"{_STUDIES}{key}.zip") as member, packed.open("wb") as copy:
                    shutil.copyfileobj(member, copy)
            except KeyError as error:
                raise StudyError(f"The study {key!r} is missing in the backup.") from error
            back.append(unpack_study(packed, root, key=key).name)
    advance(len(keys), len(keys))
    return back, kept
