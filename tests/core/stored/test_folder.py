import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.measures.score_predictions import score_answers, score_values
from core.stored.folder import (
    NewModel,
    NewStudy,
    StudyError,
    check_study,
    open_study,
    write_study,
)
from tests.core.stored.made_studies import NUM_ITEMS, made_study

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
    assert (study.dataset.num_people == new.num_people).all()
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
