"""One step in a browser: from batch to batch, the rows in both units, other settings, exact numbers, the address."""

import csv
import re
from pathlib import Path

import numpy as np
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.lessons.step import Course
from tests.browser.lessons import at_rest, photographed, tabbed, windows
from tests.browser.servers import Dashboard
from tests.projects import Project

ROWS = "These rows as CSV"
WEIGHTS = "These weights as CSV"


def opened(page: Page, shown: Dashboard, query: str = "") -> None:
    page.goto(shown.page(f"step{query}"))
    at_rest(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def table(page: Page, name: str, folder: Path) -> list[dict[str, str]]:
    """The rows of a table, taken away as a file: a page still on its way would have another one."""
    at_rest(page)
    with page.expect_download() as coming:
        press(page, name)
    coming.value.save_as(folder / "table.csv")
    with (folder / "table.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def course(project: Project, **changes: int | float) -> Course:
    """The run that the page looks at."""
    settings = project.store.read_training().settings
    train = project.store.read_normalized().part("train")
    return Course.walk(train, settings.model_copy(update=changes), 20)


def test_from_batch_to_batch_and_from_epoch_to_epoch(page: Page, shown: Dashboard, tmp_path: Path) -> None:
    opened(page, shown)
    recorded = course(shown.project)
    for press_, update, epoch, batch in (
        ("Next batch", 2, 1, 2),
        ("Next epoch", 9, 2, 2),
        ("Back", 8, 2, 1),
        ("Back one epoch", 1, 1, 1),
    ):
        press(page, press_)
        expect(page.get_by_text(f"Epoch {epoch}, batch {batch} of 7: update {update} of 1,400")).to_be_visible()
    expect(page.get_by_role("button", name="Back", exact=True)).to_be_disabled()
    step = recorded.step(1)
    drawn = shown.project.store.read_normalized().split.train[step.rows]
    shown_rows = table(page, ROWS, tmp_path)
    assert [int(row["row"]) for row in shown_rows] == drawn.tolist()
    np.testing.assert_allclose([float(row["error"]) for row in shown_rows], step.errors, rtol=1e-6)
    expect(page.get_by_text(f"is the mean of the squared errors: {step.loss:.4g}")).to_be_visible()
    weights = table(page, WEIGHTS, tmp_path)
    np.testing.assert_allclose([float(row["after"]) for row in weights], step.after, rtol=1e-6)


def test_the_rows_are_shown_in_both_units_and_another_batch_size_is_another_course(
    page: Page, shown: Dashboard, tmp_path: Path
) -> None:
    opened(page, shown)
    raw = shown.project.store.read_raw()
    normalized = table(page, ROWS, tmp_path)
    page.get_by_role("radio", name="Original units").click()
    page.wait_for_url(re.compile("step-units=Original"))
    first = page.get_by_test_id("stDataFrame").first
    expect(first).to_contain_text(f"{raw['crim'][int(normalized[0]['row'])]}")
    for row, original in zip(normalized, table(page, ROWS, tmp_path), strict=True):
        assert original["row"] == row["row"]
        assert float(original["rm"]) == raw["rm"][int(row["row"])] != float(row["rm"])
    page.get_by_text("Try another batch size or learning rate").click()
    for name, value in (("Batch size", "3"), ("Learning rate", "0.02")):
        number = page.get_by_role("spinbutton", name=name)
        number.fill(value)
        number.press("Enter")
    expect(page.get_by_text("the learning rate is 0.02 and the batch size 3.")).to_be_visible()
    expect(page.get_by_text("Epoch 1, batch 1 of 89: update 1 of 6,000, on 3 of 266 training rows.")).to_be_visible()
    other = course(shown.project, batch_size=3, learning_rate=0.02).step(1)
    weights = table(page, WEIGHTS, tmp_path)
    np.testing.assert_allclose([float(row["after"]) for row in weights], other.after, rtol=1e-12)


def test_a_shared_address_shows_the_same_step(
    context: BrowserContext, page: Page, shown: Dashboard, tmp_path: Path
) -> None:
    opened(page, shown, "?step-rate=0.2&step-batch=64")
    press(page, "Next batch")
    expect(page.get_by_text("Epoch 1, batch 2 of 5")).to_be_visible()
    page.get_by_text("One house in detail").click()
    page.get_by_role("spinbutton", name="House of this batch, 1 to 64").press("ArrowUp")
    page.get_by_text("Exact numbers").click()
    page.wait_for_url(re.compile("(?=.*step-exact=true)(?=.*step-row=2)(?=.*update=2)"))
    at_rest(page)
    texts = [text.inner_text() for text in page.get_by_test_id("stMarkdown").all()]
    other = context.new_page()
    opened(other, shown, page.url[page.url.index("?") :])
    expect(other.get_by_text("Epoch 1, batch 2 of 5")).to_be_visible()
    other.get_by_text("One house in detail").click()
    expect(other.get_by_role("spinbutton", name="House of this batch, 1 to 64")).to_have_value("2")
    assert [text.inner_text() for text in other.get_by_test_id("stMarkdown").all()] == texts
    assert table(other, ROWS, tmp_path) == table(page, ROWS, tmp_path)
    expect(other.get_by_role("switch", name="Exact numbers").or_(other.get_by_label("Exact numbers"))).to_be_checked()


def test_a_learner_reads_why_a_fifth_diverges_and_what_normalization_is_for(page: Page, shown: Dashboard) -> None:
    opened(page, shown, "?step-rate=0.2")
    curvature = shown.project.store.read_metrics().curvature.fit_rows
    limit = curvature.largest_stable_learning_rate
    cells = [row.inner_text().split("\t") for row in page.get_by_role("table").get_by_role("row").all()[1:]]
    assert [[cell.strip() for cell in row[:2]] for row in cells] == [
        ["0.1", "× −0.182"],
        [f"{limit:.3g} (the limit)", "× −1"],
        ["0.2 (this one)", "× −1.36"],
    ]
    for sentence in (
        "below −1, every step lands on the other side and farther away",
        "for raw tax, but by 2 for any normalized feature",
        "a learning rate of 0.2 would multiply the distance by −78,510 in a single step",
    ):
        expect(page.get_by_text(sentence)).to_be_visible()


def test_every_control_is_reached_by_tab(page: Page, shown: Dashboard) -> None:
    opened(page, shown, "?step-update=9")
    page.get_by_role("link", name="Seeds", exact=True).focus()
    names = tabbed(page, "One house in detail")
    for name in (
        "Back one epoch",
        "Back",
        "Next batch",
        "Next epoch",
        "Update",
        "Try another batch size or learning rate",
        "Normalized",
        "Exact numbers",
    ):
        assert any(name in found for found in names), f"{name} is not among {names}"
    page.get_by_role("button", name="Next batch").press("Enter")
    expect(page.get_by_text("update 10 of 1,400")).to_be_visible()


def test_it_fits_by_light_and_in_the_dark_wide_and_narrow(page: Page, shown: Dashboard, screenshots: Path) -> None:
    opened(page, shown, "?step-rate=0.2&step-update=3")
    page.get_by_text("One house in detail").click()
    for window in windows(page):
        at_rest(page)
        charts = page.get_by_test_id("stVegaLiteChart")
        expect(charts).to_have_count(2)
        for chart in charts.all():
            expect(chart.get_by_role("img").first).to_be_visible()
        photographed(page, screenshots / f"step-{window}.png")
