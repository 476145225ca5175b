"""How did the picture become the image the network reads?"""

from __future__ import annotations

from html import escape

import streamlit as st

from core.networks.own_pictures import OwnPicture
from core.pictures.segments import Box
from core.study.dataset import Noun
from core.study.pngs import png
from ui.components.sprite import data_url

TALLEST = 340


def stages(picture: OwnPicture, number: int, noun: Noun) -> None:
    """Picture, ink and image side by side, the digits' boxes on the picture.

    Args:
        picture: With at least one digit; a drawing is its own ink, which is then not repeated.
        number: The digit that is looked at, in reading order from 0.
        noun: What an item is called.
    """
    drawn = picture.ink is picture.preview
    height, width = picture.images.shape[1:3]
    parts = [
        (_with_boxes(picture, number), _found(picture, noun)),
        (_img(picture.ink, "The ink that was found"), "its ink, paper removed"),
        (
            _img(
                png(picture.images[number]),
                f"{noun.one.capitalize()} {number + 1} as the network reads it",
                "digit",
            ),
            f"{_which(picture, number, noun)}as the network reads it: {width} × {height}",
        ),
    ]
    if drawn:
        del parts[1]
    first = "" if drawn else f"max-width:{TALLEST * picture.size[0] / picture.size[1]:.0f}px"
    figures = "".join(
        f'<figure style="{first if i == 0 else ""}">{shown}'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
        for i, (shown, caption) in enumerate(parts)
    )
    st.html(f'<div class="stages{"" if drawn else " wide"}">{figures}</div>')


def _found(picture: OwnPicture, noun: Noun) -> str:
    """The picture's name, and what was found on it besides the digits."""
    count = len(picture.boxes)
    name = picture.name if count == 1 else f"{picture.name}: {count} {noun.many}, in reading order"
    left_out = ["Marks left out are dashed."] if picture.left_out else []
    lines = ["Lines and frames that were taken out are dotted."] if picture.frames else []
    said = " ".join([*picture.notes, *left_out, *lines])
    return f"{name}. {said}" if said else name


def _which(picture: OwnPicture, number: int, noun: Noun) -> str:
    if len(picture.boxes) == 1:
        return ""
    row, cell = picture.places[number]
    return f"{noun.one} {number + 1}{f' (row {row}, cell {cell})' if cell else ''} "


def _with_boxes(picture: OwnPicture, number: int) -> str:
    """The picture under its digits' boxes; the one looked at has the thicker line.

    What was taken out lies below: frames and lines, and marks that are no digits.
    """
    below = "".join(
        f'<i class="{kind}" style="{_placed(box, picture.size)}"></i>'
        for kind, placed in (("frame", picture.frames), ("out", picture.left_out))
        for box in placed
    )
    boxes = below + "".join(
        f'<i class="{"chosen" if i == number else ""}" style="{_placed(box, picture.size)}">'
        f"{i + 1 if len(picture.boxes) > 1 else ''}</i>"
        for i, box in enumerate(picture.boxes)
    )
    shown = _img(picture.preview, "The picture as it was read")
    return f'<span class="boxes">{shown}{boxes}</span>'


def _placed(box: Box, size: tuple[int, int]) -> str:
    width, height = size
    return (
        f"left:{box.left / width:.2%};top:{box.top / height:.2%};"
        f"width:{(box.right - box.left) / width:.2%};height:{(box.bottom - box.top) / height:.2%}"
    )


def _img(picture: bytes, alt: str, kind: str = "") -> str:
    return f'<img class="{kind}" src="{data_url(picture)}" alt="{escape(alt)}">'
