"""A table of mixed kinds with gaps, recorded by DVC: the numbers on its pages, and the widgets of Predict."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.live.plans import Plan
from dashboard.record.predictions import Predictor
from dashboard.record.reading import read_record
from dashboard.record.snapshot import Record
from dashboard.record.source import read_prepared
from dashboard.text.numbers import format_number
from pipeline.arrays import Floats
from tests.dashboard.views.conftest import OpenPage, charts, drawn, lacking, texts
from tests.projects import Project
from tests.tables import FEATURES, mixed


@pytest.fixture(scope="module")
def of_kinds(kinds: Project) -> Record:
    """The recorded run."""
    return read_record(kinds.store)


@pytest.fixture
def app(open_page: OpenPage, kinds: Project) -> AppTest:
    """The page Predict, at a row without gaps."""
    return open_page("predict", kinds.root, row="0")


def title(app: AppTest) -> str:
    return str(app.title[0].value).replace("\\", "")


def says(record: Record, inputs: Floats) -> str:
    """The title of the page with these inputs."""
    return f"price {record.format.amount(Predictor.of(record.run, record.data).predict_row(inputs))} for this row"


def with_inputs(record: Record, row: int, **changed: float) -> Floats:
    """The inputs of a row with some changed; in a name, `__` stands for `=` and a single `_` for a space."""
    inputs = record.data.inputs([row])[0]
    for name, value in changed.items():
        inputs[record.data.names.index(name.replace("__", "=").replace("_", " "))] = value
    return np.asarray(inputs)


def test_the_record_keeps_the_rows_with_a_target_and_their_inputs(kinds: Project, of_kinds: Record) -> None:
    table = mixed()
    kept = table.dropna(subset=["price"]).reset_index(drop=True)
    assert len(of_kinds.raw) == len(table)
    pd.testing.assert_series_equal(of_kinds.data.kept["town"], kept["town"], check_dtype=False)
    np.testing.assert_array_equal(of_kinds.data.column("zip=101"), kept["zip"] == 101)
    recorded = kinds.store.read_normalized().features
    np.testing.assert_array_equal(of_kinds.data.features(), recorded)
    for place, name in enumerate(of_kinds.data.names):
        np.testing.assert_array_equal(of_kinds.data.column(name), of_kinds.data.inputs()[:, place])


def test_a_run_on_the_page_train_gets_the_same_inputs(of_kinds: Record) -> None:
    record = of_kinds
    plan = Plan.of(record.training.settings, record.data.settings, record)
    read = read_prepared(plan.source, plan.normalize)
    assert read.encoding == record.data.encoding
    np.testing.assert_array_equal(read.features, record.data.features())
    assert read.split.train.tolist() == record.data.split.train.tolist()


def test_the_saved_model_predicts_in_another_process_what_was_recorded(kinds: Project) -> None:
    code = """
import sys, keras, numpy, pandas
from pipeline.tables.kinds import numbers, texts
from pipeline.tables.store import TableStore
table = TableStore().read_raw().dropna(subset=["price"])
model = keras.saving.load_model("data/run/model.keras")
texts_of = {name: numpy.array([text or "" for text in texts(table[name])]) for name in ("town", "zip")}
columns = {name: numbers(table[name]) for name in ("area", "river", "sold")} | texts_of
predicted = pandas.read_csv("data/run/predictions.csv")["predicted"].to_numpy()
print(float(numpy.abs(numpy.asarray(model(columns))[:, 0] - predicted).max() / numpy.abs(predicted).max()))
"""
    assert float(kinds.python("-c", code).stdout.split()[-1]) < 1e-5


def test_the_data_page_says_what_each_column_is_and_which_rows_are_left_out(
    open_page: OpenPage, kinds: Project, of_kinds: Record
) -> None:
    page = open_page("data", kinds.root, column="town=Bonn", feature="town is missing")
    assert title(page) == "198 rows, 5 features"
    assert not lacking(page, "Left out of 200 rows: 2 without a target.", "the standard deviation of sold is")
    listed = page.dataframe[0].value.set_index("column")
    assert listed["kind"].tolist() == ["number", "yes/no", "category", "date", "category", "text", "number"]
    assert listed.loc["remark", "role"] == "left out"
    assert listed["gaps"].tolist() == [6, 7, 8, 9, 10, 0, 2]
    assert listed.loc["area", "smallest"] == mixed()["area"].min()
    assert listed["values"].astype(str).tolist()[3].count("-") == 4
    share = (of_kinds.data.kept["town"] == "Bonn").iloc[of_kinds.data.split.train].mean()
    assert not lacking(page, f"In the training rows the mean is {format_number(share)}")


def test_the_waterfall_has_one_bar_for_a_category(app: AppTest, of_kinds: Record) -> None:
    bars = drawn(app, "for the mean row")
    labels = [label.replace("\n", " ") for label in bars["label"]]
    row = of_kinds.data.kept.iloc[0]
    assert len(bars) == len(FEATURES) + 2
    assert f"town {row['town']}" in labels
    assert f"sold {row['sold'].date()}" in labels
    inputs = of_kinds.data.inputs([0])[0]
    parts = of_kinds.data.encoding.totals(Predictor.of(of_kinds.run, of_kinds.data).contributions(inputs))
    by_label = dict(zip(labels, bars["part"], strict=True))
    at = list(of_kinds.data.encoding.kinds).index("town")
    assert by_label[f"town {row['town']}"] == pytest.approx(parts[at])
    assert bars["end"].iloc[-1] == pytest.approx(of_kinds.predicted[0])
    assert any("Largest:" in alt for alt in charts(app))


def test_a_row_is_named_as_in_the_table_where_rows_before_it_are_left_out(open_page: OpenPage, kinds: Project) -> None:
    app = open_page("predict", kinds.root, row="50")
    assert "for row 50 of those that are used, row 51 of the table." in texts(app)
    assert any("of the rows that have a value" in str(caption.value) for caption in app.caption)


def test_a_category_has_a_weight_for_each_input(open_page: OpenPage, kinds: Project) -> None:
    assert "The model has one weight for each of its inputs" in texts(open_page("step", kinds.root))


def test_each_kind_has_its_widget(app: AppTest, of_kinds: Record) -> None:
    towns = of_kinds.data.encoding.features[2].values
    others = {f"town__{town}": 0.0 for town in towns}
    app.selectbox(key="choose town").set_value(towns.index("Köln")).run()
    assert title(app) == says(of_kinds, with_inputs(of_kinds, 0, **others | {"town__Köln": 1.0}))
    assert "row 0 of the table, town changed" in texts(app)
    app.selectbox(key="choose town").set_value(len(towns)).run()
    assert title(app) == says(of_kinds, with_inputs(of_kinds, 0, **others))
    assert not lacking(app, "not among the 4 values", "To the model it is none of the values it has seen: town.")
    app.selectbox(key="choose town").set_value(len(towns) + 1).run()
    assert title(app) == says(of_kinds, with_inputs(of_kinds, 0, **others, town_is_missing=1.0))


def test_a_switch_a_day_and_a_gap_are_set(app: AppTest, of_kinds: Record) -> None:
    now = bool(of_kinds.data.column("river", [0])[0])
    app.toggle(key="switch river").set_value(not now).run()
    assert title(app) == says(of_kinds, with_inputs(of_kinds, 0, river=float(not now)))
    app.toggle(key="switch river").set_value(now).run()
    app.date_input(key="day sold").set_value(date(2020, 2, 29)).run()
    assert title(app) == says(of_kinds, with_inputs(of_kinds, 0, sold=18321.0))
    app.date_input(key="day sold").set_value(date(1950, 1, 1)).run()
    assert not lacking(app, "sold is outside the table's 2019-", "nothing like it: sold outside the table's range")
    app.checkbox(key="missing area").check().run()
    changed = with_inputs(of_kinds, 0, sold=-7305.0, area_is_missing=1.0)
    changed[0] = of_kinds.data.encoding.features[0].fill or 0
    assert title(app) == says(of_kinds, changed)
    app.checkbox(key="missing area").uncheck().run()
    assert "missing" not in drawn(app, "for the mean row")["label"].str.cat()


def test_the_mean_row_shows_the_mean_of_a_category(open_page: OpenPage, kinds: Project) -> None:
    app = open_page("predict", kinds.root, start="The mean")
    assert not app.exception
    box = app.selectbox(key="choose town")
    assert box.options[box.index or 0] == "the mean"
    assert "on average; yes in" in texts(app)
    assert not drawn(app, "for the mean row")["part"].iloc[1:-1].any()


def test_a_file_of_rows_is_predicted_with_what_was_unknown_said(app: AppTest) -> None:
    rows = b"remark,area,river,town,sold,zip\n,80,yes,Bonn,2020-01-01,101\nx,,no,Berlin,,102\n"
    app.file_uploader[0].upload("mine.csv", rows, "text/csv").run()
    assert not app.error
    said = ("mine.csv: 2 predictions", "Ignored: remark.", "1 row has gaps in area, sold", "the model: town 'Berlin'.")
    assert not lacking(app, *said)
