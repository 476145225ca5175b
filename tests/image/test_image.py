"""The image that `make image` built: small, without rights, and the whole app."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.browser import chromium
from core.review.database import open_engine
from core.review.decisions import load_log
from examples.mnist_data import data_hash, load_test
from tests.browser.conftest import patient
from tests.browser.waiting import idle
from tests.image.engines import WRITABLE, Config, config, missing, running

ENGINE = os.environ["PENUMBRA_ENGINE"]
IMAGE = os.environ.get("PENUMBRA_IMAGE", "penumbra")
MOST_BYTES = 900 * 10**6
OWN = 10001
if why := missing(ENGINE):
    pytest.skip(why, allow_module_level=True)


@pytest.fixture(scope="module")
def said() -> Config:
    return config(ENGINE, IMAGE)


@pytest.fixture
def volumes(tmp_path: Path) -> Path:
    for name in WRITABLE:
        place = tmp_path / name[1:]
        place.mkdir()
        os.chown(place, OWN, OWN) if os.geteuid() == 0 else place.chmod(0o777)
    tmp_path.chmod(0o755)
    return tmp_path


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser, browser.new_context() as context:
        yield patient(context).new_page()


def test_it_is_small_and_its_user_has_no_rights(said):
    assert said.size <= MOST_BYTES, f"{said.size / 1e6:,.0f} MB"
    assert said.user == f"{OWN}:{OWN}"
    assert said.volumes == sorted(WRITABLE)


def test_nothing_can_be_written_but_volumes_and_the_temporary_folder(volumes):
    script = "import os; print([p for p in ('/', '/app', '/opt/penumbra', '/etc', '/studies', "
    script += "'/decisions', '/tmp') if os.access(p, os.W_OK)], os.getuid())"
    with running(ENGINE, IMAGE, volumes, "python", "-c", script) as printed:
        assert printed.strip() == f"['/studies', '/decisions', '/tmp'] {OWN}"


def test_what_a_command_needs_is_there_and_a_study_is_written_to_its_volume(volumes):
    (volumes / "studies" / "a.csv").write_text("p0,p1,label\n" + "0.9,0.1,0\n0.3,0.7,1\n" * 20)
    command = ("python", "cli.py", "open", "/studies/a.csv", "--title", "Mine", "--noun", "row")
    with running(ENGINE, IMAGE, volumes, *command) as printed:
        assert "Opened as mine" in printed
    assert (volumes / "studies" / "mine" / "study.json").is_file()
    with running(ENGINE, IMAGE, volumes, "python", "cli.py", "evaluate") as printed:
        assert "accuracy" in printed


def test_a_label_decided_in_it_outlives_it(volumes, page):
    with running(ENGINE, IMAGE, volumes) as url:
        _open_audit(page, url)
        page.keyboard.press("k")
        expect(page.locator(".st-key-progress")).to_contain_text("1 of 10,000")
    engine = open_engine(f"sqlite:///{volumes}/decisions/decisions.sqlite3")
    log = load_log(engine, data_hash(*load_test()))
    engine.dispose()
    assert log["reviewer"].tolist() == ["Ada"]
    with running(ENGINE, IMAGE, volumes) as url:
        _open_audit(page, url)
        expect(page.locator(".st-key-progress")).to_contain_text("1 of 10,000")


def test_every_page_opens(volumes, page):
    root = Path(__file__).resolve().parents[2]
    with running(ENGINE, IMAGE, volumes) as url:
        for path in sorted((root / "pages").glob("*.py")):
            page.goto(f"{url}/{'' if path.stem == 'explore' else path.stem}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            idle(page)
            expect(page.locator("[data-testid=stException], [data-testid=stAlert] "
                                "[data-testid=stAlertContentError]")).to_have_count(0)  # fmt: skip


def _open_audit(page: Page, url: str) -> None:
    page.goto(f"{url}/audit?model=article&reviewer=Ada&look=One by one")
    expect(page.locator(".st-key-progress")).to_be_visible()
    idle(page)
