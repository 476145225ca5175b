"""Networks of one's own: read by their own shapes, run as they would run by themselves."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.networks.first_contact import first_contact
from core.networks.network_card import NetworkCard
from core.networks.network_files import NetworkError
from core.networks.network_input import fit_picture, network_input
from core.networks.network_model import load_model
from core.networks.own_network import OwnNetwork, kind_of, own_network, settle_outputs
from examples.mnist_artifacts import ARTIFACTS, load_artifacts
from examples.mnist_data import load_test
from tests.made_networks import SIDE, colour_network, expected_logits, save_onnx


@pytest.fixture(autouse=True)
def in_this_process(request, monkeypatch):
    """Files that tests made need no process of their own, but where that is what is tested."""
    if "contact" not in request.node.name:
        monkeypatch.setattr("core.networks.own_network.first_contact", load_model)


SOME = np.random.default_rng(1).integers(0, 256, (7, SIDE, SIDE, 3), np.uint8)


def test_a_network_that_ships_answers_from_first_contact_on_as_its_own_tables_say():
    images, _ = load_test()
    network = own_network([ARTIFACTS / "article" / "model.tflite"], {"features": "features"})
    found = network.predict(images[:120])
    known = load_artifacts("article")
    assert np.allclose(found.logits, known.test_logits[:, :120], atol=1e-3)
    assert np.allclose(found.features, known.test_features[:120], atol=1e-2)


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("batch", ["n", 1, 3])
def test_layout_size_and_batch_are_found_in_the_file(tmp_path, layout, batch):
    lines = []
    path = colour_network(tmp_path / "net.onnx", layout, batch)
    network = own_network([path], {}, lines.append)
    assert (network.card.layout, network.card.size) == (layout, (SIDE, SIDE))
    assert np.allclose(network.predict(SOME).logits[0], expected_logits(SOME), atol=1e-5)
    assert any("scaling assumed: 0-1" in line for line in lines)


def test_several_files_are_an_ensemble_in_their_order(tmp_path):
    rgb, bgr = (colour_network(tmp_path / f"{o}.onnx", order=o) for o in ("rgb", "bgr"))
    logits = own_network([rgb, bgr], {}).predict(SOME).logits
    assert np.allclose(logits[0], logits[1][:, ::-1], atol=1e-5)
    assert logits.shape == (2, len(SOME), 3)


def test_files_that_do_not_belong_together_are_refused(tmp_path):
    small, large = (colour_network(tmp_path / f"{s}.onnx", side=s) for s in (8, 16))
    with pytest.raises(NetworkError, match="not images of 8 × 8"):
        own_network([small, large], {})


def test_mean_and_deviation_and_swapped_colours_follow_the_formula():
    card = NetworkCard(
        colour="bgr", layout="NCHW", scaling="0-1", mean=(0.1, 0.2, 0.3), deviation=(0.5, 0.6, 0.7)
    )
    found = network_input(SOME, card, "float32")
    plain = (SOME[..., ::-1] / 255 - [0.1, 0.2, 0.3]) / [0.5, 0.6, 0.7]
    assert np.allclose(found, np.moveaxis(plain, 3, 1), atol=1e-6)


@pytest.mark.parametrize(
    ("scaling", "ends"), [("0-255", (0, 255)), ("0-1", (0, 1)), ("-1-1", (-1, 1))]
)
def test_black_and_white_become_the_ends_of_the_scaling(scaling, ends):
    card = NetworkCard(colour="grey", layout="flat", scaling=scaling)
    images = np.array([0, 255], np.uint8).reshape(1, 1, 2)
    assert network_input(images, card, "float32").tolist() == [list(map(float, ends))]


@given(
    height=st.integers(1, 40), width=st.integers(1, 40), colour=st.booleans(),
    size=st.tuples(st.integers(1, 20), st.integers(1, 20)),
    to=st.sampled_from(["grey", "rgb", "bgr"]), fit=st.sampled_from(["stretch", "crop"]),
)  # fmt: skip
def test_any_picture_fits_and_one_that_fits_stays_as_it_is(height, width, colour, size, to, fit):
    shape = (height, width, 3) if colour else (height, width)
    picture = np.full(shape, 77, np.uint8)
    fitted = fit_picture(picture, NetworkCard(size=size, colour=to, fit=fit))
    assert fitted.shape == (size if to == "grey" else (*size, 3))
    assert np.ptp(fitted) == 0  # one tone stays one tone: nothing is padded
    if to != "grey" and colour and (height, width) == size:
        assert np.array_equal(fitted, picture)


def test_the_middle_of_a_picture_is_what_cropping_keeps():
    picture = np.zeros((10, 30), np.uint8)
    picture[:, 10:20] = 200
    kept = fit_picture(picture, NetworkCard(size=(10, 10), colour="grey", fit="crop"))
    assert (kept == 200).all()


def test_outputs_are_told_apart_and_said(tmp_path):
    network = own_network([colour_network(tmp_path / "net.onnx", softmax=True)], {})
    settled, line = settle_outputs(network, SOME)
    assert settled.card.outputs == "probabilities" and "outputs assumed: probabilities" in line
    logits = own_network([colour_network(tmp_path / "two.onnx")], {})
    assert settle_outputs(logits, SOME)[0].card.outputs == "logits"
    probs = settled.predict_values(SOME).scores
    assert kind_of(np.log(probs)) == "log-probabilities"
    assert np.allclose(np.exp(settled.predict(SOME).logits), probs, atol=1e-6)


def test_features_of_an_ensemble_stand_side_by_side(tmp_path):
    paths = [colour_network(tmp_path / f"{n}.onnx", features=True) for n in range(2)]
    network = own_network(paths, {"features": "means", "scores": "logits"})
    means = SOME.mean((1, 2)) / 255
    assert np.allclose(network.predict(SOME).features, np.tile(means, 2), atol=1e-6)


def test_threads_change_nothing_and_progress_counts_every_image(tmp_path):
    images = np.repeat(SOME, 40, axis=0)
    network, counts = own_network([colour_network(tmp_path / "net.onnx")], {}), []
    alone = network.predict(images, 1, counts.append).logits
    assert np.array_equal(alone, network.predict(images, 3).logits)
    assert sum(counts) == len(images)


def test_an_own_network_gives_what_onnx_runtime_gives_by_itself(tmp_path):
    path = colour_network(tmp_path / "net.onnx")
    given = np.moveaxis(SOME.astype(np.float32) * np.float32(1 / 255), 3, 1)
    (bare,) = onnxruntime.InferenceSession(path).run(None, {"x": given})
    assert np.array_equal(own_network([path], {}).predict(SOME).logits[0], bare)


def vague_files(tmp_path):
    """Networks that leave something open or fit no classifier: file -> options, what is said."""
    save = lambda name, *graph: save_onnx(tmp_path / name, *graph)  # noqa: E731
    flat = [("Flatten", ["x"], ["y"])]
    return {
        save("any.onnx", flat, {"x": ["n", 3, "h", "w"]}, {"y": ["n", 3]}, {}): ({}, "its size"),
        save("both.onnx", flat, {"x": ["n", 3, 1, 3]}, {"y": ["n", 9]}, {}): ({}, "NHWC or NCHW"),
        save("two.onnx", [("Flatten", ["x"], ["y"]), ("Neg", ["y"], ["z"])],
             {"x": ["n", 1, 2, 2]}, {"y": ["n", 4], "z": ["n", 4]}, {}): ({}, "which one holds"),
        save("one.onnx", [("ReduceMean", ["x"], ["y"], {"axes": [1, 2], "keepdims": 0})],
             {"x": ["n", 2, 2, 1]}, {"y": ["n", 1]}, {}): ({}, "one column"),
        save("inputs.onnx", [("Add", ["x", "b"], ["s"]), ("Flatten", ["s"], ["y"])],
             {"x": ["n", 1, 2, 2], "b": ["n", 1, 2, 2]}, {"y": ["n", 4]}, {}): ({}, "2 inputs"),
        save("names.onnx", flat, {"x": ["n", 1, 2, 2]}, {"y": ["n", 4]}, {}):
            ({"class_names": ["a", "b"]}, "scores"),
        save("size.onnx", flat, {"x": ["n", 1, 2, 2]}, {"y": ["n", 4]}, {}):
            ({"size": 9}, "not images of 9 × 9"),
        save("mean.onnx", flat, {"x": ["n", 1, 2, 2]}, {"y": ["n", 4]}, {}):
            ({"mean": [1, 2, 3]}, "mean has 3 numbers for grey"),
    }  # fmt: skip


def test_what_only_a_person_knows_is_asked_for_by_name(tmp_path):
    for path, (options, said) in vague_files(tmp_path).items():
        with pytest.raises(NetworkError, match=said):
            own_network([path], options)


def test_weights_in_another_file_are_never_read_at_first_contact_or_later(tmp_path, monkeypatch):
    path = tmp_path / "net.onnx"
    colour_network(path, save_as_external_data=True, location="weights.bin", size_threshold=0)
    monkeypatch.chdir(tmp_path)  # where the runtime would look for them
    assert Path("weights.bin").is_file()
    with pytest.raises(NetworkError, match="external_data=False"):
        own_network([path], {})
    with pytest.raises(NetworkError, match="external_data=False"):
        load_model(path)


def test_a_damaged_file_is_one_sentence_at_first_contact(tmp_path):
    whole = (ARTIFACTS / "article" / "model.tflite").read_bytes()
    made = colour_network(tmp_path / "made.onnx")
    for name, content in {
        "cut.tflite": whole[:4000], "cut.onnx": made.read_bytes()[:60]
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NetworkError, match=name):
            first_contact(tmp_path / name)


def test_a_file_that_asks_for_any_amount_of_memory_is_refused_at_first_contact(tmp_path):
    sizes = {"shape": np.array([4_000_000, 1_000_000], np.int64)}
    nodes = [
        ("ConstantOfShape", ["shape"], ["huge"]),
        ("ReduceSum", ["huge"], ["sum"], {"keepdims": 0}),
        ("Flatten", ["x"], ["flat"]),
        ("Add", ["flat", "sum"], ["y"]),
    ]
    path = save_onnx(tmp_path / "huge.onnx", nodes, {"x": ["n", 1, 2, 2]}, {"y": ["n", 4]}, sizes)
    with pytest.raises(NetworkError, match=r"huge\.onnx"):
        first_contact(path)


def test_a_file_that_takes_too_long_at_first_contact_is_given_up(tmp_path):
    with pytest.raises(NetworkError, match="took more than"):
        first_contact(colour_network(tmp_path / "net.onnx"), seconds=0.01)


def test_images_of_another_size_and_scores_that_are_not_finite_are_refused(tmp_path):
    network = own_network([colour_network(tmp_path / "net.onnx")], {})
    with pytest.raises(ValueError, match="images must be uint8"):
        network.predict(SOME[..., 0])
    endless = replace(network.card, mean=(float("inf"),))
    with pytest.raises(NetworkError, match="not finite"):
        OwnNetwork(network.files, endless).predict(SOME)
