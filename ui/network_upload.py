"""A study without a network: the network that made its predictions, brought in the browser."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.networks.network_card import NAME
from core.networks.network_files import NetworkError
from core.networks.own_network import own_network
from core.pictures.picture_files import shown_name
from core.stored.attached_network import attach_network
from core.study.command_name import COMMAND
from core.study.study_error import StudyError
from ui.components.dropzones import dropzones_have_names
from ui.missing import NEEDS
from ui.picked import Picked
from ui.studies import LIBRARY, PREPARED, may_open, why_closed
from ui.words import plain

ASK = "The network that made these predictions"
HELP = (
    ".tflite or .onnx; several files are an ensemble. What a file does not say of itself stands in"
    " a network.json that you drop with it. It is kept with the study."
)
_SAID, _PRESSED = "_network_said", "_network_pressed"


def stop_without_network(picked: Picked) -> None:
    """Let people bring the network and end the page; nothing if there is one."""
    if said := st.session_state.pop(_SAID, None):
        lines = "\n".join(f"- {plain(line)}" for line in said)
        st.success(f"**The network joined the study.**\n\n{lines}", icon=":material/check:")
    if picked.network is not None:
        return
    missing = NEEDS["network"].missing.format(title=plain(picked.title))
    st.info(f"{missing}. Bring the network itself, and it will.", icon=":material/info:")
    if not may_open() or picked.key.part:
        st.caption(why_closed() or PREPARED)
        st.stop()
    files = st.file_uploader(ASK, accept_multiple_files=True, key="network files", help=HELP)
    dropzones_have_names()
    limit = int(st.get_option("server.maxUploadSize"))
    st.caption(
        f"Up to {limit} MB each; larger ones join by `{COMMAND} open … --network FILE`. Nothing"
        " in a file is run but the network, and that first in a process of its own."
    )
    if files:
        st.button(
            "Give the study this network", key="add network", icon=":material/add_link:",
            type="primary", on_click=_note_press,
        )  # fmt: skip
        # Not the button's own answer: a press that another one overtakes would be lost.
        if st.session_state.pop(_PRESSED, False):
            _add(picked, files)
    st.stop()


def _note_press() -> None:
    st.session_state[_PRESSED] = True


def _add(picked: Picked, files: Sequence[UploadedFile]) -> None:
    """Look at the files, keep them with the study, and show the page anew; or say what is wrong."""
    said: list[str] = []
    with tempfile.TemporaryDirectory(prefix="penumbra-") as name:
        folder = Path(name)
        try:
            with st.spinner("Looking at the network …"):
                network = own_network(_written(files, folder), {}, said.append)
                said += attach_network(LIBRARY, picked.key.study, network, picked.key.model)
        except StudyError as error:
            st.error(plain(str(error).replace(f"{folder}/", "")), icon=":material/broken_image:")
            return
    st.session_state[_SAID] = said
    st.rerun()


def _written(files: Sequence[UploadedFile], folder: Path) -> list[Path]:
    """The networks on disk under names of one part; what says how they are read beside them."""
    networks = []
    for file in files:
        path = folder / shown_name(file.name)
        path.write_bytes(file.getvalue())
        if path.name != NAME:
            networks.append(path)
    if not networks:
        raise NetworkError(f"{NAME} alone is not a network: drop the .tflite or .onnx with it.")
    return networks
