"""Helpers for the path player: open it with settings in the address, and read its position and its text."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.servers import Dashboard


def opened(page: Page, shown: Dashboard, **settings: object) -> Locator:
    """Open the page with some settings in its address, and return the player."""
    query = "&".join(
        f"surface-{name.replace('_', '-')}={str(value).replace(' ', '+')}" for name, value in settings.items()
    )
    page.goto(f"{shown.page('surface')}?{query}")
    player = page.locator(".player")
    expect(player).to_have_attribute("data-update", re.compile(r"\d+"))
    return player


def at(player: Locator, update: int) -> None:
    """Expect the player to show an update."""
    expect(player).to_have_attribute("data-update", str(update))


def readout(player: Locator, run: int = 0) -> dict[str, str]:
    """The numbers shown for a run, by title."""
    pairs = player.locator(".readout").nth(run).locator("div")
    return dict(pair.inner_text().split("\n") for pair in pairs.all())
