"""What a learner reads who has nothing but the pages: each answer stands where the question comes up."""

import json
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views import PAGES
from tests.dashboard.views.conftest import OpenPage, drawn, press, texts


def notes_on_columns(app: AppTest) -> dict[str, str]:
    """What is said to whoever points at the headers of the first table."""
    columns = json.loads(app.dataframe[0].proto.columns)
    return {name: column["help"] for name, column in columns.items() if column.get("help")}


@pytest.mark.parametrize(("units", "unit"), [("Normalized", "in standard deviations"), ("Original units", "%")])
def test_every_column_of_the_rows_says_what_it_holds_and_its_unit(open_page: OpenPage, units: str, unit: str) -> None:
    notes = notes_on_columns(open_page("step", step__units=units))
    assert notes["lstat"].startswith("residents counted as of lower status")
    assert unit in notes["lstat"].replace("\\", "")
    assert {"predicted", "error", "squared error", "rm"} < notes.keys()


def test_ten_updates_leave_ten_marks_on_the_bowl_and_are_undone_at_once(open_page: OpenPage) -> None:
    app = press(open_page("backpropagation", backpropagation__rate="0.2"), "Update 10 times")
    way = drawn(app, "The loss over v").query("part == 'way'")["v"]
    assert len(way) == 11
    assert all(before * after < 0 for before, after in pairwise(way - 2.5))
    app = press(press(press(app, "Update once"), "Undo"), "Undo")
    assert drawn(app, "The loss over v").query("part == 'way'").empty
    assert app.number_input(key="backpropagation-v").value == 0


def test_where_the_slope_stays_the_same_the_page_says_so(open_page: OpenPage) -> None:
    said = texts(open_page("backpropagation", backpropagation__x="0"))
    assert "would also change the loss by 0: the slope stays the same" in said
    assert "measurement and gradient agree" in said


def test_opening_an_address_trains_nothing(open_page: OpenPage) -> None:
    app = open_page("seeds", seeds="3", spread="1", rates="1")
    assert not app.get("progress")
    assert [button.disabled for button in app.button if button.label.startswith("Train")] == [False, False]
    assert all(button.disabled for button in app.button if button.label == "Stop")


def test_the_first_page_leads_to_every_lesson(open_page: OpenPage) -> None:
    paths = [page.path for page in PAGES]
    links = [link.proto.page for link in open_page("results").get("page_link")]
    assert links == ["data", "step", "backpropagation", "surface", "train", "seeds"]
    assert set(links) <= set(paths)
