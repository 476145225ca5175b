"""Files in an object store, by a server of its interface on this machine."""

import sys

import pytest

pytest.importorskip("s3fs")
pytest.importorskip("moto")

from core.batch.here import score_here
from core.batch.parts_table import load_parts, study_of_parts
from core.batch.places import Place, PlaceError
from core.stored.folder import open_study, write_study
from tests.core.batch.made_runs import network_files, prepared
from tests.made_networks import colour_pictures


@pytest.fixture(scope="module")
def store():
    """An empty bucket named `pictures`; gives its client."""
    import boto3
    from moto.server import ThreadedMotoServer

    with pytest.MonkeyPatch.context() as patch:
        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
        }.items():  # fmt: skip
            patch.setenv(name, value)
        client = boto3.client("s3")
        client.create_bucket(Bucket="pictures")
        yield client
        server.stop()


def test_a_file_is_put_if_absent_and_the_first_content_stays(store):
    place = Place("s3://pictures/once.bin")
    assert not place.exists()
    assert place.write_new(b"first")
    assert not place.write_new(b"second")
    assert place.read() == b"first"


def test_a_bucket_or_a_file_that_is_not_there_is_named_in_one_sentence(store):
    with pytest.raises(PlaceError, match="does not exist: check its name and its bucket"):
        Place("s3://pictures/none.bin").read()
    with pytest.raises(PlaceError, match="s3://nowhere/out does not exist"):
        Place("s3://nowhere/out").make_folder()
    with pytest.raises(PlaceError, match="nowhere"):
        Place("s3://nowhere/out").listed()
    with pytest.raises(PlaceError, match="protocol that is not known"):
        Place("what://bucket/x").read()


def test_a_store_without_credentials_says_so(store, monkeypatch, tmp_path):
    import s3fs

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(PlaceError, match="set the credentials of the store"):
        Place("s3://pictures/new.bin").write_new(b"x")
    s3fs.S3FileSystem.clear_instance_cache()


def test_pictures_and_parts_in_a_store_are_read_scored_and_opened(store, tmp_path):
    folder = colour_pictures(tmp_path / "pictures", 4)
    for path in folder.rglob("*.png"):
        name = path.relative_to(folder).as_posix()
        store.put_object(Bucket="pictures", Key=f"in/{name}", Body=path.read_bytes())
    store.put_object(Bucket="pictures", Key="in/red/bad.png", Body=b"no picture")
    load, left = prepared("s3://pictures/in", "s3://pictures/out", network_files(tmp_path))
    found = list(score_here(load, left[:1], lambda rows: None))
    assert [each.rows for each in found] == [5]
    network = network_files(tmp_path)
    load, left = prepared("s3://pictures/in", "s3://pictures/out", network, resume=True)
    assert len(left) == 2
    list(score_here(load, left, lambda rows: None))
    table = load_parts("s3://pictures/out")
    assert (table.num_rows, table.num_problems) == (12, 1)
    with study_of_parts(table, "Stored") as new:
        study = open_study(write_study(new, tmp_path / "studies"))
    (model,) = study.models.values()
    assert model.scores["correct"].all()


def test_an_address_without_the_extra_names_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(PlaceError, match="pip install fsspec gcsfs"):
        Place("gs://bucket/x").read()
