"""Which pictures has a person brought, and which of them could not be read?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.networks.own_pictures import EXAMPLE, OwnPicture, read_digits
from core.pictures.picture_files import PictureError, shown_name
from ui.words import plain

MOST_SAID = 6


class File(NamedTuple):
    """A file as it came."""

    id: str
    name: str
    raw: bytes


@dataclass
class Uploads:
    """One person's pictures, small; the files themselves are let go as soon as they are read.

    Attributes:
        version: Part of the uploader's key: another one is another, empty uploader.
        waiting: The files that are still to be read.
        pictures: By the file's id.
        failures: One sentence a file that could not be read, by its id.
    """

    version: int = 0
    waiting: list[File] = field(default_factory=list)
    pictures: dict[str, OwnPicture] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def knows(self, file_id: str) -> bool:
        """Whether it was read before, well or not."""
        return file_id in self.pictures or file_id in self.failures

    def read(self, file: File, shape: tuple[int, int]) -> None:
        """Read one file; it ends in `pictures` or in `failures`."""
        try:
            picture = read_digits(file.name, file.raw, shape)
        except PictureError as error:
            self.failures[file.id] = str(error)
            return
        if len(picture.images):
            self.pictures[file.id] = picture
        else:
            self.failures[file.id] = f"No ink was found on {picture.name}."


def upload(shape: tuple[int, int]) -> list[OwnPicture]:
    """Let people bring files; what could be read of them so far."""
    kept = _kept("upload")
    key = f"upload {kept.version}"
    st.file_uploader(
        "Photographs, scans or drawings: one or a hundred, with one digit or many",
        accept_multiple_files=True,
        key=key,
        help="PNG, JPEG, WebP, BMP, GIF, TIFF, HEIC. They are read in memory and written nowhere.",
        on_change=_take,
        args=(key, kept),
    )
    _read_all(kept, shape)
    _say(kept.failures)
    if kept.pictures or kept.failures:
        st.button(
            "Remove all", key="remove", icon=":material/delete:", on_click=_forget, args=(kept,)
        )
    return list(kept.pictures.values())


def photograph(shape: tuple[int, int]) -> list[OwnPicture]:
    """Let people use their camera; the picture they took, if it could be read."""
    kept = _kept("camera")
    photo = st.camera_input("Photograph of one or more digits", key="camera")
    if photo is not None and not kept.knows(photo.file_id):
        _forget(kept)
        kept.read(File(photo.file_id, photo.name, photo.getvalue()), shape)
    _say(kept.failures)
    return list(kept.pictures.values())


def read_example(way: str, shape: tuple[int, int]) -> None:
    """Bring the example in a person's stead."""
    picture = read_digits("A number on squared paper", EXAMPLE.read_bytes(), shape)
    _kept(way).pictures["example"] = picture


def _take(key: str, kept: Uploads) -> None:
    """Take the files out of Streamlit's hands before it gives a copy of each to the page.

    It would hold both for as long as the session lasts. The bytes are the ones that it received.
    """
    context = get_script_run_ctx()
    manager = context.uploaded_file_mgr if context else None
    for file in st.session_state[key]:
        if not isinstance(file, UploadedFile):  # taken back while it was on its way
            continue
        kept.waiting.append(File(file.file_id, file.name, file.getvalue()))
        file.close()
        if context and isinstance(manager, MemoryUploadedFileManager):
            manager.remove_file(context.session_id, file.file_id)
    kept.version += 1


def _read_all(kept: Uploads, shape: tuple[int, int]) -> None:
    """One after the other: a file and its decoded picture are let go before the next is opened.

    A press elsewhere interrupts; what then waits is read in the run that follows.
    """
    if not kept.waiting:
        return
    progress = st.progress(0.0)
    total = len(kept.waiting)
    while kept.waiting:
        number, name = total - len(kept.waiting), plain(shown_name(kept.waiting[0].name))
        progress.progress(number / total, f"Reading {number + 1} of {total}: {name}")
        kept.read(kept.waiting.pop(0), shape)
    progress.empty()


def _say(failures: dict[str, str]) -> None:
    """A sentence each; of very many the later ones wait behind a click."""
    said = [f"- {plain(sentence)}" for sentence in failures.values()]
    if not said:
        return
    files = "One file" if len(said) == 1 else f"{len(said)} files"
    first = "\n".join(said[:MOST_SAID])
    st.error(f"**{files} could not be read:**\n\n{first}", icon=":material/broken_image:")
    if said[MOST_SAID:]:
        with st.expander(f"{len(said) - MOST_SAID} more", icon=":material/broken_image:"):
            st.markdown("\n".join(said[MOST_SAID:]))


def _forget(kept: Uploads) -> None:
    kept.waiting.clear()
    kept.pictures.clear()
    kept.failures.clear()


def _kept(name: str) -> Uploads:
    return st.session_state.setdefault(f"_{name}", Uploads())
