"""The output folder of a run: which settings it has, which parts are there, and which are left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from core.batch.places import Place, PlaceError
from core.batch.plan import Part, Plan

NAME = "run.json"
FORM = 1


@dataclass(frozen=True)
class RunCard:
    """What a run is: everything that its output depends on, and what reading it takes.

    Attributes:
        plan: Fingerprint of the plan.
        parts: How many parts there are.
        network: SHA-256 of the network's files and card.
        title: Of the network.
        class_names: K names.
        kind: What the values are.
        num_members: S.
        temperature: Over 0.
        source: The input, as it was named.
        root: The folder that `path` starts in, where pictures are files of their own.
        form: Of this card.
    """

    plan: str
    parts: int
    network: str
    title: str
    class_names: tuple[str, ...]
    kind: str
    num_members: int
    temperature: float
    source: str
    root: str | None = None
    form: int = FORM


def begin(out: Place, card: RunCard, plan: Plan, resume: bool) -> list[Part]:
    """Make the folder ready and give the parts that are left.

    Raises:
        PlaceError: it holds another run or other files, a run that was not asked to go on, or it
            cannot be written.
    """
    out.make_folder()
    there = [name for name in out.listed() if "/" not in name] if out.exists() else []
    if NAME not in there:
        if there:
            raise PlaceError(f"{out} holds other files ({there[0]}): name a new folder.")
        out_card = json.dumps(vars(card), indent=1).encode()
        if not (out / NAME).write_new(out_card):
            raise PlaceError(f"Another run has just begun in {out}: name a new folder.")
    elif not resume:
        raise PlaceError(f"{out} holds a run already: go on with --resume, or name a new folder.")
    else:
        _check_same(out, card)
    done = set(there)
    return [part for part in plan.parts if part.file not in done]


def _check_same(out: Place, card: RunCard) -> None:
    old = load_run(out)
    names = {
        "plan": "the input, its parts or its columns", "network": "the network or its card",
        "temperature": "the temperature", "class_names": "the class names",
    }  # fmt: skip
    for name, words in names.items():
        if getattr(old, name) != getattr(card, name):
            raise PlaceError(
                f"{out} holds a run with other settings: {words} changed. Name a new folder."
            )


def load_run(out: Place) -> RunCard:
    """The card of a run's folder.

    Raises:
        PlaceError: there is none, or it is damaged or of a later version.
    """
    try:
        found = json.loads((out / NAME).read())
    except ValueError as error:
        if isinstance(error, PlaceError):
            raise PlaceError(f"{out} holds no {NAME}: it is no output of score.") from error
        raise PlaceError(f"{out / NAME} is cut off or damaged.") from error
    known = {field.name for field in fields(RunCard)}
    if not isinstance(found, dict) or found.get("form") != FORM or found.keys() != known:
        raise PlaceError(f"{out / NAME} is of another version, or no run's.")
    return RunCard(**{**found, "class_names": tuple(found["class_names"])})


def is_run(address: str) -> bool:
    """Whether a folder is the output of a run."""
    place = Place(address)
    return place.is_folder() and (place / NAME).exists()


def digest_of(files: tuple[Path, ...], settings: Mapping[str, Any]) -> str:
    """SHA-256 of files and what they are read with."""
    digest = hashlib.sha256(json.dumps(dict(settings), sort_keys=True, default=str).encode())
    for path in files:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
