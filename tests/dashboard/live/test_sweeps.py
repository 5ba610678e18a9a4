"""Sweeps through a worker process: what comes of them, and what is refused."""

from dataclasses import replace
from typing import get_args

import pytest

from dashboard.live import trials
from dashboard.live.jobs import SweepJob, SweepProgress
from dashboard.live.plans import Plan, SweepPlan, Variation, max_runs
from dashboard.live.registry import Registry
from dashboard.record.source import Source, read_prepared
from pipeline.params import Train
from pipeline.record.metrics import Scores
from pipeline.record.predictions import predictions_of
from pipeline.record.runs import collect
from pipeline.safety.schema import six_digits
from pipeline.training.descent import descend, layers
from tests.dashboard.conftest import PlanWith
from tests.projects import Project
from tests.tables import write_raw
from tests.waiting import until


def variation(seed: int = 0, split_seed: int = 0, learning_rate: float = 0.01) -> Variation:
    return Variation(seed=seed, split_seed=split_seed, learning_rate=learning_rate)


def until_swept(job: SweepJob) -> SweepProgress:
    until(lambda: not job.poll().active)
    return job.poll()


@pytest.mark.parametrize("model", get_args(Train.model_fields["model"].annotation))
def test_each_run_of_a_sweep_ends_as_a_run_of_its_own_does(
    plan_with: PlanWith, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    monkeypatch.setattr(trials, "SECONDS_BETWEEN_COUNTS", 0)
    plan = plan_with(train__model=model, train__epochs=5, train__early_stopping_patience=2)
    variations = [variation(), variation(3, 0, 0.1), variation(3, 2, 0.1)]
    *reports, done = trials.sweep_events(SweepPlan(plan, variations), lambda: True)
    finished = [report["runs"] for report in reports]
    assert set(finished) == {0, 1, 2}
    assert finished == sorted(finished)
    for own, outcome in zip(variations, done["result"].to_dict("records"), strict=True):
        settings = plan.train.model_copy(update={"seed": own.seed, "learning_rate": own.learning_rate})
        data = read_prepared(plan.source, plan_with(normalize__seed=own.split_seed).normalize)
        epochs = descend(data.part("train"), data.part("validation"), settings)
        run = collect(epochs, layers(model, len(data.names)), settings.epochs)
        predictions = predictions_of(run.layers, run.result, data)
        for part, rows in data.split.parts().items():
            score = Scores.of(data.target[rows], predictions["predicted"].to_numpy()[rows])
            assert outcome[f"{part}_mse"] == six_digits(score["mse"])
            assert outcome[f"{part}_mae"] == six_digits(score["mae"])


def test_a_sweep_has_as_many_runs_as_end_in_a_minute(plan_with: PlanWith) -> None:
    assert max_runs(plan_with()) >= 400
    assert 64 <= max_runs(plan_with(train__epochs=10_000)) < 400
    assert max_runs(plan_with(train__model="two_hidden")) >= 64
    assert max_runs(plan_with(train__model="two_hidden", train__epochs=10_000)) < 64


def test_plans_of_the_same_runs_have_one_key_and_others_have_others(plan_with: PlanWith) -> None:
    plan = plan_with()
    other_table = replace(plan, source=replace(plan.source, raw_sha256="0" * 64))
    same = [SweepPlan(plan_with(), [variation()]), SweepPlan(plan_with(), (variation(),))]
    others = [
        SweepPlan(other_table, [variation()]),
        SweepPlan(plan_with(train__momentum=0.5), [variation()]),
        SweepPlan(plan_with(normalize__scaling="none"), [variation()]),
        SweepPlan(plan_with(), [variation(seed=1)]),
    ]
    assert same[0].key == same[1].key
    assert len({plan.key for plan in (*same, *others)}) == 1 + len(others)


def test_a_page_follows_a_sweep_to_its_end(trainer: Registry, plan_with: PlanWith, recorded: Project) -> None:
    job = trainer.sweep(SweepPlan(plan_with(), [variation(), variation(seed=3, learning_rate=1e200)]))
    outcomes = until_swept(job).outcomes
    assert outcomes is not None
    assert outcomes[["seed", "split_seed", "learning_rate"]].to_numpy().tolist() == [[0, 0, 0.01], [3, 0, 1e200]]
    assert outcomes["test_mse"][0] == recorded.store.read_metrics().test["mse"]
    assert outcomes.loc[1, "train_mse":].isna().all(), "a run that diverged"
    assert trainer.get(job.id) is None, "a sweep is no run to be shown on the page Train"


def with_one_house_at_the_river(plan: Plan, row: int, project: Project) -> Plan:
    """The plan on a table that a copy of the project has instead, in which one house alone is at the river."""
    table = project.store.read_raw()
    table["chas"] = 0.0
    table.loc[row, "chas"] = 1.0
    write_raw(project.store, table)
    return replace(plan, source=Source(project.root, project.store.raw_sha256()))


def test_a_sweep_that_fails_says_why(trainer: Registry, plan_with: PlanWith, project_copy: Project) -> None:
    plan = plan_with(normalize__features=["chas"])
    only = int(plan.data.split.train[0])
    plan = with_one_house_at_the_river(plan, only, project_copy)
    constant = next(seed for seed in range(100) if only not in plan_with(normalize__seed=seed).data.split.train)
    progress = until_swept(trainer.sweep(SweepPlan(plan, [variation(split_seed=constant)])))
    assert progress.phase == "failed"
    assert "the column 'chas' is 0" in str(progress.message)


def test_a_run_on_a_split_that_cannot_be_normalized_has_no_outcome(plan_with: PlanWith, project_copy: Project) -> None:
    plan = plan_with(normalize__features=["chas", "rm"], train__epochs=2)
    only = int(plan.data.split.train[0])
    plan = with_one_house_at_the_river(plan, only, project_copy)
    constant = next(seed for seed in range(100) if only not in plan_with(normalize__seed=seed).data.split.train)
    variations = [variation(), variation(split_seed=constant), variation(1)]
    *_, done = trials.sweep_events(SweepPlan(plan, variations), lambda: True)
    assert done["result"]["seed"].tolist() == [0, 1]
    assert done["result"]["test_mse"].notna().all()
