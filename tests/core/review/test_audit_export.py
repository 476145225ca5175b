import csv
import io
import json
import zipfile
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.review import audit_export
from core.review.audit_export import log_csv, log_parquet, reviewed_zip
from core.review.database import open_engine
from core.review.decision_schema import open_store
from core.review.decisions import Decision, append, load_log
from core.study.packed import PackedImages
from core.study.spreadsheets import as_typed, harmless_csv

HASH = "0" * 64
DANGEROUS = ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "\nx", '=HYPERLINK("http://x";"y")']


@pytest.fixture
def log(sqlite_url):
    engine = open_engine(sqlite_url)
    open_store(engine)
    for index, note in enumerate([*DANGEROUS, 'plain, with "quotes" and – a dash', ""]):
        row = Decision(
            data_set="MNIST test",
            data_hash=HASH,
            item=str(index),
            given_label=4,
            decision="relabel",
            new_label=9,
            reviewer="@Ada",
            model="article",
            note=note,
            scores={"log_odds": -2.5},
            time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        )
        append(engine, row)
    yield load_log(engine, HASH)
    engine.dispose()


def test_no_cell_of_the_log_starts_a_formula_and_none_is_changed_otherwise(log):
    rows = list(csv.DictReader(io.StringIO(b"".join(log_csv(log)).decode(), newline="")))
    assert [row["note"] for row in rows[: len(DANGEROUS)]] == [f"'{note}" for note in DANGEROUS]
    assert rows[-2]["note"] == log["note"].iloc[-2]
    assert all(cell[:1] not in set("=+-@\t\r\n") for row in rows for cell in row.values() if cell)
    assert rows[0]["reviewer"] == "'@Ada"
    assert json.loads(rows[0]["scores"]) == {"log_odds": -2.5}
    assert datetime.fromisoformat(rows[0]["time"]) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_numbers_stay_numbers():
    table = pd.DataFrame({"log_odds": [-1.5, 2], "=name": ["a", None], "count": [-1, 2]})
    found = pd.read_csv(io.StringIO(harmless_csv(table, index=False)))
    assert found["log_odds"].tolist() == [-1.5, 2]
    assert found["count"].tolist() == [-1, 2]
    assert found.columns.tolist() == ["log_odds", "'=name", "count"]
    assert found["'=name"].isna().tolist() == [False, True]


@pytest.mark.parametrize("text", [*DANGEROUS, "plain", "'quoted", "", "'"])
def test_a_cell_is_known_again_as_it_was_typed(text):
    cell = pd.read_csv(io.StringIO(harmless_csv(pd.DataFrame({"a": [text, "x"]}), index=False)),
                       keep_default_na=False)["a"][0]  # fmt: skip
    assert as_typed(cell) == text


def test_the_log_comes_back_from_parquet_as_it_was_typed(log):
    found = pd.read_parquet(io.BytesIO(log_parquet(log)))
    assert found["note"].tolist() == log["note"].tolist()
    assert found["time"].tolist() == log["time"].tolist()
    assert found["new_label"].tolist() == [9] * len(log)
    assert found["scores"].map(json.loads).tolist() == log["scores"].tolist()


def test_many_rows_come_in_pieces_that_are_one_table(monkeypatch):
    table = pd.DataFrame(
        {"label": range(25)}, index=pd.Index([f"={i}" for i in range(25)], name="id")
    )
    whole = harmless_csv(table).encode()
    monkeypatch.setattr(audit_export, "_A_PIECE", 10)
    pieces = list(audit_export.labels_csv(table))
    assert len(pieces) == 3
    assert b"".join(pieces) == whole


def test_an_empty_log_can_be_taken_away(log):
    assert b"".join(log_csv(log.iloc[:0])).count(b"\n") == 1
    assert len(pd.read_parquet(io.BytesIO(log_parquet(log.iloc[:0])))) == 0


def test_the_archive_holds_every_reviewed_image_pixel_for_pixel_under_a_name_that_is_safe():
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    ids = ["a", "../../etc/passwd", "scan 7.png", "scan/7.png", "=1+1" + 200 * "é"]
    corrected = pd.DataFrame(
        {
            "label": [1, 9, 3, 4, 4],
            "given_label": [1, 4, 3, 4, 4],
            "status": ["as given", "relabel", "none of these", "keep", "keep"],
        },
        index=pd.Index(ids, name="id"),
    )
    content = b"".join(reviewed_zip(PackedImages(lambda: [images]), corrected))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        labels = pd.read_csv(archive.open("labels.csv"))
        assert {"labels.csv", *labels["file"]} == set(archive.namelist())
        pictures = [np.array(Image.open(archive.open(name))) for name in labels["file"]]
    np.testing.assert_array_equal(pictures, images[1:])
    assert labels["file"].tolist() == [
        "relabel/00000-______etc_passwd-label-4-to-9.png",
        "none-of-these/00001-scan_7_png-label-3-to-3.png",
        "keep/00002-scan_7_png-label-4-to-4.png",
        f"keep/00003-{'_1_1' + 76 * '_'}-label-4-to-4.png",
    ]
    assert labels["id"].tolist() == [*ids[1:-1], "'" + ids[-1]]
