"""Answers that took long, kept in a study's folder: numbers, and the tuples that hold them.

`<study>/kept_answers/<name>.npz`: the arrays, and as JSON what they are parts of. Nothing in it is
run, and what does not fit is computed anew: an answer is of one writing of the study's files and of
one state of the code that computed it.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from core.study.broken_arrays import BROKEN
from core.study.one_at_a_time import one_at_a_time
from core.study.write_aside import file_aside, sweep

FOLDER = "kept_answers"  # no slug, so no model's
_ROOT = Path(__file__).resolve().parents[2]
_COMPUTES = ("core/measures", "core/trust", "core/review", "models/artifacts/uncertainty.tflite")
_UNUSABLE = (*BROKEN, RecursionError)

Answer = TypeVar("Answer")


def kept(
    folder: Path | None,
    name: str,
    stamp: str,
    types: Sequence[type],
    fresh: Callable[[], Answer],
) -> Answer:
    """What was kept under a name, or else what is computed now, and kept if that can be.

    Of several processes that need it at once one computes it, and the others wait.

    Args:
        folder: Of the study; None where nothing can be kept.
        name: Of the answer, a file's name without its ending.
        stamp: Of the writing of the study's files that it is of.
        types: The named tuples and data classes that the answer is made of.
        fresh: Computes it.
    """
    if folder is None:
        return fresh()
    path = folder / FOLDER / f"{name}.npz"
    stamp, known = f"{stamp} {_code()}", {kind.__name__: kind for kind in types}
    with suppress(*_UNUSABLE):
        return cast(Answer, _read(path, stamp, known))
    with one_at_a_time(path.with_suffix(".lock")):
        with suppress(*_UNUSABLE):  # somebody else has computed it meanwhile
            return cast(Answer, _read(path, stamp, known))
        found = fresh()
        with suppress(OSError):  # a full disk, or a folder that may only be read
            path.parent.mkdir(exist_ok=True)
            sweep(path.parent)
            with file_aside(path) as aside:
                aside.write_bytes(_packed(found, stamp))
        return found


@cache
def _code() -> str:
    """A digest of all that computes answers, so that none outlives a change of it."""
    digest = hashlib.sha256(np.__version__.encode())
    for part in _COMPUTES:
        place = _ROOT / part
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _packed(answer: object, stamp: str) -> bytes:
    arrays: list[np.ndarray] = []
    text = json.dumps({"stamp": stamp, "answer": _tree(answer, arrays)})
    named = {f"array {number}": array for number, array in enumerate(arrays)}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, form=np.frombuffer(text.encode(), np.uint8), **named)
    return buffer.getvalue()


def _read(path: Path, stamp: str, types: Mapping[str, type]) -> object:
    with np.load(path, allow_pickle=False) as found:
        form = json.loads(found["form"].tobytes())
        if form["stamp"] != stamp:
            raise ValueError("of other files or other code")
        return _answer(form["answer"], found, types)


def _tree(value: object, arrays: list[np.ndarray]) -> object:
    """Plain values that JSON knows; arrays by their numbers."""
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, dict):
        return {"dict": [[key, _tree(part, arrays)] for key, part in value.items()]}
    if is_dataclass(value) and not isinstance(value, type):
        found = [getattr(value, one.name) for one in fields(value)]
    elif isinstance(value, tuple):
        found = list(value)
    else:
        return value.item() if isinstance(value, np.generic) else value
    parts = [_tree(part, arrays) for part in found]
    return (
        {"tuple": parts} if type(value) is tuple else {"type": type(value).__name__, "parts": parts}
    )


def _answer(tree: Any, arrays: Mapping[str, np.ndarray], types: Mapping[str, type]) -> object:
    if not isinstance(tree, dict):
        return tree
    if "array" in tree:
        return arrays[f"array {tree['array']}"]
    if "dict" in tree:
        return {key: _answer(part, arrays, types) for key, part in tree["dict"]}
    if "tuple" in tree:
        return tuple(_answer(part, arrays, types) for part in tree["tuple"])
    return types[tree["type"]](*(_answer(part, arrays, types) for part in tree["parts"]))
