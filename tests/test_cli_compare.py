"""Comparison by command."""

import json

from click.testing import CliRunner

from cli import app


def run(*arguments):
    return CliRunner().invoke(app, ["compare", *arguments])


def test_the_answer_comes_first_and_the_report_is_written(tmp_path):
    result = run("--report", str(tmp_path / "report.html"))
    assert result.exit_code == 0
    answer = result.stdout.splitlines()[0]
    assert answer.startswith("The ensemble fixes ")
    page = (tmp_path / "report.html").read_text()
    assert answer in page
    assert page.count("Plotly.newPlot(") == 3


def test_json_has_the_ids_and_worse_than_allowed_is_exit_code_1():
    result = run("--models", "ensemble", "article", "--json", "--fail-if-worse", "0.5")
    assert result.exit_code == 1
    assert "accuracy fell by" in result.stderr
    found = json.loads(result.stdout)
    assert found["counts"] == {
        name: len(found["ids"].get(name, range(found["counts"][name]))) for name in found["counts"]
    }
    assert sum(found["counts"].values()) == found["num_items"]
    assert found["differences"]["accuracy"]["difference"]["high"] < 0
    assert run("--models", "ensemble", "article", "--fail-if-worse", "50").exit_code == 0


def test_no_such_model_and_another_ending_are_refused_in_one_line(tmp_path):
    for arguments, said in (
        (("--models", "ensemble", "nobody"), "no model 'nobody'"),
        (("--report", str(tmp_path / "report.pdf")), "must end in .html"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2
        assert said in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_second_file_joins_a_study_and_is_compared(tmp_path, monkeypatch):
    monkeypatch.setenv("PENUMBRA_STUDIES", str(tmp_path / "studies"))
    rows = [(f"i{n}", "ab"[n % 2], 0.9 if (n % 2 == 0) == (n != 3) else 0.1) for n in range(20)]
    for name, turned in (("old", 3), ("new", 8)):
        lines = [
            f"{id},{label},{p if n != turned else 1 - p},{1 - p if n != turned else p}"
            for n, (id, label, p) in enumerate(rows)
        ]
        (tmp_path / f"{name}.csv").write_text("\n".join(["id,label,a,b", *lines]))
    runner = CliRunner()
    assert runner.invoke(app, ["open", str(tmp_path / "old.csv"), "--no-show"]).exit_code == 0
    added = runner.invoke(app, ["open", str(tmp_path / "new.csv"), "--add-to", "old", "--no-show"])
    assert added.exit_code == 0, added.output
    assert "Joined by id: 20 of 20 items matched" in added.stdout
    found = json.loads(run("--study", "old", "--models", "old", "new", "--json").stdout)
    assert found["ids"] == {"fixed": [], "broken": ["i3", "i8"]}
    assert found["counts"]["both_right"] == 18
    refused = runner.invoke(app, ["open", str(tmp_path / "new.csv"), "--add-to", "mnist"])
    assert refused.exit_code == 2
    assert "stays as it is" in refused.stderr
