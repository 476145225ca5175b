"""The pictures that a person has brought, and which of them could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import streamlit as st

from core.networks.array_doubts import Doubt
from core.networks.own_pictures import OwnPicture
from core.pictures.array_forms import ArrayQuestion, Form
from core.pictures.picture_files import PictureError, shown_name
from core.pictures.picture_sources import PictureSource
from ui.file_reading import File, Way

MOST_KEPT = 20_000_000
"""Bytes of files that are kept because they may have to be turned."""
MOST_MEMBERS = 300
"""Pictures of a ZIP file that are read."""


@dataclass
class ArrayFile:
    """A file of arrays, what somebody said of it, and what is still to be said.

    Attributes:
        file: As it came.
        key: The name of the images' array, if it was said.
        form: How values and axes are read.
        question: What only a person can say; None if nothing.
        doubt: What looks wrong about the images; None if nothing.
    """

    file: File
    key: str | None = None
    form: Form = field(default_factory=Form)
    question: ArrayQuestion | None = None
    doubt: Doubt | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is something to be asked or said."""
        return self.question is not None or self.doubt is not None


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
        arrays: Files of arrays that somebody may have to say more about, by id.
        other_way: Pictures as they were before they were turned, or turned back, by id.
        known: The names of the files that were read, by a digest of their content.
        twice: The names of files that came once more, with those that they came by first.
    """

    version: int = 0
    waiting: list[File] = field(default_factory=list)
    pictures: dict[str, OwnPicture] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    lying: dict[str, File] = field(default_factory=dict)
    arrays: dict[str, ArrayFile] = field(default_factory=dict)
    other_way: dict[str, OwnPicture] = field(default_factory=dict)
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
            if (members := way.members(file)) is not None:
                self._read_members(file, members, way)
                return
            if way.is_arrays(file):
                self.arrays[file.id] = ArrayFile(file)
                self.read_arrays(file.id, way)
                self.known[digest] = (file.id, file.name)
                return
            picture = way.read(file)
        except ValueError as error:
            self.failures[file.id] = str(error)
            return
        if not len(picture.images):
            self.failures[file.id] = f"No ink was found on {picture.name}."
            return
        self.pictures[file.id], self.known[digest] = picture, (file.id, file.name)
        held = sum(len(lying.raw) for lying in self.lying.values())
        if picture.quarter_turns and held + len(file.raw) <= MOST_KEPT:
            self.lying[file.id] = file

    def _read_members(self, file: File, members: Sequence[PictureSource], way: Way) -> None:
        """The pictures of a ZIP file, each as if it had come by itself."""
        if not members:
            self.failures[file.id] = f"{shown_name(file.name)} is a ZIP file without pictures."
        for member in members[:MOST_MEMBERS]:
            member_id = f"{file.id}/{member.name}"
            try:
                self.read(File(member_id, member.name, member.read()), way)
            except PictureError as error:
                self.failures[member_id] = str(error)
            if member.label is not None and (found := self.pictures.get(member_id)):
                labels = (member.label,) * len(found.images)
                self.pictures[member_id] = replace(found, labels=labels)
        more = len(members) - MOST_MEMBERS
        if more > 0:
            self.failures[file.id] = (
                f"{shown_name(file.name)} holds {more:,} pictures more than the {MOST_MEMBERS} that"
                " are read here; the command score reads all."
            )

    def read_arrays(self, file_id: str, way: Way, key: str | None = None, **form: Any) -> None:
        """Read a file of arrays, with what somebody said of it; what is still open is kept."""
        held = self.arrays[file_id]
        held.key, held.form, held.question = key or held.key, replace(held.form, **form), None
        try:
            self.pictures[file_id], held.doubt = way.read_arrays(held.file, held.key, held.form)
        except ArrayQuestion as question:
            held.question = question
        except ValueError as error:
            self.failures[file_id] = str(error)
        if not held.is_open:
            del self.arrays[file_id]

    def turn(self, way: Way) -> None:
        """Show what lies on its side as its digits ask for: read once more, or kept from before."""
        for file_id, file in self.lying.items():
            turned = way.read(file, self.pictures[file_id].quarter_turns)
            self.other_way[file_id] = replace(turned, quarter_turns=0)  # asked for once
        self.lying.clear()
        self._exchange([each for each in self.other_way if self.pictures[each].quarter_turns])

    def turn_back(self) -> None:
        """Show what was turned as it came."""
        self._exchange(self.turned())

    def turned(self) -> list[str]:
        """The ids of the pictures that are shown turned."""
        return [each for each, before in self.other_way.items() if before.quarter_turns]

    def _exchange(self, ids: Sequence[str]) -> None:
        for file_id in ids:
            shown, other = self.pictures[file_id], self.other_way[file_id]
            self.pictures[file_id], self.other_way[file_id] = other, shown

    def remove(self, picture: OwnPicture) -> None:
        """Let go of one picture; its file may then come again."""
        for file_id in [each for each, kept in self.pictures.items() if kept is picture]:
            del self.pictures[file_id]
            self.lying.pop(file_id, None)
            self.arrays.pop(file_id, None)
            self.other_way.pop(file_id, None)

    def clear(self) -> None:
        """Let go of everything."""
        everything = (
            self.pictures,
            self.failures,
            self.lying,
            self.arrays,
            self.other_way,
            self.known,
        )
        for held in everything:
            held.clear()
        self.waiting.clear()
        self.twice.clear()


def kept_uploads(name: str) -> Uploads:
    """The pictures that came by one of the ways."""
    return st.session_state.setdefault(f"_{name}", Uploads())
