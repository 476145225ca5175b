"""How long one visitor's work may keep the interpreter while others wait for it."""

from __future__ import annotations

import sys

SECONDS = 0.0005
"""Python's own is ten times as long. A click takes the interpreter back dozens of times, and beside
another visitor's long computation waits so long each time: with 0.0005 its median beside Trust's
intervals was 2.0 and 3.1 times that alone, and with 0.005 by turns 2.6 and 5.8 times."""


def take_short_turns() -> None:
    """Let waiting threads have the interpreter after `SECONDS`."""
    sys.setswitchinterval(SECONDS)
