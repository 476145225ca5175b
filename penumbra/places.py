"""Where the app lies: inside the installed package, or around it in a checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
INSIDE = _HERE / "_app"
"""Where the wheel puts it: nothing but `penumbra` stands at the top level of site-packages."""
APP = INSIDE if INSIDE.is_dir() else _HERE.parent
"""The folder of app.py, cli.py, core, pages and all the rest."""
