"""A stress table: a model under every kind of damage at every severity, made cell by cell.

After each cell everything so far is on disk, so that whoever is interrupted loses one cell at most.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.corruptions.kind import SEVERITIES
from core.corruptions.kinds import BENCHMARK
from core.measures.probabilities import softmax
from core.stress.cells import CLEAN, METRICS, cell
from core.stress.subject import SEED, Subject

Advance = Callable[[int, int], None]
"""advance(items just finished, items in all)"""
Row = dict[str, Any]
FORMAT = 1
_NOTE = b"penumbra"
_ENDS = ("", "_low", "_high")
_PROBED = 8  # items by whose answers a network is known again
_ALIKE = 0.01  # of a probability, between two processors


def cells_in_all() -> list[tuple[str, int]]:
    """Every cell of a table in its order: no damage, then kind by kind."""
    return [(CLEAN, 0), *((kind, severity) for kind in BENCHMARK for severity in SEVERITIES)]


def missing_cells(rows: list[Row]) -> list[tuple[str, int]]:
    """The cells that are not among some rows."""
    done = {(row["kind"], row["severity"]) for row in rows}
    return [wanted for wanted in cells_in_all() if wanted not in done]


def further_cells(
    subject: Subject, rows: list[Row], advance: Callable[[int], None] = lambda items: None
) -> Iterator[Row]:
    """The cells that are missing among some rows, one after another."""
    for kind, severity in missing_cells(rows):
        yield cell(subject, kind, severity, advance)


def make_table(
    subject: Subject, out: Path, advance: Advance = lambda done, total: None
) -> pd.DataFrame:
    """Write a model's whole table, going on from where an earlier run was interrupted.

    Until it is whole it lies beside `out` as `<name>.unfinished`.

    Args:
        subject: A model and its items.
        out: The file, `.parquet`.
        advance: Told of items as they are finished, from any thread.

    Raises:
        ValueError: what lies beside `out` belongs to another model, data set or version.
        OSError: it cannot be written.
    """
    unfinished = out.with_name(f"{out.name}.unfinished")
    note = _note(subject)
    rows = _resume(unfinished, note)
    total = len(subject.rows) * len(cells_in_all())
    if rows:
        advance(len(rows) * len(subject.rows), total)
    for row in further_cells(subject, rows, lambda items: advance(items, total)):
        rows.append(row)
        _write(rows, note, unfinished)
    _write(rows, note, out)
    unfinished.unlink(missing_ok=True)
    return as_table(rows)


def as_table(rows: list[Row]) -> pd.DataFrame:
    """Rows of cells as a table, in the table's order."""
    order = {wanted: place for place, wanted in enumerate(cells_in_all())}
    ordered = sorted(rows, key=lambda row: order[row["kind"], row["severity"]])
    return pd.DataFrame.from_records(ordered)


def load_stress_table(path: Path) -> pd.DataFrame:
    """A whole table from its file.

    Raises:
        FileNotFoundError: there is none.
        ValueError: it is no stress table, or lacks cells.
    """
    rows = _read(path)[0]
    if lacking := missing_cells(rows):
        raise ValueError(f"{path.name} lacks {len(lacking)} cells; run the command again")
    return as_table(rows)


def _resume(path: Path, note: dict[str, Any]) -> list[Row]:
    if not path.exists():
        return []
    rows, found = _read(path)
    before, now = (np.asarray(each.get("probe", []), float) for each in (found, note))
    same = {key: found.get(key) for key in note if key != "probe"} == {
        key: value for key, value in note.items() if key != "probe"
    }
    alike = before.shape == now.shape and np.allclose(before, now, rtol=0, atol=_ALIKE)
    if not (same and alike):
        raise ValueError(
            f"{path} was begun for another model, data set or version: finish it there, or remove"
            " it"
        )
    return rows


def _note(subject: Subject) -> dict[str, Any]:
    """What an unfinished table has to share with the run that goes on with it."""
    probe = subject.scorer.predict(subject.images(0)[:_PROBED], 1).logits
    probs = softmax(probe, 1.0).mean(0)
    return {
        "format": FORMAT,
        "data": subject.dataset.fingerprint,
        "model": subject.name,
        "num_items": len(subject.rows),
        "rule": [subject.rule.column, f"{subject.rule.threshold:.6g}"],
        "seed": SEED,
        "probe": probs.round(4).tolist(),
    }


def _write(rows: list[Row], note: dict[str, Any], path: Path) -> None:
    table = pa.Table.from_pandas(as_table(rows), preserve_index=False)
    table = table.replace_schema_metadata({_NOTE: json.dumps(note).encode()})
    # One name for all: what a killed writer leaves is written over by the next.
    aside = path.with_name(f".{path.name}.partial")
    pq.write_table(table, aside)
    os.replace(aside, path)


def _read(path: Path) -> tuple[list[Row], dict[str, Any]]:
    try:
        with pq.ParquetFile(path) as file:
            found = file.read(use_threads=False)
        note = dict(json.loads((found.schema.metadata or {}).get(_NOTE, b"{}")))
        rows: list[Row] = found.to_pylist()
    except (pa.ArrowException, OSError, ValueError, TypeError, RecursionError) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        raise ValueError(f"{path} is no stress table: {error}") from error
    _check_columns(found, path)
    known = set(cells_in_all())
    if any((row["kind"], row["severity"]) not in known for row in rows):
        raise ValueError(f"{path} holds cells of kinds or severities that are not known here")
    return rows, note


def _check_columns(found: pa.Table, path: Path) -> None:
    """Raises ValueError unless what a cell is and its metrics are there, and all is of its type."""
    needed = {"kind", "severity", "num_items", *(n + end for n in METRICS for end in _ENDS)}
    if lacking := needed - set(found.column_names):
        raise ValueError(f"{path} is no stress table: it lacks {', '.join(sorted(lacking))}")
    kinds = pa.types
    for field in found.schema:
        if field.name == "kind":
            fits = kinds.is_string(field.type) or kinds.is_large_string(field.type)
        elif field.name in {"severity", "num_items"}:
            fits = kinds.is_integer(field.type) and not found[field.name].null_count
        else:
            fits = kinds.is_floating(field.type)
        if not fits:
            raise ValueError(f"{path} is no stress table: {field.name} holds {field.type}")
