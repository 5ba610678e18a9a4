"""The page Data: every column, what normalization does, what goes with what, the split, and what is wrong."""

from streamlit.testing.v1 import AppTest

from tests.dashboard.views.conftest import OpenPage, texts
from tests.projects import Project


def with_another_page(name: str, open_page: OpenPage) -> AppTest:
    """The page, and a toggle that shows another in its place."""
    open_page(name)
    script = f"import streamlit as st\nfrom dashboard.views.{name} import page\nif not st.toggle('other'): page.show()"
    return AppTest.from_string(script, default_timeout=30)


def test_it_says_where_this_copy_came_from(open_page: OpenPage, project_copy: Project) -> None:
    assert "This copy came from data/boston_housing.csv on " in texts(open_page("data"))
    (project_copy.root / "data" / "run" / "run_info.json").unlink()
    assert "Where this copy came from is not recorded" in texts(open_page("data", project_copy.root))


def test_it_says_plainly_what_is_wrong_with_the_boston_data_and_with_no_other(
    open_page: OpenPage, own: Project
) -> None:
    known, unknown = texts(open_page("data")), texts(open_page("data", own.root))
    for word in ("share of Black residents", "segregation", "left out", "`rad` and `tax`", "scikit-learn removed"):
        assert word in known
        assert word not in unknown.replace("left out of the features", "")


def test_a_column_that_is_not_normalized_says_why(open_page: OpenPage) -> None:
    app = open_page("data")
    app.selectbox(key="column").select("medv").run()
    assert "median price (medv) is the target" in texts(app)
    app.selectbox(key="column").select("b").run()
    assert "racial index (b) is left out of the features" in texts(app)


def test_a_random_split_is_described(open_page: OpenPage, own: Project) -> None:
    assert "20 test rows are 33% of all, drawn by seed 0" in texts(open_page("data", own.root))


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
