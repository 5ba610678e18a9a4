"""The loss surface in a browser: walk along the path, start elsewhere, compare, share, and leave the picture."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.lessons.starts import glorot_kernel
from dashboard.lessons.stepper import Walk, walk
from dashboard.lessons.surfaces import Surface
from pipeline.params import Train
from pipeline.store import Store
from tests.browser.servers import Dashboard
from tests.projects import Project


@pytest.fixture
def address(shown: Dashboard) -> str:
    """Where the page is."""
    return shown.page("surface")


def opened(page: Page, address: str, **knobs: object) -> Locator:
    """Open the page with some knobs in its address, and give the player."""
    query = "&".join(
        f"surface-{name.replace('_', '-')}={str(value).replace(' ', '+')}" for name, value in knobs.items()
    )
    page.goto(f"{address}?{query}")
    player = page.locator(".player")
    expect(player).to_have_attribute("data-update", re.compile(r"\d+"))
    return player


def at(player: Locator, update: int) -> None:
    """Expect the player to show an update."""
    expect(player).to_have_attribute("data-update", str(update))


def told(player: Locator, run: int = 0) -> dict[str, str]:
    """What is said of a run: title to number."""
    pairs = player.locator(".readout").nth(run).locator("div")
    return dict(pair.inner_text().split("\n") for pair in pairs.all())


def downloads(rate: float, batch: int, updates: int) -> Walk:
    """The walk that the page has to show for the download times with its usual seed."""
    table = Store().download_times()
    train = table[table["split"] == "train"]
    settings = Train(
        model="linear",
        loss="mse",
        learning_rate=rate,
        momentum=0.0,
        nesterov=False,
        batch_size=batch,
        epochs=1,
        seed=1,
        early_stopping_patience=0,
        device="auto",
    )
    surface = Surface.of(train["size_mb"].to_numpy(), train["time_sec"].to_numpy(), "mse")
    return walk(surface, (float(glorot_kernel(1, 1)[0]), 0.0), settings, updates)


def test_buttons_keys_and_the_slider_move_along_the_path(page: Page, address: str) -> None:
    player = opened(page, address)
    at(player, 0)
    player.get_by_role("button", name="One update forward").click()
    player.get_by_role("button", name="One update forward").click()
    at(player, 2)
    player.get_by_role("button", name="One update back").click()
    at(player, 1)
    player.focus()
    for key, update in (("ArrowRight", 2), ("End", 100), ("ArrowLeft", 99), ("Home", 0), ("ArrowLeft", 0)):
        page.keyboard.press(key)
        at(player, update)
    player.get_by_role("slider", name="Update").fill("42")
    at(player, 42)
    expect(player.locator(".count")).to_have_text("update 42 of 100")


def test_it_plays_to_the_end_and_pauses_on_the_way(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="no-preference")
    player = opened(page, address)
    player.get_by_label("Speed").select_option("20")
    player.focus()
    page.keyboard.press("Space")
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    expect(player).to_have_attribute("data-update", re.compile(r"^([5-9]|\d\d)$"))
    page.keyboard.press("Space")
    expect(player.get_by_role("button", name="Play")).to_be_visible()
    paused = int(player.get_attribute("data-update") or -1)
    assert 5 <= paused < 100
    player.get_by_label("Speed").select_option("200")
    player.get_by_role("button", name="Play").click()
    at(player, 100)
    player.get_by_role("button", name="Play").click()
    expect(player).not_to_have_attribute("data-update", "100")


def test_it_plays_without_the_server_a_picture_for_every_frame(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="no-preference")
    player = opened(page, address, updates=200)
    player.get_by_label("Speed").select_option("50")
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", sent.append))
    page.context.set_offline(True)
    frames, pictures = player.evaluate(
        """async (host) => {
            const canvas = host.querySelector(".surface canvas.live");
            let [frames, pictures, last] = [0, 0, ""];
            host.querySelector(".play").click();
            while (frames < 30) {
                await new Promise(requestAnimationFrame);
                frames += 1;
                const now = canvas.toDataURL();
                pictures += now !== last;
                last = now;
            }
            return [frames, pictures];
        }"""
    )
    assert pictures > frames * 0.8
    assert sent == []
    player.get_by_role("button", name="To the end").click()
    at(player, 200)
    page.context.set_offline(False)


def test_who_wants_no_motion_gets_whole_updates_a_few_times_a_second(page: Page, address: str) -> None:
    player = opened(page, address)
    player.get_by_label("Speed").select_option("20")
    seen = player.evaluate(
        """async (host) => {
            const seen = new Set(), began = performance.now();
            const canvas = host.querySelector(".surface canvas.live");
            host.querySelector(".play").click();
            while (performance.now() - began < 1500) {
                await new Promise(requestAnimationFrame);
                seen.add(canvas.toDataURL());
            }
            return seen.size;
        }"""
    )
    assert 2 <= seen <= 8


def test_the_exact_numbers_are_those_of_the_stepper(page: Page, address: str) -> None:
    player = opened(page, address, rate=0.01, batch=7, update=9)
    at(player, 9)
    expected = downloads(0.01, 7, 100)
    assert told(player)["kernel"] == f"{expected.positions[9, 0]:.3g}"
    player.get_by_label("Exact numbers").check()
    said = told(player)
    assert float(said["kernel"].replace("−", "-")) == expected.positions[9, 0]
    assert float(said["bias"].replace("−", "-")) == expected.positions[9, 1]
    assert float(said["loss, all rows"]) == expected.losses[9]
    for title, gradient in (
        ("gradient of the batch", expected.batch_gradients[9]),
        ("gradient of all rows", expected.gradients[9]),
    ):
        numbers = said[title].replace("−", "-").strip("()").split(", ")
        np.testing.assert_array_equal([float(number) for number in numbers], gradient)


def test_a_shared_address_shows_the_same_picture(page: Page, address: str) -> None:
    player = opened(page, address)
    page.get_by_role("radio", name="Normalized").click()
    page.get_by_role("radio", name="3", exact=True).click()
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
        assert told(again, run) == told(player, run)
    other.close()


def test_a_click_on_the_surface_starts_there(page: Page, address: str) -> None:
    player = opened(page, address, update=30)
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
    page.get_by_text("Start, length and rows").click()
    for title, number in zip(("Start kernel", "Start bias"), numbers, strict=True):
        typed = float(page.get_by_role("spinbutton", name=title).input_value())
        assert typed == pytest.approx(float(number), abs=3e-3)  # a pixel is half of that
    said = told(player)
    assert float(said["kernel"]) == pytest.approx(float(numbers[0]), abs=3e-3)
    page.reload()
    at(player, 0)
    assert told(player) == said


def test_a_diverging_path_leaves_the_picture_with_a_note_and_the_axes_stay(page: Page, address: str) -> None:
    player = opened(page, address, paths=2, rate=0.02, batch=20, rate_b=0.08, batch_b=20, updates=2000)
    before = player.locator(".surface svg text").all_inner_texts()
    player.get_by_role("slider", name="Update").fill("8")
    expect(player.get_by_text("B has left the picture.")).to_be_visible()
    expect(player.get_by_text("A has left the picture.")).to_have_count(0)
    player.get_by_role("button", name="To the end").click()
    expect(player.get_by_text(re.compile(r"B diverged: after update \d+"))).to_be_visible()
    assert player.locator(".surface svg text").all_inner_texts() == before
    for svg in player.locator(".stage > svg").all():
        assert not re.search("NaN|Infinity|undefined", svg.inner_html())


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"rows": 1}, "All rows have the same feature"),
        ({"rows": 1, "scale": "Normalized"}, "there is no deviation to divide by"),
        ({"rows": 1, "loss": "Absolute error"}, "has no limit like 2/λmax"),
        ({"loss": "Absolute error"}, "has no limit like 2/λmax"),
        ({"data": "tax", "rate": 0.01}, "So 0.01 diverges on raw tax and works after normalizing."),
        ({"rate": 0}, "0.02 is 43% of the limit"),
        ({"rate": "nonsense", "batch": -3, "update": "x", "seed": 1e99}, "0.02 is 43% of the limit"),
    ],
    ids=str,
)
def test_edges_are_said_in_words(page: Page, address: str, knobs: dict[str, object], said: str) -> None:
    player = opened(page, address, **knobs)
    expect(page.get_by_text(said).first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    player.get_by_role("button", name="To the end").click()
    assert "NaN" not in player.inner_text()


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("Cross the limit", ["learning rate 0.04, batch 20", "learning rate 0.05, batch 20"]),
        ("Small batches", ["learning rate 0.01, batch 20", "learning rate 0.01, batch 1"]),
        ("Normalize", []),
        ("Absolute error", ["learning rate 0.02, batch 20", "learning rate 0.002, batch 20"]),
        ("Momentum", ["learning rate 0.01, batch 20", "learning rate 0.01, batch 20, momentum 0.9"]),
    ],
)
def test_what_is_tried_turns_the_knobs_says_what_to_look_for_and_can_be_shared(
    page: Page, address: str, name: str, paths: list[str]
) -> None:
    player = opened(page, address, rate=0.001, momentum=0.5, data="lstat", start="Typed", loss="Absolute error")
    page.get_by_role("radiogroup", name="Try").get_by_role("radio", name=name).click()
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    legend = player.locator(".legend button")
    expect(legend).to_have_text([f"{run}: {path}" for run, path in zip("AB", paths, strict=False)])
    page.wait_for_url(re.compile("surface-rate=0.0[124]") if name != "Absolute error" else re.compile("rate-b=0.002"))
    player.get_by_role("button", name="To the end").click()
    page.wait_for_url(re.compile("surface-update=[1-9]"))
    said = player.locator(".readouts").inner_text()
    page.reload()
    expect(player.locator(".readouts")).to_have_text(re.compile("A"))
    expect(player).not_to_have_attribute("data-update", "0")
    assert player.locator(".readouts").inner_text() == said


def test_normalizing_lets_the_same_learning_rate_work(page: Page, address: str) -> None:
    player = opened(page, address, data="tax", rate=0.01, batch=40, updates=600)
    player.get_by_role("button", name="To the end").click()
    expect(player.get_by_text(re.compile("A diverged"))).to_be_visible()
    page.get_by_role("radio", name="Normalized").click()
    expect(player.get_by_text(re.compile("A diverged"))).to_have_count(0)
    player.get_by_role("button", name="To the end").click()
    at(player, 600)
    assert float(told(player)["loss, all rows"]) < 72


def test_the_whole_models_cut_shows_the_recorded_run_and_one_that_diverges(
    page: Page, address: str, recorded: Project
) -> None:
    player = opened(page, address, model="All features")
    player.get_by_role("button", name="To the end").click()
    at(player, len(recorded.store.read_run().weights) - 1)
    loss = recorded.store.read_metrics()["train"]["mse"]
    assert float(told(player)["loss, all weights"]) == pytest.approx(loss, rel=5e-3)
    expect(player.get_by_text("B diverged")).to_be_visible()
    expect(page.get_by_role("heading", name="Why 0.2 diverges and 0.1 does not")).to_be_visible()
    page.get_by_role("radio", name="Two weights").click()
    expect(player.get_by_text("weight of lstat")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 420])
def test_it_fits_by_light_and_in_the_dark_wide_and_narrow(
    browser: Browser, address: str, screenshots: Path, width: int, scheme: Any
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    player = opened(page, address, paths=2, rate_b=0.04, update=6)
    panels = [panel.bounding_box() for panel in player.locator(".panel").all()]
    assert all(panel is not None and panel["width"] > 300 for panel in panels)
    left, right = (panel for panel in panels if panel is not None)
    assert (left["y"] < right["y"]) == (width == 420)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ground = player.locator(".surface .contour").first.evaluate("(shape) => getComputedStyle(shape).fill")
    page.screenshot(path=screenshots / f"surface-{width}-{scheme}.png")
    assert ground.startswith("oklab")
    lightness = float(ground.removeprefix("oklab(").split()[0])
    assert (lightness > 0.6) == (scheme == "light")
    page.close()


def test_who_does_not_see_it_is_told(page: Page, address: str) -> None:
    player = opened(page, address)
    pictures = player.get_by_role("img")
    expect(pictures).to_have_count(2)
    expect(pictures.nth(0)).to_have_accessible_name(re.compile(r"20 rows of time \(s\) against size \(MB\)"))
    expect(pictures.nth(1)).to_have_accessible_name(re.compile(r"The minimum is at kernel 0.0684, bias 0.0868"))
    player.get_by_role("button", name="One update forward").click()
    expect(player.locator("[aria-live=polite]")).to_have_text(re.compile("A, update 1: kernel .*, bias .*, loss"))
