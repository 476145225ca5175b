"""Evaluation by command."""

import json
import re

from click.testing import CliRunner

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
    assert f"The report is in {tmp_path / 'report.html'}" in result.stderr
    page = (tmp_path / "report.html").read_text()
    for heading in ("Can its confidence be believed?", "When should it decline?"):
        assert f"<h2>{heading}</h2>" in page
    assert f"{found['accuracy']:.2%}"[:-1] in page
    assert page.count("Plotly.newPlot(") >= 3
    assert not re.search(r"""<(script|img|link)[^>]*(src|href)=["']https?:""", page)


def test_a_report_with_another_ending_is_refused_in_one_line(tmp_path):
    result = run("--report", str(tmp_path / "report.pdf"))
    assert result.exit_code == 2
    assert result.stderr.strip().endswith("report.pdf must end in .html")
    assert not list(tmp_path.iterdir())
