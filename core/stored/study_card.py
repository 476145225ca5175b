"""`study.json`: what a study's folder holds, in words that a person can read too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.stored.slugs import is_slug
from core.study.predictions import KINDS, Kind, Tier
from core.study.study_error import CARD, StudyError, place_of, unreadable

FORM = 1
"""Of the folder; raised when an older Penumbra could no longer read it."""
NAME = CARD
_MOST_BYTES = 64_000_000  # 100,000 class names and a long report take a tenth of it
_MOST_ITEMS = 100_000_000  # of more, a table of a few bytes would fill the memory
_TIERS: tuple[Tier, ...] = ("full", "top-1", "answers")
_PICTURES = ("arrays", "bytes", "files")


@dataclass(frozen=True)
class ModelCard:
    """A model, or the held-out part of one.

    Attributes:
        name: A slug: of its folder, and in links.
        title: What a person reads.
        kind, tier, temperature, out_of_sample: As in `core.study.predictions`.
        num_members: S; 1 without a distribution.
        num_items: N.
        has_features: Whether they came along.
        has_map: Whether they are laid out on a plane.
        has_network: Whether the network itself did.
    """

    name: str
    title: str
    kind: Kind
    tier: Tier
    num_members: int
    num_items: int
    temperature: float = 1.0
    out_of_sample: bool | None = None
    has_features: bool = False
    has_map: bool = False
    has_network: bool = False


@dataclass(frozen=True)
class StudyCard:
    """A study, without its arrays.

    Attributes:
        title: What a person reads.
        noun: One item and many.
        class_names: K names.
        num_items: N.
        has_ids, has_labels, has_label_shares, has_num_people: What came along.
        details: The further columns that are shown.
        text: The one of them that holds the items' text.
        pictures: "arrays", "bytes" or "files"; None where there are none.
        picture_column: Of the bytes or paths.
        picture_root: The folder of the files.
        fingerprint: See `core.stored.fingerprint`.
        opened: When it was written here, seconds since 1970.
        models: At least one, the default first.
        held_out: By models of the same names.
        report: How the files were read.
        sources: Where they came from.
        form: Of the folder.
    """

    title: str
    noun: tuple[str, str]
    class_names: tuple[str, ...]
    num_items: int
    has_ids: bool
    has_labels: bool
    has_label_shares: bool
    details: tuple[str, ...]
    text: str | None
    pictures: str | None
    picture_column: str | None
    picture_root: str | None
    fingerprint: str
    opened: float
    models: tuple[ModelCard, ...]
    held_out: tuple[ModelCard, ...] = ()
    report: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    form: int = FORM
    has_num_people: bool = False


def card_bytes(card: StudyCard) -> bytes:
    """The card as JSON.

    Raises:
        TypeError: the report holds what JSON does not know.
    """
    return json.dumps(asdict(card), indent=1).encode()


def read_card(folder: Path) -> StudyCard:
    """The card of a study's folder.

    Raises:
        StudyError: it is missing, cut, foreign, or of a later version.
    """
    path = folder / NAME
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(content) > _MOST_BYTES:
        raise StudyError(f"{place_of(path)} is no study's: it has more than 64 million bytes.")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StudyError(
            f"{place_of(path)} is cut off or damaged; open the study's files anew, or take a copy."
        ) from error
    return _card(path, found)


def _card(path: Path, found: Any) -> StudyCard:
    if not isinstance(found, dict) or not isinstance(found.get("form"), int):
        raise StudyError(f"{place_of(path)} does not describe a study; choose the folder of one.")
    if found["form"] > FORM:
        raise StudyError(
            f"{place_of(path)} was written by a later version of Penumbra, in form"
            f" {found['form']}; this one reads form {FORM}: update Penumbra."
        )
    try:
        models, held_out = (
            tuple(ModelCard(**model) for model in found[part]) for part in ("models", "held_out")
        )
        texts = {name: tuple(found[name]) for name in ("class_names", "noun", "details", "sources")}
        card = StudyCard(**{**found, **texts, "models": models, "held_out": held_out})
    except (TypeError, KeyError) as error:
        raise _foreign(path, "an entry is missing or strange") from error
    _check(path, card)
    return card


def _check(path: Path, card: StudyCard) -> None:
    """Whether each entry is of its type, so that nothing after this has to ask."""
    texts = (card.title, card.fingerprint, *card.class_names, *card.noun, *card.details)
    maybe = (card.text, card.picture_column, card.picture_root)
    flags = (card.has_ids, card.has_labels, card.has_label_shares, card.has_num_people)
    fits = {
        "a name is no text": all(isinstance(text, str) for text in (*texts, *card.sources))
        and all(text is None or isinstance(text, str) for text in maybe),
        "a number is none": _counts(card.num_items, 1) and _is_number(card.opened),
        "what came along is not said": all(isinstance(flag, bool) for flag in flags)
        and isinstance(card.report, dict),
        "it has too many items": not _counts(card.num_items, _MOST_ITEMS + 1),
        "there are no two classes": len(card.class_names) >= 2 and len(card.noun) == 2,
        "the pictures are of no kind known": card.pictures in (None, *_PICTURES)
        and (card.pictures in (None, "arrays") or card.picture_column is not None),
        "there is no model": len(card.models) > 0,
        "a model is strange": all(map(_is_model, (*card.models, *card.held_out))),
    }
    for problem, holds in fits.items():
        if not holds:
            raise _foreign(path, problem)
    names = [model.name for model in card.models]
    held_out = [model.name for model in card.held_out]
    if len(set(names)) < len(names) or len(set(held_out)) < len(held_out):
        raise _foreign(path, "a model occurs twice")
    if any(model.num_items != card.num_items for model in card.models):
        raise _foreign(path, "a model has another number of items")


def _is_model(model: ModelCard) -> bool:
    return (
        (isinstance(model.name, str) and is_slug(model.name) and isinstance(model.title, str))
        and (model.kind in KINDS and model.tier in _TIERS)
        and (_counts(model.num_members, 1) and _counts(model.num_items, 1))
        and (_is_number(model.temperature) and 0 < model.temperature < float("inf"))
        and isinstance(model.has_features, bool)
        and isinstance(model.has_map, bool)
        and isinstance(model.has_network, bool)
        and (model.out_of_sample is None or isinstance(model.out_of_sample, bool))
    )


def _counts(number: object, least: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= least


def _is_number(number: object) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool)


def _foreign(path: Path, problem: str) -> StudyError:
    return StudyError(f"{place_of(path)} cannot be used: {problem}; open the study's files anew.")
