"""Let people bring files or photograph something, and say what could not be read."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.networks.own_pictures import EXAMPLE, OwnPicture
from core.pictures.picture_files import shown_name
from ui.array_questions import ask_about_arrays
from ui.components.dropzones import dropzones_have_names
from ui.file_reading import File, Way
from ui.uploads import Uploads, kept_uploads
from ui.words import plain

MOST_SAID = 6
ARRAYS = ", and arrays of images as NPZ, NPY, IDX or CSV"


def upload(way: Way) -> list[OwnPicture]:
    """Let people bring files; what could be read of them so far."""
    kept = kept_uploads("upload")
    key = f"upload {kept.version}"
    st.file_uploader(
        f"Photographs, scans or drawings: one or a hundred{_with(way)}",
        accept_multiple_files=True,
        key=key,
        help=f"PNG, JPEG, WebP, BMP, GIF, TIFF, HEIC, a ZIP file of these{ARRAYS}. They are read in"
        " memory and written nowhere.",
        on_change=_take,
        args=(key, kept),
    )
    dropzones_have_names()
    _read_all(kept, way)
    _say(kept.failures)
    _say_twice(kept.twice)
    _offer_turn(kept, way)
    ask_about_arrays(kept, way)
    if kept.pictures or kept.failures or kept.arrays:
        st.button("Remove all", key="remove", icon=":material/delete:", on_click=kept.clear)
    return list(kept.pictures.values())


def photograph(way: Way) -> list[OwnPicture]:
    """Let people use their camera; the picture they took, if it could be read."""
    kept = kept_uploads("camera")
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
    kept_uploads(name).read(file, way)


def offer_removal(picture: OwnPicture, pictures: Sequence[OwnPicture]) -> None:
    """Let people take back one of many uploads."""
    if len(pictures) > 1:
        st.button(
            f"Remove {plain(picture.name)}",
            key="remove one",
            icon=":material/close:",
            on_click=kept_uploads("upload").remove,
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
    """A page may lie on its side: that is noticed, and turned when a person says so."""
    lying = [picture for picture in kept.pictures.values() if picture.quarter_turns]
    can_turn = bool(kept.lying) or len(kept.other_way) > len(kept.turned())
    if lying:
        turned = (
            "upside down or on its side" if len(lying) == 1 else "upside down or on their sides"
        )
        seems = "seems" if len(lying) == 1 else "seem"
        cure = "" if can_turn else " Turn it and upload it again."
        st.warning(
            f"{_names(lying)} {seems} to lie {turned}.{cure}", icon=":material/screen_rotation:"
        )
    if lying and can_turn:
        st.button(
            "Turn upright", key="turn", icon=":material/rotate_right:",
            on_click=kept.turn, args=(way,),
        )  # fmt: skip
    if turned_ids := kept.turned():
        verb = "was" if len(turned_ids) == 1 else "were"
        st.info(
            f"{_names([kept.pictures[each] for each in turned_ids])} {verb} turned upright.",
            icon=":material/screen_rotation_up:",
        )
        st.button("Turn back", key="turn back", icon=":material/undo:", on_click=kept.turn_back)


def _names(pictures: Sequence[OwnPicture]) -> str:
    names = ", ".join(plain(picture.name) for picture in pictures[:MOST_SAID])
    return names + (f" and {len(pictures) - MOST_SAID} more" if pictures[MOST_SAID:] else "")
