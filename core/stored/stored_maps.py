"""The map of a model's features: laid out in a process of its own, then kept in the study."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.measures.feature_map import NUM_STEPS, Method, method_for
from core.stored import folder_layout as layout
from core.stored.stored_arrays import read_array
from core.stored.study_card import NAME, card_bytes, read_card
from core.study.study_error import StudyError, unwritable
from core.study.watched import tell
from core.study.write_aside import folder_aside, replace_file

_STEP = re.compile(r"Iteration (\d+)")
_ROOT = Path(__file__).resolve().parents[2]


def keep_map(folder: Path, name: str) -> Method:
    """Lay out a model's features and keep the map beside them; gives how it was laid out.

    Says how far it is to whoever watches, and ends when that wants no more: then nothing is kept.

    Args:
        folder: Of the study.
        name: Of a model with features.

    Raises:
        StudyError: no such model, it has no features, they cannot be laid out, or the folder cannot
            be written.
        Stopped: whoever watches wants no more.
    """
    card = read_card(folder)
    model = next((model for model in card.models if model.name == name), None)
    if model is None or not model.has_features:
        raise StudyError(
            f"{name!r} has no features to lay out; open its file again with an array `features`."
        )
    try:
        with folder_aside(folder.parent) as aside:
            _lay_out(folder / name / layout.FEATURES, aside / layout.MAP)
            os.replace(aside / layout.MAP, folder / name / layout.MAP)
        card = read_card(folder)  # as it is now: another process may have changed it
        models = tuple(replace(m, has_map=True) if m.name == name else m for m in card.models)
        replace_file(folder / NAME, card_bytes(replace(card, models=models)))
    except OSError as error:
        raise unwritable(folder, error) from error
    return method_for(model.num_items)


def read_map(folder: Path, num_items: int) -> np.ndarray:
    """The places of a model's items, float32 (N, 2).

    Raises:
        StudyError: the file is missing, cut or foreign.
    """
    return read_array(folder / layout.MAP, (num_items, 2), "f")


def _lay_out(features: Path, target: Path) -> None:
    command = [sys.executable, "-u", "-m", "core.measures.feature_map", str(features), str(target)]
    environment = os.environ | {"PYTHONPATH": str(_ROOT), "OMP_NUM_THREADS": _threads()}
    with subprocess.Popen(  # noqa: S603 - our own module, on two paths of ours
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    ) as process:
        said, has_ended = "", False
        try:
            for line in process.stdout or ():
                if step := _STEP.search(line):
                    tell(int(step[1]), NUM_STEPS)
            said = process.stderr.read() if process.stderr else ""
            has_ended = True
            tell(NUM_STEPS, NUM_STEPS)  # it may have come to rest before its last step
        finally:
            if not has_ended:
                process.kill()
    if process.returncode:
        last = (said.strip().splitlines() or ["it ended without a word"])[-1]
        raise StudyError(f"The features cannot be laid out: {last.removeprefix('penumbra: ')}.")


def _threads() -> str:
    """Half of the machine: the other half is for who looks at pages meanwhile."""
    return str(max(1, (os.cpu_count() or 1) // 2))
