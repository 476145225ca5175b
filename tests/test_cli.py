import json
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from cli import app
from examples.mnist import load_study
from examples.mnist_artifacts import artifact_names, load_artifacts
from examples.mnist_data import load_test
from tests.tolerances import FLOAT32_LOGITS

runner = CliRunner()


@pytest.fixture
def some(tmp_path):
    images, labels = load_test()
    np.savez(tmp_path / "some.npz", images=images[:60], labels=labels[:60])
    return tmp_path / "some.npz"


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_scoring_images_gives_the_rows_of_the_committed_table(some, tmp_path, suffix):
    out = tmp_path / f"out.{suffix}"
    result = runner.invoke(app, ["score", str(some), "--model", "article", "--out", str(out)])
    assert result.exit_code == 0, result.output
    table = pd.read_csv(out) if suffix == "csv" else pd.read_parquet(out)
    expected = load_artifacts("article").scores.iloc[:60]
    np.testing.assert_allclose(table["confidence"], expected["confidence"], atol=FLOAT32_LOGITS)
    assert table["prediction"].tolist() == expected["prediction"].tolist()


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"images": np.full((2, 28, 28), np.nan)}, "is nan"),
        ({"images": np.zeros((0, 28, 28), np.uint8)}, "(0, 28, 28)"),
        ({"pictures": np.zeros((2, 28, 28), np.uint8)}, "--key pictures"),
        ({"images": np.zeros((1, 28, 28), np.uint8), "labels": [11]}, "labels must be 0 to 9"),
    ],
)
def test_unusable_input_is_one_line_exit_2_and_no_output(tmp_path, arrays, said):
    np.savez(tmp_path / "in.npz", **arrays)
    out = tmp_path / "out.csv"
    arguments = ["score", str(tmp_path / "in.npz"), "--model", "article", "--out", str(out)]
    result = runner.invoke(app, arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["in.npz"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "missing.npz", "--out", "o.csv"],
        ["evaluate", "--model", "nothing"],
        ["export", "nothing"],
        ["pack", "nowhere"],
    ],
)
def test_what_is_not_there_is_said_with_exit_2(arguments):
    result = runner.invoke(app, arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_evaluate_prints_json_of_the_five_metrics():
    result = runner.invoke(app, ["evaluate", "--model", "article", "--json"])
    found = json.loads(result.output)
    assert {"accuracy", "nll", "brier", "ece", "aurc"} <= set(found)


def test_every_command_is_listed_and_help_does_not_import_tensorflow():
    code = "import sys; sys.argv = ['cli.py', '--help']; import runpy\n"
    code += "try:\n runpy.run_path('cli.py', run_name='__main__')\nexcept SystemExit: pass\n"
    code += "assert 'tensorflow' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for command in ("train", "export", "score", "open", "evaluate", "pack"):
        assert command in done.stdout


def object_array(folder):
    np.save(folder / "in.npy", np.array([{"a": 1}], object), allow_pickle=True)
    return "in.npy", "Python objects"


def objects_alone(folder):
    (folder / "in.npy").write_bytes(b"\x80\x04}q\x00.")
    return "in.npy", "none of the files that are read"


def object_member(folder):
    np.savez(folder / "in.npz", images=np.array([{"a": 1}], object))
    return "in.npz", "Python objects"


def huge_shape(folder):
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000, 28, 28000), }"
    header += b" " * (118 - 1 - len(header)) + b"\n"
    (folder / "in.npy").write_bytes(b"\x93NUMPY\x01\x00\x76\x00" + header)
    return "in.npy", "more than there is"


def huge_member(folder):
    huge_shape(folder)
    with zipfile.ZipFile(folder / "in.npz", "w") as archive:
        archive.write(folder / "in.npy", "images.npy")
    (folder / "in.npy").unlink()
    return "in.npz", "more than there is"


@pytest.mark.parametrize(
    "make", [object_array, objects_alone, object_member, huge_shape, huge_member]
)
def test_what_no_image_file_should_hold_is_one_line_that_names_it_and_no_advice(tmp_path, make):
    name, said = make(tmp_path)
    out = tmp_path / "out.csv"
    result = runner.invoke(app, ["score", str(tmp_path / name), "--out", str(out)])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert name in line
    assert said in line
    assert "allow_pickle" not in line and "unsafe" not in line
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["score", "x.npz", "--out", "o.csv"], "No such file or folder: x.npz"),
        (["score", "here", "--out", "o.txt"], "o.txt must end in .parquet or .csv"),
        (["score", "here", "--out", "no/o.csv"], "No such folder: no"),
        (["evaluate", "--labels", "x.csv"], "No such file or folder: x.csv"),
        (["evaluate", "--report", "no/r.html"], "No such folder: no"),
        (["evaluate", "--report", "r.pdf"], "r.pdf must end in .html"),
        (["audit", "--out", "r.csv", "--method", "best"], "--method must be one of member_log"),
        (["audit", "--out", "r.csv", "--split", "all"], "split must be test or train"),
        (["audit", "--out", "r.txt"], "r.txt must end in .csv or .parquet"),
    ],
)
def test_a_wrong_option_is_found_before_a_model_is_loaded(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()

    def load(*_):
        raise AssertionError("a model was loaded")

    monkeypatch.setattr("core.networks.compiled_network.Graph", load)
    monkeypatch.setattr("examples.mnist_artifacts.Artifacts.load", load)
    result = runner.invoke(app, arguments)
    assert result.exit_code == 2, result.exception
    (line,) = result.stderr.splitlines()
    assert said in line


@pytest.mark.parametrize("command", [["train", "article"], ["export", "article"]])
def test_without_tensorflow_a_training_says_how_to_install_it(monkeypatch, command):
    for name in [*sys.modules]:
        if name.partition(".")[0] == "models":
            monkeypatch.delitem(sys.modules, name)
    for name in ("tensorflow", "keras", "tf_keras", "tensorflow_probability"):
        monkeypatch.setitem(sys.modules, name, None)
    result = runner.invoke(app, command)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "needs TensorFlow" in line and "pip install" in line


def test_every_command_that_takes_a_model_has_the_same_default():
    commands = app.commands.values()
    options = [option for command in commands for option in command.params]
    models = [option.default for option in options if "--model" in option.opts]
    assert len(models) >= 4
    # Of a study it is the first one, which for the bundled one is the same.
    assert set(models) == {artifact_names()[0], None}
    assert next(iter(load_study().models)) == artifact_names()[0]
