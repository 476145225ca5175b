"""An environment of exactly what a lock names, out of the files that are installed already."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement


def locked(path: Path) -> Iterator[tuple[str, str]]:
    """Name and version of each package that a lock names for this machine."""
    for line in path.read_text().splitlines():
        if line[:1].isalnum():
            wanted = Requirement(line.rstrip(" \\"))
            if wanted.marker is None or wanted.marker.evaluate():
                (version,) = wanted.specifier
                yield wanted.name, version.version


def fill(folder: Path, lock: Path) -> None:
    """Put each package of a lock, and nothing else, into a virtual environment without any.

    Their files are those of the environment that runs the tests: pip has unpacked them after a
    comparison with the same hashes (tests/test_supply_chain.py). Programs of `bin/` name another
    interpreter and stay away.
    """
    here, there = (
        Path(sysconfig.get_path("purelib", vars={"base": str(base), "platbase": str(base)}))
        for base in (sys.prefix, folder)
    )
    for name, version in locked(lock):
        found = distribution(name)
        assert found.version == version, f"{name} {found.version} is installed, not {version}"
        _link(found, here, there)


def _link(found: Distribution, here: Path, there: Path) -> None:
    for file in found.files or ():
        source = here / file
        if file.parts[0] != ".." and source.is_file():
            target = there / file
            target.parent.mkdir(parents=True, exist_ok=True)
            _same_file(source, target)


def _same_file(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)
