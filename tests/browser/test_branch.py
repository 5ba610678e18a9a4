"""Five runs are tried in a browser; the best by validation is recorded, then branched; DVC lists both."""

import csv
import io
import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.lessons import choose_speed, press
from tests.browser.servers import Dashboard


def test_the_best_of_five_runs_is_recorded_and_branched_at_update_300_with_half_the_rate(
    page: Page, changing: Dashboard
) -> None:
    project = changing.project
    before = project.git("status", "--porcelain")
    page.goto(changing.page("train"))
    choose_speed(page, "Full speed")
    press(page, "Train")
    expect(page.get_by_text("This run: the same settings.")).to_be_visible()
    tried = ["the same settings"]
    for rate in ("0.02", "0.04", "0.08", "0.16"):
        press(page, f"Twice the learning rate: {rate}")
        tried.append(f"learning rate {rate}")
        expect(page.get_by_text(f"This run: {tried[-1]}.")).to_be_visible()
    said = str(page.locator("[aria-label*='has the lowest validation error']").first.get_attribute("aria-label"))
    best = said.split("Run ")[1].split(" has")[0]
    page.get_by_role("radiogroup", name="Show run").get_by_role("radio", name=best, exact=True).click()
    expect(page.get_by_text(f"This run: {tried[int(best) - 1]}.")).to_be_visible()
    record(page)
    name = page.get_by_role("textbox", name="Name").input_value()

    slider = page.get_by_role("slider", name="From update")
    scrub(page, slider, 300)
    expect(page.get_by_text("In epoch 43, after 240 of its 266 rows.")).to_be_visible()
    rates = (0.01, 0.02, 0.04, 0.08, 0.16)
    press(page, f"Half the learning rate: {rates[int(best) - 1] / 2:g}")
    expect(page.get_by_text(re.compile(rf"This run: .*from update 300 of run {best}\."))).to_be_visible()
    record(page)
    branch = page.get_by_role("textbox", name="Name").input_value()
    assert project.git("status", "--porcelain") == before

    rows = {row["Experiment"]: row for row in csv.DictReader(io.StringIO(project.dvc("exp", "show", "--csv")))}
    assert (rows[name]["parent_run"], rows[name]["start_update"]) == ("random weights", "0")
    assert rows[branch]["start_update"] == "300"
    assert rows[name]["weights_sha256"].startswith(rows[branch]["parent_run"])
    assert float(rows[branch]["train.learning_rate"]) == float(rows[name]["train.learning_rate"]) / 2
    page.goto(changing.page("experiments"))
    expect(page.get_by_role("heading", name="Experiments")).to_be_visible()


def scrub(page: Page, slider: Locator, value: int) -> None:
    """Click where about the value is, and go on by the keyboard."""
    track = page.get_by_test_id("stSlider").filter(has=slider)
    box = track.bounding_box()
    assert box is not None
    at = box["width"] * value / int(slider.evaluate("each => each.max"))
    track.click(position={"x": at, "y": box["height"] - 8})
    left = value - int(slider.input_value())
    assert abs(left) < 50
    for _ in range(abs(left)):
        slider.press("ArrowRight" if left > 0 else "ArrowLeft")


def record(page: Page) -> None:
    press(page, "Record")
    expect(page.get_by_text("The recorded weights are equal bit for bit")).to_be_visible()
