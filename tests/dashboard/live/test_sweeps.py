"""Sweeps through a worker process: what comes of them, and what is refused."""

import json
from typing import Any, get_args

import pytest

from dashboard.live import sweeping
from dashboard.live.registry import BusyError, Registry
from dashboard.live.sweep_jobs import SweepJob, SweepProgress
from dashboard.live.sweep_plans import MAX_RUNS, SweepPlan, Variation, max_runs
from pipeline.params import Train
from pipeline.record.runs import collect
from pipeline.record.scores import Scores
from pipeline.safety.errors import UserError
from pipeline.safety.schema import six_digits
from pipeline.training.descent import descend, layers
from tests.dashboard.conftest import PlanWith
from tests.dashboard.live.worker_talk import WorkerTalk
from tests.projects import Project
from tests.waiting import until


def variation(seed: int = 0, split_seed: int = 0, learning_rate: float = 0.01) -> Variation:
    return Variation(seed=seed, split_seed=split_seed, learning_rate=learning_rate)


def command(plan: SweepPlan, **changes: Any) -> dict[str, Any]:
    return {"command": "sweep", "delay": 0.0, **plan.message(), **changes}


def until_swept(job: SweepJob) -> SweepProgress:
    until(lambda: not job.poll().active)
    return job.poll()


def test_a_sweep_is_told_from_its_beginning_to_what_came_of_every_run(
    worker_talk: WorkerTalk, plan_with: PlanWith, recorded: Project
) -> None:
    plan = SweepPlan.of(plan_with(), [variation(), variation(split_seed=1), variation(learning_rate=1e200)])
    worker_talk.say(command(plan))
    events = worker_talk.hear_all()
    assert [event["event"] for event in (events[0], events[-1])] == ["running", "done"]
    assert {event["event"] for event in events[1:-1]} == {"swept"}
    assert list(dict.fromkeys(event["runs"] for event in events[1:-1] if event["runs"])) == [1, 2, 3]
    as_recorded, other_rows, diverged = events[-1]["outcomes"]
    metrics = recorded.store.read_metrics()
    for part in ("train", "validation", "test"):
        assert as_recorded[f"{part}_mse"] == getattr(metrics, part)["mse"]
        assert as_recorded[f"{part}_mae"] == getattr(metrics, part)["mae"]
    assert other_rows["test_mse"] != as_recorded["test_mse"]
    assert set(diverged.values()) == {None}


@pytest.mark.parametrize("model", get_args(Train.model_fields["model"].annotation))
def test_each_run_of_a_sweep_ends_as_a_run_of_its_own_does(plan_with: PlanWith, model: str) -> None:
    plan = plan_with(train__model=model, train__epochs=5, train__early_stopping_patience=2)
    variations = [variation(), variation(3, 0, 0.1), variation(3, 2, 0.1)]
    events = list(sweeping.events(SweepPlan.of(plan, variations), lambda: True))
    for own, outcome in zip(variations, events[-1]["outcomes"], strict=True):
        settings = plan.train.model_copy(update={"seed": own.seed, "learning_rate": own.learning_rate})
        data = plan_with(normalize__seed=own.split_seed).data
        epochs = descend(data.part("train"), data.part("validation"), settings)
        predictions = collect(epochs, layers(model, len(data.names)), settings.epochs).predictions(data)
        for part, rows in data.split.parts().items():
            score = Scores.of(data.target[rows], predictions["predicted"].to_numpy()[rows])
            assert outcome[f"{part}_mse"] == six_digits(score["mse"])
            assert outcome[f"{part}_mae"] == six_digits(score["mae"])


def test_a_sweep_is_stopped_in_its_middle(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say(command(SweepPlan.of(plan_with(), [variation()] * MAX_RUNS)))
    while worker_talk.on_event()["event"] != "swept":
        pass
    worker_talk.say({"command": "stop"})
    assert worker_talk.hear_all()[-1] == {"event": "stopped"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"variations": []}, "sweep: variations is []:"),
        ({"variations": None}, "sweep: variations is None"),
        ({"variations": [{"seed": 0, "split_seed": 0, "learning_rate": 0}]}, "variations.0.learning_rate is 0:"),
        ({"variations": [{"seed": -1, "split_seed": 0, "learning_rate": 1.0}]}, "variations.0.seed is -1:"),
        ({"variations": [{"seed": 0, "split_seed": 0.5, "learning_rate": 1.0}]}, "variations.0.split_seed is 0.5:"),
        ({"variations": [{"seed": 0, "split_seed": 0, "learning_rate": 1.0, "typo": 1}]}, "variations.0.typo is 1:"),
        ({"kind": "dance"}, "sweep: kind is 'dance'"),
        ({"train": {}}, "train: model is missing"),
        ({"delay": "slow"}, "the delay is 'slow'"),
    ],
)
def test_a_bad_sweep_gets_one_line_and_the_worker_goes_on(
    worker_talk: WorkerTalk, plan_with: PlanWith, changes: dict[str, Any], message: str
) -> None:
    plan = SweepPlan.of(plan_with(train__epochs=1), [variation()])
    worker_talk.say(command(plan, **changes))
    (error,) = worker_talk.hear_all()
    assert error["event"] == "error"
    assert message in error["message"]
    assert "\n" not in error["message"]
    worker_talk.say(command(plan))
    assert worker_talk.hear_all()[-1]["event"] == "done"


def test_a_split_that_cannot_be_normalized_is_said(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    plan = plan_with(normalize__features=["chas"])
    plan.table.loc[:, "chas"] = 0.0
    plan.table.loc[plan.data.split.train[0], "chas"] = 1.0
    constant = next(
        seed for seed in range(100) if plan.data.split.train[0] not in plan_with(normalize__seed=seed).data.split.train
    )
    worker_talk.say(command(SweepPlan(plan, (variation(split_seed=constant),))))
    error = worker_talk.hear_all()[-1]
    assert error["event"] == "error"
    assert "the column 'chas' is 0" in error["message"]


def test_a_sweep_survives_its_journey(plan_with: PlanWith) -> None:
    plan = SweepPlan.of(plan_with(), [variation(1, 2, 0.3), variation(4, 5, 1e-9)])
    arrived = SweepPlan.from_message(json.loads(json.dumps(plan.message())))
    assert arrived.variations == plan.variations
    assert arrived.plan.train == plan.plan.train
    assert arrived.plan.data.features.tobytes() == plan.plan.data.features.tobytes()


def test_more_runs_than_end_in_a_minute_are_refused(plan_with: PlanWith) -> None:
    plan = plan_with()
    assert max_runs(plan) == MAX_RUNS
    with pytest.raises(UserError, match=r"401 runs are too many: .* at most 400"):
        SweepPlan.of(plan, [variation()] * 401)
    assert 64 <= max_runs(plan_with(train__epochs=10_000)) < MAX_RUNS
    assert 64 <= max_runs(plan_with(train__model="two_hidden")) <= MAX_RUNS
    assert max_runs(plan_with(train__model="two_hidden", train__epochs=10_000)) < 64


def test_a_page_follows_a_sweep_to_its_end(trainer: Registry, plan_with: PlanWith, recorded: Project) -> None:
    job = trainer.sweep(SweepPlan.of(plan_with(), [variation(), variation(seed=3, learning_rate=0.02)]))
    progress = until_swept(job)
    assert (progress.phase, progress.message, progress.runs) == ("done", None, 2)
    assert progress.seconds > 0
    outcomes = progress.outcomes
    assert outcomes is not None
    assert outcomes[["seed", "split_seed", "learning_rate"]].to_numpy().tolist() == [[0, 0, 0.01], [3, 0, 0.02]]
    assert outcomes["test_mse"][0] == recorded.store.read_metrics().test["mse"]
    assert trainer.get(job.id) is None, "a sweep is no run to be shown on the page Train"


def test_a_sweep_takes_a_place_and_gives_it_back(trainer: Registry, plan_with: PlanWith) -> None:
    long = SweepPlan.of(plan_with(train__epochs=10_000), [variation()])
    jobs = [trainer.sweep(long), trainer.sweep(long)]
    with pytest.raises(BusyError):
        trainer.start(plan_with())
    for job in jobs:
        job.stop()
        assert until_swept(job).phase == "stopped"
        assert job.poll().outcomes is None
    run = trainer.start(plan_with(train__epochs=1))
    until(lambda: not run.poll().active)


def test_a_sweep_that_fails_says_why(trainer: Registry, plan_with: PlanWith) -> None:
    plan = plan_with()
    broken = SweepPlan(plan, tuple([variation()] * (MAX_RUNS + 1)))
    progress = until_swept(trainer.sweep(broken))
    assert progress.phase == "failed"
    assert "variations" in str(progress.message)
