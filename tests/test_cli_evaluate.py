"""Evaluation by command."""

import json

from typer.testing import CliRunner

from cli import app


def run(*arguments):
    return CliRunner().invoke(app, ["evaluate", *arguments])


def test_json_carries_every_number_and_the_report_is_written(tmp_path):
    result = run("--model", "article", "--json", "--report", str(tmp_path / "report.html"))
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["model"] == "article"
    assert {"accuracy", "calibration", "temperature", "declining", "prediction_sets"} <= set(found)
    assert found["calibration"]["ece"]["null_band"]["high"] > 0
    assert (tmp_path / "report.html").stat().st_size > 1_000_000


def test_a_report_with_another_ending_is_refused_in_one_line(tmp_path):
    result = run("--report", str(tmp_path / "report.pdf"))
    assert result.exit_code == 2
    assert result.stderr.strip().endswith("report.pdf must end in .html")
    assert not list(tmp_path.iterdir())
