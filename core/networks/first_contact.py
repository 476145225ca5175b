"""A file of other people is first loaded in a process of its own, which may crash or hang."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

from core.networks.network_files import NetworkError, runtime_of
from core.networks.network_model import Tensor, load_model

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 120.0


class Shapes:
    """What went in and out of a file, without the file.

    Attributes:
        input: What goes in.
        outputs: What comes out.
    """

    def __init__(self, given: Tensor, outputs: tuple[Tensor, ...]) -> None:
        self.input, self.outputs = given, outputs


def first_contact(path: Path, seconds: float = _SECONDS) -> Shapes:
    """Inputs and outputs of a file, found by a process that loads it and runs one blank image.

    Raises:
        NetworkError: the file cannot be used; also where the process crashed or took too long.
    """
    runtime_of(path)  # most of what is wrong is said without a process
    command = [sys.executable, "-m", "core.networks.first_contact", str(path.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, cwd=_ROOT, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NetworkError(f"{path} took more than {seconds:.0f} s for one image.") from error
    lines = done.stdout.decode(errors="replace").splitlines()
    if not lines or done.returncode not in {0, 2}:
        raise NetworkError(f"{path} crashed its runtime: it is damaged, or its export is broken.")
    found = json.loads(lines[-1])
    if "problem" in found:
        raise NetworkError(found["problem"].replace(str(path.resolve()), str(path)))
    given, *outputs = (Tensor(name, tuple(shape), kind) for name, shape, kind in found["tensors"])
    return Shapes(given, tuple(outputs))


def _described(path: Path) -> dict[str, object]:
    """The tensors of a file, the lengths of its outputs as one blank image has them."""
    model = load_model(path)
    given = model.input
    outputs = model.outputs
    lengths = [length for length in given.shape[1:] if length is not None]
    if len(lengths) == len(given.shape) - 1:
        batch = np.zeros((given.shape[0] or 1, *lengths), given.dtype)
        found = model.run(batch)
        outputs = tuple(
            Tensor(each.name, (None, *found[each.name].shape[1:]), each.dtype)
            for each in outputs
            if each.name in found and found[each.name].ndim
        )
    tensors = [(each.name, list(each.shape), each.dtype) for each in (given, *outputs)]
    return {"tensors": tensors}


def _limit_memory() -> None:
    """Half of what the machine has: a file may ask for any amount."""
    if resource is None:
        return
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    resource.setrlimit(resource.RLIMIT_AS, (half, half))


def _main(path: Path) -> int:
    _limit_memory()
    try:
        found = _described(path)
    except NetworkError as error:
        found = {"problem": str(error)}
    except (TypeError, ValueError, MemoryError) as error:
        found = {"problem": f"{path} cannot be run: {error}"}
    sys.stdout.write("\n" + json.dumps(found) + "\n")
    return 2 if "problem" in found else 0


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))
