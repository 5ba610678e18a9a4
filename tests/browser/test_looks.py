"""Every page by light and in the dark, wide and narrow: nothing sticks out, nothing is fetched, all has a name."""

import re
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard import views
from dashboard.views import CHAPTER, LAB, PAGES
from tests.browser.conftest import Visit
from tests.browser.lessons import SCHEMES, at_rest, picture, windows
from tests.browser.servers import Dashboard
from tests.waiting import until


def at(page: views.Page) -> re.Pattern[str]:
    """The address of a page, whatever is chosen there."""
    return re.compile(rf"^[^?]*/{'' if page is views.START else page.path}(\?|$)")


@pytest.fixture(scope="module")
def visited(shown: Dashboard) -> Dashboard:
    """The dashboard of the recorded run."""
    return shown


def test_the_first_page_is_found_by_its_name_too(page: Page, shown: Dashboard) -> None:
    page.goto(shown.page(PAGES[0].path))
    expect(page.get_by_role("heading", name="A laboratory for stochastic gradient descent")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_whoever_goes_on_from_lesson_to_lesson_comes_to_all_of_them_and_to_the_lab(
    page: Page, shown: Dashboard
) -> None:
    opened = len(page.context.pages)
    page.goto(shown.page())
    page.get_by_role("link", name="Begin the chapter").click()
    for lesson, following in pairwise((*CHAPTER, LAB[0])):
        expect(page).to_have_url(at(lesson))
        page.get_by_role("link", name=f"Next: {following.title}").click()
    expect(page).to_have_url(at(LAB[0]))
    page.go_back()
    page.get_by_role("link", name=f"Previous: {CHAPTER[-2].title}").click()
    expect(page).to_have_url(at(CHAPTER[-2]))
    assert len(page.context.pages) == opened


def test_all_links_of_the_navigation_are_in_view_in_a_narrow_window(page: Page, shown: Dashboard) -> None:
    page.set_viewport_size({"width": 420, "height": 900})
    page.goto(shown.page())
    for each in PAGES:
        box = page.get_by_role("link", name=each.title, exact=True).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 420
    page.get_by_role("link", name=PAGES[-1].title, exact=True).click()
    expect(page).to_have_url(at(PAGES[-1]))


@pytest.mark.parametrize("each", PAGES, ids=[each.path for each in PAGES])
def test_a_page_fits_and_brings_no_tensorflow_into_the_server(
    visit: Visit, shown: Dashboard, screenshots: Path | None, each: views.Page
) -> None:
    page = visit(each.path)
    expect(page).to_have_url(at(each))
    held = {region.path for region in shown.process.memory_maps()}
    assert not [path for path in held if "tensorflow" in path or "keras" in path]
    for window in windows(page):
        at_rest(page)
        for chart in page.get_by_test_id("stVegaLiteChart").filter(visible=True).all():
            expect(chart.get_by_role("img").first).to_be_visible()
        picture(page, screenshots, f"{each.path}-{window}", height=min(_height(page) + 40, 2000))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_main_button_can_be_read(visit: Visit, scheme: Literal["light", "dark"]) -> None:
    page = visit("train")
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
    button = page.get_by_test_id("stMain").get_by_role("button", name="Train", exact=True)
    colours = button.evaluate("each => ['color', 'backgroundColor'].map(name => getComputedStyle(each)[name])")
    text, ground = (_luminance(colour) for colour in colours)
    assert (max(text, ground) + 0.05) / (min(text, ground) + 0.05) >= 4.5  # what WCAG 2.2 asks for


def _luminance(colour: str) -> float:
    """The relative luminance of a colour, `rgb(31, 111, 178)`, by WCAG 2.2."""
    shares = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


ON_ONE_SCREEN = {
    "surface": [".beside .stage", ".surface .stage", "button.play", ".readout", "text=New random start"],
    "step": ["text='Next'", "text='5. Update'", "input[aria-label=Update]", "[data-testid=stDataFrame]"],
    "backpropagation": ["svg.wide", "button.play", ".caption .meaning", "input[aria-label='v, the weight']"],
    "data": [
        "[data-testid=stSelectbox]",
        "[data-testid=stVegaLiteChart]",
        "text=/^lower status \\(lstat\\) as it is in the table/",
    ],
    "train": ["text='Learning rate'", "[aria-label^='Loss per epoch']", "text='Train' >> visible=true >> nth=-1"],
    "seeds": ["text='Seeds'", "text='Train 200 runs'"],
}
"""What moves and what is moved, on each lesson."""


@pytest.mark.parametrize("name", ON_ONE_SCREEN)
def test_what_moves_and_what_is_moved_are_on_one_screen(visit: Visit, name: str) -> None:
    page = visit(name)
    page.set_viewport_size({"width": 1280, "height": 800})
    for selector in ON_ONE_SCREEN[name]:
        part = page.get_by_test_id("stMain").locator(selector).first
        expect(part).to_be_visible()
        until(partial(_in_view, part))


def _in_view(part: Locator) -> bool:
    """Whether all of it is below the header and above the window's end, without scrolling."""
    box = part.bounding_box()
    return box is not None and box["y"] >= 60 and box["y"] + box["height"] <= 800


def _height(page: Page) -> int:
    return int(page.evaluate("Math.max(...[...document.querySelectorAll('*')].map(each => each.scrollHeight))"))
