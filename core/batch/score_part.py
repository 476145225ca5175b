"""One part in, one part out: its score table and the network's values, as Parquet.

The same function runs here and on a cluster. S members, n rows, K classes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from core.batch.item import Item
from core.batch.part_answers import spread, what_it_says, what_it_says_of_nothing
from core.batch.places import Place, PlaceError
from core.batch.plan import Part, Reading
from core.batch.read_part import read_part
from core.measures.probabilities import as_logits
from core.measures.register import MEASURES
from core.measures.uncertainty import measure_logits
from core.networks.own_network import OwnNetwork
from core.networks.scoring import Scorer
from core.study.pngs import png
from core.study.predictions import Kind

_CHUNK_BYTES, _MOST_CHUNK = 16_000_000, 1_000
"""Of images in memory together: what a part of large pictures takes does not depend on its rows."""
VALUES, PROBLEM, PATH, PICTURE = "values", "problem", "path", "picture"
_LOSSLESS = 64  # pixels of a side up to which a picture that is kept stays as it is


class Scored(NamedTuple):
    """A part that was scored.

    Attributes:
        number: The part's.
        rows: How many it has.
        problems: How many of them could not be read.
        said: Why the part as a whole could not be read, in a sentence, and nothing was written.
    """

    number: int
    rows: int
    problems: int
    said: str = ""


@dataclass(frozen=True)
class PartScorer:
    """Scores parts: what a worker holds, one network on one thread.

    Attributes:
        scorer: The network with the names of its classes and its temperature.
        reading: How parts are read.
        out: The folder of the output.
        threads: For the network.
    """

    scorer: Scorer
    reading: Reading
    out: Place
    threads: int = 1

    def score(self, part: Part, progress: Callable[[int], None] = lambda rows: None) -> Scored:
        """Score a part and write it, whole or not at all.

        Raises:
            PlaceError: its output cannot be written.
            NetworkError: the network cannot be run.
        """
        try:
            table = self.table(part, progress)
        except PlaceError as error:
            return Scored(part.number, 0, 0, str(error))
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd", use_dictionary=[PROBLEM])
        (self.out / part.file).write_new(buffer.getvalue())
        problems = len(table) - table[PROBLEM].null_count
        return Scored(part.number, len(table), problems)

    def table(self, part: Part, progress: Callable[[int], None] = lambda rows: None) -> pa.Table:
        """The score table of a part; a row that cannot be read has its problem and nothing else.

        Raises:
            PlaceError: the part cannot be read.
            NetworkError: the network cannot be run.
        """
        items = read_part(part, self.reading, self.scorer.class_names)
        items = islice(items, part.most or None)
        tables = []
        for chunk in self._chunks(items):
            tables.append(self._scored(chunk))
            progress(len(chunk))
        if not tables:
            tables = [self._scored([])]
        return pa.concat_tables(tables)

    def _chunks(self, items: Iterable[Item]) -> Iterator[list[Item]]:
        """Items with images of the network's size, as many as memory is meant for."""
        network = self.scorer.network
        side, other = network.image_shape
        one = side * other * (3 if network.has_colour else 1)
        most = int(np.clip(_CHUNK_BYTES // max(1, one), 1, _MOST_CHUNK))
        chunk: list[Item] = []
        for item in items:
            fitted = None if item.picture is None else network.fit(item.picture)
            chunk.append(item._replace(picture=fitted))
            if len(chunk) == most:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def _scored(self, chunk: list[Item]) -> pa.Table:
        known = np.array([item.picture is not None for item in chunk], bool)
        labels = np.array([item.label for item in chunk], np.int32)
        columns: dict[str, pa.Array] = {
            "id": pa.array([item.id for item in chunk], pa.string()),
            PATH: pa.array([item.path or None for item in chunk], pa.string()),
            "label": pa.array(labels, pa.int32(), mask=labels < 0),
        }
        if self.reading.keeps_pictures:
            pictures = [_kept(item.picture) for item in chunk]
            columns[PICTURE] = pa.array(pictures, pa.binary())
        measured = self._measured(chunk, known, labels)
        for name in self._columns():
            columns[name] = spread(measured.get(name), known, name)
        columns[VALUES] = self._values(measured.get(VALUES), known)
        columns[PROBLEM] = pa.array([item.problem or None for item in chunk], pa.string())
        return pa.table(columns)

    def _columns(self) -> list[str]:
        names = [measure.column for measure in MEASURES]
        if not self.scorer.network.knows_atypicality:
            names.remove("atypicality")
        return ["prediction", "correct", *names]

    def _measured(self, chunk: list[Item], known: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
        """Each column of the rows whose picture could be read."""
        pictures = [item.picture for item in chunk if item.picture is not None]
        if not pictures:
            return {}
        said = what_it_says(self.scorer, np.stack(pictures), self.threads)
        given = labels[known]
        codes = np.where(given < 0, 0, given)
        found: dict[str, Any] = measure_logits(
            as_logits(said.values, said.kind), self.scorer.temperature, codes
        )
        found["log_likelihood"][given < 0] = np.nan
        found["correct"] = np.ma.masked_array(found["prediction"] == given, given < 0)
        if said.atypicality is not None:
            found["atypicality"] = said.atypicality
        found[VALUES] = said.values
        return found

    def _values(self, values: np.ndarray | None, known: np.ndarray) -> pa.Array:
        """The values (S, n, K) as a list of S x K numbers a row, member after member."""
        if values is None:
            return pa.nulls(len(known), pa.list_(pa.float32(), self.width))
        members, _, classes = values.shape
        all_rows = np.zeros((len(known), members * classes), np.float32)
        all_rows[known] = values.swapaxes(0, 1).reshape(-1, members * classes)
        flat = pa.array(all_rows.reshape(-1), pa.float32())
        mask = None if known.all() else pa.array(~known)
        return pa.FixedSizeListArray.from_arrays(flat, members * classes, mask=mask)

    @property
    def kind(self) -> Kind:
        """What the values are."""
        network = self.scorer.network
        return network.kind if isinstance(network, OwnNetwork) else "logits"

    @property
    def width(self) -> int:
        """S x K."""
        members, _, classes = what_it_says_of_nothing(self.scorer).values.shape
        return members * classes


def _kept(picture: np.ndarray | None) -> bytes | None:
    """What the network read as PNG, of a larger one as JPEG."""
    if picture is None or max(picture.shape[:2]) <= _LOSSLESS:
        return None if picture is None else png(picture)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def part_scorer(
    load: Callable[[], Scorer], reading: Reading, out: str, threads: int = 1
) -> PartScorer:
    """What a worker holds, made where it works."""
    return PartScorer(load(), reading, Place(out), threads)
