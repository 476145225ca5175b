"""Files that are made piece by piece: the same as the whole table at once."""

import io
import zipfile

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.measures import export_table
from core.measures.export_files import csv_pieces, parquet_pieces, zip_pieces
from core.measures.export_table import export_parts
from core.study.spreadsheets import harmless_csv
from examples.mnist import load_study
from examples.mnist_data import load_test

ROWS = np.array([247, 3, 9_999, 12, 13, 14, 2_000])


@pytest.fixture
def study(monkeypatch):
    monkeypatch.setattr(export_table, "PART_VALUES", 60)  # two rows a part
    return load_study()


def parts(study, rows=ROWS):
    return export_parts(study.dataset, study.models["article"], rows)


@pytest.fixture
def whole(study):
    model = study.models["article"]
    return export_table.export_table(study.dataset, model, model.scores.loc[ROWS])


def test_parts_of_a_table_are_its_rows_in_their_order(study, whole):
    found = list(parts(study))
    assert [len(rows) for rows, _ in found] == [2, 2, 2, 1]
    assert np.concatenate([rows for rows, _ in found]).tolist() == ROWS.tolist()
    pd.testing.assert_frame_equal(pd.concat([table for _, table in found]), whole)


def test_pieces_of_a_csv_are_the_csv(study, whole):
    pieces = list(csv_pieces(parts(study)))
    assert len(pieces) == 4
    assert b"".join(pieces) == harmless_csv(whole).encode()


def test_pieces_of_a_parquet_file_are_the_table(study, whole):
    pieces = list(parquet_pieces(parts(study)))
    assert all(pieces)
    assert pieces[0].startswith(b"PAR1")
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(b"".join(pieces))), whole)


def test_a_zip_holds_the_table_and_the_right_picture_of_each_row(study, whole):
    images, _ = load_test()
    pieces = list(zip_pieces(study.dataset.images, parts(study)))
    assert len(pieces) > len(ROWS)
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {"table.csv", *(f"{row}.png" for row in ROWS)}
        table = whole.assign(picture=[f"{row}.png" for row in ROWS])
        assert archive.read("table.csv") == harmless_csv(table).encode()
        for row in ROWS:
            picture = np.asarray(Image.open(io.BytesIO(archive.read(f"{row}.png"))))
            assert np.array_equal(picture, images[row])


def test_a_picture_that_cannot_be_read_is_left_out(study):
    class Broken:
        def image(self, row):
            if row == 3:
                raise ValueError("cut")
            return np.zeros((2, 2), np.uint8)

    packed = b"".join(zip_pieces(Broken(), parts(study)))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert "3.png" not in archive.namelist()
        assert len(archive.namelist()) == len(ROWS)
