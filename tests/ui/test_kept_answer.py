"""A ranking that is kept in a study's folder is the fresh one."""

import pandas as pd
import pytest

from core.review.audit import load_audit
from core.stored.folder import open_study, write_study
from core.stored.kept_answers import FOLDER
from core.stored.library import Library
from tests.pages.random_studies import random_study
from ui import kept_answer
from ui.kept_answer import kept_table
from ui.picked import Key, Picked


def never():
    raise AssertionError("ranked anew")


@pytest.mark.parametrize("method", ["member_log_odds", "self_confidence"])
def test_a_kept_ranking_is_the_fresh_one(method, tmp_path, monkeypatch):
    monkeypatch.setattr(kept_answer, "LARGE", 0)
    monkeypatch.setattr(kept_answer, "LIBRARY", Library(tmp_path))
    write_study(random_study(num_members=3), tmp_path, "ranked")
    study = open_study(tmp_path / "ranked")
    picked = Picked(Key("ranked", "1", "", "net"), study)
    fresh = load_audit(study, "net", method, with_cleanlab=False).ranking
    pd.testing.assert_frame_equal(kept_table(picked, method, lambda: fresh), fresh)
    pd.testing.assert_frame_equal(kept_table(picked, method, never), fresh)
    assert [path.name for path in (tmp_path / "ranked" / FOLDER).glob("*.npz")] == [
        f"net-{method}.npz"
    ]
