"""The loss surface before records of every kind: hidden layers, a run that diverged, a table of one's own."""

from pathlib import Path

import pytest

from tests.dashboard.views.conftest import OpenPage, texts
from tests.projects import Project


@pytest.mark.parametrize("state", ["linear", "hidden", "diverged", "own"])
def test_all_weights_of_a_run_of_any_kind_are_shown(open_page: OpenPage, states: dict[str, Path], state: str) -> None:
    app = open_page("surface", states[state], surface__model="All features")
    assert not app.exception
    assert not app.error
    assert len(app.get("bidi_component")) == 1


def test_every_feature_of_the_record_can_be_chosen_raw_and_normalized(
    open_page: OpenPage, states: dict[str, Path]
) -> None:
    app = open_page("surface", states["own"])
    for name in app.selectbox[0].options:
        for scale in ("Raw", "Normalized"):
            app.selectbox[0].set_value(name)
            app.segmented_control(key="surface-scale").set_value(scale)
            assert not app.run().exception
    assert app.selectbox[0].options == ["download times", "$size of *it*", "=left_over"]


def test_a_smaller_table_brings_the_settings_within_its_bounds(open_page: OpenPage) -> None:
    app = open_page("surface", surface__data="rm", surface__batch="200", surface__rows="250")
    assert app.number_input(key="surface-batch").value == 200
    app.selectbox(key="surface-data").set_value("download times").run()
    assert not app.exception
    assert app.number_input(key="surface-batch").value == 20
    assert app.number_input(key="surface-rows").value == 20


def test_a_cut_needs_two_different_weights(open_page: OpenPage) -> None:
    app = open_page(
        "surface",
        surface__model="All features",
        surface__cut="Two weights",
        surface__across="rm",
        surface__up="rm",
    )
    assert not app.exception
    assert "A cut needs two different weights" in texts(app)


def test_without_the_table_of_downloads_the_features_are_left(open_page: OpenPage, project_copy: Project) -> None:
    (project_copy.root / "data" / "download_times.csv").unlink()
    app = open_page("surface", project_copy.root)
    assert not app.exception
    assert app.selectbox[0].options[0] == "crime rate (crim)"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"data": "chas", "scale": "Normalized", "rows": "3"}, "it cannot be normalized"),
        ({"data": "chas", "rows": "3"}, "The feature is the same in all rows"),
        ({"loss": "Absolute error"}, "The absolute error has no limit like"),
        ({"data": "tax", "rate": "0.01"}, "So 0.01 diverges with raw property tax (tax) and works after normalizing."),
        ({"rate": "nonsense", "batch": "-3", "seed": "1e99"}, "0.02 is 43% of the limit"),
    ],
)
def test_edges_are_said_in_words(open_page: OpenPage, address: dict[str, str], said: str) -> None:
    app = open_page("surface", **{f"surface-{name}": value for name, value in address.items()})
    assert not app.exception
    assert said in texts(app)
