"""Is this server well? What was looked at, what was found, and what to do about it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa

from core.review.database import StoreError, address
from core.review.decision_schema import open_store
from core.review.decisions import all_decisions
from core.stored.library import Library
from core.study.artifact import ArtifactError
from core.study.study import Study
from core.study.study_error import StudyError
from core.study.write_aside import folder_aside

LEAST_FREE = 2 * 10**9
"""Bytes that should be free on the disk of the studies."""
NUM_IMAGES = 1_000
USUAL_SECONDS = 10.0
"""Far more than the self-test takes on two cores."""
_PACKAGES = ("streamlit", "plotly", "pandas", "numpy", "pyarrow", "ai-edge-litert", "sqlalchemy")


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes:
        name: What.
        well: Whether it is as it should be.
        said: What was found.
        cure: What to do; empty where all is well.
    """

    name: str
    well: bool
    said: str
    cure: str = ""


def examine(library: Library, engine: sa.Engine, port: int) -> Iterator[Finding]:
    """Look at one thing after the other, each found before the next is begun.

    Args:
        library: The studies, the bundled ones among them.
        engine: On the decision database.
        port: That the dashboard is to listen on.
    """
    yield versions()
    yield disk(library.root)
    yield from studies(library)
    yield decisions(engine)
    yield free_port(port)
    yield self_test(library)


def versions() -> Finding:
    """Of Python and of what the dashboard stands on."""
    known = [f"{name} {metadata.version(name)}" for name in _PACKAGES]
    python = ".".join(map(str, sys.version_info[:3]))
    well = (3, 11) <= sys.version_info[:2] <= (3, 13)
    cure = "" if well else "Use Python 3.11, 3.12 or 3.13."
    return Finding("versions", well, f"Python {python}, {', '.join(known)}", cure)


def disk(root: Path) -> Finding:
    """Room on the disk of the studies, and whether a folder can be written there."""
    there = next(path for path in (root, *root.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    said = f"{root}: {free / 1e9:,.1f} GB free"
    try:
        with folder_aside(there):
            pass
    except OSError as error:
        cure = "Give another folder with PENUMBRA_STUDIES, or let this user write to it."
        return Finding("disk", False, f"{root} cannot be written to: {error.strerror}", cure)
    well = free >= LEAST_FREE
    cure = "" if well else f"Free some: at least {LEAST_FREE / 1e9:g} GB."
    return Finding("disk", well, said, cure)


def studies(library: Library) -> Iterator[Finding]:
    """Whether each study, the bundled ones too, opens with every file it needs."""
    for entry in library.list():
        try:
            if entry.problem:
                raise StudyError(entry.problem)
            study = library.load(entry.key)
            count = sum(len(model.scores) for model in study.models.values())
        except (StudyError, ArtifactError) as error:
            cure = "Restore its folder from a backup, or delete it on the Open page."
            yield Finding(f"study {entry.key}", False, str(error), cure)
        else:
            models = f"{len(study.models)} model{'s' if len(study.models) != 1 else ''}"
            yield Finding(f"study {entry.key}", True, f"{models}, {count:,} predictions")


def decisions(engine: sa.Engine) -> Finding:
    """Whether the decision database can be read."""
    where = address(engine)
    try:
        open_store(engine)
        count = sum(1 for _ in all_decisions(engine))
    except StoreError as error:
        cure = "Name another with PENUMBRA_DECISIONS, or bring it back from a backup."
        return Finding("decisions", False, str(error), cure)
    return Finding("decisions", True, f"{where}: {count:,} rows")


def free_port(port: int) -> Finding:
    """Whether the dashboard could listen there now; taken is well if it is the dashboard itself."""
    with socket.socket() as tried:
        if os.name != "nt":
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            cure = "That is well if it is Penumbra itself; else give another port."
            return Finding("port", True, f"{port} is in use: {error.strerror}. {cure}")
    return Finding("port", True, f"{port} is free")


def self_test(library: Library) -> Finding:
    """Whether a network that ships answers as it did when it was made, and how soon."""
    cure = "Install Penumbra anew."
    try:
        study = library.load(next(entry.key for entry in library.list() if entry.bundled))
        name, network = next(iter(study.networks.items()))
        images = np.stack([network.fit(image) for image in _first_images(study)])
        begun = time.perf_counter()
        read = network.predict(images).logits.mean(0).argmax(-1)
        seconds = time.perf_counter() - begun
        known = study.models[name].scores["prediction"].to_numpy()[: len(read)]
    except (StudyError, ArtifactError, ValueError, StopIteration) as error:
        return Finding("self-test", False, str(error) or "no study ships with a network", cure)
    same = int((read == known).sum())
    said = f"{same:,} of {len(read):,} images read as before, in {seconds:.2f} s"
    if same < len(read):
        return Finding("self-test", False, said, cure)
    well = seconds <= USUAL_SECONDS
    cure = "" if well else "Something else keeps this machine busy, or its processor is very slow."
    return Finding("self-test", well, said, cure)


def _first_images(study: Study) -> Iterator[np.ndarray]:
    images = study.dataset.images
    if images is not None:
        yield from (images.image(row) for row in range(min(NUM_IMAGES, len(images))))
