"""What is shown is read by the command `open`, and stands in the study as it was given."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from core.stored.library import Library
from penumbra.read_arrays import read

RNG = np.random.default_rng(0)
NAMES = ["cat", "dog", "fox"]
PROBS = RNG.dirichlet(np.ones(3), 40)
CODES = RNG.integers(0, 3, 40)


@pytest.fixture
def shown(tmp_path):
    """Reads arguments of `show`; gives the report and the study."""

    def reads(**arguments):
        arguments = {name: given for name, given in arguments.items() if given is not None}
        places = {"PENUMBRA_STUDIES": str(tmp_path / "studies")}
        told = read(arguments, tmp_path / "files", places)
        assert not (tmp_path / "files").exists()
        return told, Library(tmp_path / "studies").load("shown")

    return reads


def test_everything_that_is_given_stands_in_the_study(shown):
    members = np.stack([PROBS, PROBS[::-1]])
    images = RNG.integers(0, 256, (40, 8, 8), dtype=np.uint8)
    told, study = shown(
        probs=members, labels=[NAMES[code] for code in CODES], class_names=NAMES, images=images,
        texts=pl.Series([f"text {row}" for row in range(40)]), ids=pd.Series(range(100, 140)),
        columns={"c0": range(40), "c1": range(40), "label_2": ["x"] * 40, "prediction": range(40)},
        features=RNG.normal(size=(40, 2)), held_out=(members[:, :30], CODES[:30]),
        title="Theirs", noun="leaf/leaves",
    )  # fmt: skip
    (model,) = study.models.values()
    assert np.array_equal(model.values, members)
    assert study.dataset.class_names == tuple(NAMES)
    assert np.array_equal(study.dataset.labels, CODES)
    assert study.dataset.ids.take([0, 39]) == ["100", "139"]
    assert (study.dataset.title, study.dataset.noun.many) == ("Theirs", "leaves")
    assert np.array_equal(study.dataset.images.image(7), images[7])
    assert study.dataset.details.text == "text"
    row = study.dataset.details.take([3]).iloc[0]
    assert (row["text"], row["c1"], row["label_2"], row["prediction"]) == ("text 3", 3, "x", 3)
    assert model.features.shape == (40, 2)
    assert np.array_equal(next(iter(study.held_out.values())).values, members[:, :30])
    assert told["items"] == 40


def test_models_are_told_apart_by_their_names(shown):
    probs = {"last month": PROBS, "vit/train": PROBS[:, ::-1]}
    _, study = shown(probs=probs, labels=CODES, held_out=(probs, CODES))
    assert [model.title for model in study.models.values()] == ["last month", "vit_train"]
    for given, model in zip(probs.values(), study.models.values(), strict=True):
        assert np.array_equal(model.values[0], given)
    assert len(study.held_out) == 2


def test_a_table_is_read_like_a_file(shown):
    frame = pd.DataFrame(PROBS, columns=NAMES, index=[f"row {row}" for row in range(40)])
    _, study = shown(probs=frame.assign(label=[NAMES[code] for code in CODES]))
    assert study.dataset.class_names == tuple(NAMES)
    assert np.array_equal(study.dataset.labels, CODES)
    assert study.dataset.ids.take([0]) == ["row 0"]


def test_tables_of_several_models_are_joined_by_id_and_by_the_names_of_classes(shown):
    first = pd.DataFrame(PROBS, columns=NAMES, index=[f"row {row}" for row in range(40)])
    second = first[NAMES[::-1]].iloc[::-1][:20]
    told, study = shown(probs={"old": first, "new": second}, labels=None)
    assert len(study.dataset) == 20
    assert any("20 items that not every file has" in sentence for sentence in told["report"])
    old, new = study.models.values()
    assert np.array_equal(old.values, new.values)


def test_logits_answers_gaps_and_shares(shown):
    _, study = shown(probs=PROBS * 9, labels=[None, *CODES[1:].tolist()], kind="logits")
    assert next(iter(study.models.values())).kind == "logits"
    assert study.dataset.labels[0] == -1


def test_answers_with_their_confidence_are_enough(shown):
    _, study = shown(predictions=PROBS.argmax(1), confidence=PROBS.max(1), labels=CODES)
    assert next(iter(study.models.values())).tier == "top-1"


def test_shares_of_people_are_labels_too(shown):
    _, study = shown(probs=PROBS, labels=RNG.dirichlet(np.ones(3), 40))
    assert study.dataset.label_shares.shape == (40, 3)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "There is nothing to show; give probs, or predictions."),
        ({"probs": PROBS * 9}, "kind='logits'"),
        ({"probs": PROBS, "labels": CODES[1:]}, "labels has 39 rows and probs has 40"),
        ({"probs": PROBS, "class_names": ["a"]}, "probs has 3 columns of scores"),
        ({"probs": PROBS, "ids": ["a"] * 40}, "columns: the id 'a'"),
        ({"probs": PROBS, "held_out": PROBS}, r"held_out must be a pair: \(probs, labels\)"),
        ({"probs": {"a": PROBS, "b": PROBS[:, :2]}}, r"probs\['b'\] has 2 classes"),
        ({"probs": {"a/b": PROBS, "a:b": PROBS}}, "Two models are called 'a_b'"),
        (
            {"probs": {"vit_val": pd.DataFrame(PROBS), "b": pd.DataFrame(PROBS)}},
            "'vit_val' would be taken for 'val' data",
        ),
        (
            {"probs": {n: pd.DataFrame(PROBS, columns=list(n)) for n in ("abc", "abd")}},
            r"probs\['abd'\] lacks the class 'c' of probs\['abc'\]",
        ),
        ({"probs": "nowhere.csv"}, "nowhere.csv does not exist"),
        ({"probs": PROBS, "texts": ["a"], "ids": ["a", "b"]}, "text 1, id 2|id 2, text 1"),
        ({"probs": np.zeros((0, 3))}, "."),
    ],
)
def test_what_cannot_be_read_is_said_in_the_words_of_show(tmp_path, arguments, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        read(arguments, tmp_path / "files", {"PENUMBRA_STUDIES": str(tmp_path / "studies")})
    assert "--" not in str(caught.value)
    assert "npz" not in str(caught.value)
    assert "\n" not in str(caught.value)
