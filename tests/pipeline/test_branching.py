"""A branch under DVC: start.json says where a run begins, and every stage and check takes it from there."""

import json

import numpy as np
import pytest

from pipeline.network.layers import predict
from pipeline.record.start import START, Start, text_of
from pipeline.training.descent import start_at
from tests.projects import Project


@pytest.fixture
def branched(project_copy: Project) -> tuple[Project, Start]:
    """A copy of the project whose next run goes on from update 300 of the recorded one."""
    store = project_copy.store
    facts = store.read_training()
    start = start_at(store.read_normalized(), facts.settings, None, 300, facts.weights_sha256)
    (project_copy.root / START).write_text(text_of(start), encoding="utf-8")
    return project_copy, start


def test_an_unchanged_branch_records_the_weights_of_its_parent_and_names_it(branched: tuple[Project, Start]) -> None:
    project, _ = branched
    parent, metrics, hashed = (
        project.store.read_run(),
        project.store.read_metrics(),
        project.store.read_training().weights_sha256,
    )
    assert project.repro() == ["train", "evaluate"]
    run, branch = project.store.read_run(), project.store.read_metrics()
    np.testing.assert_array_equal(run.weights, parent.weights[300:])
    np.testing.assert_array_equal(run.epochs, parent.epochs[300:].clip(min=42) - (np.arange(1101) == 0))
    assert run.history["epoch"].tolist() == list(range(42, 201))
    assert run.history.iloc[1:].values.tolist() == parent.history.iloc[43:].values.tolist()
    assert (branch.parent_run, branch.start_update, branch.epochs_run) == (hashed[:7], 300, 200)
    assert (metrics.parent_run, metrics.start_update) == ("random weights", 0)
    assert branch.test == metrics.test


def test_a_branch_is_an_experiment_that_names_its_parent_and_update(branched: tuple[Project, Start]) -> None:
    project, start = branched
    project.dvc("exp", "run", "--name", "half", "--set-param", "train.learning_rate=0.005")
    (project.root / START).write_text("{}\n")
    listed = json.loads(project.dvc("exp", "show", "--json"))
    text = json.dumps(next(row for row in listed if row["rev"] != "workspace"))
    assert f'"parent_run": "{start.parent_sha256[:7]}", "start_update": 300' in text
    assert '"name": "half"' in text


def test_a_branch_goes_on_with_the_same_predictions_in_another_scaling(branched: tuple[Project, Start]) -> None:
    project, start = branched
    before = project.store.read_normalized()
    project.set(normalize__scaling="none", train__learning_rate="1.0e-6", train__epochs="43")
    assert project.repro() == ["normalize", "train", "evaluate"]
    run, data = project.store.read_run(), project.store.read_normalized()
    assert data.scaling.is_none
    expected = predict(start.layers, start.weights, before.features)
    np.testing.assert_allclose(predict(run.layers, run.weights[0], data.features), expected, rtol=1e-4)


def test_a_start_that_does_not_fit_is_refused_before_a_stage_runs(branched: tuple[Project, Start]) -> None:
    project, _ = branched
    project.set(normalize__seed="1")
    done = project.stage("params", status=1)
    assert "a branch that cannot go on: its parent was trained on other rows; to begin with random" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_start_of_another_model_is_refused_by_the_stage_and_nothing_is_lost(branched: tuple[Project, Start]) -> None:
    project, _ = branched
    before = project.results()
    done = project.stage("train", status=1, model="one_hidden")
    assert "its parent has the model linear, not one_hidden; to begin with random weights, write {} into" in done.stderr
    assert done.stderr.count("\n") == 1
    assert project.results() == before


@pytest.mark.parametrize(("stage", "content"), [("params", '{"update": 300}'), ("train", "{")])
def test_a_broken_start_is_refused_in_one_line(project_copy: Project, stage: str, content: str) -> None:
    (project_copy.root / START).write_text(content)
    done = project_copy.stage(stage, status=1)
    assert done.stderr.startswith(("error: start.json is not valid", "error: start.json does not hold a moment of"))
    assert "write {} into start.json" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_missing_start_is_named_with_what_to_do(project_copy: Project) -> None:
    (project_copy.root / START).unlink()
    assert "restore it with `git checkout start.json`" in project_copy.stage("params", status=1).stderr
