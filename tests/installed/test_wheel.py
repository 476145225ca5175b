"""Penumbra installed: outside the checkout, beside folders that are called like its own."""

import json
import signal
import subprocess
import zipfile

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from bench.browser import chromium
from penumbra.server import answers
from tests.browser.test_explore import PLOT
from tests.browser.waiting import PATIENCE, plot_is_drawn
from tests.installed.conftest import run
from tests.patience import SECONDS

WHEEL_BYTES = 30_000_000


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A person's own folders, with what Penumbra takes its names from; the first is their home."""
    for name in ("PENUMBRA_STUDIES", "PENUMBRA_DECISIONS", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    work = tmp_path / "work"
    for name in ("core", "models", "pages", "ui", "commands", "examples"):
        (work / name).mkdir(parents=True)
        (work / name / "__init__.py").write_text("raise ImportError('this one is the user\\'s')")
    for name in ("app.py", "cli.py", "navigation.py"):
        (work / name).write_text("raise ImportError('this one is the user\\'s')")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(work))
    return tmp_path, work


def predictions(path, num_items=10_000, num_classes=10):
    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.full(num_classes, 0.3), num_items)
    columns = [f"c{code}" for code in range(num_classes)]
    frame = pd.DataFrame(probs, columns=columns).assign(label=probs.argmax(1))
    frame.to_csv(path, index_label="id")


def test_the_wheel_takes_one_name_and_is_small(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    assert {name.partition("/")[0] for name in names} == {
        "penumbra", f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info",
    }  # fmt: skip
    assert not [name for name in names if name.endswith((".pyc", ".sqlite3", ".partial"))]
    assert wheel.stat().st_size <= WHEEL_BYTES


def files(folder):
    return {path for path in folder.rglob("*") if "__pycache__" not in path.parts}


def test_a_file_is_opened_and_its_scatter_painted(penumbra, app, home):
    folder, work = home
    predictions(work / "preds.csv")
    before = files(app)
    command = [penumbra, "open", "preds.csv"]
    opened = subprocess.Popen(command, cwd=work, stdout=subprocess.PIPE, text=True)
    try:
        url = next(line.strip() for line in opened.stdout if line.startswith("http"))
        with chromium() as browser:
            page = browser.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(url)
            plot_is_drawn(page, PLOT)
            expect(page.get_by_text("10,000").first).to_be_visible()
    finally:
        opened.send_signal(signal.SIGINT)
        opened.wait(SECONDS)
    assert opened.returncode == 0
    assert not answers(url)
    assert [path.name for path in (folder / ".local/share/penumbra/studies").iterdir()] == ["preds"]
    assert files(app) == before


def test_images_are_scored_and_studies_evaluated(penumbra, python, home):
    _, work = home
    predictions(work / "preds.csv", 200, 4)
    np.savez(work / "digits.npz", images=np.eye(28)[None] * np.ones((5, 1, 1)))
    assert "5 images scored" in run(
        penumbra, "score", "digits.npz", "--out", "scores.parquet", cwd=work
    )
    assert "Opened as preds" in run(
        python, "-m", "penumbra", "open", "preds.csv", "--no-show", cwd=work
    )
    found = json.loads(run(penumbra, "evaluate", "--study", "preds", "--json", cwd=work))
    assert found["accuracy"] == 1


def test_what_a_message_tells_to_type_is_there(python, home):
    _, work = home
    asked = (
        "import sys; from penumbra.places import APP; sys.path.insert(0, str(APP));"
        "from core.study.command_name import COMMAND; print(COMMAND)"
    )
    assert run(python, "-c", asked, cwd=work).strip() == "penumbra"


@pytest.mark.parametrize("command", [["open", "preds.csv"], ["train", "article"]])
def test_what_cannot_be_done_is_said_in_one_line(penumbra, home, monkeypatch, command):
    folder, work = home
    predictions(work / "preds.csv", 20, 2)
    (folder / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "file"))  # as good as read-only, for root too
    done = subprocess.run(
        [penumbra, *command], cwd=work, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr or "repository" in done.stderr


def test_decisions_are_kept_among_the_persons_own_data(python, app, home):
    folder, _ = home
    told = "from core.review.database import usual_address; print(usual_address())"
    kept = folder / ".local" / "share" / "penumbra" / "decisions.sqlite3"
    assert run(python, "-c", told, cwd=app).strip() == f"sqlite:///{kept}"
