"""A second file joined to a study that is there: by id, by class name, whole or not at all."""

import csv

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.stored.library import Library
from core.stored.opening import Opening, Source, read_until_final
from core.study.study_error import StudyError

CLASSES = ("cat", "dog", "fox")
NUM_ITEMS = 12


def probs(seed=0):
    return np.random.default_rng(seed).dirichlet(np.ones(3), NUM_ITEMS)


def save(path, values, ids=None, names=CLASSES, labels=None):
    ids = [f"item-{n}" for n in range(len(values))] if ids is None else ids
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *(["label"] if labels else []), *names])
        for n, (id, row) in enumerate(zip(ids, values, strict=True)):
            writer.writerow([id, *([labels[n]] if labels else []), *(f"{p:.9f}" for p in row)])
    return Opening([Source(path.name, path)])


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "studies")


@pytest.fixture
def key(library, tmp_path):
    labels = [CLASSES[n % 3] for n in range(NUM_ITEMS)]
    opening = save(tmp_path / "old.csv", probs(), labels=labels)
    return opening.write(opening.read(), library)


def added(opening, library, key):
    opening, reading = read_until_final(opening, lambda r: {r.questions[0].key: "answers"})
    joined = opening.join(reading, library, key)
    (name,) = opening.add(joined, library, key)
    return library.load(key).models[name], joined.lines


@given(some.permutations(range(NUM_ITEMS)), some.permutations(range(3)), some.integers(0, 5))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_rows_and_classes_in_any_order_are_put_in_the_studys(
    library, key, tmp_path, rows, classes, more
):
    values = probs(1)
    ids = [*(f"item-{n}" for n in rows), *(f"extra-{n}" for n in range(more))]
    shuffled = np.concatenate([values[list(rows)], probs(2)[:more]])[:, list(classes)]
    opening = save(tmp_path / "new.csv", shuffled, ids, [CLASSES[k] for k in classes])
    model, lines = added(opening, library, key)
    assert model.values[0] == pytest.approx(values, abs=1e-6)
    assert f"{NUM_ITEMS} of {NUM_ITEMS} items matched" in " ".join(lines)
    assert any(f"{more} row" in line for line in lines) == bool(more)
    assert library.load(key).models["old"].values[0] == pytest.approx(probs(), abs=1e-6)


def test_both_models_stand_in_the_study_and_in_its_copy(library, key, tmp_path):
    before = library.load(key).dataset.fingerprint
    added(save(tmp_path / "new.csv", probs(1)), library, key)
    study = library.load(key)
    assert list(study.models) == ["old", "new"]
    assert study.sources == ("old.csv", "new.csv")
    assert study.dataset.fingerprint == before
    library.pack(key, tmp_path / "study.zip")
    copy = library.load(library.unpack(tmp_path / "study.zip"))
    assert list(copy.models) == ["old", "new"]


def test_the_same_name_again_gets_a_number(library, key, tmp_path):
    for _ in range(2):
        added(save(tmp_path / "old.csv", probs(1)), library, key)
    assert list(library.load(key).models) == ["old", "old-2", "old-3"]


def test_a_file_without_ids_joins_by_order(library, key, tmp_path):
    np.save(tmp_path / "new.npy", probs(1))
    opening = Opening([Source("new.npy", tmp_path / "new.npy")])
    model, lines = added(opening, library, key)
    assert model.values[0] == pytest.approx(probs(1))
    assert "by order" in lines[0]
    assert "numbers its classes" in lines[1]


def test_answers_alone_may_lack_a_class(library, key, tmp_path):
    path = tmp_path / "answers.csv"
    said = ["fox" if n % 2 else "cat" for n in range(NUM_ITEMS)]
    path.write_text("id,prediction\n" + "\n".join(f"item-{n},{s}" for n, s in enumerate(said)))
    model, _ = added(Opening([Source(path.name, path)]), library, key)
    assert [CLASSES[k] for k in model.scores["prediction"]] == said


def test_labels_that_are_not_the_studys_are_counted_and_do_not_count(library, key, tmp_path):
    labels = [CLASSES[(n + (n < 2)) % 3] for n in range(NUM_ITEMS)]
    before = library.load(key).dataset.labels.tolist()
    _, lines = added(save(tmp_path / "new.csv", probs(1), labels=labels), library, key)
    assert "On 2 items of 12" in lines[-1]
    assert library.load(key).dataset.labels.tolist() == before


@pytest.mark.parametrize(
    ("ids", "names", "said"),
    [
        ([f"item-{n + 6}" for n in range(NUM_ITEMS)], CLASSES, "6 are missing (item-0, item-1)"),
        ([f"item-{n + 1}" for n in range(NUM_ITEMS)], CLASSES, "1 is missing (item-0) and 1 row"),
        ([f"other-{n}" for n in range(NUM_ITEMS)], CLASSES, "None of the file’s ids"),
        (None, ("cat", "dog", "owl"), "has the classes owl"),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_the_study_as_it_is(
    library, key, tmp_path, ids, names, said
):
    before = sorted(str(p) for p in (library.root / key).rglob("*"))
    opening = save(tmp_path / "new.csv", probs(1), ids, names)
    with pytest.raises(StudyError, match=said.replace("(", r"\(").replace(")", r"\)")):
        opening.join(opening.read(), library, key)
    assert sorted(str(p) for p in (library.root / key).rglob("*")) == before


def test_another_number_of_rows_without_ids_is_refused(library, key, tmp_path):
    np.save(tmp_path / "new.npy", probs(1)[:7])
    opening = Opening([Source("new.npy", tmp_path / "new.npy")])
    with pytest.raises(StudyError, match="7 rows and the study 12 items"):
        opening.join(opening.read(), library, key)


def test_a_card_that_cannot_be_written_leaves_no_model_behind(library, key, tmp_path, monkeypatch):
    def full(path, content):
        raise OSError("no space left")

    monkeypatch.setattr("core.stored.added_models.replace_file", full)
    opening = save(tmp_path / "new.csv", probs(1))
    joined = opening.join(opening.read(), library, key)
    with pytest.raises(StudyError, match="no space left"):
        opening.add(joined, library, key)
    assert not (library.root / key / "new").exists()
    assert list(library.load(key).models) == ["old"]
