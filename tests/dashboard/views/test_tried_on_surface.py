"""A run tried on the page Train, on the loss surface of all weights: its own path and rows, found by its address."""

import base64

import numpy as np
import pytest

from dashboard.live.jobs import Job
from dashboard.live.registry import Registry
from dashboard.record.reading import read_record
from dashboard.views.parts.ended_runs import EndedRun
from dashboard.views.surface.run_choice import ChosenRun
from tests.dashboard.conftest import PlanWith
from tests.dashboard.views.conftest import OpenPage, component, texts
from tests.projects import Project
from tests.waiting import until_ended


@pytest.fixture(scope="module")
def tried(shared_trainer: Registry, plan_with: PlanWith) -> Job:
    """A run on two features, with another learning rate and other rows."""
    plan = plan_with(
        normalize__features=["rm", "lstat"], normalize__seed=5, train__learning_rate=0.05, train__epochs=30
    )
    job = shared_trainer.start(plan)
    until_ended(job)
    return job


def test_its_own_weights_after_every_update_are_drawn(open_page: OpenPage, tried: Job) -> None:
    app = open_page("surface", surface__model="All features", surface__run=tried.id, surface__cut="Two weights")
    assert not app.exception
    result = tried.poll().result
    assert result is not None
    assert [app.selectbox(key=f"surface-{axis}").value for axis in ("across", "up")] == ["lstat", "rm"]
    positions = np.frombuffer(base64.b64decode(str(component(app)["runs"][0]["positions"]))).reshape(-1, 2)
    np.testing.assert_allclose(positions, result.path[:, [1, 0]], rtol=1e-12, atol=1e-12)
    assert len(positions) == 30 * 7 + 1
    assert component(app)["runs"][0]["label"] == "tried, learning rate 0.05"
    assert "The tried model has 3 weights" in texts(app)


def test_the_recorded_run_can_be_chosen_again(open_page: OpenPage, tried: Job) -> None:
    app = open_page("surface", surface__model="All features", surface__run=tried.id)
    choice = app.selectbox(key="surface-run")
    assert choice.options == ["Recorded", "Tried: learning rate 0.05, epochs 30, features 2 columns, split seed 5"]
    choice.set_value("recorded").run()
    assert "The recorded model has 13 weights" in texts(app)
    assert component(app)["runs"][0]["label"] == "recorded, learning rate 0.01"
    assert "surface-run" not in app.query_params
    assert app.selectbox(key="surface-run").options == choice.options
    choice.set_value(tried.id).run()
    assert app.query_params["surface-run"] == tried.id


def test_a_run_that_is_not_kept_any_more_is_said_to_be_gone(open_page: OpenPage) -> None:
    app = open_page("surface", surface__model="All features", surface__run="forgotten")
    assert not app.exception
    assert "no longer available" in texts(app)
    assert "The recorded model has 13 weights" in texts(app)
    assert "surface-run" not in app.query_params


def test_a_tried_run_with_hidden_layers_stands_beside_the_linear_model_on_its_rows(
    open_page: OpenPage, shared_trainer: Registry, plan_with: PlanWith
) -> None:
    job = shared_trainer.start(plan_with(train__model="one_hidden", train__epochs=5))
    until_ended(job)
    app = open_page("surface", surface__model="All features", surface__run=job.id)
    assert not app.exception
    assert "The tried run has hidden layers" in texts(app)
    assert component(app)["runs"][0]["label"] == "linear, learning rate 0.01"


def test_a_long_tried_run_is_drawn_as_far_as_it_is_kept(
    open_page: OpenPage, shared_trainer: Registry, plan_with: PlanWith
) -> None:
    momentum = {"train__momentum": 0.9, "train__nesterov": True}
    job = shared_trainer.start(plan_with(train__batch_size=1, train__learning_rate=1e-4, train__epochs=50, **momentum))
    until_ended(job)
    app = open_page("surface", surface__model="All features", surface__run=job.id)
    assert not app.exception
    assert "The picture shows the first 10,000 of 13,300 updates" in texts(app)
    assert "the limit is $2,(1 + 0.9),/,((1 + 2 cdot 0.9),lambda_{max})$ = **0.1149**" in texts(app)
    limits = next(table.value for table in app.dataframe if "share of the limit" in table.value)
    assert list(limits) == ["learning rate", "share of the limit", "on all rows"]


def test_the_page_train_leads_there(open_page: OpenPage, tried: Job) -> None:
    app = open_page("train", job=tried.id)
    (link,) = app.get("link_button")
    assert link.proto.url == f"surface?surface-model=All+features&surface-run={tried.id}"


def test_a_run_that_diverged_is_followed_to_its_last_finite_update(diverged: Project) -> None:
    record = read_record(diverged.store)
    assert record.metrics.status == "diverged"
    assert ChosenRun.of("recorded", EndedRun.of_recorded(record)).taken == len(record.run.weights) - 1
