"""A wide table of one's own, with names that are Markdown, formulas and worse, on the pages Data and Predict."""

import numpy as np
import pandas as pd
import pytest

from dashboard.views.predict.sliders import MAX_SHOWN
from tests.dashboard.views.conftest import OpenPage, charts, texts
from tests.projects import Project
from tests.records import record

NAMES = ["*bold* $x$", "=cmd()", "x.y[0]:z", "never varies", *(f"column {index}" for index in range(57))]


@pytest.fixture(scope="session")
def wide(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a table of 61 features, large numbers, and a column that never varies, left raw."""
    project = recorded.copy(tmp_path_factory.mktemp("wide") / "project")
    generator = np.random.default_rng(0)
    table = pd.DataFrame(generator.standard_normal((80, len(NAMES))) / 10, columns=NAMES)
    table["never varies"] = 7.0
    table["yield: $"] = 1e6 + 30 * table["column 3"]
    project.use_own(table.to_csv(index=False), "yield: $", NAMES, normalize__scaling="none")
    record(project)
    return project


def test_the_data_page_shows_what_goes_most_closely_with_the_target(open_page: OpenPage, wide: Project) -> None:
    app = open_page("data", wide.root)
    assert not app.exception
    assert "19 of 61 features are shown" in texts(app)
    assert any("The strongest with yield: $: column 3 +1, " in chart for chart in charts(app))
    assert list(app.dataframe[0].value.columns) == ["column", "role", "smallest", "mean", "largest"]


@pytest.mark.parametrize("name", ["never varies", "x.y[0]:z", "*bold* $x$"])
def test_every_column_can_be_chosen_whatever_its_name(open_page: OpenPage, wide: Project, name: str) -> None:
    app = open_page("data", wide.root)
    app.selectbox(key="column").select(name)
    app.selectbox(key="feature").select(name).run()
    assert not app.exception
    assert charts(app)[0].startswith(f"{name} as it is in the table")
    assert f"yield: $ against {name}." in charts(app)[1]


def test_the_features_that_move_the_prediction_most_get_sliders_and_others_on_request(
    open_page: OpenPage, wide: Project
) -> None:
    app = open_page("predict", wide.root)
    assert not app.exception
    first = [slider.key for slider in app.slider]
    assert len(first) == MAX_SHOWN // 2
    assert "slide never varies" not in first
    app.multiselect[0].set_value([NAMES.index("never varies"), NAMES.index("=cmd()")]).run()
    assert [slider.key for slider in app.slider] == ["slide =cmd()"]
    app.number_input(key="type never varies").set_value(8.0).run()
    assert "never varies is outside the table's 7 to 7" in texts(app)
