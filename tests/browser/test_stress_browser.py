"""The Stress page as a person meets it: the slider, a cell of the heatmap, the film."""

import re

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.waiting import idle

SIX = "id=100&kind=rotate&model=ensemble"


def open_stress(page: Page, server: str, link: str) -> None:
    page.goto(f"{server}/stress?{link}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    idle(page)


def test_the_rotation_slider_changes_the_prediction_and_the_link_by_key_and_by_click(page, server):
    open_stress(page, server, SIX)
    slider = page.get_by_role("slider", name="Rotation")
    expect(page.locator(".said strong")).to_contain_text("6")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^0°: .*6"))
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator(".said strong")).to_contain_text("9")
    expect(page.locator(".cursor output")).to_have_text("180°")
    page.wait_for_url(re.compile("at=180"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".cursor output")).to_have_text("174°")
    page.wait_for_url(re.compile("at=174"))
    idle(page)
    expect(page.locator(".cursor output")).to_have_text("174°")
    line = page.locator(".st-key-curve .penumbra-cursor")
    right = line.bounding_box()["x"]
    page.keyboard.press("Home")
    expect(page.locator(".cursor output")).to_have_text("−180°")
    assert line.bounding_box()["x"] < right - 300
    page.wait_for_url(re.compile("at=-180"))
    idle(page)
    page.go_back()
    expect(page.locator(".cursor output")).to_have_text("174°")


def test_play_moves_the_cursor_until_it_is_pressed_again(page, server):
    open_stress(page, server, SIX)
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".cursor output")).not_to_have_text("0°")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.wait_for_url(re.compile("at="))


def test_a_cell_opens_its_images_and_an_image_is_bent(page, server):
    open_stress(page, server, "stress=data&model=article")
    page.get_by_role("button", name=re.compile("rotation, severity 2$")).click()
    expect(page.get_by_role("heading", name="Rotation, severity 2")).to_be_visible()
    page.wait_for_url(re.compile("cell=rotate(:|%3A)2"))
    idle(page)
    tile = page.locator(".st-key-cell-items button").first
    named = re.search(r"Digit (\d+)", tile.get_attribute("aria-label"))
    tile.click()
    expect(page.get_by_text(f"Digit {named[1]}, labelled")).to_be_visible()
    expect(page.get_by_role("slider", name="Rotation")).to_be_visible()
    expect(page.locator(".cursor output")).to_have_text("24°")  # the step next to 22.9°


def test_the_film_is_a_gif_of_every_step(page, server, tmp_path):
    open_stress(page, server, SIX)
    with page.expect_download() as began:
        page.get_by_role("button", name="Film (GIF)").click()
    path = tmp_path / "film.gif"
    began.value.save_as(path)
    assert began.value.suggested_filename == "penumbra-rotate-100.gif"
    with Image.open(path) as film:
        assert film.format == "GIF" and film.n_frames == 61
