"""One step in a browser: from batch to batch, the address, by keyboard."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.lessons import at_rest, press
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
