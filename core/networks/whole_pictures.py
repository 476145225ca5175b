"""Pictures and drawings of one's own for a network that reads pictures as a whole."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from core.networks.own_pictures import CANVAS_SIDE, OwnPicture, encoded, small_preview
from core.pictures.decoded_pictures import decode_picture
from core.pictures.picture_files import PictureError, shown_name
from core.pictures.segments import Box
from core.study.study import Network


def read_whole(name: str, raw: bytes, network: Network) -> OwnPicture:
    """A picture file as one image of the network's size.

    Raises:
        PictureError: One sentence with the file's name: the bytes hold no picture.
    """
    try:
        picture = decode_picture(raw, shown_name(name))
    except ValueError as error:
        raise PictureError(str(error)) from error
    return _whole(shown_name(name), picture, network.fit(picture), small_preview(picture))


def draw_whole(raw: bytes, network: Network) -> OwnPicture:
    """What lies on a canvas, its PNG, as one image of the network's size."""
    with Image.open(io.BytesIO(raw), formats=["PNG"]) as image:
        picture = np.array(image.convert("RGB"))
    return _whole("Drawing", picture, network.fit(picture), raw)


def item_whole(image: np.ndarray, network: Network) -> OwnPicture:
    """An item's own picture, uint8 (H, W) or (H, W, 3), before anything is drawn on it."""
    return _whole("Drawing", image, network.fit(image), whole_canvas(image, network))


def whole_canvas(image: np.ndarray, network: Network, side: int = CANVAS_SIDE) -> bytes:
    """What the network reads of a picture, enlarged to fill a canvas, as PNG."""
    read = Image.fromarray(network.fit(image))
    return encoded(np.array(read.resize((side, side), Image.Resampling.BICUBIC)), "PNG")


def _whole(name: str, picture: np.ndarray, image: np.ndarray, preview: bytes) -> OwnPicture:
    height, width = picture.shape[:2]
    return OwnPicture(
        name=name,
        preview=preview,
        ink=preview,  # nothing is taken for ink
        size=(width, height),
        boxes=(Box(0, 0, width, height),),
        images=image[None],
        places=((1, 0),),
        doubts=("",),
    )
