"""The loss surface in a browser: turn its settings, click a start, share it, normalize, look at all weights."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.views.surface.presets import PRESETS
from tests.browser.lessons import at_rest
from tests.browser.player import at, opened, readout
from tests.browser.servers import Dashboard
from tests.projects import Project


def test_a_shared_address_shows_the_same_picture(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown)
    page.get_by_role("radio", name="Normalized").click()
    page.get_by_text("More", exact=True).click()
    page.get_by_role("radio", name="3", exact=True).click()
    page.get_by_role("tab", name="B").click()
    page.get_by_role("slider", name="Learning rate B").focus()
    page.keyboard.press("ArrowRight")
    expect(player.get_by_role("button", name="B: learning rate 0.06")).to_be_visible()
    player.get_by_role("slider", name="Update").fill("17")
    page.wait_for_url(re.compile("surface-update=17"))
    other = page.context.new_page()
    other.goto(page.url)
    again = other.locator(".player")
    at(again, 17)
    assert again.locator(".legend button").all_inner_texts() == player.locator(".legend button").all_inner_texts()
    for run in range(3):
        assert readout(again, run) == readout(player, run)
    other.close()


def test_another_random_start_moves_the_path_but_not_the_axes(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown)
    axes, first = player.locator(".surface svg text").all_text_contents(), readout(player)["kernel"]
    page.get_by_role("button", name="New random start").click()
    page.wait_for_url(re.compile("surface-seed=2"))
    expect(player.locator(".readout").first).not_to_contain_text(first)
    assert player.locator(".surface svg text").all_text_contents() == axes
    page.get_by_text("More", exact=True).click()
    page.get_by_role("radio", name="This path").click()
    expect(player.locator(".surface svg text").first).not_to_have_text(axes[0])


def test_a_click_on_the_surface_starts_there(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown, update=30, view="This path")
    stage = player.locator(".surface .stage")
    box = stage.bounding_box()
    assert box is not None
    stage.hover(position={"x": box["width"] * 0.7, "y": box["height"] * 0.3})
    expect(player.locator(".pointer")).to_have_text(re.compile("start at"))
    numbers = player.locator(".pointer").inner_text().removeprefix("start at ").replace("−", "-").split(", ")
    page.mouse.down()
    page.mouse.up()
    at(player, 0)
    page.wait_for_url(re.compile("surface-start=Typed"))
    page.get_by_text("More", exact=True).click()
    for title, number in zip(("Start kernel", "Start bias"), numbers, strict=True):
        typed = float(page.get_by_role("spinbutton", name=title).input_value())
        assert typed == pytest.approx(float(number), abs=3e-3)  # a pixel is half of that
    said = readout(player)
    assert float(said["kernel"]) == pytest.approx(float(numbers[0]), abs=3e-3)
    expect(page).not_to_have_url(re.compile("surface-update"))
    page.reload()
    at(player, 0)
    assert readout(player) == said


@pytest.mark.parametrize("settings", [{"rows": 1}, {"rows": 1, "loss": "Absolute error"}], ids=str)
def test_one_row_is_drawn_too(page: Page, shown: Dashboard, settings: dict[str, object]) -> None:
    player = opened(page, shown, **settings)
    player.get_by_role("button", name="To the end").click()
    assert "NaN" not in player.inner_text()


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("Cross the limit", ["learning rate 0.04, batch 20", "learning rate 0.05, batch 20"]),
        ("Small batches", ["learning rate 0.01, batch 20", "learning rate 0.01, batch 1"]),
        ("Normalize", ["learning rate 0.01, batch 40"]),
        ("Absolute error", ["learning rate 0.02, batch 20", "learning rate 0.002, batch 20"]),
        ("Momentum", ["learning rate 0.01, batch 20", "learning rate 0.01, batch 20, momentum 0.9"]),
    ],
)
def test_what_is_tried_turns_the_settings_says_what_to_look_for_and_can_be_shared(
    page: Page, shown: Dashboard, name: str, paths: list[str]
) -> None:
    player = opened(page, shown, rate=0.001, momentum=0.5, data="lstat", start="Typed", loss="Absolute error")
    stage = player.locator(".surface .stage")
    at_rest(page)
    place = stage.bounding_box()
    page.get_by_role("radiogroup", name="Try").get_by_role("radio", name=name).click()
    look_for = page.get_by_text(PRESETS[name][0])
    expect(look_for).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    legend = player.locator(".legend button")
    expect(legend).to_have_text([f"{run}: {path}" for run, path in zip("AB", paths, strict=False)])
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    assert stage.bounding_box() == place
    page.wait_for_url(re.compile("surface-rate=0.0[124]") if name != "Absolute error" else re.compile("rate-b=0.002"))
    player.get_by_role("button", name="To the end").click()
    page.wait_for_url(re.compile("surface-update=[1-9]"))
    said = player.locator(".readouts").inner_text()
    page.reload()
    expect(player.locator(".readouts")).to_have_text(re.compile("A"))
    expect(player).not_to_have_attribute("data-update", "0")
    assert player.locator(".readouts").inner_text() == said
    page.get_by_role("button", name="Start over").click()
    expect(legend).to_have_text(["A: learning rate 0.02, batch 5"])
    expect(look_for).to_have_count(0)


def test_the_whole_models_cut_shows_the_recorded_run_and_one_that_diverges(
    page: Page, shown: Dashboard, recorded: Project
) -> None:
    player = opened(page, shown, model="All features")
    player.get_by_role("button", name="To the end").click()
    at(player, len(recorded.store.read_run().weights) - 1)
    loss = recorded.store.read_metrics().train["mse"]
    assert float(readout(player)["loss, all weights"]) == pytest.approx(loss, rel=5e-3)
    expect(player.get_by_text("B diverged")).to_be_visible()
    expect(page.get_by_text("At 0.2 it is −1.36: every step lands on the other side")).to_be_visible()
    page.get_by_role("radio", name="Two weights").click()
    expect(player.get_by_text("weight of lower status (lstat)")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
