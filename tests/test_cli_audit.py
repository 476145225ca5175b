import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from cli import app
from examples.mnist_artifacts import load_artifacts


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_audit_writes_every_label_worst_first(tmp_path):
    out = tmp_path / "ranking.csv"
    result = run("audit", "--model", "article", "--split", "test", "--out", out)
    assert result.exit_code == 0, result.output
    ranking = pd.read_csv(out)
    assert list(ranking.columns[:4]) == ["id", "label", "suggestion", "label_quality"]
    assert ranking["label_quality"].is_monotonic_increasing
    assert sorted(ranking["id"]) == list(range(10_000))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--method", "best"),
        ("--split", "validation"),
        ("--split", "train", "--model", "article"),
        ("--model", "nobody"),
        ("--out", "ranking.txt"),
    ],
)
def test_audit_says_in_one_line_what_is_wrong(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    result = run("audit", "--out", "r.csv", *arguments)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_evaluate_counts_with_corrected_labels(tmp_path):
    scores = load_artifacts("article").scores
    path = tmp_path / "labels.npz"
    usable = np.arange(10_000) < 9_000
    np.savez(path, labels=scores["prediction"].to_numpy(), usable=usable)
    result = run("evaluate", "--model", "article", "--labels", path, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["accuracy"] == 1
    assert json.loads(result.stdout)["num_items"] == 9_000


def test_evaluate_says_in_one_line_what_is_wrong_with_a_labels_file(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("index,label\n0,7\n0,7\n")
    result = run("evaluate", "--labels", path)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "more than once" in result.stderr
