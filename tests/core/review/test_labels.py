import io

import numpy as np
import pandas as pd
import pytest

from core.measures.score_predictions import score_values
from core.review.label_files import load_labels
from core.review.labels import codes_of, correct_labels, labels_npz, usable
from core.study.dataset import UNLABELLED
from core.study.ids import NamedIds
from core.study.predictions import Predictions
from core.study.spreadsheets import harmless_csv
from core.trust.evaluation import evaluate_predictions

GIVEN = np.array([4, 1, 7, 3, 5, 2], dtype=np.uint8)


def decided(*rows):
    """(item, reviewer, decision, new_label) -> what current_decisions gives."""
    frame = pd.DataFrame(rows, columns=["item", "reviewer", "decision", "new_label"])
    return frame.astype({"new_label": "Int64", "item": "str"}).set_index("item")


CURRENT = decided(
    ("u", "Ada", "relabel", 9),
    ("u", "Bob", "relabel", 9),
    ("v", "Ada", "keep", None),
    ("w", "Ada", "relabel", 1),
    ("w", "Bob", "keep", None),
    ("x", "Bob", "unclear", None),
    ("y", "Bob", "none of these", None),
    ("z", "Bob", "skip", None),
)
IDS = NamedIds(list("uvwxyz"))
EXPECTED = [9, 1, 7, 3, 5, 2]
USABLE = [True, True, True, False, False, True]


@pytest.fixture
def corrected():
    return correct_labels(GIVEN, CURRENT, IDS).table


def test_decisions_are_applied_where_reviewers_agree(corrected):
    assert corrected.index.tolist() == list("uvwxyz")
    assert corrected["label"].tolist() == EXPECTED
    statuses = ["relabel", "keep", "disputed", "unclear", "none of these", "as given"]
    assert corrected["status"].tolist() == statuses
    assert corrected["given_label"].tolist() == GIVEN.tolist()
    assert usable(corrected).usable.tolist() == USABLE


def test_decisions_on_items_that_are_not_in_the_data_set_are_counted_and_left_out(corrected):
    more = decided(("gone", "Ada", "relabel", 1), ("gone", "Bob", "keep", None))
    found = correct_labels(GIVEN, pd.concat([CURRENT, more]), IDS)
    assert found.num_unknown == 2
    pd.testing.assert_frame_equal(found.table, corrected)
    assert correct_labels(GIVEN, CURRENT, IDS).num_unknown == 0


def test_without_decisions_the_labels_stay(corrected):
    untouched = correct_labels(GIVEN, decided(), IDS).table
    assert untouched["label"].tolist() == GIVEN.tolist()
    assert untouched.dtypes.equals(corrected.dtypes)


@pytest.mark.parametrize("ending", ["csv", "npz"])
def test_a_file_comes_back_as_it_was_taken_away(corrected, tmp_path, ending):
    path = tmp_path / f"labels.{ending}"
    if ending == "csv":
        corrected.sample(frac=1, random_state=0).to_csv(path)
    else:
        path.write_bytes(labels_npz(corrected))
    found = load_labels(path, GIVEN, 10, IDS)
    assert found.labels.tolist() == EXPECTED
    assert found.usable.tolist() == USABLE


def test_ids_that_would_start_a_formula_come_back_too(tmp_path):
    ids = NamedIds(["=1+1", "+1", "-1", "@a", "'b", "c"])
    path = tmp_path / "labels.csv"
    path.write_text(harmless_csv(correct_labels(GIVEN, decided(), ids).table))
    assert load_labels(path, GIVEN, 10, ids).labels.tolist() == GIVEN.tolist()


def test_a_file_of_the_first_version_is_read_by_row_and_with_its_old_words(tmp_path):
    rows = zip(
        range(6), EXPECTED, ["relabel", *["keep"] * 3, "not a digit", "unclear"], strict=True
    )
    lines = [f"{row},{label},{status}\n" for row, label, status in rows]
    (tmp_path / "labels.csv").write_text("index,label,status\n" + "".join(reversed(lines)))
    found = load_labels(tmp_path / "labels.csv", GIVEN, 10)
    assert found.labels.tolist() == EXPECTED
    assert found.usable.tolist() == [True] * 4 + [False] * 2


def test_a_csv_as_excel_saves_it_is_read(tmp_path):
    path = tmp_path / "labels.csv"
    lines = "".join(f"{i},{label}\r\n" for i, label in enumerate(EXPECTED))
    path.write_bytes(b"\xef\xbb\xbf" + f"index,label\r\n{lines}".encode())
    assert load_labels(path, GIVEN, 10).labels.tolist() == EXPECTED


ROWS = "0,4\n1,1\n2,7\n3,3\n4,5\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"index,label\n{ROWS}", "5 labels where the data set has 6"),
        (f"index,label\n{ROWS}5,2\n6,2\n", "the index '6', which the data set lacks"),
        (f"index,label\n{ROWS}5,10\n", "unknown class 10 at 5"),
        (f"index,label\n{ROWS}5,-1\n", "line 7, column label: '-1'"),
        (f"index,label\n{ROWS}5,2.0\n", "line 7, column label: '2.0'"),
        (f"index,label\n{ROWS}5,\n", "line 7, column label: ''"),
        (f"index,label\n{ROWS}5,99999999999999999999\n", "is not a whole number"),
        (f"index,label\n{ROWS}4,2\n", "more than once"),
        (f"index,label\n{ROWS}9,2\n", "the index '9', which the data set lacks"),
        (f"index,class\n{ROWS}5,2\n", "columns id and label"),
        (f"index;label\n{ROWS}5,2\n", "columns id and label"),
        (f"index,label\n{ROWS}5,2,3,4\n", "is no CSV file"),
        ("index,label,status\n0,4,wrong\n", "unknown status 'wrong'"),
        ("index,label\n", "0 labels"),
        ("", "is no CSV file"),
        ("index,label,given_label\n0,4,4\n1,1,1\n2,7,7\n3,3,3\n4,5,5\n5,2,8\n", "another data set"),
    ],
)
def test_a_wrong_csv_says_so_in_one_line(tmp_path, text, message):
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=message) as caught:
        load_labels(path, GIVEN, 10)
    assert "\n" not in str(caught.value).strip()
    assert "labels.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"labels": GIVEN[:5]}, "5 labels where the data set has 6"),
        ({"labels": GIVEN + 8}, "unknown class 12 at 0"),
        ({"labels": GIVEN.astype(int) - 2}, "unknown class -1 at 1"),
        ({"labels": GIVEN.astype(float)}, "whole numbers"),
        ({"labels": GIVEN[None]}, "whole numbers"),
        ({"y": GIVEN}, "as labels, it has none"),
        ({"labels": GIVEN, "usable": GIVEN}, "as usable"),
        ({"labels": GIVEN, "given_labels": GIVEN[:3]}, "given_labels"),
        ({"labels": GIVEN, "given_labels": GIVEN[::-1]}, "another data set"),
        ({"labels": np.array([None] * 6, dtype=object)}, "is no NPZ file"),
    ],
)
def test_a_wrong_npz_says_so_in_one_line(tmp_path, arrays, message):
    path = tmp_path / "labels.npz"
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=message):
        load_labels(path, GIVEN, 10)


@pytest.mark.parametrize("name", ["labels.csv", "labels.npz"])
@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\xff\xfe", b"PK\x03\x04 broken", b"\x93NUMPY", b""]
)
def test_a_file_of_another_kind_says_so(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match=name):
        load_labels(path, GIVEN, 10)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_or_damaged_archive_says_so(corrected, tmp_path, share):
    whole = labels_npz(corrected)
    cut = int(len(whole) * share)
    for content in (whole[:cut], whole[:60] + bytes(9) + whole[69:]):
        (tmp_path / "labels.npz").write_bytes(content)
        with pytest.raises(ValueError, match="labels"):
            load_labels(tmp_path / "labels.npz", GIVEN, 10)


def test_a_bare_array_under_the_name_of_an_archive_says_so(tmp_path):
    buffer = io.BytesIO()
    np.save(buffer, GIVEN)
    (tmp_path / "labels.npz").write_bytes(buffer.getvalue())
    with pytest.raises(ValueError, match="labels"):
        load_labels(tmp_path / "labels.npz", GIVEN, 10)


def test_a_missing_file_and_another_ending_say_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="labels"):
        load_labels(tmp_path / "labels.csv", GIVEN, 10)
    with pytest.raises(ValueError, match=r"\.csv or \.npz"):
        load_labels(tmp_path / "labels.txt", GIVEN, 10)


def test_a_correction_the_model_predicted_raises_the_accuracy(corrected):
    prediction = np.array([9, 1, 7, 8, 8, 2])
    logits = np.zeros((1, 6, 10), np.float32)
    logits[0, np.arange(6), prediction] = 5
    model = Predictions(
        "model", "Model", "logits", 1, lambda: logits, lambda: score_values(logits, "logits", GIVEN)
    )
    assert evaluate_predictions(model)["accuracy"] == pytest.approx(3 / 6)
    codes = codes_of(usable(corrected))
    assert np.flatnonzero(codes == UNLABELLED).tolist() == [3, 4]
    found = evaluate_predictions(model, codes)
    assert found["accuracy"] == pytest.approx(4 / 4)
    assert found["num_items"] == 4


def test_a_label_that_is_not_known_is_kept_as_such_and_never_usable():
    given = np.array([1, UNLABELLED, 0])
    corrected = correct_labels(given, decided(), NamedIds(["a", "b", "c"])).table
    with np.load(io.BytesIO(labels_npz(corrected))) as found:
        assert found["labels"].tolist() == given.tolist()
        assert found["given_labels"].tolist() == given.tolist()
        assert found["usable"].tolist() == [True, False, True]
