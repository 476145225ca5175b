"""Files of networks: told by content, and refused where reading them would run code."""

import io
import json
import pickle
import zipfile

import pytest

from core.networks.network_card import NetworkCard, card_bytes, load_card
from core.networks.network_files import NetworkError, runtime_of
from examples.mnist_artifacts import ARTIFACTS
from tests.made_networks import colour_network


def zipped(*names):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return raw.getvalue()


HDF5 = b"\x89HDF\r\n\x1a\n" + bytes(100)
REFUSED = {
    "net.keras": (zipped("config.json", "model.weights.h5"), "format='onnx'"),
    "net.h5": (HDF5, "keras.models.load_model('net.h5')"),
    "net.tflite": (HDF5, "format='onnx'"),
    "net.pt": (zipped("net/data.pkl", "net/version"), "torch.onnx.export"),
    "net.pth": (pickle.dumps({"weight": 1}), "torch.onnx.export"),
    "net.onnx": (pickle.dumps([1, 2]), "skl2onnx"),
    "net.pkl": (b"anything", "skl2onnx"),
    "net.safetensors": (b"\x10\0\0\0\0\0\0\0{}", "torch.onnx.export"),
    "net.pb": (b"\x0a\x01", "from_saved_model"),
    "empty.onnx": (b"", "is empty"),
    "pointer.onnx": (b"version https://git-lfs.github.com/spec/v1", "git lfs pull"),
    "page.onnx": (b"<!doctype html>", "web page"),
    "notes.txt": (b"hello", "export it as .tflite or .onnx"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_carries_code_is_refused_with_the_command_that_exports_it(tmp_path, name):
    content, cure = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NetworkError) as found:
        runtime_of(tmp_path / name)
    assert cure in str(found.value) and name in str(found.value)


def test_a_saved_model_is_refused_as_a_folder(tmp_path):
    (tmp_path / "saved_model.pb").write_bytes(b"x")
    with pytest.raises(NetworkError, match="from_saved_model"):
        runtime_of(tmp_path)


def test_a_runtime_is_told_by_content_whatever_the_ending(tmp_path):
    lite = tmp_path / "lite.onnx"
    lite.write_bytes((ARTIFACTS / "article" / "model.tflite").read_bytes())
    assert runtime_of(lite) == "LiteRT"
    assert runtime_of(colour_network(tmp_path / "net.model")) == "ONNX"


def test_a_card_survives_its_file(tmp_path):
    card = NetworkCard(
        size=(20, 30), colour="bgr", scaling="-1-1", mean=(0.1, 0.2, 0.3), class_names=("a", "b")
    )
    (tmp_path / "network.json").write_bytes(card_bytes(card))
    assert load_card(tmp_path / "net.onnx") == card


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"sizes": 3}, "did you mean 'size'"),
        ({"size": 0}, "size must be a side"),
        ({"size": [1, 2, 3]}, "size must be a side"),
        ({"size": True}, "size must be a side"),
        ({"colour": "blue"}, "colour must be one of grey, rgb, bgr"),
        ({"colour": ["rgb"]}, "colour must be one of"),
        ({"mean": [1, 2]}, "mean must be one number, or three"),
        ({"mean": "0.5"}, "mean must be one number, or three"),
        ({"deviation": 0}, "over 0"),
        ({"class_names": ["a", "a"]}, "each once"),
        ({"class_names": "ab"}, "each once"),
        ({"features": 3}, "the name of an output"),
        ([], "one JSON object"),
        ("{", "cannot be read as JSON"),
    ],
)
def test_a_strange_entry_of_a_card_is_named(tmp_path, entries, said):
    text = entries if isinstance(entries, str) else json.dumps(entries)
    (tmp_path / "network.json").write_text(text)
    with pytest.raises(NetworkError, match=said):
        load_card(tmp_path / "net.onnx")
