"""One step in a browser: from batch to batch, the address, by keyboard, by light and in the dark."""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.lessons import at_rest, photographed, press, tabbed, windows
from tests.browser.servers import Dashboard


def opened(page: Page, shown: Dashboard, query: str = "") -> None:
    page.goto(shown.page(f"step{query}"))
    at_rest(page)


def test_a_shared_address_shows_the_same_step(context: BrowserContext, page: Page, shown: Dashboard) -> None:
    opened(page, shown, "?step-rate=0.2&step-batch=64")
    press(page, "Next batch")
    expect(page.get_by_text("Epoch 1, batch 2 of 5")).to_be_visible()
    page.get_by_text("One house in detail").click()
    page.get_by_role("spinbutton", name="House of this batch, 1 to 64").press("ArrowUp")
    page.get_by_text("Exact numbers").click()
    page.wait_for_url(re.compile("(?=.*step-exact=true)(?=.*step-row=2)(?=.*step-update=2)"))
    at_rest(page)
    said = [text.inner_text() for text in page.get_by_test_id("stMarkdown").all()]
    other = context.new_page()
    opened(other, shown, page.url[page.url.index("?") :])
    expect(other.get_by_text("Epoch 1, batch 2 of 5")).to_be_visible()
    other.get_by_text("One house in detail").click()
    expect(other.get_by_role("spinbutton", name="House of this batch, 1 to 64")).to_have_value("2")
    assert [text.inner_text() for text in other.get_by_test_id("stMarkdown").all()] == said
    expect(other.get_by_role("switch", name="Exact numbers").or_(other.get_by_label("Exact numbers"))).to_be_checked()


def test_every_control_is_reached_by_tab(page: Page, shown: Dashboard) -> None:
    opened(page, shown, "?step-update=9")
    page.get_by_role("link", name="Seeds", exact=True).focus()
    names = tabbed(page, "One house in detail")
    for name in (
        "Back one epoch",
        "Back",
        "Next batch",
        "Next epoch",
        "Update",
        "Try another batch size or learning rate",
        "Normalized",
        "Exact numbers",
    ):
        assert any(name in found for found in names), f"{name} is not among {names}"
    page.get_by_role("button", name="Next batch").press("Enter")
    expect(page.get_by_text("update 10 of 1,400")).to_be_visible()


def test_it_fits_by_light_and_in_the_dark_wide_and_narrow(page: Page, shown: Dashboard, screenshots: Path) -> None:
    opened(page, shown, "?step-rate=0.2&step-update=3")
    page.get_by_text("One house in detail").click()
    for window in windows(page):
        at_rest(page)
        charts = page.get_by_test_id("stVegaLiteChart")
        expect(charts).to_have_count(2)
        for chart in charts.all():
            expect(chart.get_by_role("img").first).to_be_visible()
        photographed(page, screenshots / f"step-{window}.png")
