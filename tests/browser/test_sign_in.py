"""Strangers, lookers, reviewers and openers, each through a real sign-in."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.sign_in_server import guarded, sign_in
from tests.browser.test_accessible import AXE, RULES
from tests.browser.test_headers_browser import RECORD
from tests.browser.waiting import idle, plot_is_drawn, rerun

SCATTER = ".st-key-scatter .js-plotly-plot"
SHOWN = ("items/mnist/ensemble/0", "tiles/mnist/0", "points/mnist/ensemble", "still/mnist",
         "export/token/name.csv", "app/static/mnist-test.webp", "media/x.csv", "anything/else",
         "component/streamlit_drawable_canvas.streamlit_drawable_canvas/index.html",
         "_stcore/bidi-components/x/y.js", "_stcore/script-health-check")  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with guarded(tmp_path_factory.mktemp("guarded")) as running:
        yield running


@pytest.fixture(scope="module")
def kept(kept):
    """It records what the policy refuses, whatever it opens."""
    kept.add_init_script(RECORD)
    return kept


def test_a_stranger_sees_the_way_in_and_nothing_else(app, page):
    page.goto(f"{app.url}/trust")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    idle(page)
    expect(page.get_by_text("Calibration")).to_have_count(0)
    page.evaluate(AXE)
    assert page.evaluate(f"axe.run({RULES})")["violations"] == []
    assert page.evaluate("window.refused") == []
    for path in SHOWN:
        answer = page.request.get(f"{app.url}/{path}")
        assert (answer.status, "Sign in first" in answer.text()) == (401, True), path
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert page.request.put(f"{app.url}/_stcore/upload_file/a/b").status == 401


def test_whoever_is_on_no_list_looks_and_settles_and_brings_nothing(app, page):
    sign_in(page, f"{app.url}/?id=247", "lu")
    expect(page).to_have_url(f"{app.url}/?id=247")
    plot_is_drawn(page, SCATTER)
    assert page.request.get(f"{app.url}/tiles/mnist/0").status == 200
    assert page.request.get(f"{app.url}/export/token/name.csv").status == 404
    assert page.request.put(f"{app.url}/_stcore/upload_file/a/b").status == 403
    page.goto(f"{app.url}/audit?reviewer=Ada")
    expect(page.get_by_text("not settle them")).to_be_visible()
    expect(page.get_by_role("button", name="Keep")).to_be_disabled()
    expect(page.get_by_label("Your name")).to_have_count(0)
    page.goto(f"{app.url}/open")
    expect(page.get_by_text("not bring or change files")).to_be_visible()
    expect(page.get_by_test_id("stFileUploader")).to_have_count(0)
    assert page.evaluate("window.refused") == []


def test_a_reviewer_settles_under_the_name_of_the_sign_in_whatever_the_link_says(app, page):
    sign_in(page, f"{app.url}/audit?reviewer=Bob", "ada")
    expect(page.get_by_label("Your name")).to_have_count(0)
    with rerun(page):
        page.get_by_role("button", name="Keep").click()
    with closing(sqlite3.connect(app.decisions)) as log:
        assert log.execute("select reviewer, decision from decisions").fetchall() == [
            ("ada@example.org", "keep")
        ]


def test_an_address_that_is_not_verified_is_nobodys(app, page):
    sign_in(page, f"{app.url}/audit", "ann")
    expect(page.get_by_text("Ann (ann)")).to_be_visible()
    expect(page.get_by_role("button", name="Keep")).to_be_disabled()


def test_an_opener_brings_files_until_there_were_too_many(app, page):
    sign_in(page, f"{app.url}/open", "odo")
    drop = page.get_by_test_id("stFileUploader").first.locator("input[type=file]")
    table = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"label,cat,dog\ncat,0.9,0.1\n"}
    with rerun(page):
        drop.set_input_files([table])
    expect(page.get_by_role("button", name="Open the study")).to_be_visible()
    drop.set_input_files([table | {"name": f"{n}.csv"} for n in range(30)])
    expect(page.get_by_text("Too many files came at once").first).to_be_visible()


def test_a_sign_out_is_the_end_of_every_copy_of_the_sign_in(app, page, browser):
    sign_in(page, f"{app.url}/glossary", "lu")
    cookies = page.context.cookies()
    with browser.new_context() as copy:
        copy.add_cookies(cookies)
        assert copy.request.get(f"{app.url}/tiles/mnist/0").status == 200
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/end_session**")
        assert copy.request.get(f"{app.url}/tiles/mnist/0").status == 401
        other = copy.new_page()
        other.goto(f"{app.url}/glossary")
        expect(other.get_by_role("button", name="Sign in")).to_be_visible()


def other_signature(value: str) -> str:
    """Another first character: the last one has bits that say nothing."""
    said, dot, signature = value.rpartition(".")
    return said + dot + ("B" if signature[0] == "A" else "A") + signature[1:]


@pytest.mark.parametrize("change", [other_signature, lambda v: "x" + v, lambda _: ""])
def test_a_cookie_that_we_did_not_sign_is_a_strangers(app, page, change):
    sign_in(page, f"{app.url}/glossary", "lu")
    (cookie,) = [c for c in page.context.cookies() if c["name"] == "_streamlit_user"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    page.context.add_cookies([cookie | {"value": change(cookie["value"])}])
    assert page.request.get(f"{app.url}/tiles/mnist/0").status == 401
