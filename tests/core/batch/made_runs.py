"""Pictures and a network to be scored in parts, and what a run of them gave."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.batch.inputs import plan_of
from core.batch.networks import NetworkFiles
from core.batch.places import Place
from core.batch.run_folder import RunCard, begin
from core.batch.score_part import part_scorer
from core.networks.network_card import NetworkCard
from tests.made_networks import COLOURS, SIDE, colour_network
from tests.tolerances import BY_POSITION

CARD = NetworkCard(
    size=(SIDE, SIDE), colour="rgb", layout="NCHW", scaling="0-1", outputs="logits",
    scores="logits", class_names=COLOURS,
)  # fmt: skip


def network_files(folder: Path) -> NetworkFiles:
    return NetworkFiles((colour_network(folder / "net.onnx"),), CARD, "colours")


def prepared(source, out, network, rows=5, resume=False, **options):
    """What scores the parts, and those that are left."""
    plan = plan_of(str(source), rows=rows, **options)
    card = RunCard(
        plan.fingerprint, len(plan.parts), network.digest, "colours", COLOURS, "logits", 1, 1.0,
        str(source), str(source) if plan.reading.source == "pictures" else None,
    )  # fmt: skip
    left = begin(Place(str(out)), card, plan, resume)
    return partial(part_scorer, network, plan.reading, str(out)), left


def table_of(out) -> pa.Table:
    """All parts, sorted by id."""
    files = sorted(Path(out).glob("part-*.parquet"))
    return pa.concat_tables([pq.read_table(path) for path in files]).sort_by("id")


def assert_same_tables(one: pa.Table, other: pa.Table) -> None:
    """Bit for bit, but that plain kernels round by an item's place in a batch."""
    assert one.schema == other.schema
    for name in one.column_names:
        if pa.types.is_floating(one[name].type):
            numbers = [table[name].to_numpy() for table in (one, other)]
            np.testing.assert_allclose(*numbers, rtol=0, atol=BY_POSITION, equal_nan=True)
        else:
            assert one[name].equals(other[name]), name
