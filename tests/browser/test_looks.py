"""Every page by light and in the dark, wide and narrow: nothing sticks out, nothing is fetched, all has a name."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.views import PAGES
from tests.browser.lessons import at_rest, picture, windows
from tests.browser.servers import Dashboard


def test_the_first_page_is_found_by_its_name_too(page: Page, shown: Dashboard) -> None:
    page.goto(shown.page(PAGES[0].path))
    expect(page.get_by_role("heading", name="Off by about $4,800")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_links_for_those_who_are_new_stay_in_the_same_window(page: Page, shown: Dashboard) -> None:
    page.goto(shown.page())
    page.get_by_test_id("stMain").get_by_role("link", name="a run of your own").click()
    expect(page.get_by_role("heading", level=1, name="Train")).to_be_visible()
    assert page.url.endswith("/train")
    assert len(page.context.pages) == 1


def test_every_page_is_reached_and_none_brings_tensorflow_into_the_server(page: Page, shown: Dashboard) -> None:
    page.goto(shown.page())
    for each in PAGES:
        page.get_by_role("link", name=each.title, exact=True).first.click()
        expect(page.get_by_role("link", name=each.title, exact=True).first).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    held = {region.path for region in shown.process.memory_maps()}
    assert not [path for path in held if "tensorflow" in path or "keras" in path]


@pytest.mark.parametrize("name", [each.path for each in PAGES])
def test_a_page_fits(page: Page, shown: Dashboard, screenshots: Path, name: str) -> None:
    page.goto(shown.page("" if name == PAGES[0].path else name))
    for window in windows(page):
        at_rest(page)
        for chart in page.get_by_test_id("stVegaLiteChart").all():
            expect(chart.get_by_role("img").first).to_be_visible()
        picture(page, screenshots / f"{name}-{window}.png", height=min(_height(page) + 40, 2000))


def _height(page: Page) -> int:
    return int(page.evaluate("Math.max(...[...document.querySelectorAll('*')].map(each => each.scrollHeight))"))
