"""Train, in a browser, with a real worker: train, stop, come back, diverge, share the machine."""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.lessons import choose_speed, picture
from tests.browser.servers import Dashboard


def open_train(page: Page, shown: Dashboard, query: str = "") -> None:
    page.goto(shown.page(f"train{query}"))
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()


def epoch(page: Page) -> Locator:
    return page.get_by_test_id("stMetric").filter(has_text="Epoch of 200").get_by_test_id("stMetricValue")


def press(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()  # Streamlit has a Stop too


def test_the_recorded_settings_give_the_recorded_weights(
    page: Page, shown: Dashboard, screenshots: Path | None
) -> None:
    open_train(page, shown)
    press(page, "Train")
    expect(page.get_by_text("Done.", exact=True)).to_be_visible()
    expect(epoch(page)).to_have_text("200")
    expect(page.get_by_text("the weights after every update are the same too, bit for bit")).to_be_visible()
    picture(page, screenshots, "train", height=1240)
    assert not [region.path for region in shown.process.memory_maps() if "tensorflow" in region.path]
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Its path on the loss surface").click()
    player = opened.value.locator(".player")
    expect(player.get_by_role("button", name="A: tried, learning rate 0.01")).to_be_visible()
    player.get_by_role("button", name="To the end").click()
    expect(player).to_have_attribute("data-update", "1400")


def test_a_reload_and_a_second_window_find_the_run_again(context: BrowserContext, page: Page, shown: Dashboard) -> None:
    open_train(page, shown)
    choose_speed(page, "0.1 s an epoch")
    press(page, "Train")
    expect(page).to_have_url(re.compile(r"job="))
    expect(page.get_by_text("Training.", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text("Training.", exact=True)).to_be_visible()
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("Training.", exact=True)).to_be_visible()
    expect(epoch(other)).to_have_text(re.compile(r"^[1-9]\d*$"))
    press(other, "Stop")
    expect(page.get_by_text("Stopped.", exact=True)).to_be_visible()
    expect(page.get_by_text("A stopped run cannot be recorded")).to_be_visible()


def slow_run(page: Page, shown: Dashboard) -> Page:
    """Begin a run that does not end by itself while a test looks at it."""
    open_train(page, shown)
    choose_speed(page, "1 s an epoch")
    press(page, "Train")
    expect(page.get_by_text("Training.", exact=True)).to_be_visible()
    return page
