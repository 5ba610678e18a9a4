"""A column that is chosen reads as people call it; the address has its name."""

import pytest

from tests.dashboard.views.conftest import OpenPage, texts
from tests.projects import Project

LINE = {"backpropagation-graph": "Line on a batch"}


@pytest.mark.parametrize(
    ("page", "key", "more"),
    [
        ("data", "column", {}),
        ("data", "feature", {}),
        ("surface", "surface-data", {}),
        ("surface", "surface-across", {"surface-model": "All features", "surface-cut": "Two weights"}),
        ("step", "step-weight", {}),
        ("backpropagation", "backpropagation-feature", LINE),
    ],
)
def test_a_column_is_chosen_by_its_readable_name_and_kept_by_its_own(
    open_page: OpenPage, page: str, key: str, more: dict[str, str]
) -> None:
    app = open_page(page, **more | {key: "tax"})
    chosen = app.selectbox(key=key)
    assert chosen.value == "tax"
    assert {"property tax (tax)", "rooms (rm)"} < set(chosen.options)
    chosen.select("age").run()
    assert app.query_params[key] in ("age", ["age"])
    assert app.selectbox(key=key).value == "age"


def test_what_is_shown_first_is_not_in_the_address_and_neither_is_a_column_that_there_is_none_of(
    open_page: OpenPage,
) -> None:
    app = open_page("data", column="rooms (rm)")
    assert app.selectbox(key="column").value == "lstat"
    assert not dict(app.query_params)
    app.selectbox(key="column").select("tax").run()
    app.selectbox(key="column").select("lstat").run()
    assert not dict(app.query_params)


def test_an_address_that_changes_during_a_visit_is_followed(open_page: OpenPage) -> None:
    app = open_page("data", column="tax")
    app.query_params["column"] = "rm"
    assert app.run().selectbox(key="column").value == "rm"


def test_the_features_to_train_on_read_as_people_call_them(open_page: OpenPage) -> None:
    (features,) = open_page("train").multiselect
    assert "rooms (rm)" in features.options
    assert "rm" in features.value


def test_a_column_of_a_table_of_ones_own_is_called_by_its_name(open_page: OpenPage, own: Project) -> None:
    app = open_page("data", own.root, column="price: €")
    assert app.selectbox(key="column").options == ["$size of *it*", "=left_over", "price: €"]
    assert "price: € is the target" in texts(app)
