import io
import json
import stat
import zipfile
import zlib

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from core.stored import study_zip
from core.stored.folder import StudyError, check_study, open_study, write_study
from core.stored.study_zip import pack_study, unpack_study
from tests.core.stored.made_studies import NUM_ITEMS, content, made_study


@pytest.fixture
def packed(tmp_path):
    folder = write_study(made_study(), tmp_path / "here")
    check_study(folder)  # makes the score tables
    pack_study(folder, tmp_path / "study.zip")
    return tmp_path / "study.zip"


def rewritten(packed, change):
    """The ZIP with `change(archive, names and contents)` applied to what is written."""
    with zipfile.ZipFile(packed) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    out = packed.with_name("changed.zip")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        change(archive, files)
        for name, given in files.items():
            archive.writestr(name, given)
    return out


def test_a_packed_study_is_the_same_elsewhere(packed, tmp_path):
    folder = unpack_study(packed, tmp_path / "there")
    here, there = content(tmp_path / "here" / "animals-a-study"), content(folder)
    for files in (here, there):
        files["study.json"] = {**json.loads(files["study.json"]), "opened": 0}
    assert there == here
    assert open_study(folder).dataset.fingerprint == here["study.json"]["fingerprint"]


def test_a_zip_made_by_hand_without_a_folder_in_it_is_a_study_too(packed, tmp_path):
    def flatten(_, files):
        for name in list(files):
            files[name.partition("/")[2]] = files.pop(name)

    folder = unpack_study(rewritten(packed, flatten), tmp_path / "there")
    assert open_study(folder).title == made_study().title


def test_a_zip_can_be_packed_to_and_unpacked_from_an_open_file(tmp_path):
    file = io.BytesIO()
    pack_study(write_study(made_study(), tmp_path), file)
    assert unpack_study(file, tmp_path).name == "animals-a-study-2"


def link(archive, files):
    member = zipfile.ZipInfo("animals-a-study/items.parquet")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(member, "/etc/passwd")
    del files["animals-a-study/items.parquet"]


def adding(name):
    return lambda archive, files: files.update({name: b"x"})


def swapping(name, given):
    return lambda archive, files: files.update({f"animals-a-study/{name}": given})


def losing(name):
    return lambda archive, files: files.pop(f"animals-a-study/{name}")


def an_array(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


STRANGE = {
    "above": (adding("../x"), "'../x', which is no file of a study"),
    "above inside": (adding("animals-a-study/../../x"), "which is no file"),
    "absolute": (adding("/etc/x"), "which is no file"),
    "backslash": (adding("animals-a-study\\..\\..\\x"), "which is no file"),
    "drive": (adding("C:\\x"), "which is no file"),
    "program": (adding("animals-a-study/run.py"), "which is no file"),
    "model above": (adding("animals-a-study/../values.npy"), "which is no file"),
    "hidden": (adding("animals-a-study/.x/values.npy"), "which is no file"),
    "second study": (adding("b/study.json"), "which is no file"),
    "link": (link, "which is no file"),
    "no card": (losing("study.json"), "which is no file|holds no study.json"),
    "no values": (losing("net-1/values.npy"), "net-1/values.npy is missing"),
    "damaged values": (swapping("net-1/values.npy", b"x"), "damaged"),
    "other values": (swapping("net-1/values.npy", an_array(np.ones(3))), "does not fit"),
    "a later version": (swapping("study.json", b'{"form": 99}'), "later version"),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_a_strange_zip_is_refused_and_leaves_nothing(packed, tmp_path, kind):
    change, sentence = STRANGE[kind]
    before = content(tmp_path / "here")
    changed = rewritten(packed, change)
    there = tmp_path / "deep" / "there"
    with pytest.raises(StudyError, match=sentence) as raised:
        unpack_study(changed, there)
    assert "changed.zip" in str(raised.value)
    assert "partial" not in str(raised.value)
    assert not there.exists() or not list(there.iterdir())
    assert [path.name for path in (tmp_path / "deep").glob("*")] in ([], ["there"])
    assert content(tmp_path / "here") == before


def test_a_zip_of_nothing_or_cut_off_is_refused(packed, tmp_path):
    cut = packed.read_bytes()
    for given in (b"", b"no zip", cut[: len(cut) // 2]):
        packed.write_bytes(given)
        with pytest.raises(StudyError, match="no ZIP of a study, or is cut off"):
            unpack_study(packed, tmp_path / "there")
    with pytest.raises(StudyError, match="is missing"):
        unpack_study(tmp_path / "nowhere.zip", tmp_path / "there")


def test_a_flipped_byte_is_noticed(packed, tmp_path):
    with zipfile.ZipFile(packed) as archive:
        member = archive.getinfo("animals-a-study/net-1/values.npy")
    given = bytearray(packed.read_bytes())
    given[member.header_offset + 500] ^= 1
    packed.write_bytes(given)
    with pytest.raises(StudyError, match="cut off or damaged"):
        unpack_study(packed, tmp_path / "there")
    assert not list((tmp_path / "there").iterdir())


def test_a_zip_that_unpacks_to_more_than_there_is_room_for_is_refused_at_once(
    packed, tmp_path, monkeypatch
):
    monkeypatch.setattr(study_zip, "MOST_BYTES", 10_000_000)
    bomb = rewritten(packed, swapping("net-1/values.npy", bytes(10_000_001)))
    assert bomb.stat().st_size < 100_000
    with pytest.raises(StudyError, match=r"unpacks to .* there is room for"):
        unpack_study(bomb, tmp_path / "there")
    assert not list((tmp_path / "there").iterdir())


def test_a_zip_that_lies_about_its_size_gives_no_byte_more_than_it_says(packed, tmp_path):
    honest = rewritten(packed, swapping("net-1/values.npy", bytes(1_000_000)))
    given = bytearray(honest.read_bytes())
    size, crc = (1_000_000).to_bytes(4, "little"), zlib.crc32(bytes(10)).to_bytes(4, "little")
    true_crc = zlib.crc32(bytes(1_000_000)).to_bytes(4, "little")
    assert given.count(size) >= 2, "in the local header and in the directory"
    small = given.replace(size, (10).to_bytes(4, "little")).replace(true_crc, crc)
    honest.write_bytes(small)
    with pytest.raises(StudyError, match="damaged"):
        unpack_study(honest, tmp_path / "there")
    assert not list((tmp_path / "there").iterdir())


def test_a_pictures_folder_that_a_zip_names_is_not_believed(tmp_path):
    private = tmp_path / "private"
    private.mkdir()
    Image.new("L", (4, 4), 200).save(private / "a.png")
    items = pa.table({"path": ["a.png"] * NUM_ITEMS})
    new = made_study(items=items, text=None, image_paths="path", image_root=private)
    pack_study(write_study(new, tmp_path / "here"), tmp_path / "study.zip")
    there = open_study(unpack_study(tmp_path / "study.zip", tmp_path / "there"))
    with pytest.raises(ValueError, match="folder did not come with this study"):
        there.dataset.images.image(0)
    assert not there.dataset.images.thumbnails([0], 4).any()
    allowed = unpack_study(tmp_path / "study.zip", tmp_path / "there", images=private)
    assert (open_study(allowed).dataset.images.image(0) == 200).all()


def test_what_is_no_study_is_not_packed(tmp_path):
    with pytest.raises(StudyError, match=r"study\.json is missing"):
        pack_study(tmp_path, tmp_path / "study.zip")
    assert not list(tmp_path.iterdir())
