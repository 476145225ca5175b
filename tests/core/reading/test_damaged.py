"""Whatever happens to a file, it is read or refused by a sentence: never a traceback."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.reading.errors import ReadingError
from core.reading.read import Source, read_files
from tests.core.reading import made_files as made
from tests.core.reading.one_shape import assert_one_shape

COLUMNS = made.scores() | {"label": made.LABELS}
WHOLE = {
    "a.csv": made.csv(COLUMNS).encode(),
    "a.csv.gz": made.gzipped(made.csv(COLUMNS)),
    "utf16.csv": made.csv(COLUMNS).encode("utf-16"),
    "a.jsonl": made.json_lines(COLUMNS).encode(),
    "a.parquet": made.parquet(COLUMNS),
    "a.arrow": made.arrow(COLUMNS),
    "a.feather": made.feather(COLUMNS),
    "a.npy": made.npy(made.PROBS),
    "a.npz": made.npz(probs=made.PROBS, labels=made.LABELS),
    "deflated.npz": made.npz(True, probs=made.PROBS, labels=made.LABELS),
    "a.zip": made.zip_of({"a.csv": made.csv(COLUMNS)}),
}
places = st.one_of(st.floats(0, 1, exclude_max=True), st.floats(0, 0.05))
damages = st.lists(st.tuples(places, st.binary(max_size=9), st.integers(0, 20)), min_size=1,
                   max_size=4)  # fmt: skip


def damaged(content, damage):
    """Bytes put in and taken out at some places."""
    for place, more, taken in damage:
        at = int(place * len(content))
        content = content[:at] + more + content[at + taken :]
    return content


@pytest.mark.parametrize("name", WHOLE)
@given(damage=damages)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_file_is_read_or_refused_in_one_sentence(name, damage):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(damaged(WHOLE[name], damage))
        try:
            reading = read_files([Source(name, path)])
        except ReadingError as error:
            assert "\n" not in str(error)
            assert str(error).endswith(".")
        else:
            assert len(reading.preview()) <= len(reading)


VALUES = {
    "codes": st.integers(0, 3), "numbers": st.floats(-3, 3), "shares": st.floats(0, 1),
    "texts": st.sampled_from(["cat", "dog", "emu", ""]), "broken": st.just(float("nan")),
}  # fmt: skip
HEADS = [
    "", "0", "1", "cat", "dog", "emu", "feature_0", "feature_1", "id", "image", "label", "p0", "p1",
    "p2", "pred", "prob", "score", "target", "text", "true_0", "true_1", "y",
]  # fmt: skip


@st.composite
def tables(draw):
    size = draw(st.integers(1, 8))
    names = draw(st.lists(st.sampled_from(HEADS), min_size=1, max_size=7, unique=True))
    return {name: draw(st.lists(VALUES[draw(st.sampled_from(sorted(VALUES)))], min_size=size,
                                max_size=size)) for name in names}  # fmt: skip


@given(first=tables(), second=st.none() | tables(), header=st.booleans())
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_tables_are_read_in_one_shape_or_refused_in_one_sentence(first, second, header):
    with tempfile.TemporaryDirectory() as folder:
        sources = []
        for name, columns in (("a.csv", first), ("b.csv", second)):
            if columns is not None:
                (Path(folder) / name).write_text(made.csv(columns, header=header))
                sources.append(Source(name, Path(folder) / name))
        try:
            reading = read_files(sources)
        except ReadingError as error:
            assert "\n" not in str(error)
            return
        assert_one_shape(reading)
