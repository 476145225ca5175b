"""Which pictures has a person brought, and which of them could not be read?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import NamedTuple

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.networks.own_pictures import EXAMPLE, OwnPicture, read_digits
from core.networks.whole_pictures import read_whole
from core.pictures.picture_files import PictureError, shown_name
from core.study.dataset import Noun
from core.study.study import Network
from ui.components.dropzones import dropzones_have_names
from ui.picked import Picked
from ui.words import plain

MOST_SAID = 6
MOST_KEPT = 20_000_000
"""Bytes of files that are kept because they may have to be turned."""


class File(NamedTuple):
    """A file as it came."""

    id: str
    name: str
    raw: bytes


class Way(NamedTuple):
    """How files are read: for which network, and what an item is called."""

    network: Network
    noun: Noun

    def read(self, file: File, quarter_turns: int = 0) -> OwnPicture:
        """One file as images that the network reads.

        Raises:
            PictureError: it holds no picture.
        """
        if not self.network.finds_ink:
            return read_whole(file.name, file.raw, self.network)
        return read_digits(
            file.name,
            file.raw,
            self.network.image_shape,
            predict=self.network.predict,
            quarter_turns=quarter_turns,
        )


def reading_of(picked: Picked) -> Way:
    """How files are read for the picked model.

    Raises:
        ValueError: it has no network.
    """
    if picked.network is None:
        raise ValueError(f"{picked.title} has no network")
    return Way(picked.network, picked.noun)


@dataclass
class Uploads:
    """One person's pictures, small; the files themselves are let go as soon as they are read.

    Only what seems to lie on its side is kept, up to `MOST_KEPT` bytes: it may have to be turned.

    Attributes:
        version: Part of the uploader's key: another one is another, empty uploader.
        waiting: The files that are still to be read.
        pictures: By the file's id.
        failures: One sentence a file that could not be read, by its id.
        lying: Files that seem to lie on their side, by id.
        known: The names of the files that were read, by a digest of their content.
        twice: The names of files that came once more, with those that they came by first.
    """

    version: int = 0
    waiting: list[File] = field(default_factory=list)
    pictures: dict[str, OwnPicture] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    lying: dict[str, File] = field(default_factory=dict)
    known: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    twice: list[tuple[str, str]] = field(default_factory=list)

    def knows(self, file_id: str) -> bool:
        """Whether it was read before, well or not."""
        return file_id in self.pictures or file_id in self.failures

    def read(self, file: File, way: Way) -> None:
        """Read one file, unless it came before; it ends in `pictures` or in `failures`."""
        digest = sha256(file.raw).digest()
        first_id, first_name = self.known.get(digest, ("", ""))
        if first_id in self.pictures:
            self.twice.append((file.name, first_name))
            return
        try:
            picture = way.read(file)
        except PictureError as error:
            self.failures[file.id] = str(error)
            return
        if not len(picture.images):
            self.failures[file.id] = f"No ink was found on {picture.name}."
            return
        self.pictures[file.id], self.known[digest] = picture, (file.id, file.name)
        held = sum(len(lying.raw) for lying in self.lying.values())
        if picture.quarter_turns and held + len(file.raw) <= MOST_KEPT:
            self.lying[file.id] = file

    def turn(self, way: Way) -> None:
        """Read what lies on its side once more, turned as its digits ask for."""
        for file_id, file in self.lying.items():
            turns = self.pictures[file_id].quarter_turns
            turned = way.read(file, turns)
            self.pictures[file_id] = replace(turned, quarter_turns=0)  # asked for once
        self.lying.clear()

    def remove(self, picture: OwnPicture) -> None:
        """Let go of one picture; its file may then come again."""
        for file_id in [each for each, kept in self.pictures.items() if kept is picture]:
            del self.pictures[file_id]
            self.lying.pop(file_id, None)

    def clear(self) -> None:
        """Let go of everything."""
        for held in (self.pictures, self.failures, self.lying, self.known):
            held.clear()
        self.waiting.clear()
        self.twice.clear()


def upload(way: Way) -> list[OwnPicture]:
    """Let people bring files; what could be read of them so far."""
    kept = _kept("upload")
    key = f"upload {kept.version}"
    st.file_uploader(
        f"Photographs, scans or drawings: one or a hundred{_with(way)}",
        accept_multiple_files=True,
        key=key,
        help="PNG, JPEG, WebP, BMP, GIF, TIFF, HEIC. They are read in memory and written nowhere.",
        on_change=_take,
        args=(key, kept),
    )
    dropzones_have_names()
    _read_all(kept, way)
    _say(kept.failures)
    _say_twice(kept.twice)
    _offer_turn(kept, way)
    if kept.pictures or kept.failures:
        st.button("Remove all", key="remove", icon=":material/delete:", on_click=kept.clear)
    return list(kept.pictures.values())


def photograph(way: Way) -> list[OwnPicture]:
    """Let people use their camera; the picture they took, if it could be read."""
    kept = _kept("camera")
    one = f"one or more {way.noun.many}" if way.network.finds_ink else f"one {way.noun.one}"
    photo = st.camera_input(f"Photograph of {one}", key="camera")
    if photo is not None and not kept.knows(photo.file_id):
        kept.clear()
        kept.read(File(photo.file_id, photo.name, photo.getvalue()), way)
    _say(kept.failures)
    _offer_turn(kept, way)
    return list(kept.pictures.values())


def _with(way: Way) -> str:
    return f", with one {way.noun.one} or many" if way.network.finds_ink else ""


def read_example(name: str, way: Way) -> None:
    """Bring the example in a person's stead."""
    file = File("example", "A number on squared paper", EXAMPLE.read_bytes())
    _kept(name).read(file, way)


def offer_removal(picture: OwnPicture, pictures: Sequence[OwnPicture]) -> None:
    """Let people take back one of many uploads."""
    if len(pictures) > 1:
        st.button(
            f"Remove {plain(picture.name)}",
            key="remove one",
            icon=":material/close:",
            on_click=_kept("upload").remove,
            args=(picture,),
        )


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


def _read_all(kept: Uploads, way: Way) -> None:
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
        kept.read(kept.waiting.pop(0), way)
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


def _say_twice(twice: Sequence[tuple[str, str]]) -> None:
    """Files that came once more are counted once."""
    if not twice:
        return
    lines = [
        f"{plain(shown_name(name))} is the same file as {plain(shown_name(first))}."
        if name != first
        else f"{plain(shown_name(name))} was already uploaded."
        for name, first in twice[:MOST_SAID]
    ]
    more = f" So were {len(twice) - MOST_SAID} more." if twice[MOST_SAID:] else ""
    st.info(f"{' '.join(lines)}{more} Each picture counts once.", icon=":material/file_copy:")


def _offer_turn(kept: Uploads, way: Way) -> None:
    """A page may lie on its side: that is noticed, and turned only when a person says so."""
    lying = [picture for picture in kept.pictures.values() if picture.quarter_turns]
    if not lying:
        return
    names = ", ".join(plain(picture.name) for picture in lying[:MOST_SAID])
    more = f" and {len(lying) - MOST_SAID} more" if lying[MOST_SAID:] else ""
    turned = "upside down or on its side" if len(lying) == 1 else "upside down or on their sides"
    cure = "" if kept.lying else " Turn it and upload it again."
    st.warning(f"{names}{more} seems to lie {turned}.{cure}", icon=":material/screen_rotation:")
    if kept.lying:
        st.button(
            "Turn upright", key="turn", icon=":material/rotate_right:",
            on_click=kept.turn, args=(way,),
        )  # fmt: skip


def _kept(name: str) -> Uploads:
    return st.session_state.setdefault(f"_{name}", Uploads())
