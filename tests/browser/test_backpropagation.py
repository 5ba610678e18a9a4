"""Backpropagation in a browser: the worked example edge by edge, updates and undo, the address, by keyboard."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.lessons import (
    announcements,
    at_rest,
    fill,
    graph,
    moment,
    moved_and_left,
    press,
    tabbed,
    windows,
)
from tests.browser.servers import Dashboard

# What of a picture is cut off at its border.
_CUT = """(svg) => {
    const room = svg.getBoundingClientRect();
    const sides = (box) => [box.left - room.left, room.right - box.right, box.top - room.top, room.bottom - box.bottom];
    return [...svg.querySelectorAll("text, rect, circle.operation")]
        .filter((part) => Math.min(...sides(part.getBoundingClientRect())) < -1)
        .map((part) => part.textContent || part.tagName);
}"""
BACKWARD = [
    (
        "Backward, edge 1: begin at the loss",
        "gradient of the loss = 1",
        "Increasing the loss by 1 changes the loss by 1.",
    ),
    (
        "Backward, edge 2: through square to error",
        "Chain rule: local derivative (2 × error = −10) × upstream derivative (edge 1: 1) = −10",
        "Increasing error by 1 would change the loss by −10 ",
    ),
    (
        "Backward, edge 3: through − to prediction",
        "Chain rule: local derivative (1) × upstream derivative (edge 2: −10) = −10",
        "Increasing prediction by 1 would change the loss by −10 ",
    ),
    (
        "Backward, edge 4: through × to v",
        "Chain rule: local derivative (x = 2) × upstream derivative (edge 3: −10) = −20",
        "Increasing v by 1 would change the loss by −20 ",
    ),
]


def gradients(player: Locator) -> list[str]:
    """The gradients that are to be seen on the edges, from the loss back."""
    shown = player.locator("svg.wide g.known text.gradient").all_text_contents()
    return [text.removeprefix("← ") for text in reversed(shown)]


def opened(page: Page, shown: Dashboard, query: str = "") -> Locator:
    page.goto(shown.page(f"backpropagation{query}"))
    at_rest(page)
    player = graph(page)
    expect(player.locator("svg.wide")).to_be_visible()
    return player


def test_the_worked_example_goes_back_edge_by_edge_to_minus_twenty(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown)
    moment(player, 0)
    assert gradients(player) == []
    for number in (1, 2, 3):
        player.get_by_role("button", name="Next").click()
        moment(player, number)
        expect(player.locator(".title")).to_contain_text("Forward: ")
    for step, (title, rule, meaning) in enumerate(BACKWARD, 1):
        player.get_by_role("button", name="Next").click()
        expect(player.locator(".title")).to_have_text(title)
        expect(player.locator(".rule")).to_have_text(rule)
        expect(player.locator(".meaning")).to_contain_text(meaning)
        assert gradients(player) == ["1", "−10", "−10", "−20"][:step]
    expect(player.get_by_role("button", name="Next")).to_be_disabled()
    player.get_by_role("button", name="Back").click()
    expect(player.locator(".title")).to_have_text(BACKWARD[2][0])
    assert gradients(player) == ["1", "−10", "−10"]
    player.get_by_role("slider", name="Step").fill("5")
    moment(player, 5)
    player.get_by_role("button", name="Start").click()
    moment(player, 0)


def test_it_plays_to_the_end_without_the_server_and_pauses(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown)
    page.context.set_offline(True)
    player.get_by_role("button", name="Play").click()
    player.get_by_role("button", name="Pause").click()
    moment(player, 1)
    player.get_by_role("slider", name="Step").fill("5")
    player.focus()
    page.keyboard.press("Space")
    moment(player, 7)
    expect(player.get_by_role("button", name="Play")).to_be_visible()
    page.context.set_offline(False)


def test_the_graph_follows_an_update_its_undo_and_typed_numbers(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown, "?backpropagation-moment=7")
    rule = player.locator(".rule")
    press(page, "Update once")
    expect(rule).to_contain_text("= −18.4")
    press(page, "Undo")
    expect(rule).to_contain_text("= −20")
    for name, value, said in (("x", "3", "(x = 3)"), ("y, the target", "9", "upstream derivative (edge 3: −18)")):
        fill(page, name, value)
        expect(rule).to_contain_text(said)


def test_whoever_turns_to_something_else_has_been_informed_at_once(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown)
    assert moved_and_left(player).startswith("Backward, edge 4: through × to v. ")
    expect(page).to_have_url(re.compile("moment=7"))


def test_the_keys_go_on_to_work_when_a_button_has_led_to_the_end(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown, "?backpropagation-moment=6")
    player.get_by_role("button", name="Next").click()
    moment(player, 7)
    page.keyboard.press("ArrowLeft")
    moment(player, 6)


def test_every_control_is_reached_by_tab_and_moments_are_announced_once_they_rest(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown, "?backpropagation-moment=3")
    page.get_by_role("link", name="Predict", exact=True).focus()
    names = tabbed(page, "Exact numbers")
    for name in (
        "One weight",
        "v, the weight",
        "x",
        "y, the target",
        "Learning rate",
        "Computation graph. Arrow keys: one step. Space: play",
        "Start",
        "Back",
        "Next",
        "Play",
        "Step",
        "The same numbers in a table",
        "Update once",
        "Update 10 times",
    ):
        assert any(name in found for found in names), f"{name} is not among {names}"
    expect(player.locator("svg.wide")).to_have_accessible_name(re.compile("The graph: one weight"))
    spoken = player.locator("[aria-live=polite]")
    expect(spoken).to_have_count(1)
    heard = announcements(spoken)
    player.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    moment(player, 5)
    title, rule, meaning = BACKWARD[1]
    expect(spoken).to_have_text(f"{title}. {rule}. {meaning}if the slope stayed the same.")
    assert len(heard()) == 1


def test_nothing_is_cut_off_by_light_and_in_the_dark_wide_and_narrow(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown, "?backpropagation-graph=Hidden+layer&backpropagation-moment=99")
    for window in windows(page):
        picture = player.locator("svg.wide" if window.startswith("wide") else "svg.tall")
        expect(picture).to_be_visible()
        at_rest(page)
        assert picture.evaluate(_CUT) == []


def test_an_answer_to_a_question_is_kept_in_the_address(page: Page, shown: Dashboard) -> None:
    opened(page, shown)
    page.get_by_role("radio", name="Up", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("Right. Its gradient is −20")).to_be_visible()
    page.reload()
    expect(page.get_by_role("radio", name="Up", exact=True)).to_be_checked()
