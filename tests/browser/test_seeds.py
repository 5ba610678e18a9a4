"""Seeds in a browser: many runs trained for real, the picture with its marks, the limit, the address."""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.lessons import at_rest, photographed, windows
from tests.browser.servers import Dashboard


def test_seeds_and_rates_are_trained_seen_and_shared(
    context: BrowserContext, page: Page, shown: Dashboard, screenshots: Path
) -> None:
    metrics = shown.project.store.read_metrics()
    limit = metrics.curvature.fit_rows.largest_stable_learning_rate
    page.goto(shown.page("seeds?seeds=30"))
    at_rest(page)
    seeds, rates = (page.get_by_role("button", name=name) for name in ("Train 60 runs", "Train 64 learning rates"))
    seeds.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("60 runs in")).to_be_visible(timeout=120_000)
    expect(seeds).to_be_disabled()
    rates.click()
    expect(page.get_by_text(re.compile(r"64 runs in .* s\."))).to_be_visible(timeout=120_000)
    at_rest(page)

    luck = page.get_by_text(re.compile("luck alone moves the test mean squared error from"))
    expect(luck).to_contain_text("published a test mean squared error of 25.32")
    expect(luck).to_contain_text(f"The recorded run has {metrics.test['mse']:.4g}.")
    for name in ("Same training rows", "Other training rows"):
        expect(page.get_by_test_id("stMetric").filter(has_text=name)).to_contain_text(re.compile(r"2\d\.\d+ ± "))
    expect(page.get_by_text("At 0.2 it is −1.36: every step lands on the other side")).to_be_visible()
    described = page.locator("[role=graphics-document]")
    recorded = f"recorded run at {metrics.test['mse']:.4g}"
    for chart, mark in enumerate((f"{recorded}, the tutorial's run at 25.32", f"the limit {limit:.3g}")):
        expect(described.nth(chart)).to_have_attribute("aria-label", re.compile(f"Marked.* {mark}"))

    for window in windows(page):
        at_rest(page)
        expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
        photographed(page, screenshots / f"seeds-{window}.png")

    texts = page.get_by_test_id("stMarkdown").all_inner_texts()
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("luck alone moves")).to_be_visible()
    expect(other.get_by_text("At 0.2 it is −1.36")).to_be_visible()
    at_rest(other)
    assert other.get_by_test_id("stMarkdown").all_inner_texts() == texts
    assert other.get_by_role("button", name="Train 60 runs").is_disabled()
