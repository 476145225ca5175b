"""A map is kept in the study, whole or not at all."""

import numpy as np
import pytest

from core.stored.library import Library
from core.stored.new_study import NewModel, NewStudy
from core.study.study_error import StudyError
from core.study.watched import Stopped, watched

NUM_ITEMS = 60


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "studies")


def add(library, features, num_items=NUM_ITEMS):
    rng = np.random.default_rng(0)
    values = rng.dirichlet(np.ones(3), (1, num_items))
    model = NewModel("net", "The net", values=values, features=features)
    return library.add(NewStudy("Mapped", ["a", "b", "c"], [model]), "mapped")


def test_a_map_is_kept_and_says_how_far_it_is(library, tmp_path):
    key = add(library, np.random.default_rng(1).normal(size=(NUM_ITEMS, 5)))
    assert "map_x" not in library.load(key).models["net"].scores
    shares = []
    with watched(shares.append):
        assert library.keep_map(key, "net") == "t-SNE"
    assert shares == sorted(shares)
    assert shares[-1] == 1
    model = library.load(key).models["net"]
    places = model.scores[["map_x", "map_y"]].to_numpy()
    assert np.isfinite(places).all()
    assert model.map_method == "t-SNE"
    library.pack(key, tmp_path / "study.zip")
    copy = library.load(library.unpack(tmp_path / "study.zip")).models["net"]
    assert np.array_equal(copy.scores[["map_x", "map_y"]].to_numpy(), places)


def test_stopping_keeps_nothing_and_leaves_the_study_as_it_was(library):
    key = add(library, np.random.default_rng(1).normal(size=(NUM_ITEMS, 5)))
    before = sorted(path.name for path in (library.root / key).rglob("*"))

    def stop(share):
        raise Stopped

    with watched(stop), pytest.raises(Stopped):
        library.keep_map(key, "net")
    assert sorted(path.name for path in (library.root / key).rglob("*")) == before
    assert [path.name for path in library.root.iterdir()] == [key]


def test_features_that_are_no_numbers_are_refused_in_a_sentence(library):
    features = np.zeros((NUM_ITEMS, 5))
    features[3] = np.inf
    key = add(library, features)
    with pytest.raises(StudyError, match=r"row 3 hold NaN or infinity\.$"):
        library.keep_map(key, "net")


def test_a_model_without_features_says_what_would_bring_them(library):
    with pytest.raises(StudyError, match="an array `features`"):
        library.keep_map(add(library, None), "net")
