"""Answers that leave at once, and do not wait until the browser confirms the one before.

TCP holds a small packet back while an earlier one is unconfirmed (Nagle's algorithm, RFC 896), and
a browser may take 40 ms to confirm. asyncio turns that off, but only where a socket was opened for
TCP by name (`asyncio.base_events._set_nodelay`); Streamlit opens its own without. Sixty of its
scripts by six connections then take 400 ms in place of 40, and so waits each answer that comes in
parts.
"""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

_OPEN_FILES = Path("/dev/fd")
"""The numbers of this process's open files (Linux, macOS)."""


def send_at_once() -> None:
    """Turn it off for all that the server will accept; call when it has opened its sockets.

    What is accepted takes over the options of the socket that listens. Nothing happens where a
    process cannot list its open files.
    """
    for listening in _listening():
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _listening() -> Iterator[socket.socket]:
    """Each TCP socket of this process that takes connections, as a copy that is closed after it."""
    names = list(_OPEN_FILES.iterdir()) if _OPEN_FILES.is_dir() else []
    for number in filter(_is_socket, (int(path.name) for path in names)):
        with socket.socket(fileno=os.dup(number)) as found:
            is_internet = found.family in {socket.AF_INET, socket.AF_INET6}
            if is_internet and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                yield found


def _is_socket(number: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:  # closed again: the folder's own listing, for one
        return False
