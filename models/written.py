"""What an export writes beside the network: its scores, and its card."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd

from core.study.write_aside import file_aside
from examples.mnist_data import CLASS_NAMES, Mnist, data_hash
from models import article
from models.compile import project

NUM_FEATURES = 64


def describe_article(network: keras.Model, images: np.ndarray) -> keras.Model:
    """The article's network with outputs logits (N, 1, K) and features (N, 64)."""
    fast = article.fast_form(network)
    flat, logits = fast.output["features"], fast.output["logits"]
    values = keras.Model(fast.input, flat).predict(images, verbose=0)
    members = keras.ops.expand_dims(logits, 1)
    outputs = {"logits": members, "features": project(flat, values, NUM_FEATURES)}
    return keras.Model(fast.input, outputs)


def save_scores(scores: pd.DataFrame, path: Path) -> None:
    """Write a score table in three fifths of the room: its floats by planes of bytes."""
    floats = [name for name in scores if scores[name].dtype.kind == "f"]
    with file_aside(path) as aside:
        scores.to_parquet(
            aside,
            compression="zstd",
            compression_level=19,
            use_dictionary=False,
            use_byte_stream_split=floats,
        )


def write_card(
    folder: Path,
    mnist: Mnist,
    facts: dict[str, Any],
    temperature: float,
    metrics: dict[str, float],
) -> None:
    """Write `card.json`: what was trained, on what, with what, and how well it does."""
    packages = ("tensorflow", "tensorflow-probability", "keras", "tf-keras", "numpy")
    card = facts | {
        "num_members": facts.get("num_members", 1),
        "temperature": temperature,
        "class_names": CLASS_NAMES,
        "image_shape": mnist.x_test.shape[1:],
        "train_hash": data_hash(mnist.x_train, mnist.y_train),
        "test_hash": data_hash(mnist.x_test, mnist.y_test),
        "made": datetime.now(UTC).date().isoformat(),
        "versions": {name: version(name) for name in packages},
        "metrics": metrics,
    }
    aside = folder / ".card.json.partial"
    aside.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    os.replace(aside, folder / "card.json")
