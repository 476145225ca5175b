import json
import zipfile

import pytest
from click.testing import CliRunner

from cli import app
from core.review.database import open_engine
from core.review.decision_schema import open_store
from core.review.decisions import Decision, all_decisions, append
from core.stored.library import Library
from core.upkeep.backup import BackupError, restore_backup, save_backup
from tests.core.stored.made_studies import content, made_study


def silent(done, total):
    """No progress is shown."""


def decision(item, **changes):
    usual = {
        "data_set": "Leaves", "data_hash": "0" * 64, "item": str(item), "given_label": 1,
        "decision": "keep", "reviewer": "Ada", "model": "net",
    }  # fmt: skip
    return Decision(**(usual | changes))


class Place:
    """A server's database and folder of studies."""

    def __init__(self, folder):
        folder.mkdir()
        self.url = f"sqlite:///{folder / 'decisions.sqlite3'}"
        self.engine = open_engine(self.url)
        open_store(self.engine)
        self.library = Library(folder / "studies")

    @property
    def root(self):
        return self.library.root

    @property
    def log(self):
        return list(all_decisions(self.engine))


@pytest.fixture
def here(tmp_path):
    place = Place(tmp_path / "here")
    first = decision(7, note="ä ✓", scores={"confidence": 0.25, "margin": float("nan")})
    append(place.engine, first, decision(8, decision="relabel", new_label=0, reviewer="Bob"))
    append(place.engine, decision(7, decision="undo", undoes=first.id))
    place.library.add(made_study(0))
    place.library.add(made_study(1), "another")
    return place


@pytest.fixture
def there(tmp_path):
    return Place(tmp_path / "there")


@pytest.fixture
def saved(here, tmp_path):
    out = tmp_path / "backup.zip"
    assert save_backup(here.engine, here.root, out, silent) == (3, 2)
    return out


def test_everything_comes_back_as_it_was(here, there, saved):
    found = restore_backup(saved, there.engine, there.root, silent)
    assert (found.decisions, found.added, found.kept) == (3, 3, ())
    assert there.log == here.log
    assert {entry.key for entry in there.library.list()} == {e.key for e in here.library.list()}
    for entry in here.library.list():
        mine, theirs = here.root / entry.key, there.root / entry.key
        card = "study.json"  # which says when it came here
        assert content(mine).keys() <= content(theirs).keys()  # tables of scores may be added
        assert all(content(theirs)[n] == b for n, b in content(mine).items() if n != card)


def test_what_is_here_already_stays_and_twice_is_once(there, saved):
    append(there.engine, decision(99))
    there.library.add(made_study(5), "another")
    before = content(there.root / "another")
    for added, kept in ((3, {"another"}), (0, {"another", "animals-a-study"})):
        found = restore_backup(saved, there.engine, there.root, silent)
        assert (found.added, set(found.kept)) == (added, kept)
    assert content(there.root / "another") == before
    assert [d.item for d in there.log] == ["99", "7", "8", "7"]


def rewritten(source, out, changes):
    """The archive with some members replaced, or left out where they are None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = changes.get(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
    return out


def card(**changes):
    usual = {"version": 1, "made": "", "decisions": 3, "studies": []}
    return json.dumps(usual | changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"backup.json": None}, "not a backup"),
        ({"backup.json": "[" * 2_000}, "not a backup"),
        ({"backup.json": card(version=2)}, "version 2"),
        ({"backup.json": card(decisions=4)}, "3 of its 4 decisions"),
        ({"decisions.jsonl": None}, "not a backup"),
        ({"decisions.jsonl": b'{"time": 3}\n'}, "line 1"),
        ({"decisions.jsonl": b"\xff\n"}, "line 1"),
        ({"backup.json": card(studies=["../x"])}, "not a backup"),
        ({"backup.json": card(studies=["gone"])}, "missing in the backup"),
    ],
)
def test_a_damaged_backup_is_refused_by_name(there, saved, tmp_path, changes, sentence):
    broken = rewritten(saved, tmp_path / "broken.zip", changes)
    with pytest.raises(ValueError, match=sentence):
        restore_backup(broken, there.engine, there.root, silent)
    assert not there.root.exists() or list(there.root.iterdir()) == []


def test_a_cut_backup_is_refused(there, saved, tmp_path):
    cut = tmp_path / "cut.zip"
    cut.write_bytes(saved.read_bytes()[:-500])
    with pytest.raises(BackupError, match="no backup"):
        restore_backup(cut, there.engine, there.root, silent)


def test_the_commands_save_and_restore(here, there, tmp_path, monkeypatch):
    out = tmp_path / "all.zip"
    for place, command in ((here, ["backup", "--out", str(out)]), (there, ["restore", str(out)])):
        monkeypatch.setenv("PENUMBRA_DECISIONS", place.url)
        monkeypatch.setenv("PENUMBRA_STUDIES", str(place.root))
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
    assert "3 of 3 decisions and 2 studies" in done.output
    assert there.log == here.log
    missing = CliRunner().invoke(app, ["restore", str(tmp_path / "none.zip")])
    assert (missing.exit_code, missing.output.count("\n")) == (2, 1)
