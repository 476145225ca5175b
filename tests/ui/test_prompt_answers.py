"""Connections that the server accepts send each answer at once, also where they would not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ui.prompt_answers import send_at_once

HOST = "127.0.0.1"


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """Opened as Streamlit opens its own: with no protocol by name."""
    with socket.socket(socket.AF_INET) as found:
        found.bind((HOST, 0))
        found.listen()
        yield found


def sends_at_once(listening: socket.socket) -> bool:
    """Whether the next connection does."""
    with closing(socket.create_connection(listening.getsockname()[:2])):
        accepted, _ = listening.accept()
        with accepted:
            return bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_what_is_accepted_after_it_sends_at_once(listening: socket.socket) -> None:
    assert not sends_at_once(listening)
    send_at_once()
    assert sends_at_once(listening)


def test_a_socket_for_ip_version_6_does_too() -> None:
    with socket.socket(socket.AF_INET6) as listening:
        try:
            listening.bind(("::1", 0))
        except OSError:
            pytest.skip("there is no IP version 6 here")
        listening.listen()
        send_at_once()
        assert sends_at_once(listening)


def test_everything_else_that_is_open_stays_open_and_as_it_was(
    tmp_path: Path, listening: socket.socket
) -> None:
    file = tmp_path / "a file"
    with (
        file.open("w") as written,
        socket.socket(socket.AF_UNIX) as local,
        socket.create_connection(listening.getsockname()) as client,
    ):
        local.bind(str(tmp_path / "socket"))
        local.listen()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
        open_before = set(Path("/dev/fd").iterdir())
        send_at_once()
        assert set(Path("/dev/fd").iterdir()) == open_before
        assert not client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        written.write("still open")
    assert file.read_text() == "still open"
