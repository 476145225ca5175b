"""`score` in parts as people call it, and what reads the parts."""

import json
import shutil
import tarfile

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from cli import app
from core.networks.network_model import load_model
from core.stored.library import Library
from examples.mnist_artifacts import ARTIFACTS, load_artifacts
from examples.mnist_data import load_test
from tests.made_networks import COLOURS, colour_network, colour_pictures

SOME = 30


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Studies of its own; files that tests made need no process of their own to be loaded first."""
    monkeypatch.setenv("PENUMBRA_STUDIES", str(tmp_path / "studies"))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr("core.networks.own_network.first_contact", load_model)


@pytest.fixture
def network(tmp_path):
    (tmp_path / "network.json").write_text(json.dumps({"class_names": list(COLOURS)}))
    return colour_network(tmp_path / "net.onnx")


@pytest.fixture
def pictures(tmp_path):
    return colour_pictures(tmp_path / "pictures", 4)


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_a_folder_is_scored_in_parts_and_opens_as_a_study_with_its_network(
    tmp_path, network, pictures
):
    out = tmp_path / "out"
    command = ("score", pictures, "--network", network, "--out", out, "--rows", 5)
    found = run(*command)
    assert found.exit_code == 0, found.stderr
    assert "12 rows scored" in found.stdout and "Opened as pictures" in found.stdout
    assert "outputs assumed: logits" in found.stderr
    study = Library().load("pictures")
    assert study.networks and study.dataset.labels.tolist() == 4 * [2] + 4 * [1] + 4 * [0]
    refused = run(*command)
    assert refused.exit_code == 2 and "--resume" in refused.stderr
    again = run(*command, "--resume")
    assert again.exit_code == 0 and "3 of 3 parts are there already" in again.stderr
    assert "open already as pictures" in again.stderr
    assert len(Library().list()) == 1
    more = run("score", pictures / "red", "--study", "pictures", "--out", tmp_path / "red.parquet")
    assert more.exit_code == 0, more.stderr
    assert pd.read_parquet(tmp_path / "red.parquet")["prediction"].tolist() == 4 * [0]


def test_evaluate_audit_and_open_read_the_parts(tmp_path, network, pictures):
    out = tmp_path / "out"
    shutil.copy(pictures / "red" / "0.png", pictures / "blue" / "wrong.png")
    (pictures / "blue" / "broken.png").write_bytes(b"no picture")
    found = run(
        "score", pictures, "--network", network, "--out", out, "--rows", 5, "--no-open"
    )  # fmt: skip
    assert found.exit_code == 1 and "1 picture could not be read" in found.stderr
    metrics = json.loads(run("evaluate", "--study", f"{out}/", "--json").stdout)
    assert metrics["num_items"] == 13 and metrics["accuracy"] == pytest.approx(12 / 13)
    ranked = run("audit", "--study", out, "--out", tmp_path / "ranking.csv")
    assert ranked.exit_code == 0, ranked.stderr
    assert pd.read_csv(tmp_path / "ranking.csv")["id"][0] == "blue/wrong.png"
    opened = run("open", out, "--title", "Flags", "--noun", "flag")
    assert opened.exit_code == 0, opened.stderr
    assert "blue/broken.png" in opened.stdout and "Opened as flags" in opened.stdout
    study = Library().load("flags")
    assert len(study.dataset) == 13 and study.dataset.noun == ("flag", "flags")


def test_the_ensemble_in_parts_says_what_its_tables_say(tmp_path):
    images, _ = load_test()
    np.save(tmp_path / "images.npy", images[:SOME])
    found = run("score", tmp_path / "images.npy", "--out", tmp_path / "out", "--rows", 12)
    assert found.exit_code == 0, found.stderr
    (model,) = Library().load("images").models.values()
    known = load_artifacts("ensemble").scores[:SOME]
    assert model.num_members == 5
    kept = Library().load("images").dataset.images
    assert all(np.array_equal(kept.image(row), images[row]) for row in range(SOME))
    for name in ("predictive_entropy", "mutual_information"):
        assert np.allclose(model.scores[name], known[name], atol=1e-4)
    assert model.temperature == load_artifacts("ensemble").temperature


def test_one_table_of_ones_own_network_has_the_probabilities(tmp_path, network, pictures):
    (pictures / "blue" / "broken.png").write_bytes(b"no picture")
    for ending in ("csv", "parquet"):
        out = tmp_path / f"table.{ending}"
        found = run("score", pictures, "--network", network, "--out", out)
        assert found.exit_code == 1, found.stderr
    table = pd.read_parquet(out)
    read = table[table["problem"].isna()]
    assert len(table) == 13 and len(read) == 12
    assert np.allclose(read[["p_0", "p_1", "p_2"]].sum(axis=1), 1, atol=1e-6)
    assert (read["label"] == read["prediction"]).all()


def test_a_part_that_cannot_be_read_is_named_and_scored_once_it_can(tmp_path, network, pictures):
    shards = tmp_path / "shards"
    shards.mkdir()
    for name in COLOURS:
        with tarfile.open(shards / f"{name}.tar", "w") as tar:
            for path in sorted((pictures / name).glob("*.png")):
                tar.add(path, path.name)
    whole = (shards / "green.tar").read_bytes()
    (shards / "green.tar").write_bytes(whole[:1000])
    command = ("score", shards, "--network", network, "--out", tmp_path / "out")
    found = run(*command)
    assert found.exit_code == 1 and "8 rows scored" in found.stdout
    assert "green.tar is no tar file, or cut off" in found.stderr
    assert not Library().list(), "what is not whole opens as no study"
    (shards / "green.tar").write_bytes(whole)
    again = run(*command, "--resume")
    assert again.exit_code == 0 and "4 rows scored" in again.stdout
    study = Library().load("shards")
    assert len(study.dataset) == 12 and study.dataset.ids[4] == "green/0"


def test_a_dry_run_says_how_much_and_how_long_and_writes_nothing(tmp_path, network, pictures):
    command = ("score", pictures, "--network", network, "--out", tmp_path / "out")
    found = run(*command, "--dry-run", "--limit", 11)
    assert found.exit_code == 0, found.stderr
    assert "11 rows in 1 part" in found.stdout and "on one worker" in found.stdout
    assert not (tmp_path / "out").exists()


def test_handwriting_is_still_read_into_one_table(tmp_path):
    images, _ = load_test()
    Image.fromarray(255 - np.kron(images[0], np.ones((8, 8), np.uint8))).save(tmp_path / "7.png")
    found = run("score", tmp_path / "7.png", "--out", tmp_path / "out.csv", "--model", "article")
    assert found.exit_code == 0 and "box" in (tmp_path / "out.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("s3://", "--out", "{tmp}/out"), "names no bucket"),
        (("{tmp}/none", "--out", "{tmp}/out"), "does not exist"),
        (("{tmp}/pictures", "--out", "{tmp}/t.csv", "--engine", "ray"), "Ray writes parts"),
        (("{tmp}/pictures", "--out", "{tmp}/none/t.csv", "--network", "{net}"), "No such folder"),
        (("{tmp}/pictures", "--out", "{tmp}/out", "--network", "{tmp}/none.onnx"), "no network"),
        (("{tmp}/pictures", "--out", "{tmp}/out", "--model", "none"), "no model 'none'"),
        (("{tmp}/pictures", "--out", "{tmp}/out", "--study", "none"), "no study 'none'"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(tmp_path, network, pictures, arguments, said):
    before = sorted(path.name for path in tmp_path.iterdir())
    found = run("score", *(each.format(tmp=tmp_path, net=network) for each in arguments))
    assert found.exit_code == 2
    assert said in found.stderr.splitlines()[-1]
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_ray_where_nobody_listens_is_one_sentence(tmp_path, network, pictures, monkeypatch):
    pytest.importorskip("ray")
    monkeypatch.setattr("ray.is_initialized", lambda: False)
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    found = run(
        "score", pictures, "--network", network, "--out", tmp_path / "out", "--engine", "ray"
    )  # fmt: skip
    assert found.exit_code == 2 and "No Ray cluster answers at 127.0.0.1:1" in found.stderr


def test_a_network_that_ships_is_also_one_of_ones_own(tmp_path):
    images, _ = load_test()
    np.save(tmp_path / "images.npy", images[:SOME])
    path = ARTIFACTS / "article" / "model.tflite"
    found = run(
        "score", tmp_path / "images.npy", "--out", tmp_path / "t.parquet", "--network", path
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    prediction = pd.read_parquet(tmp_path / "t.parquet")["prediction"]
    assert prediction.tolist() == load_artifacts("article").scores["prediction"][:SOME].tolist()
