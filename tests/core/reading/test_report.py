"""The report, the questions and the preview are plain values."""

import json

from core.reading.report import Report
from tests.core.reading import made_files as made
from tests.core.reading.made_files import IDS, LABELS, LOGITS, NAMES, PROBS, K, N


def test_a_report_says_what_was_read_as_what_on_how_many_rows(folder):
    columns = {"image_id": IDS} | made.scores(PROBS * 1.0005, "c") | {"label": LABELS}
    reading = folder.read(("p.csv", made.csv(columns)))
    assert reading.report.lines() == [
        "p.csv: ids in 'image_id' (40 of 40 rows).",
        "p.csv: labels in 'label' (40 of 40 rows).",
        "p.csv: columns 'c0' to 'c3' (4 classes) read as probabilities (rows sum to 1.0005–1.0005) "
        "(40 of 40 rows).",
        "p.csv: rows are divided by their sum, which differs from 1 by up to 0.0005; the values "
        "stay as given.",
    ]


def test_a_report_goes_to_json_and_back(folder):
    broken = PROBS.copy()
    broken[3] = float("nan")
    report = folder.read(("a.npz", made.npz(probs=broken, labels=LABELS))).report
    again = Report.from_dict(json.loads(json.dumps(report.as_dict())))
    assert again == report
    assert again.lines() == report.lines()


def test_a_question_is_plain_and_names_the_option_that_answers_it(folder):
    (question,) = folder.read(("a.npz", made.npz(x_logits=LOGITS, labels=LABELS))).questions
    assert question.on_command_line() == "--as logits"
    plain = json.loads(json.dumps(question.as_dict()))
    assert plain["key"] == "as"
    assert [option["value"] for option in plain["options"]] == ["logits", "multi-label"]
    assert plain["evidence"]


def test_an_answer_is_put_down_in_the_report(folder):
    content = made.npz(logits=LOGITS, labels=LABELS)
    reading = folder.read(("a.npz", content), answers={"as": "logits"})
    (asked,) = reading.report.of("asked")
    assert "logits" in asked.text


def test_an_answer_that_is_no_option_is_refused(folder):
    content = made.npz(probs=PROBS, labels=LABELS + 1)
    sentence = folder.refusal(("a.npz", content), answers={"labels-from": "7"})
    assert "--labels-from 7" in sentence


def test_a_preview_shows_rows_as_they_are_understood(folder):
    columns = {"id": IDS} | made.scores(PROBS, "", NAMES) | {"label": NAMES[LABELS], "age": LABELS}
    rows = folder.read(("a.csv", made.csv(columns))).preview()
    assert len(rows) == 5
    for row, found in enumerate(rows):
        assert found == {
            "id": IDS[row], "label": NAMES[LABELS[row]], "age": LABELS[row],
            "a: prediction": NAMES[PROBS[row].argmax()], "a: values": PROBS[row].tolist(),
        }  # fmt: skip
    json.dumps(rows)


def test_a_preview_is_there_while_questions_are_open(folder):
    reading = folder.read(("a.npz", made.npz(probs=PROBS, labels=NAMES[LABELS])))
    assert not reading.is_final
    assert len(reading.preview()) == 5
    assert len(reading.class_names) == K
    assert len(reading) == N


def test_columns_of_one_name_are_told_apart_and_that_is_said(folder):
    rows = [f"{i},x{i},y{i},0.{i + 1},{0.9 - i / 10:.1f}" for i in range(8)]
    content = "\n".join(["id,note,note,a,b", *rows]).encode()
    reading = folder.read(("p.csv", content))
    assert (
        "p.csv: one column has the name of an earlier one and got another: 'note.1' for another"
        " 'note'."
    ) in reading.report.lines()
    assert reading.columns.column_names == ["note", "note.1"]


def test_a_column_that_is_told_apart_never_takes_the_name_of_a_third(folder):
    rows = [f"{i},x{i},y{i},z{i},0.{i + 1},{0.9 - i / 10:.1f}" for i in range(8)]
    content = "\n".join(["id,note,note,note.1,a,b", *rows]).encode()
    found = folder.read(("p.csv", content)).columns
    assert [found[name][0].as_py() for name in ("note", "note.2", "note.1")] == ["x0", "y0", "z0"]


def test_what_holds_for_many_files_is_said_once(folder):
    columns = {"id": IDS} | made.scores(PROBS)
    files = [(f"seed{member}.csv", made.csv(columns)) for member in range(9)]
    lines = folder.read(*files).report.lines()
    assert f"9 files: ids in 'id' ({9 * N} of {9 * N} rows)." in lines
    assert f"8 files: joined by id ({8 * N} of {8 * N} rows)." in lines
    assert not any("seed4.csv" in line for line in lines)
    few = folder.read(*files[:3]).report.lines()
    assert "seed2.csv: ids in 'id' (40 of 40 rows)." in few
