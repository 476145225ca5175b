"""The files that a person has dropped, and what they say each of them is."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.reading.errors import ReadingError
from core.reading.read import Source
from core.reading.reading import Reading
from ui.words import plain, short

CORRECTIONS = ("open id", "open label", "open kind", "open names")
ROLES = {
    "": "as it looks",
    "held-out": "held out: predictions and labels that thresholds are chosen on",
    "labels": "the true labels",
    "names": "the class names in their order",
}


@dataclass
class Dropped:
    """One person's files, kept in a folder of their own until they are opened or removed.

    Attributes:
        folder: Goes with the session.
        sources: By the uploads' ids, each under the name it came with.
        answers: To questions, by their keys.
        read: What was read, and of which files and answers.
        pressed: Whether the study is to be opened now.
        add_to: Key of the study that they are further models of; empty for a new one.
    """

    folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="penumbra-")
    )
    sources: dict[str, Source] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    read: tuple[Any, Reading] | None = None
    pressed: bool = False
    add_to: str = ""

    def take(self, files: list[UploadedFile]) -> None:
        """Keep exactly these files; answers belong to the files they were given for."""
        if set(self.sources) == {file.file_id for file in files}:
            return
        known, self.sources = self.sources, {}
        for file in files:
            self.sources[file.file_id] = (
                known.pop(file.file_id) if file.file_id in known else self._copied(file)
            )
        for source in known.values():
            source.path.unlink(missing_ok=True)
        self.answers, self.read = {}, None
        for key in CORRECTIONS:
            st.session_state.pop(key, None)

    def roles(self) -> dict[str, str]:
        """What people say each file is, by the uploads' ids; see ROLES."""
        return {id: st.session_state.get(f"role {id}", "") for id in self.sources}

    def called(self, role: str) -> list[Source]:
        """The files that were said to be something."""
        return [self.sources[id] for id, said in self.roles().items() if said == role]

    def only(self, role: str) -> Source | None:
        """The one that was said to be something, if one was.

        Raises:
            ReadingError: several were.
        """
        found = self.called(role)
        if len(found) > 1:
            names = " and ".join(source.name for source in found)
            raise ReadingError(f"{names} are both said to be {ROLES[role]}; choose one.")
        return found[0] if found else None

    def written(self, names: str) -> Source:
        """Class names that somebody typed, as a file."""
        path = Path(self.folder.name) / "class names"
        path.write_text(names, encoding="utf-8")
        return Source("The class names", path)

    def forget_answers(self) -> None:
        """Ask everything anew."""
        self.answers = {}

    def _copied(self, file: UploadedFile) -> Source:
        path = Path(self.folder.name) / uuid4().hex  # no name of a person's becomes a path here
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        return Source(file.name, path)


def ask_roles(dropped: Dropped) -> None:
    """Let people say what each of several files is."""
    if len(dropped.sources) < 2:
        return
    for id, source in dropped.sources.items():
        st.selectbox(
            f"{plain(short(source.name))} is",
            list(ROLES),
            format_func=ROLES.__getitem__,
            key=f"role {id}",
        )
