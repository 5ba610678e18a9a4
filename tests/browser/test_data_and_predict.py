"""Data and Predict, in a browser: what is set by hand stays set, and what is offered can be taken away."""

import json
import re
from pathlib import Path

import pandas as pd
from playwright.sync_api import Page, expect

from tests.browser.servers import Dashboard, dashboard
from tests.projects import Project
from tests.records import record
from tests.tables import CATEGORIES, FEATURES, mixed

HEADER = "street,crim,zn,indus,chas,nox,rm,age,dis,rad,tax,ptratio,lstat"
HOUSE = "High Street,0.02,0,7,0,0.47,6,78,5,2,242,17.8,9"


def taken(page: Page, name: str, folder: Path) -> pd.DataFrame:
    """Press a button that offers a table, and read what comes."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=name, exact=True).click()
    coming.value.save_as(folder / "taken.csv")
    return pd.read_csv(folder / "taken.csv")


def test_a_slider_moves_by_the_keyboard_and_the_price_with_it(page: Page, shown: Dashboard) -> None:
    page.goto(shown.page("predict?row=7"))
    price = page.get_by_role("heading", level=1)
    expect(price).to_have_text(re.compile(r"^\$[\d,]+ for this house$"))
    before = price.inner_text()
    page.get_by_role("slider", name="rooms (rm)").focus()
    page.keyboard.press("Home")
    expect(page.get_by_label("rooms (rm), as a number")).to_have_value("3.561")
    expect(price).not_to_have_text(before)
    page.get_by_role("button", name="Reset the features").click()
    expect(price).to_have_text(before)


def test_the_price_stays_in_view_while_the_last_slider_is_moved(page: Page, shown: Dashboard) -> None:
    page.set_viewport_size({"width": 420, "height": 900})
    page.goto(shown.page("predict"))
    expect(page.get_by_role("slider")).to_have_count(12)
    page.get_by_role("slider").last.scroll_into_view_if_needed()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_a_file_of_houses_comes_back_with_predictions(page: Page, shown: Dashboard, tmp_path: Path) -> None:
    page.goto(shown.page("predict"))
    content = f"{HEADER}\n{HOUSE}\n{HOUSE.replace(',6,', ',7,')}\n".encode()
    page.locator("input[type=file]").set_input_files({"name": "mine.csv", "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_text("mine.csv: 2 predictions")).to_be_visible()
    expect(page.get_by_text("Ignored: street.")).to_be_visible()
    table = taken(page, "predictions.csv", tmp_path)
    assert table["rm"].tolist() == [6, 7]
    assert table["predicted medv"][0] < table["predicted medv"][1]
    example = taken(page, "Example file", tmp_path)
    assert list(example.columns) == HEADER.split(",")[1:]


def test_a_category_a_switch_a_day_and_a_gap_are_set_by_hand(page: Page, project_copy: Project) -> None:
    settings = {"normalize__categories": json.dumps(CATEGORIES), "normalize__missing": "mean", "train__epochs": "20"}
    project_copy.use_own(mixed().to_csv(index=False), "price", FEATURES, **settings)
    record(project_copy)
    with dashboard(project_copy) as running:
        page.goto(running.page("predict?row=0"))
        price = page.get_by_role("heading", level=1)
        expect(price).to_have_text(re.compile(r"^price [\d.]+ for this row$"))
        said = [price.inner_text()]
        page.get_by_role("combobox", name="town").click()
        page.get_by_role("option", name="Köln").click()
        for switch in ("river", "missing"):
            expect(price).not_to_have_text(said[-1])
            said.append(price.inner_text())
            page.get_by_text(switch, exact=True).first.click()
        expect(price).not_to_have_text(said[-1])
        expect(page.get_by_text(re.compile("row 0 of the table, (area|town|river|, )+ changed"))).to_be_visible()
        page.get_by_role("button", name="Reset the features").click()
        expect(price).to_have_text(said[0])
