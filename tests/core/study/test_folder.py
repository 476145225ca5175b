import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.measures.score_predictions import score_answers, score_values
from core.study import write_aside
from core.study.folder import (
    NewModel,
    NewStudy,
    StudyError,
    check_study,
    open_study,
    write_study,
)
from tests.core.study.made_studies import NUM_ITEMS, content, made_study

NOBODY = 65_534
DTYPES = ["<f2", "<f4", "<f8", ">f4", "u1", "<i8", "?"]
KINDS = ["logits", "probabilities", "log-probabilities", "votes", "counts"]


def test_everything_written_comes_back(tmp_path):
    new = made_study()
    study = open_study(write_study(new, tmp_path))
    assert (study.key, study.title) == ("animals-a-study", new.title)
    assert study.dataset.noun == new.noun
    assert study.dataset.class_names == new.class_names
    assert study.dataset.ids.take(range(NUM_ITEMS)) == new.ids
    assert (study.dataset.labels == new.labels).all()
    assert study.dataset.labels.dtype == np.int32
    assert (study.dataset.label_shares == new.label_shares).all()
    assert study.dataset.details.names == ("text", "age")
    assert study.dataset.details.text == "text"
    assert (study.report, study.sources) == (new.report, new.sources)
    assert study.dataset.images is None


def test_models_of_every_tier_come_back(tmp_path):
    new = made_study()
    study = open_study(write_study(new, tmp_path))
    full, top, answers = new.models
    found = study.model("net-1")
    assert list(study.models) == ["net-1", "top", "answers"]
    assert isinstance(found.values, np.memmap)
    assert found.values.tobytes() == full.values.tobytes()
    assert found.features.tobytes() == full.features.tobytes()
    assert (found.kind, found.temperature, found.out_of_sample) == ("logits", 1.5, True)
    assert found.scores.equals(score_values(full.values, "logits", new.labels, 1.5))
    assert study.model("top").scores.equals(
        score_answers(top.prediction, 3, new.labels, top.confidence)
    )
    assert study.model("answers").scores.equals(score_answers(answers.prediction, 3, new.labels))
    for name in ("top", "answers"):
        assert not study.model(name).has_distribution
        with pytest.raises(ValueError, match="without a distribution"):
            _ = study.model(name).values


def test_the_held_out_part_comes_back_with_a_label_on_every_row(tmp_path):
    new = made_study()
    held_out = open_study(write_study(new, tmp_path)).held_out["net-1"]
    labels, values = new.held_out["Net 1"]
    assert held_out.values.tobytes() == values.tobytes()
    assert held_out.scores["label"].tolist() == labels.tolist()
    assert held_out.temperature == new.models[0].temperature


@settings(max_examples=40, deadline=None)
@given(
    num_members=st.integers(1, 3),
    num_items=st.integers(1, 12),
    num_classes=st.integers(2, 5),
    dtype=st.sampled_from(DTYPES),
    kind=st.sampled_from(KINDS),
    axes=st.permutations([0, 1, 2]),
    named=st.booleans(),
    labelled=st.booleans(),
)
def test_values_of_any_shape_type_and_kind_come_back_bit_for_bit(
    tmp_path_factory, num_members, num_items, num_classes, dtype, kind, axes, named, labelled
):
    shape = num_members, num_items, num_classes
    rng = np.random.default_rng(num_items)
    stored = rng.integers(1, 3, [shape[axis] for axis in axes]).astype(dtype)
    values = stored.transpose(np.argsort(axes))  # as it comes: members on any axis
    new = NewStudy(
        "Random",
        [f"class {k}" for k in range(num_classes)],
        [NewModel("m", "M", kind, values=values)],
        labels=rng.integers(-1, num_classes, num_items) if labelled else None,
        ids=[f"é{n}" for n in range(num_items)] if named else None,
    )
    folder = write_study(new, tmp_path_factory.mktemp("studies"))
    check_study(folder)
    found = open_study(folder)
    assert found.model("m").values.dtype == np.dtype(dtype)
    assert found.model("m").values.tobytes() == values.tobytes()
    assert found.dataset.ids.take(range(num_items)) == list(new.ids or map(str, range(num_items)))
    assert (found.dataset.labels is None) == (not labelled)
    assert not labelled or (found.dataset.labels == new.labels).all()


def test_the_fingerprint_depends_on_ids_and_labels_and_on_nothing_else(tmp_path):
    def of(**changes):
        return open_study(write_study(made_study(**changes), tmp_path)).dataset.fingerprint

    ids = made_study().ids
    labels = made_study().labels
    same = {of(), of(title="Other"), of(items=None, text=None), of(ids=pa.array(ids))}
    other_label = np.where(np.arange(NUM_ITEMS) == 3, (labels + 2) % 3, labels)
    others = {of(ids=ids[::-1]), of(ids=None), of(labels=other_label), of(labels=None)}
    assert (len(same), len(others), len(same & others)) == (1, 4, 0)
    assert of(ids=None) == of(ids=[str(n) for n in range(NUM_ITEMS)])
    joined = {of(ids=["ab", "c", *ids[2:]]), of(ids=["a", "bc", *ids[2:]])}
    assert len(joined) == 2


def test_a_title_that_is_taken_gives_the_key_a_number(tmp_path):
    keys = [write_study(made_study(), tmp_path).name for _ in range(3)]
    assert keys == ["animals-a-study", "animals-a-study-2", "animals-a-study-3"]
    with pytest.raises(StudyError, match="'animals-a-study' already"):
        write_study(made_study(), tmp_path, "animals-a-study")


@pytest.mark.parametrize("title", ["../../etc", "/", "..", "Größe: π/2", "猫", "a\0b", "CON"])
def test_a_title_never_leads_out_of_the_folder(tmp_path, title):
    root = tmp_path / "studies"
    folder = write_study(made_study(title=title), root)
    assert folder.parent == root
    assert [entry.name for entry in tmp_path.iterdir()] == ["studies"]
    assert open_study(folder).title == title


@pytest.mark.parametrize("key", ["../x", "", "A", "a/b", ".hidden", "a.b", "x" * 90])
def test_a_key_that_is_no_plain_name_is_refused(tmp_path, key):
    with pytest.raises(StudyError, match="is no key"):
        write_study(made_study(), tmp_path, key)
    assert not list(tmp_path.iterdir())


def test_models_whose_names_give_the_same_slug_stay_apart(tmp_path):
    values = np.random.default_rng(0).normal(size=(2, 1, NUM_ITEMS, 3))
    models = [
        NewModel(name, name, "logits", values=v) for name, v in zip("??", values, strict=True)
    ]
    models[1] = NewModel("!", "!", "logits", values=values[1])
    study = open_study(write_study(made_study(models=models, held_out={}), tmp_path))
    assert [study.models[name].title for name in ("model", "model-2")] == ["?", "!"]
    assert (study.model("model-2").values == values[1]).all()


SURE = np.ones((1, NUM_ITEMS, 3))
WRONG = {
    "no model": ({"models": []}, "at least one model"),
    "one class": ({"class_names": ["cat"]}, "of 1 classes"),
    "a class twice": ({"class_names": ["cat", "cat", "owl"]}, "class name occurs twice"),
    "an id twice": ({"ids": ["a"] * NUM_ITEMS}, "'a' is on row 0 and on row 1"),
    "an id missing": ({"ids": [None, *"abcdefghijklmnopqrstuvwxyzABC"]}, "An id of .* is missing"),
    "too few ids": ({"ids": ["a"]}, "has 1 ids for 30 items"),
    "a label too high": ({"labels": np.full(NUM_ITEMS, 3)}, "class 3 on row 0"),
    "too few labels": ({"labels": np.zeros(3, int)}, "for 30 items"),
    "a column that is not there": ({"text": "words"}, "'words' is not among"),
    "paths without a folder": ({"image_paths": "text"}, "without the folder"),
    "pictures of floats": ({"image_arrays": np.zeros((NUM_ITEMS, 2, 2))}, "must be uint8"),
    "shares of other classes": ({"label_shares": np.zeros((NUM_ITEMS, 2))}, "label shares"),
    "held out from nobody": ({"held_out": {"x": (np.zeros(1, int), SURE[:, :1])}}, "no model"),
    "held out from an answer": ({"held_out": {"Top": (np.zeros(1, int), SURE[:, :1])}}, "no model"),
    "held out without a label": (
        {"held_out": {"Net 1": (np.full(1, -1), SURE[:, :1])}}, "class -1 on row 0",
    ),
}  # fmt: skip
WRONG_MODELS = {
    "no values": ({}, "has values of shape None"),
    "object values": ({"values": np.full((1, NUM_ITEMS, 3), None)}, "has values object"),
    "flat values": ({"values": SURE[0]}, "not .members, items, classes"),
    "no member": ({"values": np.zeros((0, NUM_ITEMS, 3))}, "has values"),
    "other classes": ({"values": np.zeros((1, NUM_ITEMS, 4))}, "of 3 classes"),
    "temperature 0": ({"values": SURE, "temperature": 0.0}, "temperature 0"),
    "no confidence": ({"tier": "top-1", "prediction": np.zeros(NUM_ITEMS, int)}, "tier 'top-1'"),
    "no such class": ({"tier": "answers", "prediction": np.full(NUM_ITEMS, 9)}, "class 9 on row 0"),
    "NaN": ({"values": np.full((1, NUM_ITEMS, 3), np.nan)}, "row 0 holds a value"),
    "no features": ({"values": SURE, "features": np.ones(3)}, "features of shape"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_does_not_fit_together_is_refused_and_leaves_nothing(tmp_path, wrong):
    changes, sentence = WRONG[wrong]
    with pytest.raises(StudyError, match=sentence):
        write_study(made_study(**changes), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("wrong", WRONG_MODELS)
def test_a_model_that_does_not_fit_is_refused_and_leaves_nothing(tmp_path, wrong):
    changes, sentence = WRONG_MODELS[wrong]
    with pytest.raises(StudyError, match=sentence):
        write_study(made_study(models=[NewModel("m", "M", **changes)], held_out={}), tmp_path)
    assert not list(tmp_path.iterdir())


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
    "study.json", "items.parquet", "label_shares.npy", "net-1/values.npy", "net-1/features.npy",
    "net-1/scores.parquet", "top/scores.parquet", "held_out/net-1/values.npy",
    "held_out/net-1/labels.npy", "held_out/net-1/scores.parquet",
]  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_study(made_study(), tmp_path_factory.mktemp("studies"))


@pytest.fixture
def folder(written, tmp_path):
    return shutil.copytree(written, tmp_path / "copy")


def test_an_undamaged_copy_opens(folder):
    check_study(folder)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_gives_its_sentence(folder, file, damage):
    harm, sentence = DAMAGES[damage]
    harm(folder / file)
    with pytest.raises(StudyError, match=sentence) as raised:
        check_study(folder)
    assert str(folder / file) in str(raised.value)
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
        "not the score table",
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


WRITER = """
import sys, pathlib
from core.study.folder import write_study
from tests.core.study.made_studies import made_study
def stop(rows, total):
    print("scored", flush=True)
    sys.stdin.read()
write_study(made_study(), pathlib.Path(sys.argv[1]), progress=stop)
"""


def test_a_killed_write_leaves_nothing_that_is_listed_and_is_swept_later(tmp_path, monkeypatch):
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout.readline() == b"scored\n"
        writer.send_signal(signal.SIGKILL)
    (stray,) = tmp_path.iterdir()
    assert stray.name.startswith(".")
    assert content(stray), "it was killed in the middle"
    write_study(made_study(), tmp_path)
    assert stray.exists(), "its writer may still be at work"
    later = time.time() + 2 * write_aside._STRAY_AFTER
    monkeypatch.setattr(time, "time", lambda: later)
    write_study(made_study(), tmp_path)
    assert not stray.exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_writers_of_one_title_at_once_all_get_a_folder_of_their_own(tmp_path):
    def write(seed):
        folders[seed] = write_study(made_study(seed), tmp_path)

    folders = {}
    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len({folder.name for folder in folders.values()}) == 6
    for seed, folder in folders.items():
        expected = made_study(seed).models[0].values
        assert (open_study(folder).model("net-1").values == expected).all()
