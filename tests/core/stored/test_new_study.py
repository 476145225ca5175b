import numpy as np
import pytest

from core.stored.folder import NewModel, StudyError, write_study
from tests.core.stored.made_studies import NUM_ITEMS, made_study

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
