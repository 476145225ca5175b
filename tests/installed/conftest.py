"""The wheel, installed into an environment that holds what it asks for and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.installed.environment import fill

ROOT = Path(__file__).resolve().parents[2]


def run(*command: object, cwd: Path = ROOT, **options) -> str:
    """What a program prints; it must succeed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd, capture_output=True, text=True, timeout=600, check=False, **options,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ".")
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The environment's interpreter: what the wheel asks for, at the versions that are pinned."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    found = folder / "bin" / "python"
    fill(folder, ROOT / "requirements-serve.txt")
    pip = (sys.executable, "-m", "pip", "--python", found)
    run(*pip, "install", "--quiet", "--no-deps", wheel)
    run(*pip, "check")
    return found


@pytest.fixture(scope="session")
def penumbra(python: Path) -> Path:
    """The command."""
    return python.with_name("penumbra")


@pytest.fixture(scope="session")
def app(python: Path) -> Path:
    """Where the installed app lies."""
    found = run(python, "-P", "-c", "from penumbra.places import APP; print(APP)").strip()
    assert Path(found).is_relative_to(python.parents[1])
    return Path(found)
