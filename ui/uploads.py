"""Which pictures has a person brought, and which of them could not be read?"""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from core.own import EXAMPLE, OwnPicture, read_digits
from core.pictures import PictureError, shown_name
from ui.words import plain

MOST_SAID = 6


@dataclass
class Uploads:
    """One person's pictures, small; the files themselves are let go as soon as they are read.

    Attributes:
        version: Part of the uploader's key: another one is another, empty uploader.
        pictures: By the file's id.
        failures: One sentence a file that could not be read, by its id.
    """

    version: int = 0
    pictures: dict[str, OwnPicture] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def knows(self, file: UploadedFile) -> bool:
        """Whether it was read before, well or not."""
        return file.file_id in self.pictures or file.file_id in self.failures

    def read(self, file: UploadedFile, raw: bytes, shape: tuple[int, int]) -> None:
        """Read one file; it ends in `pictures` or in `failures`."""
        try:
            picture = read_digits(file.name, raw, shape)
        except PictureError as error:
            self.failures[file.file_id] = str(error)
            return
        if len(picture.images):
            self.pictures[file.file_id] = picture
        else:
            self.failures[file.file_id] = f"No ink was found on {picture.name}."


def upload(shape: tuple[int, int]) -> list[OwnPicture]:
    """Let people bring files; what could be read of them so far."""
    kept = _kept("upload")
    slot = st.empty()
    if files := _uploader(slot, kept):
        _read_all(files, kept, shape)
        kept.version += 1
        _uploader(slot, kept)
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
    if photo is not None and not kept.knows(photo):
        _forget(kept)
        kept.read(photo, photo.getvalue(), shape)
    _say(kept.failures)
    return list(kept.pictures.values())


def read_example(way: str, shape: tuple[int, int]) -> None:
    """Bring the example in a person's stead."""
    picture = read_digits("A number on squared paper", EXAMPLE.read_bytes(), shape)
    _kept(way).pictures["example"] = picture


def _uploader(slot, kept: Uploads) -> list[UploadedFile]:
    return slot.file_uploader(
        "Photographs, scans or drawings: one or a hundred, with one digit or many",
        accept_multiple_files=True,
        key=f"upload {kept.version}",
        help="PNG, JPEG, WebP, BMP, GIF, TIFF, HEIC. They are read in memory and written nowhere.",
    )


def _read_all(files: list[UploadedFile], kept: Uploads, shape: tuple[int, int]) -> None:
    """One after the other: a decoded picture is let go before the next one is opened."""
    progress = st.progress(0.0)
    taken = [_Taken(file) for file in files]
    for number, (file, content) in enumerate(zip(files, taken, strict=True)):
        said = f"Reading {number + 1} of {len(files)}: {plain(shown_name(file.name))}"
        progress.progress(number / len(files), said)
        raw = content.let_go()
        if not kept.knows(file):
            kept.read(file, raw, shape)
    progress.empty()


class _Taken:
    """A file's bytes, held once.

    Streamlit holds them twice for as long as the session lasts: for itself and in the file that a
    page gets. The second is closed at once, the first let go when it is asked for.
    """

    def __init__(self, file: UploadedFile) -> None:
        context = get_script_run_ctx()
        manager = context.uploaded_file_mgr if context else None
        self._manager = manager if isinstance(manager, MemoryUploadedFileManager) else None
        self._ids = (context.session_id if context else "", file.file_id)
        self._raw = None if self._held() else file.getvalue()
        file.close()

    def let_go(self) -> bytes:
        """The bytes, which nobody else holds any more."""
        held = self._held()
        if self._manager is not None:
            self._manager.remove_file(*self._ids)
        raw = held[0].data if held else self._raw or b""
        self._raw = None
        return raw

    def _held(self) -> list[UploadedFileRec]:
        if self._manager is None:
            return []
        session, file = self._ids
        return self._manager.get_files(session, [file])


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
    kept.pictures.clear()
    kept.failures.clear()


def _kept(name: str) -> Uploads:
    return st.session_state.setdefault(f"_{name}", Uploads())
