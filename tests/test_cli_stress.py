import json

import pytest
from click.testing import CliRunner

from cli import app
from core.corruptions.kinds import BENCHMARK
from core.stress.table import load_stress_table


def run(*arguments):
    return CliRunner().invoke(app, ["stress", "--model", "article", "--items", "5", *arguments])


def test_without_a_file_it_prints_every_kind_at_its_published_severity():
    found = json.loads(run("--json").stdout)
    assert list(found["kinds"]) == list(BENCHMARK) and found["model"] == "article"
    assert found["mean_error"] == pytest.approx(
        sum(row["error"] for row in found["kinds"].values()) / 15
    )


def test_with_one_it_writes_the_table_and_prints_the_mean_corruption_error(tmp_path):
    out = tmp_path / "table.parquet"
    done = run("--out", str(out))
    assert done.exit_code == 0 and "corruption error" in done.stdout
    assert (load_stress_table(out)["num_items"] == 5).all()
    assert [path.name for path in tmp_path.iterdir()] == ["table.parquet"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "table.csv"), "must end in .parquet"),
        (("--out", "no/such/folder/t.parquet"), "No such folder"),
        (("--study", "nobody"), "nobody"),
    ],
)
def test_what_a_person_can_mend_is_said_in_one_line(arguments, words):
    done = run(*arguments)
    assert done.exit_code == 2 and words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
