"""Small networks whose answers are known in closed form, as ONNX files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

COLOURS = ("red", "green", "blue")
SIDE = 8
SHARP = 12.0
"""Logits of `colour_network` are this times the mean of each channel, read from 0 to 1."""


def save_onnx(path: Path, nodes, inputs, outputs, weights, **saving) -> Path:
    """A graph in a file; inputs and outputs are name -> shape, all float32."""
    graph = helper.make_graph(
        [helper.make_node(*node[:3], **(node[3] if len(node) > 3 else {})) for node in nodes],
        "made",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs.items()],
        [numpy_helper.from_array(np.asarray(w), name) for name, w in weights.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save_model(helper.make_model(graph, opset_imports=opset, ir_version=9), path, **saving)
    return path


def colour_network(
    path: Path, layout: str = "NCHW", batch: int | str = "n", order: str = "rgb",
    softmax: bool = False, features: bool = False, side: int = SIDE, **saving,
) -> Path:  # fmt: skip
    """Tells red, green and blue pictures apart: logits SHARP x the channels' means.

    `order` is that of the channels it was "trained" on; its classes stay red, green, blue.
    """
    shape = [batch, 3, side, side] if layout == "NCHW" else [batch, side, side, 3]
    axes = [2, 3] if layout == "NCHW" else [1, 2]
    swap = np.eye(3, dtype=np.float32)[:, [order.index(letter) for letter in "rgb"]]
    nodes = [
        ("ReduceMean", ["x"], ["means"], {"axes": axes, "keepdims": 0}),
        ("MatMul", ["means", "sharp"], ["logits"]),
    ]
    outputs = {"logits": [batch, 3]}
    if softmax:
        nodes.append(("Softmax", ["logits"], ["probs"], {"axis": 1}))
        outputs = {"probs": [batch, 3]}
    if features:
        outputs["means"] = [batch, 3]
    return save_onnx(path, nodes, {"x": shape}, outputs, {"sharp": SHARP * swap}, **saving)


def colour_pictures(folder: Path, each: int = 4, side: int = SIDE, seed: int = 0) -> Path:
    """`red/0.png` …: noise with one strong channel, its folder the label."""
    rng = np.random.default_rng(seed)
    for code, name in enumerate(COLOURS):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(each):
            picture = rng.integers(0, 90, (side, side, 3), np.uint8)
            picture[..., code] += rng.integers(60, 160, dtype=np.uint8)
            Image.fromarray(picture).save(folder / name / f"{number}.png")
    return folder


def expected_logits(images: np.ndarray) -> np.ndarray:
    """What `colour_network` gives for images uint8 (N, H, W, 3) read from 0 to 1."""
    return SHARP * images.mean((1, 2)) / 255


def small_convolution(path: Path, side: int = 32, channels: int = 32, classes: int = 10) -> Path:
    """A convolutional network with random weights: heavy enough for its runtime to matter."""
    rng = np.random.default_rng(0)
    weights = {
        "first": rng.normal(0, 0.2, (channels, 3, 3, 3)).astype(np.float32),
        "second": rng.normal(0, 0.1, (channels, channels, 3, 3)).astype(np.float32),
        "last": rng.normal(0, 0.3, (channels, classes)).astype(np.float32),
    }
    nodes = [
        ("Conv", ["x", "first"], ["a"], {"pads": [1, 1, 1, 1]}),
        ("Relu", ["a"], ["b"]),
        ("Conv", ["b", "second"], ["c"], {"strides": [2, 2], "pads": [1, 1, 1, 1]}),
        ("Relu", ["c"], ["d"]),
        ("ReduceMean", ["d"], ["e"], {"axes": [2, 3], "keepdims": 0}),
        ("MatMul", ["e", "last"], ["logits"]),
    ]
    inputs, outputs = {"x": ["n", 3, side, side]}, {"logits": ["n", classes]}
    return save_onnx(path, nodes, inputs, outputs, weights)
