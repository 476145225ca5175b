import json
import socket

import pytest
from click.testing import CliRunner

from cli import app
from core.review.database import open_engine
from core.stored.library import Library
from core.upkeep import health
from tests.core.stored.made_studies import made_study


@pytest.fixture
def doctor(tmp_path, monkeypatch):
    """Asks the doctor about a server with a folder of its own; exit code, findings by name."""
    monkeypatch.setenv("PENUMBRA_STUDIES", str(tmp_path / "studies"))
    monkeypatch.setenv("PENUMBRA_DECISIONS", f"sqlite:///{tmp_path / 'decisions.sqlite3'}")

    def ask(*options):
        done = CliRunner().invoke(app, ["doctor", "--json", *options])
        return done.exit_code, {found["name"]: found for found in json.loads(done.output)}

    return ask


def test_a_healthy_server_is_found_well_and_its_network_answers_as_before(doctor):
    code, found = doctor()
    assert code == 0, found
    assert {"versions", "disk", "study mnist", "decisions", "port", "self-test"} <= set(found)
    assert "1,000 of 1,000 images read as before" in found["self-test"]["said"]
    assert not any(each["cure"] for each in found.values())


def test_a_damaged_study_and_a_foreign_database_are_named_with_a_cure(doctor, tmp_path):
    key = Library(tmp_path / "studies").add(made_study())
    next((tmp_path / "studies" / key).rglob("*.npy")).write_bytes(b"cut")
    (tmp_path / "decisions.sqlite3").write_bytes(b"no database" * 100)
    code, found = doctor()
    assert code == 1
    for name in (f"study {key}", "decisions"):
        assert not found[name]["well"]
        assert "backup" in found[name]["cure"]


def test_without_json_each_finding_is_a_line(tmp_path, monkeypatch):
    monkeypatch.setenv("PENUMBRA_STUDIES", str(tmp_path / "studies"))
    monkeypatch.setenv("PENUMBRA_DECISIONS", f"sqlite:///{tmp_path / 'no' / 'd.sqlite3'}")
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 0
    assert all(line.startswith("✓ ") for line in done.output.splitlines())


def test_a_port_in_use_is_said(doctor):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "in use" in health.free_port(port).said
    assert "free" in health.free_port(port).said


def test_a_full_disk_and_a_folder_that_cannot_be_written_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)
    assert not health.disk(tmp_path / "studies").well
    file = tmp_path / "file"
    file.write_text("in the way")
    found = health.disk(file / "studies")
    assert not found.well
    assert "PENUMBRA_STUDIES" in found.cure


def test_a_network_that_answers_otherwise_is_found(tmp_path, monkeypatch):
    library = Library(tmp_path)
    library.bundle("bundled", "Without a network", made_study_opened)
    assert health.self_test(library).said == "no study ships with a network"
    assert not health.decisions(open_engine(f"sqlite:///{other_programs(tmp_path)}")).well


def made_study_opened():
    import tempfile
    from pathlib import Path

    from core.stored.folder import open_study, write_study

    return open_study(write_study(made_study(), Path(tempfile.mkdtemp()), "bundled"))


def other_programs(folder):
    import sqlite3

    path = folder / "other.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (name TEXT)")
    return path
