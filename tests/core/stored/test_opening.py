import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from core.reading.read import Source
from core.stored.from_reading import new_study, noun_of
from core.stored.library import Library
from core.stored.opening import Opening, how_to_answer, read_until_final
from core.study.study_error import StudyError

NAMES = ("cat", "dog", "fox")


def answers(num_items=60, num_classes=3, seed=0):
    """Probabilities (N, K) float64 and labels (N,) that they have right four times in five."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, num_classes, num_items)
    logits = rng.normal(size=(num_items, num_classes)) + 2 * np.eye(num_classes)[labels]
    return np.exp(logits) / np.exp(logits).sum(1, keepdims=True), labels


@pytest.fixture
def csv(tmp_path):
    probs, labels = answers()
    frame = pd.DataFrame(probs, columns=NAMES)
    frame["label"] = [NAMES[k] for k in labels]
    frame["image_id"] = [f"img {row}" for row in range(len(labels))]
    path = tmp_path / "preds.csv"
    frame.to_csv(path, index=False)
    return path, probs, labels


def opened(path, root, **options):
    library = Library(root)
    wanted = Opening([Source(path.name, path)], **options)
    key = wanted.write(wanted.read(), library)
    return library.load(key)


def test_a_file_becomes_a_study_with_its_ids_names_and_values(csv, tmp_path):
    path, probs, labels = csv
    study = opened(path, tmp_path / "studies", title="Animals", noun="animal", model="net")
    assert (study.key, study.title, study.dataset.noun) == (
        "animals",
        "Animals",
        ("animal", "animals"),
    )
    assert study.dataset.class_names == NAMES
    assert study.dataset.ids.row("img 7") == 7
    assert np.array_equal(study.dataset.labels, labels)
    model = study.models["net"]
    assert np.array_equal(model.values[0], probs)
    assert np.array_equal(model.scores["prediction"], probs.argmax(1))
    assert model.scores["correct"].mean() == (probs.argmax(1) == labels).mean()


def test_a_title_that_is_not_given_is_the_file_s(csv, tmp_path):
    assert opened(csv[0], tmp_path / "studies").title == "preds"


def test_questions_are_asked_until_none_is_open(tmp_path):
    path = tmp_path / "logits.npz"
    logits = np.random.default_rng(1).normal(size=(40, 4)) * 3
    np.savez(path, logits=logits, labels=np.arange(40) % 4)
    wanted = Opening([Source(path.name, path)])
    asked = []

    def ask(reading):
        asked.append(how_to_answer(reading))
        return {reading.questions[0].key: reading.questions[0].suggested}

    answered, reading = read_until_final(wanted, ask)
    assert len(asked) == 1
    assert "--as logits" in asked[0]
    assert answered.answers == {"as": "logits"}
    with pytest.raises(StudyError, match="open question"):
        new_study(wanted.read(), "Logits")
    assert next(iter(reading.models.values())).kind == "logits"


def test_a_held_out_file_is_where_thresholds_come_from(tmp_path):
    paths = []
    for name, seed in (("test", 0), ("calibration", 1)):
        probs, labels = answers(seed=seed)
        paths.append(tmp_path / f"{name}.npz")
        np.savez(paths[-1], pred_probs=probs, labels=labels)
    held_out = Source(paths[1].name, paths[1])
    study = opened(paths[0], tmp_path / "studies", held_out=held_out, model="Net 1")
    probs, labels = answers(seed=1)
    apart = study.held_out["net-1"]
    assert np.array_equal(apart.values[0], probs)
    assert np.array_equal(apart.scores["label"].to_numpy(np.int64), labels)


def test_pictures_in_the_file_keep_their_column_beside_others(tmp_path):
    probs, labels = answers(8)
    png = bytes.fromhex("89504e470d0a1a0a")
    table = pa.table(
        {
            "probs": pa.array(list(probs)), "label": labels, "image": pa.array([png] * 8),
            "place": ["here"] * 8,
        }
    )  # fmt: skip
    path = tmp_path / "preds.parquet"
    pa.parquet.write_table(table, path)
    study = opened(path, tmp_path / "studies")
    assert study.dataset.images is not None
    assert study.dataset.details.names == ("place",)
    with pytest.raises(ValueError, match="picture of row 3"):
        study.dataset.images.image(3)


def test_one_class_alone_is_no_choice(tmp_path):
    path = tmp_path / "preds.csv"
    path.write_text("prediction,label,confidence\ncat,cat,0.9\ncat,cat,0.8\n")
    wanted = Opening([Source(path.name, path)])
    with pytest.raises(ValueError, match="class"):
        wanted.write(wanted.read(), Library(tmp_path / "studies"))
    assert Library(tmp_path / "studies").list() == []


@pytest.mark.parametrize(
    ("words", "many"),
    [
        ("image", "images"),
        ("leaf/leaves", "leaves"),
        ("box", "boxes"),
        ("entry", "entries"),
        ("day", "days"),
        ("patch", "patches"),
    ],
)
def test_the_plural_follows_or_is_given(words, many):
    assert noun_of(words).many == many


@pytest.mark.parametrize("words", ["", " ", "a/b/c", "/s"])
def test_a_noun_without_a_word_is_refused(words):
    with pytest.raises(StudyError, match="names no item"):
        noun_of(words)
