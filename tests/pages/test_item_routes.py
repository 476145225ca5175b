"""What the browser asks for by address while people look around."""

import io
import json
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from core.stored.folder import write_study
from tests.pages.any_study import opened
from tests.pages.asked_routes import Browser
from tests.pages.random_studies import ids, random_study
from ui.item_routes import TILE, tiles_url
from ui.late_routes import ROUTES
from ui.picked import Key
from ui.studies import LIBRARY

ROOT = Path(os.environ["PENUMBRA_STUDIES"])
KEY = "routed"


@pytest.fixture
def browser():
    yield Browser(ROUTES)
    shutil.rmtree(ROOT / KEY, ignore_errors=True)


def write(**changes):
    write_study(random_study(num_classes=6, **changes), ROOT, KEY)


def test_an_item_is_told_by_its_id_its_answer_and_where_its_picture_is(browser):
    write(ids=ids(40), pictures="bytes", kind="probabilities")
    said = browser.get(f"/items/{KEY}/net/1").json()
    assert said["title"] == "Thing $x$"
    row = LIBRARY.load(KEY).models["net"].scores.loc[1]
    names = LIBRARY.load(KEY).dataset.class_names
    assert said["said"] == (
        f"label {names[row['label']]} → predicted {names[row['prediction']]},"
        f" confidence {100 * row['confidence']:.1f} %"
    )
    assert said["picture"] == f"/tiles/{KEY}/1"
    answer = browser.get(said["picture"])
    assert Image.open(io.BytesIO(answer.content)).size == (TILE, TILE)
    again = browser.get(said["picture"], headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", [f"/items/{KEY}/net/40", "/items/none/net/0", f"/tiles/{KEY}/40", "/tiles/none/0",
             f"/tiles/{KEY}/0", "/items/..%2F..%2Fetc/net/0", "/tiles/..%2Fx/0",
             f"/tiles/{KEY}/{'9' * 5_000}", f"/items/{KEY}/net/{'9' * 5_000}"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(browser, path):
    write()
    assert browser.get(path).status_code == 404


def test_a_picture_that_cannot_be_read_is_blank_and_says_nothing(browser):
    write(pictures="bytes")
    answer = browser.get(f"/tiles/{KEY}/0")
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.content)).getextrema()[0] == (0, 0)


@pytest.mark.parametrize(
    ("file", "tier"), [("items.parquet", "full"), ("net/scores.parquet", "top-1")]
)
def test_a_study_that_was_cut_says_so_in_place_of_the_item(browser, file, tier):
    write(pictures="bytes", tier=tier)
    path = ROOT / KEY / file
    path.write_bytes(path.read_bytes()[:50])
    answer = browser.get(f"/items/{KEY}/net/0")
    assert answer.status_code == 404
    assert browser.get(f"/tiles/{KEY}/0").status_code in {200, 404}


def test_a_deleted_study_is_not_found(browser):
    write(pictures="grey arrays")
    assert browser.get(f"/items/{KEY}/net/0").status_code == 200
    shutil.rmtree(ROOT / KEY)
    assert browser.get(f"/items/{KEY}/net/0").status_code == 404
    assert browser.get(f"/tiles/{KEY}/0").status_code == 404


def test_a_tile_may_be_kept_for_good_under_the_version_of_its_study_alone(browser):
    write(pictures="grey arrays")
    address = tiles_url(Key(KEY, LIBRARY.version(KEY), "", "net")).format(row=3)
    kept, asked = browser.get(address), browser.get(f"/tiles/{KEY}/3?v=1")
    assert kept.content == asked.content == browser.get(f"/tiles/{KEY}/3").content
    assert "immutable" in kept.headers["Cache-Control"]
    assert asked.headers["Cache-Control"] == "private, no-cache"


def test_a_gallery_asks_for_its_pictures_and_carries_none(browser):
    write(pictures="bytes")
    at = opened("explore", KEY)
    said = json.loads(at.get_by_key("gallery").proto.json)
    assert said["sprite"] is None
    for tile in said["tiles"]:
        assert browser.get(said["pictures"].format(row=tile["place"])).status_code == 200
    assert {tile["place"] for tile in said["tiles"]} == set(range(40))
