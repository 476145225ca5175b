"""The server goes away under an open page, and comes back."""

import os
import signal

import pytest
from playwright.sync_api import expect

from bench.browser import free_port, serve
from tests.browser.test_audit_browser import decided, heading, open_audit, press, settled
from tests.browser.waiting import idle, wait_until

AWAY = "The connection to the server is away."


def kill(server):
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()


def said(page):
    return page.locator(".penumbra-away")


@pytest.fixture
def port():
    return free_port()


def test_a_key_pressed_while_the_server_restarts_is_taken_when_it_is_back(page, sqlite_url, port):
    with serve(port=port, PENUMBRA_DECISIONS=sqlite_url) as server:
        open_audit(page, server.url)
        first = press(page, "k")
        idle(page)
        asked = heading(page)
        kill(server)
        expect(said(page)).to_contain_text(AWAY)
        page.keyboard.press("u")
        expect(said(page)).to_have_text(f"{AWAY} Your key is taken when it is back.")
    with serve(port=port, PENUMBRA_DECISIONS=sqlite_url):
        wait_until(page, lambda: len(decided(sqlite_url)) == 2)
        settled(page, 2)
        expect(said(page)).to_be_hidden()
        assert decided(sqlite_url) == [first, int(asked.split()[1])]


def test_a_key_for_an_item_that_is_not_shown_again_decides_nothing(page, sqlite_url, port):
    with serve(port=port, PENUMBRA_DECISIONS=sqlite_url) as server:
        open_audit(page, server.url)
        press(page, "ArrowRight")  # where people went is gone with the server
        kill(server)
        expect(said(page)).to_contain_text(AWAY)
        page.keyboard.press("k")
    with serve(port=port, PENUMBRA_DECISIONS=sqlite_url):
        expect(said(page)).to_contain_text("was away when you pressed K")
        assert decided(sqlite_url) == []
        press(page, "k")
        expect(said(page)).to_be_hidden()
        assert len(decided(sqlite_url)) == 1


SOCKETS = """() => {
    const Real = window.WebSocket;
    window.sockets = [];
    window.WebSocket = class extends Real {
        constructor(...asked) { super(...asked); window.sockets.push(this); }
    };
}"""


@pytest.fixture(scope="module")
def kept(kept):
    """Its connections can be ended from outside."""
    kept.add_init_script(f"({SOCKETS})()")
    return kept


def test_a_browser_that_slept_until_its_session_was_gone_goes_on_where_it_was(page, sqlite_url):
    forgets = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "0"}  # as after an hour
    with serve(PENUMBRA_DECISIONS=sqlite_url, **forgets) as server:
        open_audit(page, server.url)
        first = press(page, "k")
        link, asked = page.url, heading(page)
        page.route("**/_stcore/**", lambda route: route.abort())
        page.evaluate("sockets.forEach(socket => socket.close())")
        expect(said(page)).to_contain_text(AWAY)
        page.keyboard.press("u")
        expect(said(page)).to_contain_text("is taken when it is back")
        page.unroute("**/_stcore/**")
        settled(page, 2)
        expect(said(page)).to_be_hidden()
        assert page.url == link
        assert decided(sqlite_url) == [first, int(asked.split()[1])]
