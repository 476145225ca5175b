"""What the terminal's door is called where this runs."""

from __future__ import annotations

from pathlib import Path

INSTALLED = "_app"
"""The folder of the installed package that holds this tree; nobody looks for `cli.py` in there."""
COMMAND = "penumbra" if Path(__file__).parents[2].name == INSTALLED else "python cli.py"
