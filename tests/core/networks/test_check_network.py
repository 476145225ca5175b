"""Telltale signs: each appears where its fault was made on purpose, and nowhere else."""

import pytest
from click.testing import CliRunner

from cli import app
from core.networks.check_network import check_network
from core.networks.network_model import load_model
from core.networks.own_network import own_network
from tests.made_networks import COLOURS, colour_network, colour_pictures


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return colour_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """Files that tests made themselves need no process of their own to be loaded first."""
    monkeypatch.setattr("core.networks.own_network.first_contact", load_model)


def signs(folder, pictures, most=12, /, options=None, **network):
    path = colour_network(folder / "net.onnx", **network)
    given = own_network([path], {"class_names": COLOURS} | (options or {}))
    return check_network(given, pictures, most)


def test_a_network_read_as_it_was_trained_shows_no_sign(tmp_path, pictures):
    checked = signs(tmp_path, pictures)
    assert checked.signs == ()
    assert (checked.prediction == checked.labels).all()
    assert len(checked.names) == 12


def test_swapped_channels_are_named_with_the_option_that_mends_them(tmp_path, pictures):
    (sign,) = [s for s in signs(tmp_path, pictures, order="bgr").signs if "fit better" in s]
    assert "colour bgr" in sign
    mended = signs(tmp_path, pictures, order="bgr", options={"colour": "bgr"})
    assert mended.signs == ()


def test_probabilities_said_to_be_logits_are_noticed(tmp_path, pictures):
    checked = signs(tmp_path, pictures, softmax=True, options={"outputs": "logits"})
    assert any("softmax of a softmax" in sign for sign in checked.signs)
    checked = signs(tmp_path, pictures, options={"outputs": "probabilities"})
    assert any("look like logits" in sign for sign in checked.signs)


def test_an_input_scaled_to_nothing_gives_equal_outputs_at_chance(tmp_path, pictures):
    checked = signs(tmp_path, pictures, options={"deviation": [1e12]})
    said = " ".join(checked.signs)
    assert "All pictures get the same scores" in said
    assert "no more than by always naming the commonest class" in said
    assert "fit better" in said


def test_too_few_labels_judge_nothing(tmp_path, pictures):
    assert signs(tmp_path, pictures, 5, order="bgr").signs == ()


def test_the_command_shows_pictures_assumptions_and_signs(tmp_path, pictures):
    path, names = colour_network(tmp_path / "net.onnx", order="bgr"), tmp_path / "names.txt"
    names.write_text("\n".join(COLOURS))
    command = ["check-network", str(path), "--images", str(pictures), "--class-names", str(names)]
    found = CliRunner().invoke(app, [*command, "--pictures", "12"])
    assert found.exit_code == 1
    assert "scaling assumed: 0-1" in found.stdout and "red/0.png" in found.stdout
    assert "colour bgr" in found.stderr
    mended = CliRunner().invoke(app, [*command, "--colour", "bgr"])
    assert mended.exit_code == 0, mended.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--size", "big"), "height x width"), (("--mean", "a,b"), "one number, or three")],
)
def test_an_option_that_is_no_number_is_refused(tmp_path, pictures, options, said):
    path = colour_network(tmp_path / "net.onnx")
    found = CliRunner().invoke(
        app, ["check-network", str(path), "--images", str(pictures), *options]
    )
    assert found.exit_code == 2 and said in found.stderr


def test_a_folder_without_pictures_is_one_line(tmp_path):
    path = colour_network(tmp_path / "net.onnx")
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "a.png").write_bytes(b"no picture")
    found = CliRunner().invoke(
        app, ["check-network", str(path), "--images", str(tmp_path / "none")]
    )
    assert found.exit_code == 2
    assert len(found.stderr.splitlines()) == 1
