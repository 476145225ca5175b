"""A run's folder: gone on with by the same settings alone, and read as one table."""

import json

import numpy as np
import pytest

from core.batch.here import score_here
from core.batch.parts_table import load_parts, study_of_parts
from core.batch.places import Place, PlaceError
from core.batch.run_folder import is_run, load_run
from core.measures.score_predictions import score_values
from core.stored.folder import open_study, write_study
from tests.core.batch.made_runs import network_files, prepared, table_of
from tests.made_networks import COLOURS, colour_pictures


@pytest.fixture
def pictures(tmp_path):
    folder = colour_pictures(tmp_path / "pictures", 4)
    (folder / "blue" / "broken.png").write_bytes(b"no picture")
    return folder


@pytest.fixture
def network(tmp_path):
    return network_files(tmp_path)


def run(pictures, out, network, **options):
    load, left = prepared(pictures, out, network, **options)
    return list(score_here(load, left, lambda rows: None))


def test_the_parts_hold_every_row_its_measures_and_what_could_not_be_read(
    pictures, network, tmp_path
):
    run(pictures, tmp_path / "out", network)
    table = table_of(tmp_path / "out").to_pandas().set_index("id")
    assert len(table) == 13
    broken = table.loc["blue/broken.png"]
    assert "no picture" in broken["problem"]
    assert broken[["prediction", "confidence", "values"]].isna().all()
    read = table.drop("blue/broken.png")
    assert read["problem"].isna().all() and read["correct"].all()
    values = np.stack(read["values"])[None]
    labels = read["label"].to_numpy(np.int32)
    expected = score_values(values, "logits", labels)
    for name in ("confidence", "predictive_entropy", "log_likelihood"):
        assert np.array_equal(read[name].to_numpy(np.float32), expected[name].to_numpy())


def test_a_run_goes_on_where_it_was_ended_and_writes_nothing_twice(pictures, network, tmp_path):
    load, left = prepared(pictures, tmp_path / "out", network)
    running = score_here(load, left, lambda rows: None)
    next(running)
    running.close()
    first = (tmp_path / "out" / "part-000000.parquet").stat().st_mtime_ns
    assert len(run(pictures, tmp_path / "out", network, resume=True)) == 2
    assert (tmp_path / "out" / "part-000000.parquet").stat().st_mtime_ns == first
    assert len(table_of(tmp_path / "out")) == 13


def test_a_folder_of_another_run_or_of_other_files_is_refused(pictures, network, tmp_path):
    run(pictures, tmp_path / "out", network)
    with pytest.raises(PlaceError, match="go on with --resume"):
        run(pictures, tmp_path / "out", network)
    with pytest.raises(PlaceError, match="the input, its parts or its columns changed"):
        run(pictures, tmp_path / "out", network, resume=True, rows=7)
    network.files[0].write_bytes(network.files[0].read_bytes() + b"\0")
    with pytest.raises(PlaceError, match="the network or its card changed"):
        run(pictures, tmp_path / "out", network, resume=True)
    with pytest.raises(PlaceError, match="holds other files"):
        run(pictures, pictures / "red", network)


def test_a_run_that_is_not_finished_or_damaged_is_no_table(pictures, network, tmp_path):
    run(pictures, tmp_path / "out", network)
    (tmp_path / "out" / "part-000001.parquet").unlink()
    with pytest.raises(PlaceError, match="2 of 3 parts: go on with --resume"):
        load_parts(str(tmp_path / "out"))
    card = tmp_path / "out" / "run.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {"form": 9}))
    with pytest.raises(PlaceError, match="another version"):
        load_run(Place(str(tmp_path / "out")))
    assert is_run(str(tmp_path / "out")) and not is_run(str(tmp_path))


def test_the_study_of_the_parts_is_that_of_their_values(pictures, network, tmp_path):
    run(pictures, tmp_path / "out", network)
    with study_of_parts(load_parts(str(tmp_path / "out")), "Colours") as new:
        study = open_study(write_study(new, tmp_path / "studies"))
    assert len(study.dataset) == 12 and study.dataset.class_names == COLOURS
    parts = table_of(tmp_path / "out").to_pandas().dropna(subset="prediction").set_index("id")
    ids = study.dataset.ids.take(range(12))
    (model,) = study.models.values()
    assert np.array_equal(np.stack(parts.loc[ids, "values"]), model.values[0])
    assert np.array_equal(model.scores["prediction"], parts.loc[ids, "prediction"])
    assert study.dataset.images.image(3).shape == (8, 8, 3), "its pictures stay where they are"
    (line,) = [each for each in study.report["entries"] if each["what"] == "set aside"]
    assert line["rows"] == 1 and line["examples"] == ["blue/broken.png"]


def test_a_disk_without_space_leaves_nothing_half_written(pictures, network, tmp_path, monkeypatch):
    load, left = prepared(pictures, tmp_path / "out", network)

    def full(path, content):
        path.open("wb").write(content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(PlaceError, match="no space left"):
        list(score_here(load, left, lambda rows: None))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["run.json"]
