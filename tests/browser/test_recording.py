"""From trying to keeping, in a browser: train with three rates, record the best, find it again, adopt it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lessons import choose_speed, picture, press
from tests.browser.servers import Dashboard, dashboard
from tests.projects import Project


@pytest.fixture(scope="module")
def unrecorded(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A dashboard on a project as it is cloned: nothing has run."""
    project = recorded.copy(tmp_path_factory.mktemp("unrecorded") / "project")
    for name in ("training.json", "weights.parquet", "model.keras"):
        (project.root / "data" / "run" / name).unlink()
    with dashboard(project) as running:
        yield running


def save_as_html(page: Page, folder: Path) -> Page:
    """Save what a page shows, and open the file in a tab that is watched as well; it must load nothing."""
    with page.expect_download() as coming:
        press(page, "Save as HTML")
    coming.value.save_as(folder / "saved.html")
    saved = page.context.new_page()
    saved.set_content((folder / "saved.html").read_text())
    return saved


def test_three_rates_are_tried_the_best_is_recorded_and_adopted(
    page: Page, changing: Dashboard, screenshots: Path | None, tmp_path: Path
) -> None:
    project = changing.project
    before = project.git("status", "--porcelain")
    page.goto(changing.page("train"))
    choose_speed(page, "Full speed")
    press(page, "Train")
    expect(page.get_by_text("bit for bit")).to_be_visible()
    press(page, "Raw features")
    expect(page.get_by_text("Diverged in epoch 2")).to_be_visible()
    page.reload()
    expect(page.get_by_text("This run: scaling none.")).to_be_visible()
    page.get_by_role("radiogroup", name="Show run").get_by_role("radio", name="1", exact=True).click()
    expect(page.get_by_text("bit for bit")).to_be_visible()
    for rate in ("0.02", "0.04"):
        press(page, f"Twice the learning rate: {rate}")
        expect(page.get_by_text(f"This run: learning rate {rate}.")).to_be_visible()

    press(page, "Record")
    expect(page.get_by_text("Recorded as lr-0.04. The recorded weights are equal bit for bit")).to_be_visible()
    assert "lr-0.04" in project.dvc("exp", "show", "--csv")
    assert project.git("status", "--porcelain") == before

    tried = page.url
    page.goto(changing.page("experiments"))
    expect(page.get_by_role("heading", name="Experiments")).to_be_visible()
    expect(page.get_by_text("After epoch 200")).to_be_visible()
    picture(page, screenshots, "experiments", height=1680)
    expect(page.get_by_role("combobox", name="Setting")).to_have_value("train.learning_rate")
    run = page.get_by_role("combobox", name="Run", exact=True)
    run.click()
    run.fill("lr-0.04")
    expect(page.get_by_role("option", name="lr-0.04")).to_be_visible()
    run.press("Enter")
    expect(page.get_by_text("After epoch 200 the root mean squared error of the test rows is $4,680.")).to_be_visible()

    handed_over = save_as_html(page, tmp_path)
    expect(handed_over.get_by_role("cell", name="lr-0.04")).to_be_visible()
    handed_over.close()
    page.goto(changing.page("results"))
    handed_over = save_as_html(page, tmp_path)
    expect(handed_over.get_by_role("heading", level=1)).to_have_text("Off by about $4,800")
    boxes = [image.bounding_box() for image in handed_over.get_by_role("img").all()]
    assert [box is not None and 600 < box["width"] <= 960 and box["height"] > 300 for box in boxes] == [True] * 4
    handed_over.close()

    page.goto(tried)
    expect(page.get_by_role("button", name="Adopt", exact=True)).to_be_enabled()
    press(page, "Adopt")
    expect(page.get_by_text("Adopted: params.yaml holds these settings")).to_be_visible()
    changed = [line for line in project.git("diff", "params.yaml").splitlines() if re.match(r"[+-] ", line)]
    assert changed == ["-  learning_rate: 0.01", "+  learning_rate: 0.04"]
    assert project.repro() == []


def test_before_the_first_run_the_committed_one_is_shown_and_a_button_makes_another(
    page: Page, unrecorded: Dashboard
) -> None:
    page.goto(unrecorded.page())
    expect(page.get_by_role("heading", name="A laboratory for stochastic gradient descent")).to_be_visible()
    committed = page.get_by_text("This is the committed run. To make your own, run the pipeline.")
    expect(committed).to_be_visible()
    press(page, "Run the pipeline")
    expect(committed).to_have_count(0)
    assert unrecorded.project.store.read_run().epochs_run == 200
