import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest

from core.measures.score_predictions import score_answers
from core.measures.table import load_table
from core.stored.folder import StudyError, check_study, open_study, write_study
from tests.core.stored.made_studies import made_study

NOBODY = 65_534


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def swap_json(path, **entries):
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


DAMAGES = {
    "missing": (lambda path: path.unlink(), "is missing"),
    "empty": (lambda path: path.write_bytes(b""), "cut off"),
    "cut": (cut, "cut off"),
    "of another kind": (lambda path: path.write_bytes(b"<html>" * 40), "damaged|cut off"),
}
FILES = [
    "study.json", "items.parquet", "label_shares.npy", "num_people.npy",
    "net-1/values.npy", "net-1/features.npy",
    "net-1/scores.parquet", "top/scores.parquet", "held_out/net-1/values.npy",
    "held_out/net-1/labels.npy", "held_out/net-1/scores.parquet",
]  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = write_study(made_study(), tmp_path_factory.mktemp("studies"))
    check_study(folder)  # makes the score tables
    return folder


@pytest.fixture
def folder(written, tmp_path):
    return shutil.copytree(written, tmp_path / "copy")


def test_an_undamaged_copy_opens(folder):
    check_study(folder)


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        (file, damage)
        for file in FILES
        for damage in DAMAGES
        if damage != "missing" or not file.endswith("net-1/scores.parquet")
    ],
)
def test_a_damaged_file_gives_its_sentence(folder, file, damage):
    harm, sentence = DAMAGES[damage]
    harm(folder / file)
    with pytest.raises(StudyError, match=sentence) as raised:
        check_study(folder)
    assert f"{folder.name}/{file}" in str(raised.value)
    assert str(folder.parent) not in str(raised.value)
    assert "\n" not in str(raised.value)


def object_array(path):
    np.save(path, np.array([{}], object), allow_pickle=True)


FOREIGN = {
    "later": ("study.json", lambda p: swap_json(p, form=2), "later version"),
    "no object": ("study.json", lambda p: p.write_text("[1]"), "does not describe a study"),
    "deep": ("study.json", lambda p: p.write_text("[" * 100_000), "damaged"),
    "no classes": ("study.json", lambda p: swap_json(p, class_names=[]), "no two classes"),
    "title": ("study.json", lambda p: swap_json(p, title=3), "a name is no text"),
    "count": ("study.json", lambda p: swap_json(p, num_items=29), "number of items"),
    "bool": ("study.json", lambda p: swap_json(p, num_items=True), "a number is none"),
    "models": ("study.json", lambda p: swap_json(p, models=[]), "there is no model"),
    "entry": ("study.json", lambda p: swap_json(p, models=[{"name": "x"}]), "entry is missing"),
    "pictures": ("study.json", lambda p: swap_json(p, pictures=["x"]), "no kind known"),
    "columns": ("study.json", lambda p: swap_json(p, details=["x"]), "lacks the column 'x'"),
    "fingerprint": ("study.json", lambda p: swap_json(p, fingerprint="0"), "ids and labels"),
    "object array": ("net-1/values.npy", object_array, "cut off, damaged"),
    "archive": ("net-1/values.npy", lambda p: np.savez(p.open("wb"), a=1), "not one NumPy array"),
    "shape": ("net-1/values.npy", lambda p: np.save(p, np.zeros((2, 29, 3))), "does not fit"),
    "text": ("net-1/values.npy", lambda p: np.save(p, np.full((2, 30, 3), "x")), "does not fit"),
    "too many": ("study.json", lambda p: swap_json(p, num_items=10**9), "too many items"),
    "no class": ("held_out/net-1/labels.npy", lambda p: np.save(p, np.full(7, 3)), "none of 3"),
    "no label": ("held_out/net-1/labels.npy", lambda p: np.save(p, np.full(7, -1)), "none of 3"),
    "no entropy": (
        "net-1/scores.parquet",
        lambda p: load_table(p).drop(columns="predictive_entropy").to_parquet(p),
        "not the score table",
    ),
    "labels": (
        "held_out/net-1/labels.npy",
        lambda p: np.save(p, np.zeros(7, int)),
        "not the score",
    ),
    "another's scores": (
        "net-1/scores.parquet",
        lambda p: score_answers(np.full(30, 9), 10).to_parquet(p),
        "not the score table",
    ),
    "scores of fewer": (
        "top/scores.parquet",
        lambda p: score_answers(np.zeros(3, int), 3).to_parquet(p),
        "no score table",
    ),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_file_gives_its_sentence(folder, kind):
    file, harm, sentence = FOREIGN[kind]
    harm(folder / file)
    with pytest.raises(StudyError, match=sentence):
        check_study(folder)


def test_a_name_that_leads_out_of_the_folder_is_no_models(folder):
    card = json.loads((folder / "study.json").read_text())
    card["models"][0]["name"] = "../net-1"
    swap_json(folder / "study.json", models=card["models"])
    with pytest.raises(StudyError, match="a model is strange"):
        open_study(folder)


def test_an_array_larger_than_its_file_takes_no_memory(folder):
    path = folder / "net-1/values.npy"
    with path.open("wb") as file:
        header = {"descr": "<f8", "fortran_order": False, "shape": (2, 10**12, 3)}
        np.lib.format.write_array_header_1_0(file, header)
    with pytest.raises(StudyError, match="cut off"):
        _ = open_study(folder).model("net-1").values


def test_a_study_deleted_while_open_says_so_and_keeps_what_was_read(folder):
    study = open_study(folder)
    values = study.model("net-1").values
    before = values.tobytes()
    shutil.rmtree(folder)
    assert values.tobytes() == before
    with pytest.raises(StudyError, match="is missing: the study was moved, deleted"):
        _ = study.model("net-1").scores
    with pytest.raises(StudyError, match="is missing"):
        study.dataset.details.take([0])
    with pytest.raises(StudyError, match="is missing"):
        open_study(folder)


@pytest.fixture
def nobody(written):
    """A copy below a folder of a user who, unlike root, is forbidden what is forbidden."""
    root, is_root = Path(tempfile.mkdtemp()), os.geteuid() == 0
    copy = shutil.copytree(written, root / "copy")
    for path in (root, copy, *copy.rglob("*")):
        os.chown(path, NOBODY if is_root else -1, -1)
    os.seteuid(NOBODY if is_root else os.geteuid())
    yield copy
    os.seteuid(os.getuid())
    root.chmod(0o700)
    shutil.rmtree(root)


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_may_not_be_read_gives_its_sentence(nobody, file):
    (nobody / file).chmod(0)
    with pytest.raises(StudyError, match="may not be read: change its permissions"):
        check_study(nobody)


def test_a_read_only_study_opens_and_nothing_is_written_beside_it(nobody):
    nobody.parent.chmod(0o500)
    check_study(nobody)
    with pytest.raises(StudyError, match="may not be written"):
        write_study(made_study(), nobody.parent)
