"""The map of features by command."""

from click.testing import CliRunner

from cli import app


def test_a_study_that_ships_or_is_not_there_is_refused_in_one_line():
    for study, said in (("mnist", "stays as it is"), ("nowhere", "There is no study")):
        result = CliRunner().invoke(app, ["map", "--study", study])
        assert result.exit_code == 2
        assert said in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1
