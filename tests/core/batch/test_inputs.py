"""Every kind of input gives the same rows, under ids of its own, with the labels that it states."""

import io
import json
import tarfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from core.batch.inputs import plan_of
from core.batch.places import PlaceError
from core.batch.read_part import read_part
from tests.made_networks import COLOURS, colour_pictures

EACH = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return colour_pictures(tmp_path_factory.mktemp("pictures"), EACH)


@pytest.fixture(scope="module")
def known(folder):
    """Name -> pixels and label, as Pillow reads the files."""
    files = sorted(folder.rglob("*.png"))
    return {
        path.relative_to(folder).as_posix(): (
            np.array(Image.open(path)), COLOURS.index(path.parent.name), path.read_bytes(),
        )
        for path in files
    }  # fmt: skip


def rows(plan):
    return [item for part in plan.parts for item in read_part(part, plan.reading, COLOURS)]


def check(items, known, labels=True):
    assert len(items) == len(known)
    for item, (pixels, label, _) in zip(items, known.values(), strict=True):
        assert np.array_equal(item.picture, pixels)
        assert item.label == (label if labels else -1)
    assert len({item.id for item in items}) == len(items)


def table(known, *names):
    columns = {
        "image": pa.array([raw for *_, raw in known.values()]),
        "struct": pa.array([{"bytes": raw, "path": name} for name, (*_, raw) in known.items()]),
        "path": pa.array(list(known)),
        "label": pa.array([label for _, label, _ in known.values()], pa.int64()),
        "name": pa.array([f"row {number}" for number in range(len(known))]),
    }
    return pa.table({name: columns[name] for name in names})


def test_a_folder_gives_its_pictures_in_order_with_their_folders_as_labels(folder, known):
    plan = plan_of(str(folder), rows=5)
    assert [part.rows for part in plan.parts] == [5, 5, 2] and plan.rows == 12
    items = rows(plan)
    check(items, known)
    assert [item.id for item in items] == [item.path for item in items] == list(known)
    check(rows(plan_of(str(folder), use_labels=False)), known, labels=False)


@pytest.mark.parametrize("image", ["image", "struct"])
def test_parquet_gives_the_pictures_it_holds_in_whole_row_groups(tmp_path, known, image):
    path = tmp_path / "some.parquet"
    pq.write_table(table(known, image, "label", "name"), path, row_group_size=2)
    plan = plan_of(str(path), rows=5, columns={"image": image})
    assert [part.rows for part in plan.parts] == [6, 6]
    check(rows(plan), known)
    assert rows(plan)[0].id == "row 0"


def test_several_parquet_files_number_their_rows_apart(tmp_path, known):
    half = table(known, "image", "label")
    for number, start in enumerate((0, 6)):
        pq.write_table(half.slice(start, 6), tmp_path / f"{number}.parquet")
    items = rows(plan_of(str(tmp_path)))
    check(items, known)
    assert items[0].id == "0:0" and items[6].id == "1:0"


def test_parquet_with_paths_reads_them_below_its_root_and_nowhere_else(tmp_path, folder, known):
    path = tmp_path / "paths.parquet"
    pq.write_table(table(known, "path", "label"), path)
    check(rows(plan_of(str(path), root=str(folder))), known)
    outside = pa.table({"path": ["../x.png", "/etc/passwd", "file:///etc/passwd", "none.png"]})
    pq.write_table(outside, path)
    items = rows(plan_of(str(path), root=str(folder)))
    assert all("no path below" in item.problem for item in items[:3])
    assert "does not exist" in items[3].problem


def shard(path, known, *members):
    with tarfile.open(path, "w") as tar:
        for number, (_, label, raw) in enumerate(known.values()):
            contents = {
                "png": raw, "cls": str(label).encode(), "txt": COLOURS[label].encode(),
                "json": json.dumps({"label": COLOURS[label]}).encode(), "meta": b"other",
            }  # fmt: skip
            for ending in members:
                info = tarfile.TarInfo(f"a/{number:04d}.{ending}")
                info.size = len(contents[ending])
                tar.addfile(info, io.BytesIO(contents[ending]))


@pytest.mark.parametrize("label", ["cls", "txt", "json", None])
def test_a_tar_file_gives_its_samples_with_their_labels(tmp_path, known, label):
    shard(tmp_path / "s.tar", known, "png", *([label] if label else []), "meta")
    plan = plan_of(str(tmp_path / "s.tar"))
    items = rows(plan)
    check(items, known, labels=label is not None)
    assert items[0].id == "a/0000" and plan.rows is None


def test_a_cut_tar_file_is_said_as_a_whole_and_a_sample_without_picture_alone(tmp_path, known):
    shard(tmp_path / "whole.tar", known, "png", "cls")
    whole = (tmp_path / "whole.tar").read_bytes()
    for size in (0, 300, 700, 1024, 1500, 5000):  # within and between its members
        (tmp_path / "cut.tar").write_bytes(whole[:size])
        with pytest.raises(PlaceError, match=r"cut\.tar is no tar file, or cut off"):
            rows(plan_of(str(tmp_path / "cut.tar")))
    shard(tmp_path / "none.tar", known, "cls")
    assert all("holds no picture" in item.problem for item in rows(plan_of(f"{tmp_path}/none.tar")))


def test_arrays_are_cut_into_rows_mapped_or_read(tmp_path, known):
    pictures = np.stack([pixels for pixels, *_ in known.values()])
    np.save(tmp_path / "a.npy", pictures)
    check(rows(plan_of(str(tmp_path / "a.npy"), rows=5)), known, labels=False)
    grey, labels = pictures[..., 0], [label for _, label, _ in known.values()]
    np.savez(tmp_path / "a.npz", images=grey, labels=labels)
    items = rows(plan_of(str(tmp_path / "a.npz"), rows=5))
    assert np.array_equal([item.picture for item in items], grey)
    assert [item.label for item in items] == labels


@pytest.mark.parametrize(("limit", "parts"), [(3, [3]), (7, [5, 2]), (99, [5, 5, 2])])
def test_a_limit_cuts_the_last_part(folder, limit, parts):
    plan = plan_of(str(folder), rows=5).limited(limit)
    assert [part.rows for part in plan.parts] == parts
    assert plan.fingerprint != plan_of(str(folder), rows=5).fingerprint or limit == 99


def test_what_holds_nothing_to_score_is_one_sentence(tmp_path, known):
    (tmp_path / "empty").mkdir()
    pq.write_table(pa.table({"x": [1]}), tmp_path / "x.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 not")
    (tmp_path / "both").mkdir()
    for name in ("a.tar", "b.parquet"):
        (tmp_path / "both" / name).write_bytes(b"")
    for name, said in {
        "empty": "holds no pictures, no Parquet and no tar files",
        "x.parquet": "no column of pictures or paths",
        "bad.parquet": "no Parquet file, or cut off",
        "both": "name a folder of one kind",
        "none": "does not exist",
    }.items():
        with pytest.raises(PlaceError, match=said):
            plan_of(str(tmp_path / name))
    pq.write_table(table(known, "image"), tmp_path / "y.parquet")
    with pytest.raises(PlaceError, match="no column 'z'"):
        plan_of(str(tmp_path / "y.parquet"), columns={"id": "z"})
