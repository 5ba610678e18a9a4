"""A visit: one page that goes from page to page of a dashboard by the links, for all tests of a file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page, expect

from dashboard.views import PAGES
from tests.browser.lessons import at_rest, unchanged
from tests.browser.servers import Dashboard

Visit = Callable[[str], Page]
"""Go to the page with this address, by its link, in a wide window and by light."""


@contextmanager
def visit_of(context: BrowserContext, shown: Dashboard) -> Iterator[Visit]:
    """Open a page of the browser for a visit, and close it after the block, before the dashboard ends."""
    page = context.new_page()
    page.goto(shown.page())

    def go(path: str) -> Page:
        title = next(each.title for each in PAGES if each.path == path)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        page.get_by_role("link", name=title, exact=True).first.click()
        expect(page).to_have_title(f"{title} · SGD laboratory")
        unchanged(page)  # the page before may still be there, and this one may be drawn twice
        at_rest(page)
        return page

    yield go
    page.close()
