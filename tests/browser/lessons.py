"""Helpers for all pages: wait until one is complete, show it in every window, take its picture; and for the graph."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Locator, Page, expect

SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
WIDTHS: Final = {"wide": 1280, "narrow": 390}
_MAX_CONTROLS: Final = 200

# The styles that can show that an element has the focus: its own, those around it and those of its content.
_LOOKS = """(element) => {
    const some = [element, ...element.querySelectorAll("*")].slice(0, 12);
    for (let up = element; up && some.length < 18; up = up.parentElement) some.push(up);
    return some.map((each) => {
        const style = getComputedStyle(each);
        return [style.outline, style.boxShadow, style.borderColor, style.backgroundColor].join();
    }).join(";");
}"""
# A table marks its cell on a canvas, and the page itself can have the focus to be scrolled.
_DRAWN_BY_ITSELF = """(element) =>
    element.dataset.testid === "stMain" ||
    (element.closest("[data-testid=stDataFrame]") && element.tagName !== "BUTTON")"""
_LISTEN = """(element) => {
    const heard = [];
    new MutationObserver(() => heard.push(element.textContent)).observe(element, { childList: true });
    return heard;
}"""
_UNCHANGED = """(milliseconds) => new Promise((resolve) => {
    let timer = setTimeout(resolve, milliseconds);
    new MutationObserver(() => {
        clearTimeout(timer);
        timer = setTimeout(resolve, milliseconds);
    }).observe(document.body, { childList: true, subtree: true });
})"""
_FOCUSED = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
}"""


def at_rest(page: Page) -> None:
    """Expect the page to be complete, without an error, and no wider than its window."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def unchanged(page: Page) -> None:
    """Wait until nothing was added to the page or taken from it for a while."""
    page.evaluate(_UNCHANGED, 200)


def windows(page: Page) -> Iterator[str]:
    """Show the page in both widths and both themes; yield a name for each."""
    for size, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            yield f"{size}-{scheme}"


def picture(page: Page, folder: Path | None, name: str, height: int) -> None:
    """Draw the page again in a window of this height, and save a picture when it is complete, if there is a folder."""
    if folder is None:
        return
    size = page.viewport_size or {"width": 1280, "height": 900}
    page.set_viewport_size({"width": size["width"], "height": height})
    page.mouse.move(0, 0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_timeout(250)
    page.screenshot(path=folder / f"{name}.png")
    page.set_viewport_size(size)


def tabbed(page: Page, last: str) -> list[str]:
    """Move through the page with the Tab key, to the control with `last` in its name.

    Return the names of the controls that had the focus, and expect that it was visible each time.
    """
    names: list[str] = []
    for _ in range(_MAX_CONTROLS):
        if last in "".join(names[-1:]):
            return names
        page.keyboard.press("Tab")
        element = page.evaluate_handle(_FOCUSED).as_element()
        assert element is not None
        assert element.evaluate("(e) => e !== document.body"), f"the focus was lost after {names[-1:]}"
        page.wait_for_timeout(30)
        name = element.evaluate(
            "(e) => e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.tagName"
        )
        if element.evaluate(_DRAWN_BY_ITSELF):
            continue
        seen = element.evaluate(_LOOKS)
        element.evaluate("(e) => e.blur()")
        page.wait_for_timeout(100)
        assert element.evaluate(_LOOKS) != seen, f"{name} looks the same with the focus and without"
        element.evaluate("(e) => e.focus()")
        names.append(re.sub(r"\s+", " ", name).strip())
    raise AssertionError(f"{last} is not among the first {_MAX_CONTROLS} controls: {names}")


def announcements(live: Locator) -> Callable[[], list[str]]:
    """Record announcements from now on; the function that is returned gives them."""
    heard = live.evaluate_handle(_LISTEN)
    return lambda: list(heard.json_value())


def press(page: Page, name: str) -> None:
    """Press the button with exactly this name."""
    page.get_by_role("button", name=name, exact=True).click()


def fill(page: Page, name: str, value: str) -> None:
    """Type a number into the field with exactly this name."""
    number = page.get_by_role("spinbutton", name=name, exact=True)
    number.fill(value)
    number.press("Enter")


def choose_speed(page: Page, speed: str) -> None:
    """Choose how fast the next run goes on Train."""
    page.get_by_role("combobox", name="Speed").click()
    page.get_by_role("option", name=speed, exact=True).click()


def graph(page: Page) -> Locator:
    """The computation graph."""
    return page.get_by_role("group", name="Computation graph")


def moment(player: Locator, number: int) -> None:
    """Expect the graph to show a moment."""
    expect(player.locator(".count")).to_have_text(re.compile(rf"^{number} of \d+$"))


def moved_and_left(player: Locator) -> str:
    """Move the player to its end and blur it immediately; return what it has announced by then."""
    said: str = player.evaluate(
        """(player) => {
            player.focus();
            player.dispatchEvent(new KeyboardEvent("keydown", {key: "End"}));
            player.blur();
            return player.querySelector(".spoken").textContent;
        }"""
    )
    return said
