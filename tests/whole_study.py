"""A small study that holds everything that a study can: each kind of file, and a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from core.networks.own_network import own_network, settle_outputs
from core.stored.folder import check_study, write_study
from core.stored.library import Library
from core.stored.new_study import NewModel, NewStudy
from core.stored.stored_maps import keep_map
from core.study.dataset import Noun
from tests.made_networks import COLOURS, SIDE, colour_network

NUM_ITEMS, NUM_HELD_OUT = 40, 30


def write_whole_study(root: Path, scratch: Path, key: str = "whole") -> Path:
    """Write it below `root`, score tables and map included; gives its folder.

    Args:
        root: The folder of the studies.
        scratch: A folder for what is no part of it.
        key: Its name.
    """
    rng = np.random.default_rng(0)
    folder = write_study(_new(rng), root, key)
    check_study(folder)  # makes the score tables
    keep_map(folder, "net")
    pictures = rng.integers(0, 256, (8, SIDE, SIDE, 3), np.uint8)
    network = settle_outputs(own_network([colour_network(scratch / "net.onnx")], {}), pictures)[0]
    Library(root).add_network(key, "net", network)
    return folder


def files_of(folder: Path) -> list[Path]:
    """Its files, but for what follows from others and is made anew."""
    found = (path for path in folder.rglob("*") if "kept_answers" not in path.parts)
    return sorted(path for path in found if path.is_file())


def _new(rng: np.random.Generator) -> NewStudy:
    labels, held_out = (rng.integers(0, 3, size) for size in (NUM_ITEMS, NUM_HELD_OUT))
    features = rng.normal(size=(NUM_ITEMS, 4)).astype(np.float32)
    full = NewModel(
        "net", "A net", "logits", values=_logits(rng, labels), features=features,
        temperature=1.2, out_of_sample=True,
    )  # fmt: skip
    top = NewModel(
        "top", "Top one", tier="top-1", prediction=rng.integers(0, 3, NUM_ITEMS),
        confidence=rng.random(NUM_ITEMS),
    )  # fmt: skip
    texts = [f"words {n}" for n in range(NUM_ITEMS)]
    return NewStudy(
        title="Everything",
        class_names=COLOURS,
        models=[full, top],
        labels=labels,
        noun=Noun("thing", "things"),
        ids=[f"id-{n}" for n in range(NUM_ITEMS)],
        items=pa.table({"text": texts, "age": range(NUM_ITEMS)}),
        text="text",
        held_out={"net": (held_out, _logits(rng, held_out))},
        num_people=rng.integers(1, 9, NUM_ITEMS).astype(np.int32),
        label_shares=rng.dirichlet(np.ones(3), NUM_ITEMS).astype(np.float32),
        image_arrays=rng.integers(0, 256, (NUM_ITEMS, SIDE, SIDE, 3), np.uint8),
    )


def _logits(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    logits = rng.normal(0, 2, (2, len(labels), 3)).astype(np.float32)
    logits[:, np.arange(len(labels)), labels] += 2
    return logits
