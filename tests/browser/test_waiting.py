"""The waits that the other tests rely on, in a browser that is too busy to follow."""

import re

from playwright.sync_api import expect

from tests.browser.test_explore import open_explore
from tests.browser.waiting import idle, rerun

BUSY_WHILE_THE_ANSWER_COMES = """() => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...message) {
        WebSocket.prototype.send = send;
        setTimeout(() => {
            const end = Date.now() + 2000;
            while (Date.now() < end);
        });
        return send.apply(this, message);
    };
}"""


def test_an_answer_is_noticed_by_who_draws_its_beginning_and_its_end_at_once(page, server):
    open_explore(page, server, "&index=247")  # until its keys are listened to
    heading = page.get_by_role("heading", name=re.compile(r"^Digit \d+"))
    expect(heading).to_contain_text("Digit 247")
    idle(page)
    page.evaluate(BUSY_WHILE_THE_ANSWER_COMES)
    with rerun(page):
        page.keyboard.press("ArrowRight")
    expect(heading).not_to_contain_text("Digit 247")
