"""The command `penumbra`, and `python -m penumbra`: the dashboard, or one of the app's commands."""

from __future__ import annotations

import sys

from penumbra.places import APP


def main() -> None:
    """Run a command of the app; without one, the dashboard.

    The app's folder comes first on the module path, so that its own modules are the ones taken.
    """
    sys.path.insert(0, str(APP))
    from cli import app

    app(sys.argv[1:] or ["serve"], prog_name="penumbra")


if __name__ == "__main__":
    main()
