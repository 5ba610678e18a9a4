"""The path player in a browser: walk along the path, play it without the server, see it leave the picture."""

import math
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dashboard.lessons.stepper import Walk, walk
from dashboard.lessons.surfaces import Surface
from dashboard.text.numbers import format_number
from pipeline.network.initial import initial_linear_weights
from pipeline.record.store import ROOT, Store
from tests.browser.lessons import announcements, at_rest, moved_and_left, windows
from tests.browser.player import at, opened, readout
from tests.browser.servers import Dashboard
from tests.defaults import defaults


def downloads(rate: float, batch: int, updates: int) -> Walk:
    """The walk that the page has to show for the download times with its usual seed."""
    table = Store().download_times()
    train = table[table["split"] == "train"]
    changes = {"model": "linear", "learning_rate": rate, "momentum": 0.0, "batch_size": batch, "seed": 1}
    settings = defaults().train.model_copy(update=changes)
    surface = Surface.of(train["size_mb"].to_numpy(), train["time_sec"].to_numpy(), "mse")
    return walk(surface, initial_linear_weights(1, 1), settings, updates)


def test_it_writes_numbers_as_the_pages_do(page: Page) -> None:
    numbers = [0.0, -20.0, 1_499.6, 0.16742, -24.80044, 123_456.7, 999_999_999.0, 1.0923e9, -1.5e14, 4.9e-6, 1e-5]
    numbers += [math.nan, math.inf, -math.inf]
    written = evaluated(page, "(numbers) => numbers.map((number) => short(number))", numbers)
    assert written == [format_number(number) for number in numbers]


def evaluated(page: Page, function: str, argument: Any) -> Any:
    """Call a function of JavaScript where the player's numbers and panels are known, from the files as they are."""
    folder = ROOT / "dashboard" / "components" / "path_player"
    files = "\n".join((folder / f"{name}.js").read_text("utf-8") for name in ("numbers", "panel", "scatter"))
    return page.evaluate(f"(argument) => {{ {files}; return ({function})(argument); }}", argument)


def test_larger_values_stand_further_up_and_to_the_right(page: Page) -> None:
    place = """(value) => {
        const view = { left: 0, right: 10, bottom: -1, top: 1 };
        const panel = { view, box: { left: 50, right: 250, top: 20, bottom: 120 } };
        return [Panel.prototype.x.call(panel, value), Panel.prototype.y.call(panel, value)];
    }"""
    assert evaluated(page, place, 0) == [50, 70]
    assert evaluated(page, place, 1) == [70, 20]
    assert evaluated(page, place, -1) == [30, 120]


@pytest.mark.parametrize(
    ("update", "rows"), [(0, [*range(8)]), (2, [16, 17, 18, 19]), (3, [*range(20, 28)]), (5, [36, 37, 38, 39]), (6, [])]
)
def test_the_next_batch_is_that_of_its_epoch_and_the_last_one_is_smaller(
    page: Page, update: int, rows: list[int]
) -> None:
    lit = """(update) => {
        const panel = { xs: { length: 20 }, orders: Uint16Array.from({ length: 40 }, (_, index) => index) };
        return [...ScatterPanel.prototype.batch.call(panel, { batchSize: 8, last: 6 }, update)];
    }"""
    assert evaluated(page, lit, update) == rows


def test_buttons_keys_and_the_slider_move_along_the_path(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown)
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


def test_it_plays_to_the_end_and_pauses_on_the_way(page: Page, shown: Dashboard) -> None:
    page.emulate_media(reduced_motion="no-preference")
    player = opened(page, shown)
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


def test_it_plays_without_the_server_a_picture_for_every_frame(page: Page, shown: Dashboard) -> None:
    page.emulate_media(reduced_motion="no-preference")
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    player = opened(page, shown, updates=200)
    player.get_by_label("Speed").select_option("50")
    assert sent
    page.context.set_offline(True)
    sent.clear()
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


def test_who_wants_no_motion_gets_whole_updates_a_few_times_a_second(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown)
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


def test_the_exact_numbers_are_those_of_the_stepper(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown, rate=0.01, batch=7, update=9)
    at(player, 9)
    expected = downloads(0.01, 7, 100)
    assert readout(player)["kernel"] == f"{expected.positions[9, 0]:.3g}"
    player.get_by_label("Exact numbers").check()
    said = readout(player)
    assert float(said["kernel"].replace("−", "-")) == expected.positions[9, 0]
    assert float(said["bias"].replace("−", "-")) == expected.positions[9, 1]
    assert float(said["loss, all rows"]) == expected.losses[9]
    for title, gradient in (
        ("gradient of the batch", expected.batch_gradients[9]),
        ("gradient of all rows", expected.gradients[9]),
    ):
        numbers = said[title].replace("−", "-").strip("()").split(", ")
        np.testing.assert_array_equal([float(number) for number in numbers], gradient)


def test_a_diverging_path_leaves_the_picture_with_a_note_and_the_axes_stay(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown, paths=2, rate=0.02, batch=20, rate_b=0.08, batch_b=20, updates=2000)
    before = player.locator(".surface svg text").all_inner_texts()
    player.get_by_role("slider", name="Update").fill("8")
    expect(player.get_by_text("B has left the picture.")).to_be_visible()
    expect(player.get_by_text("A has left the picture.")).to_have_count(0)
    player.get_by_role("button", name="To the end").click()
    expect(player.get_by_text(re.compile(r"B diverged: after update \d+"))).to_be_visible()
    assert player.locator(".surface svg text").all_inner_texts() == before
    for svg in player.locator(".stage > svg").all():
        assert not re.search("NaN|Infinity|undefined", svg.inner_html())


def test_it_fits_by_light_and_in_the_dark_wide_and_narrow(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown, paths=2, rate_b=0.04, update=6)
    for window in windows(page):
        at_rest(page)
        left, right = (panel.bounding_box() for panel in player.locator(".panel").all())
        assert left is not None
        assert right is not None
        assert min(left["width"], right["width"]) > 300
        assert (left["y"] < right["y"]) == window.startswith("narrow")
        ground = player.locator(".surface .contour").first.evaluate("(shape) => getComputedStyle(shape).fill")
        assert ground.startswith("oklab")
        assert (float(ground.removeprefix("oklab(").split()[0]) > 0.6) == window.endswith("light")


def test_who_does_not_see_it_hears_it(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown)
    pictures = player.get_by_role("img")
    expect(pictures).to_have_count(2)
    expect(pictures.nth(0)).to_have_accessible_name(re.compile(r"20 rows of time \(s\) against size \(MB\)"))
    expect(pictures.nth(1)).to_have_accessible_name(re.compile(r"The minimum is at kernel 0.0684, bias 0.0868"))
    spoken = player.locator("[aria-live=polite]")
    player.get_by_role("button", name="One update forward").click()
    expect(spoken).to_have_text(re.compile("A, update 1: kernel .*, bias .*, loss"))
    heard = announcements(spoken)
    player.get_by_label("Speed").select_option("200")
    player.get_by_role("button", name="Play").click()
    expect(spoken).to_have_text(re.compile("A, update 100: "))
    assert len(heard()) == 1


def test_whoever_turns_to_something_else_has_been_informed_at_once(page: Page, shown: Dashboard) -> None:
    player = opened(page, shown)
    expect(player.locator(".spoken")).to_contain_text("A, update 0: ")
    assert "A, update 100: " in moved_and_left(player)
    expect(page).to_have_url(re.compile(r"surface-update=\d"))
