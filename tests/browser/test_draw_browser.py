"""The Draw page as a person meets it: a real mouse, real files, a real page."""

import re

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from core.networks.own_pictures import EXAMPLE
from core.study.pngs import png
from tests.browser.conftest import patient
from tests.browser.waiting import idle, wait_until

SEVEN = ((80, 70), (220, 70), (140, 250))
MARK = re.compile("^Your digit 1, read 7")
KEPT = """count =>
    JSON.parse(sessionStorage.getItem("penumbra drawing"))?.strokes.length === count"""


def open_draw(page: Page, server: str, link: str = "") -> None:
    page.goto(f"{server}/draw?{link}")
    page.locator(".st-key-neighbours .nsewdrag").first.wait_for()
    idle(page)


def stroke(page: Page, points: tuple[tuple[int, int], ...]) -> None:
    frame = page.locator("canvas.upper-canvas").bounding_box()
    for number, (x, y) in enumerate(points):
        page.mouse.move(frame["x"] + x, frame["y"] + y, steps=8 if number else 1)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def verdict(page: Page, said: str):
    return expect(page.get_by_role("heading", level=2, name=said).first)


def photo() -> bytes:
    paper = np.full((300, 300), 235, np.uint8)
    cv2.polylines(paper, [np.array(SEVEN)], False, 60, 14, cv2.LINE_AA)
    return png(paper)


def test_a_seven_drawn_with_the_mouse_is_read_and_its_mark_in_the_scatter_opens(page, server):
    open_draw(page, server)
    stroke(page, SEVEN)
    verdict(page, "Sure: 7.").to_be_visible()
    mark = page.get_by_role("button", name=MARK)
    expect(mark).to_have_text("7")
    mark.click()
    tile = page.locator(".penumbra-hover")
    expect(tile).to_be_visible()
    expect(tile).to_have_text(MARK)
    expect(mark).to_have_attribute("aria-pressed", "true")


def test_strokes_are_undone_cleared_and_brought_back_and_survive_other_pages(page, server):
    open_draw(page, server)
    stroke(page, SEVEN)
    verdict(page, "Sure: 7.").to_be_visible()
    page.locator(".st-key-clear button").click()
    expect(page.get_by_text("Draw a digit in the white square")).to_be_visible()
    idle(page)
    page.locator(".st-key-undo-stroke button").click()
    verdict(page, "Sure: 7.").to_be_visible()
    page.get_by_role("link", name="Glossary").click()
    expect(page.get_by_role("heading", name="What do the words mean")).to_be_visible()
    page.get_by_role("link", name="Draw", exact=True).click()
    verdict(page, "Sure: 7.").to_be_visible()


def test_a_drawing_outlives_a_reload_and_is_undone_stroke_by_stroke(page, server):
    open_draw(page, server)
    stroke(page, SEVEN)
    verdict(page, "Sure: 7.").to_be_visible()
    idle(page)
    before = page.locator(".own img.digit").get_attribute("src")
    stroke(page, ((100, 160), (190, 160)))
    expect(page.locator(".own img.digit")).not_to_have_attribute("src", before)
    idle(page)
    crossed = page.locator(".own img.digit").get_attribute("src")
    page.wait_for_function(KEPT, arg=2)
    page.reload()
    expect(page.locator(".own img.digit")).to_have_attribute("src", crossed)
    idle(page)
    page.locator(".st-key-undo-stroke button").click()
    expect(page.locator(".own img.digit")).to_have_attribute("src", before)
    idle(page)
    page.locator(".st-key-clear button").click()
    expect(page.get_by_text("Draw a digit in the white square")).to_be_visible()
    page.wait_for_function(KEPT, arg=0)
    page.reload()
    expect(page.get_by_text("Draw a digit in the white square")).to_be_visible()


def test_a_drawing_comes_back_onto_a_canvas_that_loads_last(page, server):
    open_draw(page, server)
    stroke(page, SEVEN)
    verdict(page, "Sure: 7.").to_be_visible()
    page.wait_for_function(KEPT, arg=1)
    held: list[Route] = []

    def hold(route: Route) -> None:  # the bound method itself has no room for Playwright's mark
        held.append(route)

    page.route("**/*drawable_canvas*/*.js*", hold)
    page.reload()
    expect(page.get_by_text("Draw a digit in the white square")).to_be_visible()
    idle(page)
    wait_until(page, lambda: held)
    for route in held:
        route.continue_()
    verdict(page, "Sure: 7.").to_be_visible()


def test_from_the_canvas_to_the_camera_and_back_nothing_is_lost(page, server):
    open_draw(page, server)
    stroke(page, SEVEN)
    verdict(page, "Sure: 7.").to_be_visible()
    # From the canvas upwards, where its component's toolbar would come up below the mouse.
    page.get_by_role("radio", name="Camera").click()
    expect(page.get_by_text("Write a digit on paper and hold it to the camera")).to_be_visible()
    idle(page)
    page.get_by_role("radio", name="Draw").click()
    verdict(page, "Sure: 7.").to_be_visible()
    idle(page)
    page.locator(".st-key-undo-stroke button").click()
    expect(page.get_by_text("Draw a digit in the white square")).to_be_visible()


def test_the_canvas_has_the_pages_tools_and_no_others(page, server):
    open_draw(page, server)
    canvas = page.locator("canvas.upper-canvas")
    canvas.hover()
    expect(page.locator(".dc-toolbar")).to_be_hidden()
    page.get_by_role("link", name="Glossary").click()
    expect(page.get_by_role("heading", name="What do the words mean")).to_be_visible()
    page.get_by_role("link", name="Draw", exact=True).click()
    canvas.hover()
    expect(page.locator(".dc-toolbar")).to_be_hidden()


def test_test_digit_247_is_read_as_4_until_something_is_drawn_on_it(page, server):
    open_draw(page, server, "start=247")
    verdict(page, re.compile("4")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Your digit 1, read 4"))).to_be_visible()
    expect(page.locator(".st-key-undo-stroke button")).to_be_disabled()
    before = page.locator(".own img.digit").get_attribute("src")
    stroke(page, SEVEN)
    expect(page.locator(".own img.digit")).not_to_have_attribute("src", before)
    idle(page)
    page.locator(".st-key-undo-stroke button").click()
    expect(page.locator(".own img.digit")).to_have_attribute("src", before)


def test_of_three_files_one_is_broken_and_is_named_and_the_others_are_read(page, server):
    open_draw(page, server, "way=upload")
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "seven.png", "mimeType": "image/png", "buffer": photo()},
            {"name": "cut <b>off.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff"},
            {"name": "number.jpg", "mimeType": "image/jpeg", "buffer": EXAMPLE.read_bytes()},
        ]
    )
    expect(page.get_by_text("9 digits found.")).to_be_visible()
    verdict(page, "Sure: 7.").to_be_visible()
    failures = page.get_by_role("alert")
    expect(failures).to_contain_text("One file could not be read:")
    expect(failures).to_contain_text("cut <b>off.jpg")
    expect(page.get_by_role("button", name=re.compile("^Your digit 9, read"))).to_be_visible()
    page.locator(".st-key-remove button").click()
    expect(page.get_by_text("Drop in a photograph")).to_be_visible()


def test_a_rule_made_on_trust_sends_a_digit_of_ones_own_to_a_person(page, server):
    page.goto(f"{server}/trust?decline=confidence:0.999")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    page.get_by_role("spinbutton", name="Begin with a digit").fill("2447")
    page.keyboard.press("Enter")
    expect(page.get_by_text("would go to a person: Confidence under 0.999")).to_be_visible()
    verdict(page, "The members disagree: 4 or 9.").to_be_visible()


@pytest.mark.parametrize("way", ["draw", "upload"])
def test_all_is_reachable_by_keyboard(page, server, way):
    open_draw(page, server, f"way={way}")
    first = ".st-key-examples button" if way == "draw" else ".st-key-example button"
    page.locator(first).first.focus()
    page.keyboard.press("Enter")
    mark = page.get_by_role("button", name=re.compile("^Your digit 1, read"))
    expect(mark).to_be_visible()
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".penumbra-hover")).to_be_visible()


def test_a_finger_draws_on_a_narrow_screen_and_nothing_breaks_or_overflows(browser, server):
    broken = []
    size = {"width": 390, "height": 844}
    with browser.new_context(viewport=size, has_touch=True, is_mobile=True) as phone:
        page = patient(phone).new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        open_draw(page, server)
        canvas = page.locator("canvas.upper-canvas")
        canvas.scroll_into_view_if_needed()
        frame = canvas.bounding_box()
        touch = phone.new_cdp_session(page)
        down = np.linspace(SEVEN[0], SEVEN[1], 8), np.linspace(SEVEN[1], SEVEN[2], 8)
        for number, (x, y) in enumerate(np.concatenate(down).tolist()):
            points = [{"x": frame["x"] + x, "y": frame["y"] + y}]
            kind = "touchMove" if number else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        verdict(page, "Sure: 7.").to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not broken
