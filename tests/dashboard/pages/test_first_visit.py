"""What a learner reads who has nothing but the pages: each answer stands where the question comes up."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.pages.conftest import OpenPage
from tests.dashboard.pages.test_lessons import press


def told_of_columns(app: AppTest) -> dict[str, str]:
    """What is said to whoever points at the headers of the first table."""
    columns = json.loads(app.dataframe[0].proto.columns)
    return {name: column["help"] for name, column in columns.items() if column.get("help")}


def test_the_loss_before_and_after_a_step_is_told_beside_the_buttons_as_below(open_page: OpenPage) -> None:
    app = press(open_page("step"), "Next batch")
    (told,) = (text.value for text in app.markdown if text.value.startswith("The loss before → after"))
    for metric in app.metric:
        assert f"{metric.delta.split(' from ')[1]} → {metric.value}" in told


@pytest.mark.parametrize(("units", "unit"), [("Normalized", "in standard deviations"), ("Original units", "%")])
def test_every_column_of_the_rows_says_what_it_holds_and_its_unit(open_page: OpenPage, units: str, unit: str) -> None:
    told = told_of_columns(open_page("step", step__units=units))
    assert told["lstat"].startswith("residents counted as of lower status")
    assert unit in told["lstat"].replace("\\", "")
    assert {"predicted", "error", "squared error", "rm"} < told.keys()
