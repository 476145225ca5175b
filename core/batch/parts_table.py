"""The parts of a run as one table, read a batch at a time; and the study that they make.

S members, N rows, K classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
from numpy.lib.format import open_memmap

from core.batch.places import Place, PlaceError
from core.batch.run_folder import NAME, RunCard, load_run
from core.batch.score_part import PATH, PICTURE, PROBLEM, VALUES
from core.reading.report import Report
from core.reading.scratch import spooled
from core.stored.new_study import NewModel, NewStudy
from core.study.dataset import UNLABELLED, Noun
from core.study.predictions import Kind

_BATCH = 20_000


@dataclass(frozen=True)
class PartsTable:
    """A run whose parts are all there.

    Attributes:
        place: Its folder.
        card: Of the run.
    """

    place: Place
    card: RunCard

    @cached_property
    def num_rows(self) -> int:
        """N: the rows that could be read."""
        return int(self._dataset.count_rows(filter=_READ))

    @cached_property
    def num_problems(self) -> int:
        """The rows that could not."""
        return int(self._dataset.count_rows(filter=~_READ))

    def problems(self, most: int) -> list[tuple[str, str]]:
        """Id and problem of the first rows that could not be read."""
        found = self._dataset.scanner(["id", PROBLEM], filter=~_READ).head(most).to_pylist()
        return [(row["id"], row[PROBLEM]) for row in found]

    def pictures(self) -> pa.Table | None:
        """What the network read of each row, encoded, in a temporary file; None if not kept."""
        if PICTURE not in self._dataset.schema.names:
            return None
        schema = pa.schema([("image", pa.binary())])
        batches = (pa.record_batch([b[PICTURE]], schema) for b in self.batches([PICTURE]))
        return spooled(schema, batches)

    def batches(self, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Some columns of the rows that could be read, in the order of the parts."""
        scanner = self._dataset.scanner(
            columns, filter=_READ, batch_size=_BATCH, batch_readahead=1, fragment_readahead=1
        )
        for batch in scanner.to_batches():
            if len(batch):
                yield batch

    @cached_property
    def _dataset(self) -> ds.Dataset:
        files = [name for name in self.place.listed() if name.startswith("part-")]
        if len(files) != self.card.parts:
            raise PlaceError(
                f"{self.place} holds {len(files)} of {self.card.parts} parts: go on with --resume."
            )
        try:
            return ds.dataset(self._paths(files), format="parquet", filesystem=self._filesystem)
        except (pa.ArrowException, OSError) as error:
            raise PlaceError(f"A part of {self.place} is damaged: {error}") from error

    def _paths(self, files: list[str]) -> list[str]:
        start = self.place.store_path if self.place.is_remote else str(self.place)
        return [f"{start.rstrip('/')}/{name}" for name in files]

    @property
    def _filesystem(self) -> Any:
        return self.place.store if self.place.is_remote else None


_READ = ds.field(PROBLEM).is_null()


def load_parts(address: str) -> PartsTable:
    """The parts in a folder or at an address.

    Raises:
        PlaceError: there is no run, or it is not finished.
    """
    place = Place(address)
    table = PartsTable(place, load_run(place))
    if not table.num_rows:
        raise PlaceError(f"{address} holds no row that could be read.")
    return table


@contextmanager
def study_of_parts(
    table: PartsTable,
    title: str = "",
    noun: Noun = Noun("image", "images"),  # noqa: B008 - it is a tuple
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[NewStudy]:
    """The study that parts make; its values lie in a temporary file until the end.

    Raises:
        PlaceError: a part cannot be read.
    """
    with TemporaryDirectory(prefix="penumbra-") as folder:
        yield _new_study(table, title, noun, Path(folder), advance)


def _new_study(
    table: PartsTable, title: str, noun: Noun, folder: Path, advance: Callable[[int, int], None]
) -> NewStudy:
    card, rows = table.card, table.num_rows
    members, classes = card.num_members, len(card.class_names)
    values = open_memmap(folder / "values.npy", "w+", np.float32, (members, rows, classes))
    labels = np.full(rows, UNLABELLED, np.int32)
    ids: list[pa.Array] = []
    paths: list[pa.Array] = []
    start = 0
    for batch in table.batches(["id", PATH, "label", VALUES]):
        place = slice(start, start + len(batch))
        flat = batch[VALUES].flatten().to_numpy(zero_copy_only=False)
        values[:, place] = flat.reshape(len(batch), members, classes).swapaxes(0, 1)
        labels[place] = batch["label"].fill_null(UNLABELLED).to_numpy(zero_copy_only=False)
        ids.append(batch["id"])
        paths.append(batch[PATH])
        start += len(batch)
        advance(len(batch), rows)
    values.flush()
    return NewStudy(
        title=title or Place(card.source).name.partition(".")[0] or "Study",
        class_names=card.class_names,
        models=[
            NewModel(
                card.title, card.title, cast(Kind, card.kind),
                values=values, temperature=card.temperature,
            )
        ],
        labels=labels if (labels != UNLABELLED).any() else None,
        noun=noun,
        ids=pa.chunked_array(ids).combine_chunks(),
        report=_report(table),
        sources=[str(table.place), card.source],
        **_shown(table, pa.chunked_array(paths)),
    )  # fmt: skip


def _shown(table: PartsTable, paths: pa.ChunkedArray) -> dict[str, Any]:
    """The pictures of the study: what was kept of them, or files that lie here."""
    if (kept := table.pictures()) is not None:
        return {"items": kept, "image_bytes": "image"}
    root = table.card.root
    if root is None or "://" in root or paths.null_count:
        return {}
    items = pa.table({"image": paths})
    return {"items": items, "image_paths": "image", "image_root": Path(root)}


def _report(table: PartsTable) -> dict[str, Any]:
    report, rows, problems = Report(), table.num_rows, table.num_problems
    report.add("read", NAME, f"scored with {table.card.title}, in {table.card.parts} parts", rows)
    if problems:
        examples = tuple(id for id, _ in table.problems(5))
        text = "pictures that could not be read"
        report.add("set aside", table.place.name, text, problems, rows + problems, examples)
    return report.as_dict()
