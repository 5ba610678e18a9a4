"""From a file to its results, in a browser: a table with text, dates and gaps is dropped, trained on and left again."""

from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from pipeline.params import load
from tests.browser.lessons import at_rest, picture, press
from tests.browser.servers import Dashboard
from tests.waiting import until

ROWS: Final = 300


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    """A table as a spreadsheet in a language with decimal commas saves it."""
    draw = np.random.default_rng(0)
    area = draw.normal(120, 30, ROWS).round(1)
    town = draw.choice(["Köln", "Bonn", "Aachen"], ROWS)
    sold = pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 300, ROWS), unit="D")
    price = 2.5 * area + 40 * (town == "Köln") + 12 * draw.normal(size=ROWS)
    table = pd.DataFrame({"Fläche": area, "Ort": town, "verkauft": sold.strftime("%d.%m.%Y"), "Preis": price.round(1)})
    table["Fläche"] = table["Fläche"].mask(draw.random(ROWS) < 0.1)
    path = tmp_path / "Häuser 2024.csv"
    table.to_csv(path, index=False, sep=";", decimal=",", encoding="latin-1")
    return path


def test_a_file_is_dropped_trained_and_left_for_the_data_of_the_chapter(
    page: Page, changing: Dashboard, homes: Path, screenshots: Path | None
) -> None:
    project = changing.project
    before = project.git("status", "--porcelain")
    page.goto(changing.page("table"))
    expect(page.get_by_role("heading", name="Your table")).to_be_visible()
    page.locator("input[type=file]").set_input_files(homes)
    expect(page.get_by_role("heading", name="300 rows, 4 columns")).to_be_visible()
    expect(page.get_by_text("Separated by semicolons, in Windows-1252 (Latin-1), decimal comma.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Column to predict")).to_have_value("Preis")
    expect(page.get_by_text("rows have gaps, in 1 feature: too many to leave out")).to_be_visible()
    picture(page, screenshots, "table", height=1100)
    _say(page, "unit of Preis", "T€")
    press(page, "Train on this table")
    expect(page.get_by_role("heading", name="Loss per epoch")).to_be_visible()
    expect(page.get_by_text("Köln").first).to_be_visible()
    expect(page.get_by_text("predicted Preis (T€)").first).to_be_visible()
    settings = load(project.root / "params.yaml")
    assert (project.root / settings.download.csv).read_bytes() == homes.read_bytes()
    assert (settings.normalize.target, settings.normalize.features) == ("Preis", ("Fläche", "Ort", "verkauft"))
    assert settings.normalize.categories == ("Ort",)
    assert (project.root / "data" / "Häuser_2024.yaml").read_text(
        encoding="utf-8"
    ) == "columns:\n  Preis:\n    unit: T€\n"
    metrics = project.store.read_metrics()
    assert metrics.test["r2"] > metrics.least_squares["r2"] - 0.02

    page.go_back()
    press(page, "Back to Boston housing (Harrison and Rubinfeld, 1978)")
    expect(page.get_by_text("all pages show their run")).to_be_visible()
    for name in (settings.download.csv, "data/Häuser_2024.yaml"):
        (project.root / name).unlink()
    assert project.git("status", "--porcelain") == before


def _say(page: Page, what: str, text: str) -> None:
    """Type into the last cell of the first row of the words for columns, which is `what`."""
    at_rest(page)
    words = page.get_by_test_id("stExpander").filter(has_text="Names, meanings and units, if you like")
    words.locator("summary").click()
    table, editor = words.get_by_test_id("stDataFrame"), page.locator("#portal textarea")

    def cell_is_open() -> bool:
        """Whether the cell can be edited after a click and Enter; it moves as long as the page is being drawn."""
        table.scroll_into_view_if_needed()
        box = table.bounding_box()
        assert box is not None, what
        page.mouse.click(box["x"] + box["width"] - 60, box["y"] + 52)
        page.keyboard.press("Enter")
        with suppress(AssertionError):
            expect(editor).to_be_visible(timeout=5_000)
        return editor.is_visible()

    until(cell_is_open)
    editor.fill(text)
    page.keyboard.press("Enter")
    expect(editor).to_have_count(0)
    page.wait_for_timeout(1_000)  # the browser sends an edit a little later, and nothing on the page says when
