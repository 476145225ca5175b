"""Disks that are small, full or read only: real ones, where this user may mount them."""

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest


class Disk:
    """A file system of a few megabytes in memory, mounted for one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Take all that is left."""
        with suppress(OSError), (self.folder / "filler").open("ab") as file:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while True:
                        file.write(bytes(size))
                        file.flush()

    def free(self) -> None:
        """Give it back."""
        (self.folder / "filler").unlink()

    def read_only(self) -> None:
        """Let nobody write, not even root."""
        self._mount("remount,ro")

    def writable(self) -> None:
        self._mount("remount,rw")

    def _mount(self, options: str) -> None:
        subprocess.run(["mount", "-o", options, self.folder], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "penumbra-test", folder]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"a small disk cannot be mounted here, which needs root: {error}")
    yield Disk(folder)
    subprocess.run(["umount", "-l", folder], check=True)
