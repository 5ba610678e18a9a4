"""Pictures of pages, for docs/ and for a look after a test."""

from pathlib import Path

from playwright.sync_api import Page, expect


def picture(page: Page, path: Path, height: int) -> None:
    """Draw the page again in a window of this height, and save a picture when it is complete."""
    size = page.viewport_size or {"width": 1280, "height": 900}
    page.set_viewport_size({"width": size["width"], "height": height})
    page.mouse.move(0, 0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_timeout(250)
    page.screenshot(path=path)
    page.set_viewport_size(size)
