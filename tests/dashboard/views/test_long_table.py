"""A table of 120,000 rows: pictures draw a sample and say so, tables are cut, and numbers are those of all rows."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from dashboard.record.reading import Records, read_record
from dashboard.record.samples import LISTED
from dashboard.record.snapshot import Record
from dashboard.record.source import read_prepared
from dashboard.text.numbers import format_number
from dashboard.views import PAGES
from pipeline.arrays import MAX_SAMPLE, Floats
from pipeline.tables import blocks
from tests import records
from tests.dashboard.views.conftest import Offered, OpenPage, component, drawn, lacking, texts
from tests.projects import Project
from tests.sharing import made_once

ROWS = 120_000
POINTS = 2 * MAX_SAMPLE
"""The most that a picture draws: a sample, at two moments."""


@pytest.fixture(scope="session")
def long(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a long table of its own, whose run makes more updates than are kept."""
    return made_once(tmp_path_factory, "long", lambda root: _record(recorded.copy(root)))


def _record(project: Project) -> None:
    draw = np.random.default_rng(0)
    table = pd.DataFrame(draw.normal(size=(ROWS, 2)).round(3) * [1, 50], columns=["near", "far"])
    table["price"] = (100 + 5 * table["near"] - 0.2 * table["far"] + 3 * draw.normal(size=ROWS)).round(2)
    settings = {"train__batch_size": "1", "train__epochs": "2", "train__learning_rate": "0.0003"}
    project.use_own(table.to_csv(index=False), "price", ["near", "far"], **settings)
    records.record(project)


@pytest.fixture(scope="module")
def record(long: Project) -> Record:
    return read_record(long.store)


def counted(record: Record, part: str) -> str:
    return f"{MAX_SAMPLE:,} of {len(record.data.split.parts()[part]):,}"


def all_rows(record: Record, part: str) -> tuple[Floats, Floats]:
    """The features, in their own units, and the targets of a part."""
    table = record.raw.iloc[record.data.split.parts()[part]]
    return table[["near", "far"]].to_numpy(), table["price"].to_numpy()


def sent(page: AppTest) -> list[pd.DataFrame]:
    """Every table that a page sends to the browser, those behind its charts included."""
    behind = [data.data.data for chart in page.get("vega_lite_chart") for data in chart.proto.datasets]
    return [convert_arrow_bytes_to_pandas_df(data) for data in behind] + [each.value for each in page.dataframe]


@pytest.mark.parametrize("name", [page.path for page in PAGES])
def test_no_page_sends_more_than_a_sample(open_page: OpenPage, long: Project, name: str) -> None:
    page = open_page(name, long.root)
    assert not page.exception
    assert max((len(table) for table in sent(page)), default=0) <= POINTS


def test_sampled_pictures_say_so_and_are_reproducible(open_page: OpenPage, long: Project, record: Record) -> None:
    said = f"{counted(record, 'test')} test rows, drawn by seed"
    pictures = {
        "results": ("Test rows around the 45-degree line", f"Both charts show {said}. The numbers of the page are"),
        "start": ("The test rows: off by", f"The chart shows {said}."),
        "data": ("price against", f"The chart shows {MAX_SAMPLE:,} of {ROWS:,} rows, drawn by seed."),
        "experiments": ("Predicted against actual", f"The chart shows {said}."),
    }
    for name, (alt, sentence) in pictures.items():
        page = open_page(name, long.root)
        assert not lacking(page, sentence)
        rows = drawn(page, alt)["row"]
        assert rows.nunique() == MAX_SAMPLE
        st.cache_resource.clear()
        pd.testing.assert_series_equal(drawn(open_page(name, long.root), alt)["row"], rows)


def test_a_short_table_is_drawn_whole_without_a_word_of_samples(open_page: OpenPage, recorded: Project) -> None:
    for name in ("start", "results", "data", "experiments", "surface"):
        page = open_page(name, recorded.root)
        assert "drawn by seed" not in texts(page)
    assert len(drawn(open_page("data", recorded.root), "against")) == 506


def test_the_numbers_beside_a_sample_are_those_of_all_rows(open_page: OpenPage, long: Project, record: Record) -> None:
    page = open_page("data", long.root, feature="far")
    x, y = (record.raw[name].to_numpy() for name in ("far", "price"))
    assert f"Correlation −{format_number(abs(np.corrcoef(x, y)[0, 1]), 2)} (strong)" in texts(page).replace("−−", "−")
    slope, level = np.polyfit(x, y, 1)
    line = drawn(page, "price against far", "line")
    np.testing.assert_allclose(line["target"], level + slope * np.array([x.min(), x.max()]), rtol=1e-6)
    assert drawn(page, "as it is in the table")["rows"].sum() == ROWS

    features, target = all_rows(record, "train")
    design = np.column_stack([record.data.scaling.apply(features), np.ones(len(target))])
    best = np.linalg.lstsq(design, target, rcond=None)[0]
    bars = drawn(open_page("results", long.root), "Weights, the largest first").set_index("feature")
    np.testing.assert_allclose(bars.loc[["near", "far"], "optimum"], best[:2], rtol=1e-6)

    first = np.mean((design @ record.run.weights[0] - target) ** 2)
    assert f"on all rows **{format_number(first, 4)} → " in texts(open_page("step", long.root))


def test_a_step_of_many_rows_lists_the_first_of_them_and_offers_all(
    open_page: OpenPage, long: Project, offered: Offered
) -> None:
    page = open_page("step", long.root, step__batch="3000")
    assert not lacking(page, f"The table shows the first {LISTED:,} of 3,000 rows.")
    assert [len(table.value) for table in page.dataframe][:1] == [LISTED]
    assert len(offered("rows.csv")) == 3_000


def test_a_lesson_on_one_feature_takes_a_sample_of_the_training_rows(
    open_page: OpenPage, long: Project, record: Record
) -> None:
    page = open_page("surface", long.root, surface__data="near")
    assert not lacking(page, f"The rows are {counted(record, 'train')} training rows, drawn by seed.")
    assert component(page)["beside"]["rows"] == MAX_SAMPLE
    assert "training rows, drawn by seed" not in texts(open_page("surface", long.root))  # the download times


def test_a_path_of_which_not_all_weights_are_kept_says_which_are_shown(
    open_page: OpenPage, long: Project, record: Record
) -> None:
    every = int(record.run.updates[1])
    assert every > 1
    kept = f"The record keeps the weights after one in {every} updates: these are the first 6,000, computed again."
    assert not lacking(open_page("step", long.root), kept)
    page = open_page("surface", long.root, surface__model="All features")
    shown = component(page)
    assert shown["stride"] % every == 0
    assert "The picture shows the first 10,000 of " in texts(page)


def test_the_rows_of_a_page_and_those_of_a_worker_are_the_same_bit_for_bit(record: Record) -> None:
    read = read_prepared(record.source, record.data.settings)
    np.testing.assert_array_equal(record.data.features(), read.features)
    np.testing.assert_array_equal(record.data.target, read.target)
    for part, rows in read.split.parts().items():
        np.testing.assert_array_equal(record.data.split.parts()[part], rows)


@pytest.fixture
def beyond_memory(monkeypatch: pytest.MonkeyPatch, readers: dict[Path, Records]) -> Iterator[None]:
    """As if the long table did not fit into memory; what is read then is forgotten."""
    monkeypatch.setattr(blocks, "MAX_IN_MEMORY", ROWS)
    readers.clear()
    yield
    readers.clear()


@pytest.mark.usefixtures("beyond_memory")
@pytest.mark.parametrize("name", [page.path for page in PAGES])
def test_of_a_table_beyond_memory_each_page_that_shows_its_run_says_why_it_does_not(
    open_page: OpenPage, long: Project, name: str
) -> None:
    page = open_page(name, long.root)
    assert not page.exception
    if name != "table":
        error = f"test error (RMSE) of {format_number(long.store.read_metrics().test['rmse'], 5)}"
        said = f"The table of this run, {ROWS:,} rows, does not fit into the memory of the pages"
        assert not lacking(page, said, "completed after 2 epochs", error, "pipeline.report")
        assert not page.metric
