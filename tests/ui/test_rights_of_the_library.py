"""The library itself refuses whoever may not change it, however the wish comes."""

import io

import pytest

from core.stored.library import Library
from core.study.study_error import StudyError
from tests.core.stored.made_studies import made_study
from tests.ui.signed import turn_on
from ui.sign_in import STRANGER
from ui.studies import LIBRARY, may_open

CHANGES = {
    "add": lambda library, key: library.add(made_study()),
    "rename": lambda library, key: library.rename(key, "Another"),
    "delete": lambda library, key: library.delete(key),
    "unpack": lambda library, key: library.unpack(io.BytesIO(b"")),
    "check_own": lambda library, key: library.check_own(key),
    "add_models": lambda library, key: library.add_models(key, None),
    "add_network": lambda library, key: library.add_network(key, "net", None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_refused_with_the_sentence(tmp_path, change):
    key = Library(tmp_path).add(made_study())
    before = sorted(path for path in tmp_path.rglob("*"))
    with pytest.raises(StudyError, match="not for you"):
        CHANGES[change](Library(tmp_path, refusal=lambda: "This is not for you."), key)
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_the_servers_library_asks_who_is_here(monkeypatch):
    assert may_open()
    turn_on(monkeypatch)
    assert not may_open()
    with pytest.raises(StudyError, match=STRANGER):
        LIBRARY.rename("mnist", "Another")
