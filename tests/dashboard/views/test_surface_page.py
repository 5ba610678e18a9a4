"""The loss surface before records of every kind: hidden layers, a run that diverged, a table of one's own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.record.snapshot import Records
from dashboard.views.parts import shared
from tests.dashboard.views.test_states import texts
from tests.projects import Project

Open = Callable[..., AppTest]


def _script() -> None:
    from dashboard.views.surface import page

    page.show()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open the page on the project in a folder, with settings in the address."""

    def page(root: Path, **settings: Any) -> AppTest:
        st.cache_resource.clear()
        monkeypatch.setattr(shared, "Records", lambda: Records(root))
        app = AppTest.from_function(_script, default_timeout=30)
        for name, value in settings.items():
            app.query_params[f"surface-{name}"] = str(value)
        return app.run()

    yield page
    st.cache_resource.clear()


@pytest.mark.parametrize("state", ["linear", "hidden", "diverged", "own"])
@pytest.mark.parametrize("model", ["One feature", "All features"])
def test_it_shows_a_recorded_run_of_any_kind(opened: Open, states: dict[str, Path], state: str, model: str) -> None:
    app = opened(states[state], model=model)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "The loss surface"
    assert len(app.get("bidi_component")) == 1


def test_every_feature_of_the_record_can_be_chosen_raw_and_normalized(opened: Open, states: dict[str, Path]) -> None:
    app = opened(states["own"])
    for name in app.selectbox[0].options:
        for scale in ("Raw", "Normalized"):
            app.selectbox[0].set_value(name)
            app.segmented_control(key="surface-scale").set_value(scale)
            assert not app.run().exception
    assert app.selectbox[0].options == ["download times", "$size of *it*", "=left_over"]


def test_a_smaller_table_brings_the_settings_within_its_bounds(opened: Open, recorded: Project) -> None:
    app = opened(recorded.root, data="rm", batch=200, rows=250)
    assert app.number_input(key="surface-batch").value == 200
    app.selectbox(key="surface-data").set_value("download times").run()
    assert not app.exception
    assert app.number_input(key="surface-batch").value == 20
    assert app.number_input(key="surface-rows").value == 20


def test_hidden_layers_are_said_to_be_left_out(opened: Open, hidden: Project) -> None:
    app = opened(hidden.root, model="All features")
    assert "The recorded run has hidden layers" in texts(app)
    assert "has no limit like $2/" in texts(app)


def test_a_cut_needs_two_different_weights(opened: Open, recorded: Project) -> None:
    app = opened(recorded.root, model="All features", cut="Two weights", across="rm", up="rm")
    assert not app.exception
    assert "A cut needs two different weights" in texts(app)


def test_without_the_table_of_downloads_the_features_are_left(opened: Open, project_copy: Project) -> None:
    (project_copy.root / "data" / "download_times.csv").unlink()
    app = opened(project_copy.root)
    assert not app.exception
    assert app.selectbox[0].options[0] == "crim"


def test_a_feature_that_is_the_same_in_every_row_stays_raw(opened: Open, recorded: Project) -> None:
    app = opened(recorded.root, data="chas", scale="Normalized", rows=3)
    assert not app.exception
    assert "it cannot be normalized" in texts(app)
    assert "The feature is the same in all rows" in texts(app)
