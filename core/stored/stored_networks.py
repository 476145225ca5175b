"""The network of a study's model on disk: its files and its card, in a folder of their own."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from core.networks.first_contact import first_contact
from core.networks.network_card import card_bytes, load_card
from core.networks.network_files import NetworkError, runtime_of
from core.networks.own_network import OwnNetwork
from core.stored import folder_layout as layout
from core.stored.study_card import NAME, StudyCard, read_card
from core.stored.study_card import card_bytes as study_card_bytes
from core.study.study_error import StudyError, unwritable
from core.study.write_aside import (
    folder_aside,
    remove_folder,
    rename_folder,
    replace_file,
    sweep,
    sync_folder,
)

_ENDINGS = {"LiteRT": ".tflite", "ONNX": ".onnx"}


def write_network(network: OwnNetwork, folder: Path) -> None:
    """The files, numbered, and their card, into a new folder.

    Raises:
        OSError: they cannot be copied.
    """
    folder.mkdir(parents=True)
    for number, path in enumerate(network.files):
        shutil.copyfile(path, folder / f"{number}{_ENDINGS[runtime_of(path)]}")
    (folder / layout.NETWORK_CARD).write_bytes(card_bytes(network.card))


def read_network(folder: Path, class_names: tuple[str, ...]) -> OwnNetwork:
    """The network in a folder; its files are loaded when it is first asked.

    Raises:
        StudyError: the card or every file is missing, or it names other classes.
    """
    files = [path for path in folder.glob("*") if layout.belongs(("m", layout.NETWORK, path.name))]
    networks = sorted((p for p in files if p.name != layout.NETWORK_CARD), key=_number)
    try:
        card = load_card(folder / layout.NETWORK_CARD)
    except NetworkError as error:
        raise StudyError(f"{error} Open the study's files anew with --network.") from error
    if not networks or card.size is None or card.class_names != class_names:
        raise StudyError(f"{folder} holds no network of this study; open its files anew.")
    return OwnNetwork(tuple(networks), card)


def check_network(network: OwnNetwork) -> None:
    """Load each file once, in a process of its own.

    Raises:
        StudyError: one cannot be used.
    """
    try:
        for path in network.files:
            first_contact(path)
    except NetworkError as error:
        raise StudyError(str(error)) from error


def add_network(folder: Path, model: str, network: OwnNetwork) -> None:
    """Give a model of a study its network, whole or not at all; one it had already is replaced.

    Args:
        folder: Of the study.
        model: The model's name.
        network: Its card complete; the study's class names become its own.

    Raises:
        StudyError: there is no such model, the classes differ in number, or nothing can be written.
    """
    card = read_card(folder)
    if model not in [each.name for each in card.models]:
        raise StudyError(f"There is no model {model!r} in {folder.name}.")
    _check_names(network, card)
    named = replace(network, card=replace(network.card, class_names=card.class_names))
    try:
        sweep(folder / model)
        with folder_aside(folder / model) as aside:
            write_network(named, aside / layout.NETWORK)
            sync_folder(aside)
            if (folder / model / layout.NETWORK).exists():
                remove_folder(folder / model / layout.NETWORK)
            rename_folder(aside / layout.NETWORK, folder / model / layout.NETWORK)
        models = tuple(
            replace(m, has_network=m.has_network or m.name == model) for m in card.models
        )
        replace_file(folder / NAME, study_card_bytes(replace(card, models=models)))
    except OSError as error:
        raise unwritable(folder, error) from error


def _check_names(network: OwnNetwork, card: StudyCard) -> None:
    """Names that nobody gave are numbers, and give way to the study's."""
    own, names = network.card.class_names, card.class_names
    if len(own) != len(names):
        raise StudyError(f"The network has {len(own)} classes, and {card.title} has {len(names)}.")
    if own not in (names, tuple(map(str, range(len(own))))):
        place = next(code for code in range(len(own)) if own[code] != names[code])
        raise StudyError(
            f"The network's class {place} is {own[place]!r}, and that of {card.title} is"
            f" {names[place]!r}: give the network the study's names in the order of its scores."
        )


def _number(path: Path) -> int:
    return int(path.stem)
