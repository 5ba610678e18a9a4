"""The page Your table: what it shows of a file is what the file holds, and what it would write is valid."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.text.markdown import capitalized
from dashboard.views.table.source import MAX_MEGABYTES
from pipeline.suggestion.settings import Suggestion
from tests.dashboard.views.conftest import OpenPage, texts
from tests.defaults import defaults
from tests.shapes import shapes

HOMES = shapes()["insurance"]


def as_csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False).encode()


@pytest.fixture
def app(open_page: OpenPage) -> AppTest:
    """The page with a table of mixed kinds on it."""
    app = open_page("table")
    return app.file_uploader[0].upload("my homes.csv", as_csv(HOMES.table), "text/csv").run()


def shown(app: AppTest) -> pd.DataFrame:
    return app.dataframe[0].value.set_index("column")


def test_before_a_file_is_chosen_it_says_what_a_table_is(open_page: OpenPage) -> None:
    app = open_page("table")
    assert not app.exception
    assert "one row for each thing" in texts(app)
    assert app.selectbox[0].options == ["data/boston_housing.csv", "data/download_times.csv"]
    assert [button.label for button in app.button] == ["Back to Boston housing (Harrison and Rubinfeld, 1978)"]


def test_every_column_is_shown_with_its_numbers_and_what_was_decided(app: AppTest) -> None:
    assert not app.exception
    assert app.subheader[0].value == "1,300 rows, 7 columns"
    table = shown(app)
    assert list(table.index) == list(HOMES.table.columns)
    assert table["gaps"].tolist() == HOMES.table.isna().sum().tolist()
    assert table["values"].tolist() == HOMES.table.nunique().tolist()
    decisions = {**dict.fromkeys(map(str, HOMES.table), "feature"), **HOMES.decisions, "charges": "target"}
    assert dict(table["use"]) == decisions
    for name, counts in table["distribution"].items():
        assert sum(counts) == HOMES.table[name].notna().sum()
    assert sorted(table["distribution"]["region"]) == sorted(HOMES.table["region"].value_counts())


def test_what_it_says_of_the_training_is_what_is_suggested(app: AppTest) -> None:
    for sentence in Suggestion.of(HOMES.table, "charges", defaults()).sentences():
        assert capitalized(sentence) in texts(app)


def test_what_will_be_written_is_valid_and_on_this_table(app: AppTest) -> None:
    diff = app.code[0].value
    assert "+  csv: data/my_homes.csv" in diff
    assert "+  target: charges" in diff
    assert "+  categories: [sex, region]" in diff
    assert "-  split: tfjs" in diff


def test_other_features_may_be_chosen_but_not_none(app: AppTest) -> None:
    app.multiselect[0].set_value(["bmi", "region"]).run()
    assert "+  features: [bmi, region]" in app.code[0].value
    assert shown(app)["use"]["age"] == "left out"
    app.multiselect[0].set_value([]).run()
    assert [error.value for error in app.error] == ["choose at least one column to predict from."]
    assert not app.code


def test_another_target_has_other_features(app: AppTest) -> None:
    next(each for each in app.selectbox if each.label == "Column to predict").set_value("bmi").run()
    assert shown(app)["use"]["charges"] == "feature"
    assert "+  target: bmi" in app.code[0].value


def test_a_table_in_data_may_be_chosen(open_page: OpenPage) -> None:
    app = open_page("table")
    app.selectbox[0].set_value("data/download_times.csv").run()
    assert app.subheader[0].value == "40 rows, 3 columns"
    assert "+  csv: data/download_times.csv" in app.code[0].value


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("houses.csv", b"", "houses.csv is empty"),
        ("big.csv", b"a,b\n" + b"1,2\n" * (MAX_MEGABYTES * 2**18 + 1), "a page takes at most 50: copy it into data/"),
        ("names.csv", b"a,b\n" + b"x,y\n" * 20, "this table has no column of numbers"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(
    open_page: OpenPage, name: str, content: bytes, said: str
) -> None:
    app = open_page("table")
    app.file_uploader[0].upload(name, content, "text/csv").run()
    assert not app.exception
    assert len(app.error) == 1
    assert said in str(app.error[0].value).replace("\\", "")
    assert not app.code
