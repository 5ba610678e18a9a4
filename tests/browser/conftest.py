"""A real browser and a real server. A page that sends a request to another host, or throws an error, fails its test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from dashboard.views import PAGES
from tests.browser.lessons import at_rest, unchanged
from tests.browser.servers import Dashboard, dashboard
from tests.projects import Project
from tests.waiting import PATIENCE

Visit = Callable[[str], Page]
"""Go to the page with this address, by its link, in a wide window and by light."""

expect.set_options(timeout=1_000 * PATIENCE)  # a worker imports TensorFlow meanwhile, and the machine may be busy

# The shell, which has no windows, loads a page with two thirds of the work of a whole browser.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = [
    "--font-render-hinting=none",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system's Chromium if there is one, best without windows, else Playwright's."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"args": [*_QUIET, *sandbox], **({"executable_path": found} if found else {})}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """The width of a desktop and the light theme, unless a test changes them."""
    return {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def noted() -> list[str]:
    """The forbidden requests and errors of all pages since the end of the test before."""
    return []


@pytest.fixture(scope="session")
def context(browser: Browser, browser_context_args: dict[str, Any], noted: list[str]) -> Iterator[BrowserContext]:
    """A browser that watches each of its pages, and keeps the scripts that it has loaded, as everyone's does."""
    context = browser.new_context(**browser_context_args)
    context.on("page", lambda page: watch(page, noted))
    context.set_default_timeout(1_000 * PATIENCE)
    yield context
    context.close()


@pytest.fixture(autouse=True)
def nothing_is_noted(context: BrowserContext, noted: list[str]) -> Iterator[None]:
    """Fail a test by whose end a page has sent a forbidden request or had an error."""
    yield
    context.set_offline(False)
    found = noted.copy()
    noted.clear()
    assert found == []


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that is watched; it is closed after the test, with those that were opened from it."""
    earlier = context.pages
    yield context.new_page()
    for page in context.pages:
        if page not in earlier:
            page.close()


@pytest.fixture(scope="module")
def visit(context: BrowserContext, visited: Dashboard) -> Iterator[Visit]:
    """One page that goes from page to page for all tests of a file, whose dashboard is its own fixture `visited`."""
    page = context.new_page()
    page.goto(visited.page())

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


@pytest.fixture(scope="module")
def changing(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard on a project that the tests of a file change."""
    with dashboard(recorded.copy(tmp_path_factory.mktemp("changing") / "project")) as running:
        yield running


@pytest.fixture(scope="session")
def screenshots() -> Path | None:
    """The folder for pictures: docs/ for `make screenshots`; else none are taken."""
    return Path(folder) if (folder := os.environ.get("SCREENSHOTS")) else None


def watch(page: Page, noted: list[str]) -> None:
    """Add to `noted` each request of a page to another host, and each error that it logs or throws."""

    def request(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "ws://127.0.0.1:")):
            noted.append(f"{page.url} asked for {request.url}")

    def console(message: ConsoleMessage) -> None:
        # Streamlit tries a page's own address for health first, and looks for the server while a test has no network.
        if message.type == "error" and not any(known in message.text for known in ("404", "ERR_INTERNET_DISCONNECTED")):
            noted.append(f"{page.url} said {message.text}")

    page.on("request", request)
    page.on("console", console)
    page.on("pageerror", lambda error: noted.append(f"{page.url} threw {error}"))
