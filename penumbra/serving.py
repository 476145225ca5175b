"""What runs in the app's own process: Streamlit, until whoever started it has gone.

Run as a program by its path, in the app's folder: so its own folder is not on the module path.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

REMOVE = "--remove="
"""Before a folder that goes with the starter."""
_SECONDS = 5


def serve(arguments: list[str]) -> None:
    """Run the app until the standard input ends: its starter has closed it, or is gone.

    Args:
        arguments: Options of `streamlit run`; before them, perhaps, `--remove=FOLDER`.
    """
    private = arguments.pop(0).removeprefix(REMOVE) if arguments[0].startswith(REMOVE) else None
    threading.Thread(target=_end_with_starter, args=(private,), daemon=True).start()
    sys.argv = ["streamlit", "run", str(Path("app.py").resolve()), *arguments]
    from streamlit.web.cli import main

    main(prog_name="streamlit")


def _end_with_starter(private: str | None) -> None:
    sys.stdin.buffer.read()
    if private is not None:
        shutil.rmtree(private, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_SECONDS)  # for the pages that are open; then it is over
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1:])
