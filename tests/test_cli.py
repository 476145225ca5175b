import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from cli import app
from examples.mnist_artifacts import load_artifacts
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
        ({"images": np.zeros((2, 28, 28))}, "uint8"),
        ({"images": np.zeros((0, 28, 28), np.uint8)}, "N >= 1"),
        ({"images": np.zeros((2, 8, 8), np.uint8)}, "28, 28"),
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
    for command in ("train", "export", "score", "evaluate", "pack"):
        assert command in done.stdout
