"""A server's very first visitor may follow a link to any page."""

from playwright.sync_api import expect

from bench.browser import serve
from tests.browser.conftest import patient


def test_the_first_visitor_of_a_server_may_come_by_a_link_to_a_page(browser):
    with serve() as running, browser.new_context(viewport={"width": 1440, "height": 1000}) as fresh:
        page = patient(fresh).new_page()
        page.goto(f"{running.url}/glossary?model=article")
        expect(page.get_by_role("heading", name="What do the words mean")).to_be_visible()
        expect(page.get_by_role("link", name="Explore")).to_be_visible()
        assert "model=article" in page.url
        # Only navigation.py brings the style sheet.
        expect(page.locator(".stMainBlockContainer")).to_have_css("max-width", "1500px")


def test_the_first_visitor_of_a_server_never_sees_names_of_files(browser):
    with serve() as running, browser.new_context() as fresh:
        page = patient(fresh).new_page()
        page.add_init_script("""
            window.menus = new Set();
            new MutationObserver(() => document.querySelectorAll("nav, header, [class*=Nav]")
                .forEach(menu => window.menus.add(menu.innerText))
            ).observe(document, {childList: true, subtree: true, characterData: true});
        """)
        page.goto(f"{running.url}/glossary")
        page.wait_for_function("[...window.menus].some(text => text.includes('Explore'))")
        assert not [text for text in page.evaluate("[...window.menus]") if "explore" in text]
