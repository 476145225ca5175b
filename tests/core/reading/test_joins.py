"""Files joined by ids or by order, and held-out parts."""

import numpy as np
import pytest

from core.study.dataset import UNLABELLED
from core.trust.metrics import accuracy, aurc, brier, ece, nll
from tests.core.reading import made_files as made
from tests.core.reading.made_files import IDS, LABELS, LOGITS, NAMES, PROBS, K, N, keys, lines

SHUFFLED = np.random.default_rng(7).permutation(N)


def predictions(ids=IDS, probs=PROBS):
    return made.csv({"image": ids} | made.scores(probs, "", NAMES))


def truth(rows=SHUFFLED, **more):
    return made.csv({"image_id": np.array(IDS)[rows], "dx": NAMES[LABELS[rows]]} | more)


def test_two_files_are_joined_by_id_whatever_their_order(folder):
    reading = folder.read(("p.csv", predictions()), ("t.csv", truth(age=np.arange(N))))
    assert reading.is_final
    assert np.array_equal(reading.labels, LABELS)
    assert reading.columns["age"].to_pylist() == np.argsort(SHUFFLED).tolist()
    assert "t.csv: joined by id (40 of 40 rows)" in lines(reading)


def test_names_of_files_match_without_folders_and_endings(folder):
    named = [f"test/{name}.jpg" for name in IDS]
    reading = folder.read(("p.csv", predictions(named)), ("t.csv", truth()))
    assert np.array_equal(reading.labels, LABELS)
    assert "without folders and file endings" in lines(reading)


def test_ids_of_which_some_match_leave_the_others_unlabelled_and_counted(folder):
    reading = folder.read(("p.csv", predictions()), ("t.csv", truth(np.arange(5, N))))
    assert (reading.labels[:5] == UNLABELLED).all()
    assert np.array_equal(reading.labels[5:], LABELS[5:])
    assert "5 ids not in it: im000, im001" in lines(reading)


def test_items_that_one_model_lacks_are_set_aside(folder):
    other = made.csv({"image": IDS[3:]} | made.scores(PROBS[3:], "", NAMES))
    reading = folder.read(("vit.csv", predictions()), ("resnet.csv", other), ("t.csv", truth()))
    assert reading.ids.to_pylist() == IDS[3:]
    assert np.array_equal(reading.labels, LABELS[3:])
    for model in reading.models.values():
        assert np.array_equal(model.values[0], PROBS[3:])
    (aside,) = reading.report.of("set aside")
    assert (aside.rows, aside.of) == (3, N)


def test_ids_of_which_none_match_are_refused(folder):
    other = [f"x{row}" for row in range(N)]
    sentence = folder.refusal(("p.csv", predictions(other)), ("t.csv", truth()))
    assert "none of its ids" in sentence
    assert "--id" in sentence


def test_ids_that_repeat_are_refused_with_both_rows(folder):
    sentence = folder.refusal(("p.csv", predictions([*IDS[:-1], IDS[2]])))
    assert "'im002'" in sentence
    assert "rows 2 and 39" in sentence
    by_row = folder.read(("p.csv", predictions([*IDS[:-1], IDS[2]])), id="none")
    assert by_row.ids is None
    sentence = folder.refusal(("p.csv", predictions()), ("t.csv", truth(np.append(SHUFFLED, 0))))
    assert sentence.startswith("t.csv")


def test_ids_keep_their_zeros(folder):
    ids = [f"{row:05}" for row in range(N)]
    reading = folder.read(("p.csv", made.csv({"id": ids} | made.scores())))
    assert reading.ids.to_pylist() == ids


def test_different_numbers_of_rows_without_ids_are_refused(folder):
    sentence = folder.refusal(("probs.npy", made.npy(PROBS)), ("labels.npy", made.npy(LABELS[:37])))
    assert "37 rows" in sentence
    assert "labels.npy" in sentence
    assert "probs.npy" in sentence
    sentence = folder.refusal(
        ("vit.npy", made.npy(PROBS)), ("resnet.npy", made.npy(PROBS[:30])),
        answers={"files": "models"},
    )  # fmt: skip
    assert "30 rows" in sentence


def test_a_class_that_another_file_lacks_is_named(folder):
    three = made.csv({"image": IDS} | made.scores(PROBS[:, :3] / PROBS[:, :3].sum(1, keepdims=True),
                                                  "", NAMES[:3]))  # fmt: skip
    sentence = folder.refusal(("vit.csv", predictions()), ("resnet.csv", three))
    assert "resnet.csv" in sentence
    assert "'fox'" in sentence
    sentence = folder.refusal(("vit.npy", made.npy(PROBS)), ("resnet.npy", made.npy(PROBS[:, :3])))
    assert "classes" in sentence


def test_files_that_disagree_on_a_label_are_asked_about(folder):
    one = made.csv({"id": IDS} | made.scores() | {"label": LABELS})
    wrong = LABELS.copy()
    wrong[11] = (wrong[11] + 1) % K
    other = made.csv({"id": IDS} | made.scores() | {"label": wrong})
    files = [("vit.csv", one), ("resnet.csv", other)]
    reading = folder.read(*files)
    assert keys(reading) == ["labels-file"]
    assert "1 row, row 11" in reading.questions[0].evidence[0]
    chosen = folder.read(*files, answers={"labels-file": "resnet.csv"})
    assert np.array_equal(chosen.labels, wrong)
    named = folder.read(
        *files, labels=folder.source("t.csv", made.csv({"id": IDS, "label": LABELS}))
    )
    assert named.is_final
    assert np.array_equal(named.labels, LABELS)


def test_one_hot_ground_truth_beside_probabilities_is_the_label(folder):
    hot = np.eye(K)[LABELS][SHUFFLED]
    content = made.csv({"image": np.array(IDS)[SHUFFLED]} | made.scores(hot, "", NAMES))
    named = folder.read(("p.csv", predictions()), ("Test_GroundTruth.csv", content))
    assert named.is_final
    assert np.array_equal(named.labels, LABELS)
    other = folder.read(("p.csv", predictions()), ("other.csv", content))
    assert keys(other) == ["one-hot"]


def test_a_held_out_part_is_read_from_the_names_of_arrays(folder):
    content = made.npz(val_logits=LOGITS, val_labels=LABELS, test_logits=LOGITS[:9],
                       test_labels=LABELS[:9])  # fmt: skip
    reading = folder.read(("a.npz", content), answers={"as": "logits"})
    assert reading.is_final
    assert len(reading) == 9
    assert np.array_equal(reading.held_out.labels, LABELS)
    assert np.array_equal(reading.held_out.models["a"].values[0], LOGITS)


def test_a_held_out_file_is_read_like_the_others(folder):
    main = ("test.csv", made.csv(made.scores() | {"label": NAMES[LABELS]}))
    held_out = folder.source(
        "cal.csv", made.csv(made.scores(PROBS[:7]) | {"label": NAMES[LABELS[:7]]})
    )
    reading = folder.read(main, held_out=held_out, answers={"class-order": "sorted"})
    assert np.array_equal(reading.held_out.labels, LABELS[:7])
    assert list(reading.held_out.models) == list(reading.models)


def test_a_folder_and_a_zip_of_arrays_are_one_study(folder, tmp_path):
    (tmp_path / "study").mkdir()
    for name, values in (("pred_probs", PROBS), ("labels", LABELS), ("features", LOGITS)):
        np.save(tmp_path / "study" / f"{name}.npy", values)
    (tmp_path / "study" / ".hidden").write_text("x")
    (tmp_path / "study" / "README.md").write_text("# Notes")
    readings = [made.read_files([made.Source("study", tmp_path / "study")])]
    files = {f"s/{n}.npy": made.npy(v) for n, v in
             (("pred_probs", PROBS), ("labels", LABELS), ("features", LOGITS))}  # fmt: skip
    readings.append(folder.read(("s.zip", made.zip_of({**files, "s/README.md": "# Notes"}))))
    for reading in readings:
        assert reading.is_final
        assert np.array_equal(reading.labels, LABELS)
        (model,) = reading.models.values()
        assert np.array_equal(model.features, LOGITS)
        assert "not read" in lines(reading)


def test_permuting_columns_rows_and_ids_changes_no_metric(folder):
    rng = np.random.default_rng(8)
    reading = folder.read(("p.csv", predictions()), ("t.csv", truth()))
    for _ in range(5):
        rows, columns = rng.permutation(N), rng.permutation(K)
        content = made.csv({"image": np.array(IDS)[rows]}
                           | made.scores(PROBS[rows][:, columns], "", NAMES[columns]))  # fmt: skip
        other = folder.read(("p.csv", content), ("t.csv", truth(rng.permutation(N))))
        assert metrics(other) == pytest.approx(metrics(reading), abs=1e-12)
        assert by_id(other) == by_id(reading)


def metrics(reading):
    """Every metric; the last bits of a sum may depend on its order."""
    probs, labels = reading.models["p"].values[0], reading.labels
    surest, right = probs.max(1), probs.argmax(1) == labels
    return [
        *(metric(probs, labels) for metric in (accuracy, nll, brier)),
        ece(surest, right),
        aurc(surest, right),
    ]


def by_id(reading):
    """Each id with its label's name and all its probabilities by name."""
    names, values = reading.class_names, reading.models["p"].values[0]
    rows = zip(reading.ids.to_pylist(), reading.labels, values.tolist(), strict=True)
    return {id: (names[label], dict(zip(names, row, strict=True))) for id, label, row in rows}
