"""Where the studies and decisions of a person are kept, unless an environment variable says."""

from __future__ import annotations

from pathlib import Path

_PROGRAM = Path(__file__).resolve().parents[2]
_INSTALLED = "_app"
"""What the folder of the program is called inside an installed package, and nowhere else."""


def data_folder() -> Path:
    """Beside the program in a checkout; the user's own data folder where Penumbra is installed."""
    if _PROGRAM.name != _INSTALLED:
        return _PROGRAM
    from platformdirs import user_data_path  # noqa: PLC0415 - a checkout needs none

    return user_data_path("penumbra", appauthor=False)
