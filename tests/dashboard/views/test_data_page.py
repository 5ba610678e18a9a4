"""The page Data: every column, what normalization does, what goes with what, the split, and what is wrong."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboard.record.snapshot import read_record
from dashboard.text.numbers import format_number, format_signed
from tests.dashboard.views.conftest import OpenPage
from tests.dashboard.views.test_states import texts
from tests.projects import Project


def charts(app: AppTest) -> list[str]:
    """What each chart says to those who do not see it."""
    return [chart.proto.alt for chart in app.get("vega_lite_chart")]


def prose(app: AppTest) -> str:
    """All that the page says, without the marks that keep it from being taken for Markdown."""
    return texts(app).replace("\\", "")


def with_another_page(name: str, open_page: OpenPage) -> AppTest:
    """The page, and a toggle that shows another in its place."""
    open_page(name)
    script = f"import streamlit as st\nfrom dashboard.views.{name} import page\nif not st.toggle('other'): page.show()"
    return AppTest.from_string(script, default_timeout=30)


def test_every_column_has_its_meaning_unit_range_and_role(open_page: OpenPage, recorded: Project) -> None:
    app = open_page("data")
    table = app.dataframe[0].value.set_index("column")
    raw = recorded.store.read_raw()
    assert list(table.index) == list(raw.columns)
    assert list(table.loc["rm", ["meaning", "unit"]]) == ["average number of rooms in a home", "rooms"]
    assert table.loc["rm", "largest"] == raw["rm"].max()
    assert list(table.index[table["role"] == "feature"]) == list(read_record(recorded.store).data.names)
    assert table.loc["b", "role"] == "left out"
    assert table.loc["medv", "role"] == "target"


def test_it_says_where_this_copy_came_from(open_page: OpenPage, project_copy: Project) -> None:
    assert "This copy came from data/boston_housing.csv on " in prose(open_page("data"))
    (project_copy.root / "data" / "run" / "run_info.json").unlink()
    assert "Where this copy came from is not recorded" in prose(open_page("data", project_copy.root))


def test_it_says_plainly_what_is_wrong_with_the_boston_data_and_with_no_other(
    open_page: OpenPage, states: dict[str, Path]
) -> None:
    known, own = prose(open_page("data", states["linear"])), prose(open_page("data", states["own"]))
    for word in ("share of Black residents", "segregation", "left out", "`rad` and `tax`", "scikit-learn removed"):
        assert word in known
        assert word not in own.replace("left out of the features", "")


def test_a_chosen_column_is_shown_raw_and_normalized_with_its_numbers(open_page: OpenPage, recorded: Project) -> None:
    app = open_page("data")
    app.selectbox(key="column").select("rm").run()
    raw, normalized = charts(app)[:2]
    assert raw == "rm as it is in the table, over all rows: from 3.561 to 8.78, mean 6.28, standard deviation 0.702."
    record = read_record(recorded.store)
    at = record.data.names.index("rm")
    low, high = record.data.features[:, at].min(), record.data.features[:, at].max()
    assert f"from {format_number(low, 4)} to {format_number(high, 4)}" in normalized


def test_a_column_that_is_not_normalized_says_why(open_page: OpenPage, states: dict[str, Path]) -> None:
    app = open_page("data", states["linear"])
    app.selectbox(key="column").select("medv").run()
    assert "medv is the target" in prose(app)
    app.selectbox(key="column").select("b").run()
    assert "b is left out of the features" in prose(app)
    raw = open_page("data", states["diverged"])
    assert "normalize.scaling is none in this run" in prose(raw)
    assert "This run does not normalize them" in prose(raw)


def test_a_feature_against_the_target_tells_their_correlation(open_page: OpenPage, recorded: Project) -> None:
    app = open_page("data")
    app.selectbox(key="feature").select("rm").run()
    expected = recorded.store.read_raw()["rm"].corr(recorded.store.read_raw()["medv"])
    assert charts(app)[2].startswith(f"medv against rm. Correlation {format_signed(expected, 2)}")
    assert "Where rm is higher, medv tends to be higher" in prose(app)


def test_the_features_that_go_most_closely_with_the_target_come_first(open_page: OpenPage) -> None:
    app = open_page("data")
    assert app.selectbox(key="feature").options[:3] == ["lstat", "rm", "ptratio"]
    assert "lstat −0.74, rm +0.7, ptratio −0.51" in charts(app)[3]


def test_the_split_is_described_by_part(open_page: OpenPage, states: dict[str, Path], recorded: Project) -> None:
    said = prose(open_page("data", states["linear"]))
    assert "173 test rows are those of the TensorFlow.js example" in said
    for part, rows in read_record(recorded.store).data.split.parts().items():
        assert f"**{len(rows)} {'training' if part == 'train' else part} rows**" in said
    assert "20 test rows are 33% of all, drawn by seed 0" in prose(open_page("data", states["own"]))


def test_what_was_chosen_comes_from_the_address_and_survives_another_page(open_page: OpenPage) -> None:
    app = with_another_page("data", open_page)
    app.query_params["column"] = "tax"
    app.run()
    assert app.selectbox(key="column").value == "tax"
    app.selectbox(key="feature").select("nox").run()
    app.toggle[0].set_value(True).run()
    assert not app.selectbox
    app.toggle[0].set_value(False).run()
    assert app.selectbox(key="column").value == "tax"
    assert app.selectbox(key="feature").value == "nox"
