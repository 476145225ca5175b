"""Small files of predictions, written as other people write them."""

import gzip
import io
import json
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq

from core.reading.errors import ReadingError
from core.reading.read import Source, read_files

NAMES = np.array(["cat", "dog", "emu", "fox"])
N, K = 40, 4
RNG = np.random.default_rng(0)
PROBS = RNG.dirichlet(np.ones(K), N)
LABELS = np.array([RNG.choice(K, p=row) for row in PROBS])
LOGITS = np.log(PROBS) + 3
IDS = [f"im{row:03}" for row in range(N)]


class Folder:
    """Writes files below a folder and reads them."""

    def __init__(self, path):
        self.path = path

    def source(self, name, content):
        place = self.path / str(len(list(self.path.iterdir())))
        place.mkdir()
        file = place / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Source(name, file)

    def read(self, *files, answers=None, **options):
        return read_files([self.source(*file) for file in files], answers, **options)

    def refusal(self, *files, answers=None, **options):
        """The one sentence that a file is refused with."""
        try:
            self.read(*files, answers=answers, **options)
        except ReadingError as error:
            sentence = str(error)
            assert "\n" not in sentence
            assert sentence.endswith(".")
            assert "allow_pickle" not in sentence
            return sentence
        raise AssertionError("it was not refused")


def npy(values):
    buffer = io.BytesIO()
    np.save(buffer, values)
    return buffer.getvalue()


def npz(compressed=False, **arrays):
    buffer = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(buffer, **arrays)
    return buffer.getvalue()


def scores(values=PROBS, prefix="p", names=None):
    """Columns of scores by name."""
    names = range(values.shape[1]) if names is None else names
    return {f"{prefix}{name}": values[:, column] for column, name in enumerate(names)}


def cells(value):
    return repr(float(value)) if isinstance(value, float | np.floating) else str(value)


def csv(columns, delimiter=",", decimal=".", header=True):
    """A table as text; numbers are written so that they come back bit for bit."""
    rows = [delimiter.join(columns)] if header else []
    for row in zip(*columns.values(), strict=True):
        line = [cells(value) for value in row]
        if decimal != ".":
            line = [text.replace(".", decimal) if _fraction(value) else text
                    for text, value in zip(line, row, strict=True)]  # fmt: skip
        rows.append(delimiter.join(line))
    return "\n".join(rows) + "\n"


def _fraction(value):
    return isinstance(value, float | np.floating)


def json_lines(columns):
    rows = zip(*columns.values(), strict=True)
    return "\n".join(json.dumps(dict(zip(columns, map(plain, row), strict=True))) for row in rows)


def plain(value):
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def table(columns):
    return pa.table({name: list(values) if np.ndim(values) > 1 else pa.array(values)
                     for name, values in columns.items()})  # fmt: skip


def parquet(columns, **options):
    buffer = io.BytesIO()
    pq.write_table(table(columns), buffer, **options)
    return buffer.getvalue()


def arrow(columns):
    buffer, found = io.BytesIO(), table(columns)
    with pa.ipc.new_file(buffer, found.schema) as writer:
        writer.write_table(found)
    return buffer.getvalue()


def arrow_stream(columns):
    buffer, found = io.BytesIO(), table(columns)
    with pa.ipc.new_stream(buffer, found.schema) as writer:
        writer.write_table(found)
    return buffer.getvalue()


def feather(columns):
    buffer = io.BytesIO()
    pyarrow.feather.write_feather(table(columns), buffer, compression="lz4")
    return buffer.getvalue()


def zipped(**files):
    return zip_of(files)


def zip_of(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def gzipped(content):
    return gzip.compress(content if isinstance(content, bytes) else content.encode())


def keys(reading):
    return [question.key for question in reading.questions]


def lines(reading):
    return "\n".join(reading.report.lines())
