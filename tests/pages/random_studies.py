"""Random studies of every kind, small, for the pages to open."""

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image

from core.stored.new_study import NewModel, NewStudy
from core.study.dataset import UNLABELLED, Noun

ODD_NAMES = (
    "<b>bold</b>", "$x^2$", "*star* _line_", ":smile: [a](http://b)", "a|b `c` # d", "é’😀",
)  # fmt: skip
ODD_IDS = ("<b>", "$x$", "../x", "😀", "'\"`", "x" * 400, "a b\tc", ":red[x]", "{0}%s", "=1+1")


def random_study(num_classes=3, num_members=1, num_items=40, seed=0, **changes):
    """A study of one model with logits and labels, and what `changes` say besides.

    Args:
        num_classes: K.
        num_members: S.
        num_items: N.
        seed: Equal seeds make equal studies.
        changes: `kind`, `tier`, `features` and `out_of_sample` of the model, `held_out` and
            `pictures` as words; the rest are fields of NewStudy.
    """
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, num_classes, num_items)
    model = _model(rng, labels, num_classes, num_members, changes)
    parts = {
        "title": f"Study of {num_classes}", "class_names": names(num_classes), "models": [model],
        "labels": labels, "noun": Noun("thing", "things"),
    }  # fmt: skip
    if changes.pop("held_out", False):
        held = rng.integers(0, num_classes, 30)
        values = values_of(rng, held, num_classes, num_members, model.kind)
        parts["held_out"] = {model.name: (held, values)}
    if pictures := changes.pop("pictures", None):
        parts |= picture_columns(rng, num_items, pictures)
    return NewStudy(**parts | changes)


def names(num_classes):
    """K names, the first of them odd."""
    return (*ODD_NAMES, *(f"class {k}" for k in range(num_classes)))[:num_classes]


def ids(num_items):
    """N ids, the first of them odd."""
    return [*ODD_IDS, *(f"id-{n}" for n in range(num_items))][:num_items]


def _model(rng, labels, num_classes, num_members, changes):
    tier, kind = changes.pop("tier", "full"), changes.pop("kind", "logits")
    size = changes.pop("features", 0)
    shared = {
        "name": "net", "title": changes.pop("model_title", "A net"), "kind": kind, "tier": tier,
        "out_of_sample": changes.pop("out_of_sample", True),
        "features": rng.normal(size=(len(labels), size)).astype("f4") if size else None,
    }  # fmt: skip
    if tier == "full":
        values = values_of(rng, labels, num_classes, num_members, kind)
        return NewModel(**shared, values=values)
    is_right = rng.random(len(labels)) < 0.7
    prediction = np.where(is_right, labels, rng.integers(0, num_classes, len(labels)))
    confidence = rng.random(len(labels)) if tier == "top-1" else None
    return NewModel(**shared, prediction=prediction, confidence=confidence)


def values_of(rng, labels, num_classes, num_members, kind):
    """Values (S, N, K) that lean towards the labels."""
    logits = rng.normal(0, 2, (num_members, len(labels), num_classes))
    logits[:, np.arange(len(labels)), labels] += 2
    probs = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    return {
        "logits": logits.astype(np.float32),
        "probabilities": probs,
        "log-probabilities": np.log(probs).astype(np.float32),
        "votes": (probs == probs.max(-1, keepdims=True)).astype(np.uint8),
        "counts": rng.multinomial(7, probs),
    }[kind]


def picture_columns(rng, num_items, kind):
    """The fields of NewStudy that hold pictures.

    Args:
        rng: Draws them.
        num_items: N.
        kind: "grey arrays", "colour arrays", "bytes" of different sizes, grey and colour and one
            broken, or "files" of which none is there.
    """
    if kind == "grey arrays":
        return {"image_arrays": rng.integers(0, 256, (num_items, 9, 7), np.uint8)}
    if kind == "colour arrays":
        return {"image_arrays": rng.integers(0, 256, (num_items, 40, 60, 3), np.uint8)}
    if kind == "files":
        column = pa.table({"path": [f"{n}.png" for n in range(num_items)]})
        return {"items": column, "image_paths": "path", "image_root": Path("/nowhere")}
    cells = [encoded(rng, 5 + 11 * (n % 9), colour=n % 2 == 0) for n in range(num_items)]
    cells[0] = b"no picture"
    return {"items": pa.table({"image": cells}), "image_bytes": "image"}


def encoded(rng, side, colour):
    """A random picture as PNG, twice as wide as high."""
    shape = (side, 2 * side, 3) if colour else (side, 2 * side)
    buffer = io.BytesIO()
    Image.fromarray(rng.integers(0, 256, shape, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def some_unlabelled(labels):
    """The labels without every third."""
    return np.where(np.arange(len(labels)) % 3 == 0, UNLABELLED, labels)
