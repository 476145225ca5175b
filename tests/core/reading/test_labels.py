"""Labels as numbers, names, columns, shares; from 0 or from 1."""

import numpy as np
import pytest

from core.study.dataset import UNLABELLED
from tests.core.reading import made_files as made
from tests.core.reading.made_files import IDS, LABELS, NAMES, PROBS, K, N, keys, lines

ONE_HOT = np.eye(K, dtype=np.int64)[LABELS]


def read(folder, labels, answers=None, **more):
    return folder.read(("a.npz", made.npz(probs=PROBS, labels=labels, **more)), answers=answers)


def refusal(folder, labels, answers=None, **options):
    content = made.npz(probs=PROBS, labels=labels)
    return folder.refusal(("a.npz", content), answers=answers, **options)


def text(folder, columns, **options):
    return folder.read(("a.csv", made.csv(columns)), **options)


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.float32, np.float64])
def test_numbers_from_zero_are_codes_of_any_type(folder, dtype):
    reading = read(folder, LABELS.astype(dtype))
    assert reading.is_final
    assert np.array_equal(reading.labels, LABELS)
    assert reading.class_names == ("0", "1", "2", "3")


def test_numbers_from_one_are_asked_about(folder):
    reading = read(folder, LABELS + 1)
    assert keys(reading) == ["labels-from"]
    assert reading.questions[0].suggested == "1"
    one = read(folder, LABELS + 1, {"labels-from": "1"})
    assert one.is_final
    assert np.array_equal(one.labels, LABELS)
    assert one.class_names == ("1", "2", "3", "4")
    zero = read(folder, LABELS + 1, {"labels-from": "0"})
    assert zero.is_final
    assert np.array_equal(zero.labels, np.where(LABELS == K - 1, UNLABELLED, LABELS + 1))


def test_columns_numbered_from_one_settle_labels_from_one(folder):
    columns = made.scores(PROBS, "class_", range(1, K + 1)) | {"label": LABELS + 1}
    reading = text(folder, columns)
    assert reading.is_final
    assert np.array_equal(reading.labels, LABELS)


@pytest.mark.parametrize("prefix", ["", "prob_", "logit ", "P(", "proba."])
def test_names_of_columns_settle_labels_by_name(folder, prefix):
    reading = text(folder, made.scores(PROBS, prefix, NAMES) | {"label": NAMES[LABELS]})
    assert reading.is_final
    assert np.array_equal(reading.labels, LABELS)
    assert reading.class_names == tuple(NAMES)


def test_names_beside_numbered_columns_are_asked_about(folder):
    reading = text(folder, made.scores() | {"label": NAMES[LABELS]})
    assert keys(reading) == ["class-order"]
    assert {option.value for option in reading.questions[0].options} == {"sorted", "first-seen"}
    assert reading.questions[0].suggested == "sorted"
    first_seen = tuple(dict.fromkeys(NAMES[LABELS]))
    content = made.csv(made.scores() | {"label": NAMES[LABELS]})
    for order, names in (("sorted", tuple(NAMES)), ("first-seen", first_seen)):
        again = folder.read(("a.csv", content), answers={"class-order": order})
        assert again.is_final
        assert again.class_names == names


def test_a_list_of_class_names_settles_them(folder):
    for name, content in (("c.txt", "\n".join(NAMES)), ("c.json", '["cat", "dog", "emu", "fox"]')):
        reading = folder.read(
            ("a.npz", made.npz(probs=PROBS, labels=NAMES[LABELS])),
            class_names=folder.source(name, content),
        )
        assert reading.is_final
        assert np.array_equal(reading.labels, LABELS)
    assert read(folder, NAMES[LABELS], class_names=NAMES).class_names == tuple(NAMES)


def test_class_names_of_another_number_are_refused(folder):
    options = {"class_names": folder.source("c.txt", "cat\ndog\n")}
    assert "2 class names" in refusal(folder, NAMES[LABELS], **options)
    options = {"class_names": folder.source("c.txt", "cat\ndog\ncat\nemu\n")}
    assert "'cat' twice" in refusal(folder, NAMES[LABELS], **options)


def test_a_label_without_a_column_is_asked_about(folder):
    labels = np.where(LABELS == 2, 9, LABELS)
    reading = read(folder, labels)
    assert keys(reading) == ["unknown-labels"]
    assert f"{(LABELS == 2).sum():,} rows" in reading.questions[0].evidence[0]
    kept = read(folder, labels, {"unknown-labels": "unlabelled"})
    assert np.array_equal(kept.labels, np.where(LABELS == 2, UNLABELLED, LABELS))
    assert "'9'" in refusal(folder, labels, {"unknown-labels": "refuse"})


def test_labels_that_are_none_of_the_classes_are_refused(folder):
    columns = made.scores(PROBS, "", NAMES) | {"label": np.array(["x", "y"])[LABELS % 2]}
    assert "'label'" in folder.refusal(("a.csv", made.csv(columns)))


def test_missing_labels_stay_missing(folder):
    labels = LABELS.astype(object)
    labels[3], labels[5] = "", ""
    reading = text(folder, made.scores() | {"label": labels})
    assert reading.is_final
    assert np.flatnonzero(reading.labels == UNLABELLED).tolist() == [3, 5]
    minus = read(folder, np.where(np.arange(N) < 4, -1, LABELS))
    assert np.flatnonzero(minus.labels == UNLABELLED).tolist() == [0, 1, 2, 3]
    nan = read(folder, np.where(np.arange(N) < 4, np.nan, LABELS))
    assert np.array_equal(nan.labels, minus.labels)


def test_all_labels_may_be_missing(folder):
    for reading in (read(folder, np.full(N, -1)), folder.read(("a.npy", made.npy(PROBS)))):
        assert reading.is_final
        assert (reading.labels == UNLABELLED).all()
        assert "label" in lines(reading)


def test_one_hot_labels_are_read_from_an_array_and_from_columns(folder):
    assert np.array_equal(read(folder, ONE_HOT).labels, LABELS)
    columns = made.scores(PROBS, "p_", NAMES) | made.scores(ONE_HOT, "true_", NAMES)
    reading = text(folder, {"id": IDS} | columns)
    assert np.array_equal(reading.labels, LABELS)


def test_several_or_no_ones_in_the_labels_are_multi_label(folder):
    for row, value in ((7, 1), (9, 0)):
        labels = ONE_HOT.copy()
        labels[row] = value
        sentence = refusal(folder, labels)
        assert "multi-label" in sentence
        assert f"row {row}" in sentence


def test_lists_of_labels_are_multi_label(folder):
    rows = [{"probs": list(PROBS[row]), "labels": [0, 1][: row % 3]} for row in range(N)]
    content = "\n".join(map(made.json.dumps, rows))
    assert "multi-label" in folder.refusal(("a.jsonl", content))


def test_shares_of_people_become_label_shares(folder):
    counts = np.random.default_rng(3).integers(0, 9, (N, K)) + 2 * ONE_HOT
    reading = folder.read(("a.npz", made.npz(probs=PROBS, labels=LABELS, human_labels=counts)))
    assert np.array_equal(reading.labels, LABELS)
    assert reading.label_shares == pytest.approx(counts / counts.sum(1, keepdims=True), rel=1e-6)
    assert np.array_equal(reading.num_people, counts.sum(1))


def test_shares_that_do_not_sum_to_one_are_divided_and_said(folder):
    shares = np.random.default_rng(3).dirichlet(np.ones(K), N)
    shares[0] *= 1.5
    reading = folder.read(("a.npz", made.npz(probs=PROBS, labels=LABELS, label_shares=shares)))
    assert reading.label_shares.sum(1) == pytest.approx(1, rel=1e-6)
    assert reading.num_people is None
    assert any("divided by their sum, 1.5 to 1.5" in line for line in reading.report.lines())


def test_several_valid_answers_and_none_are_kept_as_such(folder):
    valid = ONE_HOT.copy()
    valid[0], valid[1] = 0, 1
    reading = folder.read(("a.npz", made.npz(probs=PROBS, labels=LABELS, label_shares=valid)))
    assert np.isnan(reading.label_shares[0]).all()
    assert reading.label_shares[1] == pytest.approx(1 / K)


def test_labels_by_several_people_become_shares(folder):
    people = np.stack([LABELS, LABELS, (LABELS + 1) % K, np.full(N, -1), LABELS], axis=1)
    reading = folder.read(("a.npz", made.npz(probs=PROBS, annotators=people)))
    assert np.array_equal(reading.labels, LABELS)
    assert np.allclose(reading.label_shares[np.arange(N), LABELS], 3 / 4)
    assert np.allclose(reading.label_shares.sum(1), 1)
    assert (reading.num_people == 4).all()
    assert any("1 person labelled nothing" in line for line in reading.report.lines())


def test_several_columns_of_labels_are_asked_about_only_where_they_differ(folder):
    same = made.scores() | {"label": LABELS, "target": LABELS}
    assert text(folder, same).is_final
    differ = made.scores() | {"label": LABELS, "target": (LABELS + 1) % K}
    assert keys(text(folder, differ)) == ["label"]
    chosen = text(folder, differ, label="target")
    assert chosen.is_final
    assert np.array_equal(chosen.labels, (LABELS + 1) % K)


def test_a_label_that_is_also_a_class_column_is_refused(folder):
    columns = made.scores(PROBS, "", NAMES) | {"label": NAMES[LABELS]}
    sentence = folder.refusal(("a.csv", made.csv(columns)), label="cat")
    assert "'cat'" in sentence
    assert "--label" in sentence


def test_classes_called_true_and_false_are_not_taken_for_the_label(folder):
    probs = np.column_stack([PROBS[:, 0], 1 - PROBS[:, 0]])
    columns = {"true": probs[:, 0], "false": probs[:, 1],
               "label": np.where(LABELS == 0, "true", "false")}  # fmt: skip
    reading = text(folder, columns)
    assert reading.is_final
    assert reading.class_names == ("true", "false")
    assert np.array_equal(reading.labels, np.where(LABELS == 0, 0, 1))


def test_an_empty_class_and_a_single_class_are_noted(folder):
    reading = read(folder, np.where(LABELS == 2, 1, LABELS))
    assert "1 class without an item: 2" in lines(reading)
    assert "every label is '1'" in lines(read(folder, np.full(N, 1)))


def test_column_names_differ_in_case_only(folder):
    columns = made.scores(PROBS, "", ["Cat", "DOG", "emu", "Fox"]) | {"label": NAMES[LABELS]}
    reading = text(folder, columns)
    assert np.array_equal(reading.labels, LABELS)
    assert reading.class_names == ("Cat", "DOG", "emu", "Fox")


def test_a_column_of_labels_without_one_value_is_no_label(folder):
    for empty in (made.pa.nulls(N), made.pa.nulls(N, made.pa.string()), made.pa.nulls(N, "int64")):
        table = made.pa.table({f"p{code}": PROBS[:, code] for code in range(K)} | {"label": empty})
        buffer = made.io.BytesIO()
        made.pq.write_table(table, buffer)
        reading = folder.read(("a.parquet", buffer.getvalue()))
        assert (reading.labels == UNLABELLED).all()
        assert reading.is_final


@pytest.mark.parametrize("scores", ["two columns", "one number"])
def test_plus_and_minus_one_are_two_classes(folder, scores):
    signs = 2 * (LABELS > 1) - 1
    columns = {"label": signs.astype(float)}
    if scores == "one number":
        columns |= {"y_score": PROBS[:, 0]}
    else:
        columns |= {"p0": 1 - PROBS[:, 0], "p1": PROBS[:, 0]}
    reading = folder.read(("a.csv", made.csv(columns)), answers={"positive": "1"})
    assert reading.is_final
    assert reading.class_names == ("-1", "1")
    assert np.array_equal(reading.labels, (signs > 0).astype(int))
    assert np.array_equal(reading.models["a"].values[0][:, 1], PROBS[:, 0])


def test_minus_one_beside_other_numbers_is_no_label(folder):
    labels = np.where(np.arange(N) < 5, -1, LABELS)
    reading = folder.read(("a.npz", made.npz(probs=PROBS, labels=labels)))
    assert np.array_equal(reading.labels, labels)
