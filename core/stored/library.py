"""Which studies there are: those that come with Penumbra, and those that were opened here."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO

from core.stored.folder import open_study, write_study
from core.stored.folder_writing import Advance
from core.stored.new_study import NewStudy
from core.stored.slugs import is_slug
from core.stored.study_card import NAME, card_bytes, read_card
from core.stored.study_entry import Entry, Stamp, read_entry, stamp_of
from core.stored.study_zip import pack_study, unpack_study
from core.study.data_folder import data_folder
from core.study.study import Study
from core.study.study_error import StudyError, unreadable, unwritable
from core.study.write_aside import remove_folder, replace_file

if TYPE_CHECKING:
    from core.measures.feature_map import Method
    from core.networks.own_network import OwnNetwork
    from core.stored.joined_reading import JoinedReading

PREPARED_ONLY = "This server shows prepared studies only (PENUMBRA_UPLOADS=off)."
_KEPT_OPEN = 8


def may_change() -> bool:
    """Whether visitors may add, rename and delete studies: not with PENUMBRA_UPLOADS=off."""
    return os.environ.get("PENUMBRA_UPLOADS", "").strip().lower() not in {"off", "0", "no", "false"}


def studies_root() -> Path:
    """Where studies are kept: PENUMBRA_STUDIES, or `studies` in the data folder."""
    return Path(os.environ.get("PENUMBRA_STUDIES") or data_folder() / "studies")


class Library:
    """All studies of this server; safe to use from any thread and from several processes.

    Args:
        root: The folder of the studies; `studies_root()` if None.
        refusal: Why whoever asks just now may not change them, in a sentence; empty if they may.
    """

    def __init__(self, root: Path | None = None, refusal: Callable[[], str] = lambda: "") -> None:
        self.root = studies_root() if root is None else root
        self._refusal = refusal
        self._bundled: dict[str, tuple[str, Callable[[], Study]]] = {}
        self._entries: dict[str, tuple[Stamp, Entry]] = {}
        self._open: OrderedDict[str, tuple[Stamp, Study]] = OrderedDict()
        self._lock = Lock()

    def bundle(self, key: str, title: str, load: Callable[[], Study]) -> None:
        """Add a study that comes with Penumbra; `load` should keep what it has loaded."""
        self._bundled[key] = (title, load)

    def list(self) -> list[Entry]:
        """The bundled studies, then those on disk, the newest first; cheap if nothing changed.

        Raises:
            StudyError: the folder of the studies may not be read.
        """
        bundled = [Entry(key, title, bundled=True) for key, (title, _) in self._bundled.items()]
        stored = [self._entry(key) for key in _keys(self.root) if key not in self._bundled]
        here = [entry for entry in stored if entry is not None]
        return bundled + sorted(here, key=lambda entry: (-entry.opened, entry.key))

    def load(self, key: str) -> Study:
        """The study of that key; the same object until its files change.

        Raises:
            StudyError: there is none, or it cannot be opened.
        """
        if key in self._bundled:
            return self._bundled[key][1]()
        folder = self._folder(key)
        stamp = stamp_of(folder)
        with self._lock:
            found = self._open.get(key)
        if found is not None and found[0] == stamp:
            return found[1]
        study = open_study(folder)
        with self._lock:
            self._open[key] = (stamp, study)
            self._open.move_to_end(key)
            while len(self._open) > _KEPT_OPEN:
                self._open.popitem(last=False)
        return study

    def version(self, key: str) -> str:
        """What changes with a study's files, for the keys of caches; empty for a bundled one.

        Raises:
            StudyError: there is no such study.
        """
        if key in self._bundled:
            return ""
        return "-".join(str(part) for part in stamp_of(self._folder(key)))

    def folder(self, key: str) -> Path | None:
        """Where a study's files lie; None for a bundled one.

        Raises:
            StudyError: there is no such study.
        """
        return None if key in self._bundled else self._folder(key)

    def add(
        self,
        new: NewStudy,
        key: str | None = None,
        progress: Advance = lambda rows, total: None,
    ) -> str:
        """Write a study and give its key, made from the title if None.

        Raises:
            StudyError: as `write_study`; or this server shows prepared studies only.
        """
        self._check_may_change()
        if key in self._bundled:
            raise StudyError(f"{key!r} is the key of a study that comes with Penumbra.")
        return write_study(new, self.root, key, progress, lambda key: key in self._bundled).name

    def check_own(self, key: str) -> None:
        """Whether a study is one that may be changed here.

        Raises:
            StudyError: it is bundled or not there, or this server shows prepared studies only.
        """
        self._own_folder(key)

    def add_models(
        self,
        key: str,
        joined: JoinedReading,
        sources: Sequence[str] = (),
        progress: Advance = lambda rows, total: None,
    ) -> tuple[str, ...]:
        """Write further models into a study, and give their names.

        Raises:
            StudyError: as `core.stored.added_models.add_models`, or the study is bundled.
        """
        from core.stored.added_models import add_models  # noqa: PLC0415 - few come for it

        folder, dataset = self._own_folder(key), self.load(key).dataset
        return tuple(add_models(folder, dataset, joined, sources, progress))

    def rename(self, key: str, title: str) -> None:
        """Give a study another title; its key stays, so that its links do.

        Raises:
            StudyError: the title is empty, the study is bundled, not there or not writable.
        """
        folder = self._own_folder(key)
        if not title.strip():
            raise StudyError("A study needs a title.")
        card = replace(read_card(folder), title=title.strip())
        try:
            replace_file(folder / NAME, card_bytes(card))
        except OSError as error:
            raise unwritable(folder, error) from error

    def keep_map(self, key: str, model: str) -> Method:
        """Lay out a model's features and keep the map in the study; gives how.

        It may run in a thread of its own, long after `check_own` allowed it.

        Raises:
            StudyError: as `core.stored.stored_maps.keep_map`, or the study is bundled.
            Stopped: whoever watches wants no more.
        """
        from core.stored.stored_maps import keep_map  # noqa: PLC0415 - few come for it

        if not may_change():
            raise StudyError(PREPARED_ONLY)
        return keep_map(self._unbundled(key), model)

    def add_network(self, key: str, model: str, network: OwnNetwork) -> None:
        """Give a model of a study what scores new images.

        Raises:
            StudyError: as `core.stored.stored_networks.add_network`, or the study is bundled.
        """
        from core.stored.stored_networks import add_network  # noqa: PLC0415 - loads LiteRT

        add_network(self._own_folder(key), model, network)

    def delete(self, key: str) -> None:
        """Remove a study from the disk; whoever still reads its arrays may finish.

        Raises:
            StudyError: the study is bundled, not there or not writable.
        """
        folder = self._own_folder(key)
        try:
            remove_folder(folder)
        except FileNotFoundError:
            return  # another process has just removed it
        except OSError as error:
            raise unwritable(folder, error) from error
        with self._lock:
            self._open.pop(key, None)
            self._entries.pop(key, None)

    def pack(self, key: str, out: Path | BinaryIO) -> None:
        """Write a study as a ZIP file.

        Raises:
            StudyError: the study is bundled or not there, or the file cannot be written.
        """
        if key in self._bundled:
            raise StudyError(f"{self._bundled[key][0]} comes with Penumbra wherever it runs.")
        pack_study(self._folder(key), out)

    def unpack(self, source: Path | BinaryIO, images: Path | None = None) -> str:
        """Add a study that was packed, and give its key.

        Raises:
            StudyError: as `unpack_study`; or this server shows prepared studies only.
        """
        self._check_may_change()
        return unpack_study(source, self.root, images, lambda key: key in self._bundled).name

    def _folder(self, key: str) -> Path:
        if not is_slug(key) or not (self.root / key).is_dir():
            keys = ", ".join([*self._bundled, *sorted(_keys(self.root))])
            raise StudyError(f"There is no study {key!r}; there is {keys or 'none yet'}.")
        return self.root / key

    def _own_folder(self, key: str) -> Path:
        self._check_may_change()
        return self._unbundled(key)

    def _unbundled(self, key: str) -> Path:
        if key in self._bundled:
            raise StudyError(f"{self._bundled[key][0]} comes with Penumbra and stays as it is.")
        return self._folder(key)

    def _check_may_change(self) -> None:
        if not may_change():
            raise StudyError(PREPARED_ONLY)
        if sentence := self._refusal():
            raise StudyError(sentence)

    def _entry(self, key: str) -> Entry | None:
        """A stored study; None where another process has just deleted it."""
        try:
            stamp = stamp_of(self.root / key)
            with self._lock:
                known = self._entries.get(key)
            if known is not None and known[0] == stamp:
                return known[1]
            entry = read_entry(self.root / key)
        except StudyError as error:
            gone = not (self.root / key).is_dir()
            return None if gone else Entry(key, key, problem=str(error))
        with self._lock:
            self._entries[key] = (stamp, entry)
        return entry


def _keys(root: Path) -> list[str]:
    """The folders that may be studies, in no order."""
    try:
        with os.scandir(root) as found:
            return [entry.name for entry in found if is_slug(entry.name) and entry.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable(root, error) from error
