"""Whole files to begin with, small: the fewer bytes, the more of them matter."""

from __future__ import annotations

import io
import struct

import numpy as np
import pandas as pd

from core.pictures.idx import TYPES
from tests.core.reading import made_files as made
from tests.fuzz.file_targets import GIVEN, NAMES, ROLES
from tests.fuzz.shapes import BETWEEN, PACKINGS

PROBS, LABELS, IDS = made.PROBS[:6], made.LABELS[:6], made.IDS[:6]
COLUMNS = {"id": IDS} | made.scores(PROBS) | {"label": LABELS}
NAMED = {"image": IDS} | made.scores(PROBS, "prob_", made.NAMES) | {"target": made.NAMES[LABELS]}
TOP = {"id": IDS, "prediction": LABELS, "confidence": PROBS.max(1), "label": LABELS}


def head(packing: str = "plain", name: str = "a.csv", third: int = 0) -> bytes:
    """The three bytes that choose."""
    return bytes([PACKINGS.index(packing), NAMES.index(name), third])


def tables() -> list[bytes]:
    """Texts of predictions."""
    texts = [
        made.csv(COLUMNS), made.csv(NAMED), made.csv(TOP),
        made.csv(made.scores(PROBS), header=False), made.csv(COLUMNS, ";", ","),
        made.csv(made.scores(np.round(PROBS * 100), "class_") | {"y": LABELS}, "\t"),
        made.csv({"text": IDS, "score": PROBS[:, 0], "label": LABELS % 2}),
        made.csv({"a_pred": LABELS, "b_pred": LABELS, "truth": LABELS}),
    ]  # fmt: skip
    found = [head() + text.encode() for text in texts]
    found += [head("gzip", "a.gz") + texts[0].encode(), head("zip") + texts[0].encode()]
    found += [head() + texts[1].encode("utf-16"), head() + b"# note\n" + texts[0].encode()]
    pairs = {
        "labels": made.csv({"id": IDS, "label": LABELS}), "class_names": "\n".join(made.NAMES),
        "held_out": texts[0], "source": texts[0], "columns": made.csv({"id": IDS, "age": LABELS}),
    }  # fmt: skip
    for role, text in pairs.items():
        third = ROLES.index(role)
        found.append(head(third=third) + texts[0].encode() + BETWEEN + text.encode())
    for text in (made.json_lines(COLUMNS), made.json_lines({"probs": PROBS, "label": LABELS})):
        found.append(head(name="a.jsonl") + text.encode())
        rows = b"[" + text.encode().replace(b"\n", b",") + b"]"
        found.append(head(name="a.json") + rows)
    found.append(head(name="a.json") + b'{"probs": [[0.1, 0.9], [0.6, 0.4]], "labels": [1, 0]}')
    return found


def columnar() -> list[bytes]:
    """Parquet, Arrow and Feather."""
    lists = {"probs": PROBS, "label": LABELS}
    made_as = (made.parquet, made.arrow, made.arrow_stream, made.feather)
    found = [
        head(name="a.parquet") + write(columns)
        for write in made_as
        for columns in (COLUMNS, NAMED, lists)
    ]
    kinds = ("none", "snappy", "gzip", "zstd")
    found += [head(name="a.parquet") + made.parquet(COLUMNS, compression=kind) for kind in kinds]
    plain = made.parquet(COLUMNS, use_dictionary=False, compression="none", version="1.0")
    return [*found, head(name="a.parquet") + plain]


def numpy_files() -> list[bytes]:
    """NPY and NPZ of predictions."""
    values = (
        PROBS, PROBS.astype("f4"), PROBS.astype("f2"), PROBS.astype(">f8"), PROBS.T.copy().T,
        np.log(PROBS), np.stack([PROBS] * 3), LABELS, np.eye(4, dtype=int)[LABELS], np.array(IDS),
        (PROBS * 20).astype("i4"), PROBS[:, 0],
    )  # fmt: skip
    found = [head(name="a.npy") + made.npy(each) for each in values]
    members = [[made.npy(each), made.npy(LABELS)] for each in values]
    members.append([made.npy(PROBS), made.npy(LABELS), made.npy(np.array(IDS))])
    members.append([made.npy(np.stack([PROBS] * 2)), made.npy(np.eye(4)[LABELS]), made.npy(PROBS)])
    for packing in PACKINGS[3:]:
        found += [head(packing, "a.npz") + BETWEEN.join(each) for each in members]
    return [*found, head(name="a.npz") + made.npz(probs=PROBS, labels=LABELS)]


def images() -> list[bytes]:
    """Arrays of images: NPY, NPZ, IDX, CSV."""
    pixels = np.arange(2 * 8 * 8, dtype=np.uint8).reshape(2, 8, 8)
    several = (
        pixels, pixels.reshape(2, 64), pixels / np.float32(255), pixels[..., None], pixels[:, None],
        pixels[0], np.stack([pixels] * 3, -1), pixels.astype(">u2") * 256, pixels > 60,
        pixels.astype("f8") - 60, pixels.view("i1") - np.int8(3),
    )  # fmt: skip
    codes = np.array([3, 0], np.int64)
    found = [head(name="a.npy", third=0) + made.npy(each) for each in several]
    for packing in PACKINGS[3:]:
        found += [head(packing) + made.npy(each) + BETWEEN + made.npy(codes) for each in several]
    found.append(head("stored") + made.npy(pixels) + BETWEEN + made.npy(np.eye(10)[codes]))
    found.append(head("deflated") + made.npy(pixels) + BETWEEN + made.npy(made.NAMES[:2]))
    for code, kind in TYPES.items():
        for order in "><":
            sizes = struct.pack(f"{order}BBBB" if order == ">" else "<BBBB", 0, 0, code, 3)
            content = sizes + struct.pack(f"{order}3I", *pixels.shape)
            content += pixels.astype(f"{order}{kind}").tobytes()
            found += [head("plain", "a") + content, head("gzip", "a.gz") + content]
    table = pd.DataFrame(pixels.reshape(2, 64)).assign(label=codes)
    found.append(head() + table.to_csv(index=False).encode())
    found.append(head() + table.to_csv(index=False, header=False, sep=";").encode())
    return [*found, *(head(packing) + one for one in _pictures() for packing in ("plain", "zip"))]


def _pictures() -> list[bytes]:
    from PIL import Image

    found = []
    for kind in ("PNG", "JPEG"):
        buffer = io.BytesIO()
        Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8) * 3).save(buffer, kind)
        found.append(buffer.getvalue())
    return found


def edited_labels() -> list[bytes]:
    """Files of labels."""
    frame = pd.DataFrame({"id": range(6), "label": GIVEN, "given_label": GIVEN, "status": "kept"})
    texts = [
        frame.to_csv(index=False), frame[["id", "label"]].to_csv(index=False),
        frame.rename(columns={"id": "index"}).replace("kept", "not a digit").to_csv(index=False),
        "\ufeff" + frame.to_csv(index=False),
        frame[::-1].to_csv(index=False, lineterminator="\r\n"),
    ]  # fmt: skip
    members = [made.npy(GIVEN), made.npy(np.ones(6, bool)), made.npy(GIVEN)]
    found = [head() + text.encode() for text in texts]
    found += [head(packing) + BETWEEN.join(members[:n]) for packing in PACKINGS[3:] for n in (1, 3)]
    return found
