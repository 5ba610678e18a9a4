"""The network in a browser: on both pages it keeps its place while its weights change, and nothing of it is cut off."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.lessons import at_rest, choose_speed, press, windows
from tests.browser.servers import Dashboard

# What of a picture is cut off at its border, and what is written over something else that is written.
_CUT = """(svg) => {
    const room = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")].map((each) => [each.textContent, each.getBoundingClientRect()]);
    const out = texts.filter(([, box]) => box.left < room.left - 1 || box.right > room.right + 1
        || box.top < room.top - 1 || box.bottom > room.bottom + 1);
    const over = texts.filter(([, box], at) => texts.slice(0, at).some(([, other]) => box.left < other.right - 1
        && other.left < box.right - 1 && box.top < other.bottom - 6 && other.top < box.bottom - 6));
    return [...out, ...over].map(([text]) => text);
}"""


def network(page: Page) -> Locator:
    """The drawing of a network."""
    return page.get_by_role("img", name=re.compile("^The network"))


def place(page: Page) -> tuple[int, ...]:
    """Where the drawing is and how large."""
    box = page.locator(".network").bounding_box()
    assert box is not None
    return tuple(round(box[side]) for side in ("x", "y", "width", "height"))


def test_nothing_of_a_network_is_cut_off_by_light_and_in_the_dark_wide_and_narrow(page: Page, shown: Dashboard) -> None:
    page.goto(shown.page("backpropagation?backpropagation-graph=Hidden+layer&backpropagation-row=8"))
    for _ in windows(page):
        at_rest(page)
        expect(network(page)).to_have_accessible_name(re.compile("for house 8: 12 features, then 50 sigmoid units"))
        assert network(page).evaluate(_CUT) == []


def test_the_network_of_a_run_keeps_its_place_from_before_the_first_weights_to_the_end(
    page: Page, shown: Dashboard
) -> None:
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto(shown.page("train"))
    at_rest(page)
    expect(network(page)).to_have_count(0)
    page.get_by_role("radiogroup", name="Model").get_by_text("two hidden layers").click()
    at_rest(page)
    expect(network(page)).to_have_accessible_name("The network: no weights yet.")
    before = place(page)
    choose_speed(page, "Full speed")
    press(page, "Train")
    expect(network(page)).to_have_accessible_name(re.compile("for house 271: 12 features, then 50 sigmoid units"))
    assert place(page) == before
    expect(page.get_by_role("button", name="Record", exact=True)).to_be_visible()
    at_rest(page)
    assert place(page) == before
    assert network(page).evaluate(_CUT) == []
