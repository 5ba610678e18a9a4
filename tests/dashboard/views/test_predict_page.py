"""The page Predict: a price from sliders, where it comes from, and a file of houses."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.record.predictions import Predictor
from dashboard.record.reading import read_record
from dashboard.record.snapshot import Record
from tests.dashboard.views.conftest import OpenPage, cards, press, texts
from tests.dashboard.views.test_data_page import with_another_page
from tests.projects import Project

HEADER = "crim,zn,indus,chas,nox,rm,age,dis,rad,tax,ptratio,lstat"
HOUSE = "0.02,0,7,0,0.47,6,78,5,2,242,17.8,9"


@pytest.fixture
def app(open_page: OpenPage) -> AppTest:
    """The page, before the recorded linear model."""
    return open_page("predict")


def price(record: Record, row: int, **changed: float) -> str:
    """The predicted price of a house of the table with some features changed."""
    features = record.raw.loc[row, list(record.data.names)].to_numpy(float, copy=True)
    for name, value in changed.items():
        features[record.data.names.index(name)] = value
    return record.format.amount(Predictor.of(record.run, record.data).predict_row(features))


def title(app: AppTest) -> str:
    return str(app.title[0].value).replace("\\", "")


def chosen_row(app: AppTest) -> int:
    return int(app.number_input(key="row").value or 0)


@pytest.mark.parametrize("row", [0, 13, 505])
def test_a_house_of_the_table_shows_the_recorded_prediction_beside_the_actual_price(
    open_page: OpenPage, hidden: Project, row: int
) -> None:
    record = read_record(hidden.store)
    app = open_page("predict", hidden.root)
    app.number_input(key="row").set_value(row).run()
    words, by_stage = record.format, record.predictions().iloc[row]
    assert title(app) == f"{words.amount(by_stage['predicted'])} for this house"
    assert cards(app)["Actual"] == words.amount(by_stage["actual"])
    assert cards(app)["Predicted minus actual"] == words.change(by_stage["predicted"] - by_stage["actual"])
    part = {"train": "training", "validation": "validation", "test": "test"}[by_stage["part"]]
    assert f"row {row}, a {part} row" in texts(app)


def test_a_number_outside_the_tables_range_is_predicted_with_a_warning(app: AppTest, record: Record) -> None:
    assert "outside" not in texts(app)
    app.number_input(key="type rm").set_value(12.0).run()
    assert "rooms (rm) is outside the table's 3.561 to 8.78" in texts(app)
    assert "nothing like it: rooms (rm) outside the table's range" in texts(app)
    assert app.slider(key="slide rm").value == record.raw["rm"].max()
    assert title(app).startswith(price(record, chosen_row(app), rm=12))


def test_a_number_beyond_all_bounds_breaks_nothing(app: AppTest) -> None:
    app.number_input(key="type rm").set_value(1e100).run()
    assert not app.exception
    assert len(title(app)) < 40


def test_another_row_can_be_drawn(app: AppTest, record: Record) -> None:
    drawn = set()
    for _ in range(4):
        press(app, "Random row")
        drawn.add(chosen_row(app))
    assert len(drawn) > 1
    assert drawn <= set(range(len(record.raw)))


def test_it_says_how_contributions_are_found(open_page: OpenPage, hidden: Project) -> None:
    linear = texts(open_page("predict"))
    assert "weight times its distance from the mean of the training rows, in standard" in linear
    assert "integrated gradients" in texts(open_page("predict", hidden.root))


def test_a_house_of_the_address_its_sliders_and_a_file_survive_a_visit_to_another_page(open_page: OpenPage) -> None:
    app = with_another_page("predict", open_page)
    app.query_params["row"] = "9"
    app.run()
    app.slider(key="slide rm").set_value(4.5).run()
    app.file_uploader[0].upload("mine.csv", f"{HEADER}\n{HOUSE}\n".encode(), "text/csv").run()
    before = title(app)
    app.toggle[0].set_value(True).run()
    assert not app.slider
    app.toggle[0].set_value(False).run()
    assert title(app) == before
    assert app.slider(key="slide rm").value == 4.5
    assert "row 9 of the table, rooms (rm) changed" in texts(app)
    assert "mine.csv: 1 predictions" in texts(app)


def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(app: AppTest) -> None:
    app.file_uploader[0].upload("mine.csv", f"{HEADER}\n{HOUSE.replace('6', 'six')}\n".encode(), "text/csv").run()
    assert not app.exception
    assert len(app.error) == 1
    assert "mine.csv, line 2, column 'rm' is 'six'" in str(app.error[0].value).replace("\\", "")
    assert not app.dataframe
    app.file_uploader[0].clear().run()
    assert not app.error
