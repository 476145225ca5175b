"""The pages live with the policy that their responses carry."""

from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import idle

RECORD = """
window.refused = [];
document.addEventListener("securitypolicyviolation", event =>
    window.refused.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def kept(kept):
    """It records what the policy refuses, whatever it opens."""
    kept.add_init_script(RECORD)
    return kept


@pytest.mark.parametrize("path", ["", "open", "draw", "trust", "audit?reviewer=Ada", "glossary"])
def test_a_page_opens_and_asks_for_nothing_that_the_policy_refuses(page, server, path):
    page.goto(f"{server}/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    idle(page)
    if path in {"", "draw", "trust"}:
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert page.evaluate("window.refused") == []


def test_an_inline_script_of_a_strangers_is_refused(page, server):
    page.goto(f"{server}/glossary")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.stolen = true";
        document.body.append(script);
    }""")
    page.wait_for_function("window.refused.length > 0")
    assert page.evaluate("window.stolen") is None
    assert page.evaluate("window.refused")[0].startswith("script-src")


def test_another_origin_may_neither_frame_nor_read_the_pages(page, server):
    with page.expect_event("requestfailed") as failed:
        page.set_content(f'<iframe src="{server}/glossary"></iframe>')
    assert failed.value.url == f"{server}/glossary"
    assert "BLOCKED" in failed.value.failure
    for path in ("app/static/icon.png", "_stcore/health", "_stcore/host-config"):
        asked = Request(f"{server}/{path}", headers={"Origin": "http://stranger.example"})
        with urlopen(asked) as response:
            assert response.headers["Access-Control-Allow-Origin"] is None, path
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{server}/_stcore/metrics")


def test_a_file_without_the_token_of_our_page_is_refused(server):
    asked = Request(f"{server}/_stcore/upload_file/session/file", data=b"x", method="PUT")
    with pytest.raises(HTTPError, match="403"):
        urlopen(asked)
