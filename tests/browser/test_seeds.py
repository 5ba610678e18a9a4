"""Seeds in a browser: many runs trained for real, the picture with its marks, the limit, the address."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.lessons import at_rest, windows
from tests.browser.servers import Dashboard


def test_seeds_and_rates_are_trained_seen_and_shared(context: BrowserContext, page: Page, shown: Dashboard) -> None:
    page.goto(shown.page("seeds?seeds=30"))
    at_rest(page)
    seeds, rates = (page.get_by_role("button", name=name) for name in ("Train 60 runs", "Train 64 learning rates"))
    seeds.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("60 runs in")).to_be_visible(timeout=120_000)
    expect(seeds).to_be_disabled()
    expect(page.locator("[role=graphics-document]")).to_have_attribute("aria-label", re.compile("Marked: recorded"))
    page.get_by_role("tab", name="Another learning rate").click()
    rates.click()
    expect(page.get_by_text(re.compile(r"64 runs in .* s\."))).to_be_visible(timeout=120_000)
    at_rest(page)

    for _ in windows(page):
        at_rest(page)
        expect(page.get_by_test_id("stVegaLiteChart").filter(visible=True)).to_have_count(1)
    texts = page.get_by_test_id("stMarkdown").all_text_contents()
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("At 0.2 it is −1.36")).to_be_visible()
    other.get_by_role("tab", name="Another seed").click()
    expect(other.get_by_text("luck alone moves")).to_be_visible()
    at_rest(other)
    assert other.get_by_test_id("stMarkdown").all_text_contents() == texts
    assert other.get_by_role("button", name="Train 60 runs").is_disabled()
