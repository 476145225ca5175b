"""What the terminal's door is called where this runs."""

from __future__ import annotations

from pathlib import Path

NAME = "penumbra"
"""What the command is called where it is installed."""
INSTALLED = "_app"
"""The folder of the installed package that holds this tree; nobody looks for `cli.py` in there."""
COMMAND = NAME if Path(__file__).parents[2].name == INSTALLED else "python cli.py"
