import numpy as np
import pytest

from core.stress.cells import CLEAN, cell
from core.stress.subject import subject_of, usual_rule
from core.stress.table import load_stress_table
from examples.mnist import load_study
from examples.mnist_artifacts import artifact_names

TABLES = load_study().stress_tables


@pytest.fixture(scope="module", params=[name for name in artifact_names() if name in TABLES])
def committed(request):
    return request.param, load_stress_table(TABLES[request.param])


def test_both_first_models_have_a_table():
    assert {"ensemble", "article"} <= set(TABLES)


def test_the_clean_cell_is_that_of_the_score_table(committed):
    name, table = committed
    study, clean = load_study(), table[table["kind"] == CLEAN].iloc[0]
    scores = study.models[name].scores
    assert (table["num_items"] == len(scores)).all()
    assert clean["accuracy"] == pytest.approx(scores["correct"].mean(), abs=2 / len(scores))
    assert clean["nll"] == pytest.approx(-scores["log_likelihood"].mean(), rel=0.01)
    referred = usual_rule(study, name).refers(scores).mean()
    assert clean["referred"] == pytest.approx(referred, abs=5 / len(scores))


@pytest.mark.parametrize(("kind", "severity"), [("zigzag", 2), ("fog", 4)])
def test_a_cell_made_anew_of_a_sample_agrees_within_four_standard_errors(committed, kind, severity):
    name, table = committed
    found = cell(subject_of(load_study(), name, sample=150), kind, severity)
    kept = table[(table["kind"] == kind) & (table["severity"] == severity)].iloc[0]
    error = np.sqrt(max(kept["accuracy"] * (1 - kept["accuracy"]), 0.01) / 150)
    assert abs(found["accuracy"] - kept["accuracy"]) < 4 * error
    assert abs(found["confidence"] - kept["confidence"]) < 4 * 0.3 / np.sqrt(150)
