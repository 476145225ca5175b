"""How a file that a person brings is read for the picked model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.networks.array_doubts import Doubt
from core.networks.own_arrays import is_array_file, read_array_file
from core.networks.own_pictures import OwnPicture, read_digits
from core.networks.whole_pictures import read_whole
from core.pictures.array_files import ZIP
from core.pictures.array_forms import Form
from core.pictures.picture_files import shown_name
from core.pictures.picture_sources import PictureSource, find_in_zip
from core.study.dataset import Noun
from core.study.study import Network
from ui.picked import Picked


class File(NamedTuple):
    """A file as it came."""

    id: str
    name: str
    raw: bytes


class Way(NamedTuple):
    """How files are read: for which network, and what an item is called."""

    network: Network
    noun: Noun
    class_names: tuple[str, ...]

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

    def is_arrays(self, file: File) -> bool:
        """Whether it holds arrays: of these, a network that reads whole pictures takes none."""
        return self.network.finds_ink and is_array_file(file.name, file.raw)

    def read_arrays(
        self, file: File, key: str | None, form: Form
    ) -> tuple[OwnPicture, Doubt | None]:
        """One file of arrays, and what looks wrong about them.

        Raises:
            ArrayQuestion: only a person can say which array it is, or what full ink is.
            ValueError: it holds no images.
        """
        return read_array_file(file.name, file.raw, self.network, self.class_names, key, form)

    def members(self, file: File) -> Sequence[PictureSource] | None:
        """The pictures in a ZIP file; None if it is none.

        Raises:
            ValueError: it is broken.
        """
        if not file.raw.startswith(ZIP) or self.is_arrays(file):
            return None
        return find_in_zip(file.raw, shown_name(file.name), self.class_names)


def reading_of(picked: Picked) -> Way:
    """How files are read for the picked model.

    Raises:
        ValueError: it has no network.
    """
    if picked.network is None:
        raise ValueError(f"{picked.title} has no network")
    return Way(picked.network, picked.noun, picked.class_names)
