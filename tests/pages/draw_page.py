"""The Draw page as its tests use it: strokes, files, and what it says."""

import base64
import io

import cv2
import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.networks.own_pictures import CANVAS_SIDE
from core.study.pngs import png

PAGE = "pages/draw.py"
SEVEN = ((80, 70), (220, 70), (140, 250))


def said(at: AppTest) -> str:
    assert not at.exception
    kinds = (at.title, at.header, at.markdown, at.caption, at.info, at.warning, at.error)
    return "\n".join(element.value for kind in kinds for element in kind)


def html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def drawing(*strokes) -> bytes:
    """What the canvas sends: black strokes on white."""
    paper = np.full((CANVAS_SIDE, CANVAS_SIDE), 255, np.uint8)
    for stroke in strokes:
        cv2.polylines(paper, [np.array(stroke)], False, 0, 22)
    return png(paper)


BLANK = f"data:image/png;base64,{base64.b64encode(drawing()).decode()}"


def draw(at: AppTest, *strokes) -> AppTest:
    data = f"data:image/png;base64,{base64.b64encode(drawing(*strokes)).decode()}"
    raw = {"objects": [{"type": "Path", "path": list(stroke)} for stroke in strokes]}
    key = f"canvas {at.session_state['_canvas'].version}"
    at.session_state[key] = {"drawing": {"raw": raw, "data": data}}
    return at.run()


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    at.file_uploader[0].set_value([(name, raw, "image/png") for name, raw in files])
    return at.run()


def photo() -> bytes:
    paper = np.full((400, 300, 3), (230, 228, 220), np.uint8)
    cv2.polylines(paper, [np.array(SEVEN)], False, (40, 40, 120), 14)
    buffer = io.BytesIO()
    Image.fromarray(paper).save(buffer, "JPEG")
    return buffer.getvalue()
