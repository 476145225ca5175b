"""Opening other people's predictions by command."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sklearn.metrics import accuracy_score, log_loss

from cli import app
from core.review.database import open_engine
from core.review.decision_schema import open_store
from core.review.decisions import Decision, append
from core.stored.library import Library

ROOT = Path(__file__).resolve().parent.parent
SLOW = ("pandas", "pyarrow.compute", "pyarrow.csv", "ai_edge_litert", "scipy", "PIL", "rich")


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def studies(tmp_path, monkeypatch):
    monkeypatch.setenv("PENUMBRA_STUDIES", str(tmp_path / "studies"))
    return tmp_path / "studies"


@pytest.fixture
def predictions(tmp_path):
    rng = np.random.default_rng(3)
    probs = rng.dirichlet(np.ones(4), 200)
    labels = np.array([rng.choice(4, p=row) for row in probs])
    path = tmp_path / "their predictions.csv"
    frame = pd.DataFrame(probs, columns=[f"c{k}" for k in range(4)])
    frame.assign(label=labels).to_csv(path, index_label="name")
    return path, probs, labels


def test_a_file_is_opened_evaluated_and_audited(studies, predictions, tmp_path):
    path, probs, labels = predictions
    result = run("open", path, "--title", "Theirs", "--noun", "leaf/leaves")
    assert result.exit_code == 0, result.output
    assert "Opened as theirs: /?study=theirs" in result.stdout
    assert "200 of 200" in result.stdout
    found = json.loads(run("evaluate", "--study", "theirs", "--json").stdout)
    assert found["accuracy"] == pytest.approx(accuracy_score(labels, probs.argmax(1)), abs=1e-12)
    assert found["nll"] == pytest.approx(log_loss(labels, probs), abs=1e-6)
    out = tmp_path / "ranking.csv"
    assert run("audit", "--study", "theirs", "--out", out).exit_code == 0
    ranking = pd.read_csv(out)
    worst = probs[ranking["id"][0], labels[ranking["id"][0]]]
    assert worst <= np.quantile(probs[np.arange(200), labels], 0.05)


def test_a_question_ends_the_command_with_the_option_that_answers_it(studies, tmp_path):
    path = tmp_path / "logits.npy"
    np.save(path, np.random.default_rng(0).normal(size=(30, 3)) * 4)
    result = run("open", path)
    assert result.exit_code == 2
    assert "--as logits" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not studies.exists() or not list(studies.iterdir())
    assert run("open", path, "--as", "logits").exit_code == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("page.csv", b"<!DOCTYPE html><html><body>not here</body></html>"),
        ("pointer.npy", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
        ("cut.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'sh"),
        ("objects.npy", None),
    ],
)
def test_what_is_no_prediction_is_refused_in_one_line(studies, tmp_path, name, content):
    path = tmp_path / name
    if content is None:
        np.save(path, np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    else:
        path.write_bytes(content)
    result = run("open", path)
    assert result.exit_code == 2
    assert name in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


def test_a_study_that_is_not_there_is_said_with_those_that_are(studies):
    result = run("evaluate", "--study", "nothing")
    assert result.exit_code == 2
    assert "there is mnist" in result.stderr


def test_arrays_are_opened_without_waiting_for_what_only_pages_need(studies, tmp_path):
    path = tmp_path / "predictions.npz"
    probs = np.random.default_rng(0).dirichlet(np.ones(4), 50).astype(np.float32)
    np.savez(path, pred_probs=probs, labels=probs.argmax(1))
    script = (
        "import sys; from cli import app; app(sys.argv[1:], standalone_mode=False); "
        f"print(*[name for name in {SLOW} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "open", str(path), "--out", "quick"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-2:] == ["Opened as quick: /?study=quick", ""]
    assert json.loads(run("evaluate", "--study", "quick", "--json").stdout)["accuracy"] == 1


def test_a_port_in_use_is_refused_before_anything_is_read(studies, predictions):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in (["open", predictions[0], "--show"], ["serve"]):
            result = run(*command, "--port", port)
            assert result.exit_code == 2
            assert f"Port {port} is in use" in result.stderr
            assert result.output.count("\n") == 1
    assert not studies.exists()


def test_further_columns_are_columns_whatever_they_are_called(studies, tmp_path):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "probs.npy", rng.dirichlet(np.ones(3), 20))
    further = pd.DataFrame(rng.dirichlet(np.ones(3), 20), columns=["c0", "c1", "c2"])
    further.assign(label=0, prediction="x", id=range(20, 40)).to_csv(tmp_path / "further.csv")
    result = run("open", tmp_path / "probs.npy", "--columns", tmp_path / "further.csv", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["items"] == 20
    study = Library().load("probs")
    assert len(study.models) == 1
    assert study.dataset.labels is None
    assert study.dataset.ids.take([0]) == ["20"]
    assert set(study.dataset.details.names) >= {"c0", "c1", "c2", "prediction"}


def test_a_program_gets_the_question_as_json(studies, tmp_path):
    np.save(tmp_path / "logits.npy", np.random.default_rng(0).normal(size=(30, 3)) * 4)
    result = run("open", tmp_path / "logits.npy", "--json")
    assert result.exit_code == 2
    question = json.loads(result.stdout)["question"]
    assert question["key"] == "as"
    assert "logits" in [option["value"] for option in question["options"]]


def test_decisions_are_listed_with_the_names_of_the_classes(
    studies, predictions, tmp_path, monkeypatch
):
    database = f"sqlite:///{tmp_path / 'decisions.sqlite3'}"
    monkeypatch.setenv("PENUMBRA_DECISIONS", database)
    run("open", predictions[0])
    key = "their-predictions"
    assert run("decisions", "--study", key).stdout == "Nothing is decided on it.\n"
    engine = open_engine(database)
    open_store(engine)
    append(engine, Decision(
        data_set=key, data_hash=Library().load(key).dataset.fingerprint, item="3", given_label=2,
        decision="relabel", new_label=1, reviewer="Ada", model="m",
    ))  # fmt: skip
    engine.dispose()
    out = tmp_path / "decisions.csv"
    assert run("decisions", "--study", key, "--out", out).exit_code == 0
    (row,) = pd.read_csv(out, dtype=str).to_dict("records")
    assert (row["item"], row["given_label"], row["new_label"]) == ("3", "2", "1")
    monkeypatch.setenv("PENUMBRA_DECISIONS", "nonsense")
    result = run("decisions", "--study", key)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
