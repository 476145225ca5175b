import os
import signal

from playwright.sync_api import Page, expect

from bench.browser import serve
from core.review.database import open_engine
from core.review.decision_schema import open_store
from core.review.decisions import Decision, append, load_log
from examples.mnist_artifacts import load_artifacts
from examples.mnist_data import data_hash, load_test
from tests.browser.waiting import idle, wait_until

HASH = data_hash(*load_test())


def open_audit(page: Page, url: str, look: str = "One by one") -> None:
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{url}/audit?model=article&reviewer=Ada&look={look}")
    expect(page.locator(".st-key-progress")).to_be_visible()
    # A key belongs to its button, which may be drawn after the rest.
    expect(page.get_by_role("button", name="Keep").first).to_be_enabled()


def heading(page: Page) -> str:
    return page.locator("h2").first.inner_text()


def press(page: Page, key: str) -> int:
    """Press a key and return the index it was pressed on, once the next digit is shown."""
    idle(page)  # the count is drawn ahead of the digit
    before = heading(page)
    page.keyboard.press(key)
    expect(page.locator("h2").first).not_to_have_text(before)
    return int(before.split()[1])


def hold(page: Page, key: str) -> None:
    """Hold a key for so long that its repeats meet the next digit."""
    before = heading(page)
    page.keyboard.down(key)
    expect(page.locator("h2").first).not_to_have_text(before)
    for _ in range(3):
        idle(page)
        page.keyboard.down(key)  # now the browser says that it repeats
    page.keyboard.up(key)


def settled(page: Page, count: int) -> None:
    expect(page.locator(".st-key-progress")).to_contain_text(f"{count} of 10,000")


def keep_twenty(page: Page, times: int, before: int) -> None:
    for done in range(1, times + 1):
        page.get_by_role("button", name="Keep the labels of these 20").click()
        settled(page, before + 20 * done)


def decided(url: str) -> list[int]:
    engine = open_engine(url)
    found = load_log(engine, HASH)["item"].astype(int).tolist()
    engine.dispose()
    return found


def test_a_server_killed_in_the_middle_of_200_decisions_loses_and_doubles_none(page, sqlite_url):
    with serve(PENUMBRA_DECISIONS=sqlite_url) as server:
        open_audit(page, server.url, "Twenty at once")
        keep_twenty(page, 5, 0)
        confirmed = [press(page, key) for key in "ku9n"]
        page.keyboard.press("k")  # on its way when the server dies
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
    kept = decided(sqlite_url)
    assert set(confirmed) <= set(kept)
    assert len(kept) - 104 in (0, 1)
    with serve(PENUMBRA_DECISIONS=sqlite_url) as server:
        open_audit(page, server.url, "Twenty at once")
        settled(page, len(kept))
        keep_twenty(page, 5, len(kept))
    everything = decided(sqlite_url)
    assert len(everything) == len(kept) + 100
    assert len(set(everything)) == len(everything)


def test_keys_pressed_faster_than_the_screen_follows_decide_no_digit_twice_or_unseen(
    page, sqlite_url
):
    with serve(PENUMBRA_DECISIONS=sqlite_url) as server:
        open_audit(page, server.url)
        idle(page)  # a key during the very first run is lost, not late
        first = heading(page)
        for _ in range(4):
            page.keyboard.press("k")
        expect(page.locator("h2").first).not_to_have_text(first)
        shown = page.locator(".st-key-progress")
        wait_until(page, lambda: f"{len(decided(sqlite_url))} of 10,000" in shown.inner_text())
        idle(page)
        log = decided(sqlite_url)
        assert 1 <= len(log) == len(set(log)) <= 4


def test_a_held_key_decides_one_digit_and_repeats_in_a_field(page, sqlite_url):
    with serve(PENUMBRA_DECISIONS=sqlite_url) as server:
        open_audit(page, server.url)
        idle(page)
        hold(page, "k")
        settled(page, 1)
        page.get_by_role("button", name="Keep").focus()
        hold(page, "Enter")
        settled(page, 2)
        assert len(decided(sqlite_url)) == 2
        third = heading(page)
        page.keyboard.press("k")  # the next press counts again
        expect(page.locator("h2").first).not_to_have_text(third)
        assert len(decided(sqlite_url)) == 3
        note = page.get_by_label("Note on this decision")
        note.click()
        for _ in range(4):
            page.keyboard.down("k")
        page.keyboard.up("k")
        expect(note).to_have_value("kkkk")


def test_a_tile_opens_its_digit_and_letters_typed_into_the_note_decide_nothing(page, sqlite_url):
    with serve(PENUMBRA_DECISIONS=sqlite_url) as server:
        open_audit(page, server.url, "Twenty at once")
        tile = page.locator(".st-key-grid button").nth(7)
        index = int(tile.get_attribute("title").split()[1].rstrip(","))
        tile.click()
        label = load_artifacts("article").scores["label"][index]
        expect(page.locator("h2").first).to_contain_text(f"Digit {index} · label {label}")
        first = heading(page)
        page.get_by_label("Note on this decision").click()
        page.keyboard.type("k9 or 4? u n s z")
        page.keyboard.press("Enter")
        expect(page.locator("h2").first).to_have_text(first)
        page.locator("h2").first.click()
        press(page, "s")
        engine = open_engine(sqlite_url)
        log = load_log(engine, HASH)
        engine.dispose()
        assert log["note"].tolist() == ["k9 or 4? u n s z"]
        assert log["item"].astype(int).tolist() == [index]
        expect(page.get_by_label("Note on this decision")).to_have_value("")


def test_a_disputed_digit_is_shown_and_opens_for_review(page, sqlite_url):
    engine = open_engine(sqlite_url)
    open_store(engine)
    for reviewer, decision, new_label in (("Ada", "keep", None), ("Bob", "relabel", 9)):
        append(engine, Decision(
            data_set="MNIST test", data_hash=HASH, item="247", given_label=4, decision=decision,
            new_label=new_label, reviewer=reviewer, model="article"))  # fmt: skip
    engine.dispose()
    with serve(PENUMBRA_DECISIONS=sqlite_url) as server:
        page.goto(f"{server.url}/audit?model=article&reviewer=Ada&look=Results")
        page.locator(".st-key-disputed-tiles button").click()
        expect(page.locator("h2").first).to_contain_text("Digit 247 · label 4")
