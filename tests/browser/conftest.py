"""A real browser and a real server. A page that sends a request to another host, or throws an error, fails its test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.servers import Dashboard, dashboard
from tests.projects import Project
from tests.waiting import PATIENCE

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


@pytest.fixture
def trouble() -> Iterator[list[str]]:
    """The forbidden requests and errors of all pages; the test fails at its end if there are any."""
    seen: list[str] = []
    yield seen
    assert seen == []


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    """The width of a desktop and the light theme, unless a test changes them."""
    return {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", "reduced_motion": "reduce"}


@pytest.fixture
def context(browser: Browser, browser_context_args: dict[str, Any], trouble: list[str]) -> Iterator[BrowserContext]:
    """A browser's window that watches each of its pages."""
    context = browser.new_context(**browser_context_args)
    context.on("page", lambda page: watch(page, trouble))
    context.set_default_timeout(1_000 * PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page that is watched."""
    return context.new_page()


@pytest.fixture(scope="module")
def changing(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard on a project that the tests of a file change."""
    with dashboard(recorded.copy(tmp_path_factory.mktemp("changing") / "project")) as running:
        yield running


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """The folder for pictures: docs/ for `make screenshots`, else a temporary one."""
    return Path(os.environ.get("SCREENSHOTS", tmp_path))


def watch(page: Page, trouble: list[str]) -> None:
    """Add to `trouble` each request of a page to another host, and each error that it logs or throws."""

    def request(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "ws://127.0.0.1:")):
            trouble.append(f"asked for {request.url}")

    def console(message: ConsoleMessage) -> None:
        # Streamlit tries a page's own address for health first, and looks for the server while a test has no network.
        if message.type == "error" and not any(known in message.text for known in ("404", "ERR_INTERNET_DISCONNECTED")):
            trouble.append(f"said {message.text}")

    page.on("request", request)
    page.on("console", console)
    page.on("pageerror", lambda error: trouble.append(f"threw {error}"))
