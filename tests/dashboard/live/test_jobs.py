"""Live runs: that they equal what DVC records, and how a page follows, stops and finds them again."""

import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.live.plans import SweepPlan, Variation
from dashboard.live.registry import Registry, RegistryLimits
from dashboard.record.source import Source
from pipeline.record.store import HISTORY
from pipeline.safety.errors import UserError
from tests.dashboard.conftest import PlanWith
from tests.projects import Project
from tests.tables import write_raw
from tests.waiting import PATIENCE, is_ready, until, until_ended, until_epoch

RECORDER = """
import sys
from multiprocessing.connection import Connection
pipe = Connection(0)
while message := pipe.recv():
    train = message["plan"].train if "plan" in message else message["train"]
    print(message["command"], train.batch_size, file=open(sys.argv[1], "a"))
"""

OTHER_SETTINGS = {
    "train__model": "one_hidden",
    "train__loss": "mae",
    "train__learning_rate": 0.05,
    "train__momentum": 0.5,
    "train__nesterov": True,
    "train__batch_size": 32,
    "train__seed": 7,
    "train__early_stopping_patience": 2,
    "normalize__split": "random",
    "normalize__seed": 3,
    "normalize__statistics_from": "train_and_validation_rows",
}
TOO_FAST = {"normalize__features": ["tax", "rm", "lstat"], "normalize__scaling": "none", "train__seed": 11}


@pytest.mark.parametrize(("changes", "phase"), [({}, "done"), (OTHER_SETTINGS, "done"), (TOO_FAST, "diverged")])
def test_a_run_tried_equals_the_recorded_run_bit_for_bit(
    trainer: Registry, plan_with: PlanWith, project_copy: Project, changes: dict[str, Any], phase: str
) -> None:
    project_copy.set(**{name: str(value).lower().replace("'", "") for name, value in changes.items()})
    project_copy.repro()
    tried = until_ended(trainer.start(plan_with(**changes)))
    result, record = tried.result, project_copy.store.read_run()
    assert tried.phase == phase
    assert result is not None
    assert result.path.tobytes() == record.weights.tobytes()
    facts = project_copy.store.read_training()
    assert result.sha256 == {name: facts.sha256[name] for name in result.sha256}
    assert set(result.sha256) == {"weights.parquet", "history.csv", "predictions.csv"}
    assert result.metrics == project_copy.store.read_metrics()
    history = pd.read_csv(project_copy.root / HISTORY)
    pd.testing.assert_frame_equal(result.history, history, check_exact=True, check_dtype=False)
    last_of_epoch = np.flatnonzero(np.diff(record.epochs, append=-1))
    assert tried.weights.tobytes() == record.weights[last_of_epoch].tobytes()
    assert tried.weights_epochs.tolist() == record.epochs[last_of_epoch].tolist()
    assert tried.layers == record.layers


def test_a_job_says_what_a_page_shows(trainer: Registry, plan_with: PlanWith) -> None:
    ended = until_ended(trainer.start(plan_with(train__epochs=5, train__model="one_hidden")))
    assert (ended.phase, ended.message) == ("done", None)
    assert ended.epochs.tolist() == [0, 1, 2, 3, 4, 5]
    assert ended.training_loss[0] > ended.training_loss[5] > 0
    assert ended.weights.shape == (6, 701)
    assert ended.samples_per_second == pytest.approx(5 * 266 / ended.seconds)
    assert ended.detailed_epochs.tolist() == [1, 2, 3, 4, 5]
    means = np.average(ended.batch_losses, axis=1, weights=[40] * 6 + [26])
    np.testing.assert_allclose(means, ended.training_loss[1:], rtol=1e-12)


def test_of_very_many_updates_only_the_losses_of_every_so_many_epochs_are_kept(
    trainer: Registry, plan_with: PlanWith
) -> None:
    changes = {"train__batch_size": 1, "train__epochs": 1000, "train__learning_rate": 1e-4}
    ended = until_ended(trainer.start(plan_with(**changes)))
    assert ended.detailed_epochs.tolist() == list(range(1, 1001, 3))
    np.testing.assert_allclose(ended.batch_losses.mean(axis=1), ended.training_loss[1::3], rtol=1e-12)
    assert ended.result is not None
    assert ended.result.path.shape == (500_000 // 13, 13)
    first_epoch = ended.result.updates.tolist().index(266)
    assert ended.result.path[first_epoch].tobytes() == ended.weights[1].tobytes()


def test_every_look_at_a_job_is_whole_and_nothing_is_taken_back(trainer: Registry, plan_with: PlanWith) -> None:
    job = trainer.start(plan_with(train__epochs=6000, train__model="one_hidden"))
    looks = [job.poll()]
    while looks[-1].active:
        looks.append(job.poll())
        time.sleep(0.01)
    assert looks[-1].phase == "done"
    for look in looks:
        assert np.array_equal(look.epochs, np.arange(len(look.epochs)))
        assert len(look.training_loss) == len(look.validation_loss) == len(look.epochs)
        assert len(look.weights) == len(look.weights_epochs)
        assert look.phase == "warming" or look.layers
    assert [len(look.epochs) for look in looks] == sorted(len(look.epochs) for look in looks)
    assert len({len(look.epochs) for look in looks}) > 5


def test_two_may_train_at_once_and_a_third_has_to_wait(trainer: Registry, plan_with: PlanWith) -> None:
    first = trainer.start(plan_with(), delay=10)
    second = trainer.sweep(SweepPlan(plan_with(train__epochs=10_000), [Variation(0, 0, 0.01)]))
    with pytest.raises(UserError, match=r"2 runs are already training.*wait until one ends.*60 seconds"):
        trainer.start(plan_with())
    with pytest.raises(UserError, match="2 runs are already training"):
        trainer.sweep(second.plan)
    second.stop()
    until(lambda: not second.poll().active)
    assert (second.poll().phase, second.poll().outcomes) == ("stopped", None)
    assert until_ended(trainer.start(plan_with())).phase == "done"
    assert first.poll().active


def test_stopping_keeps_the_last_whole_epoch_and_the_warm_worker(trainer: Registry, plan_with: PlanWith) -> None:
    job = trainer.start(plan_with(), delay=0.05)
    until_epoch(job, 2)
    job.stop()
    job.stop()
    ended = until_ended(job)
    job.stop()
    assert (ended.phase, ended.message) == ("stopped", None)
    assert ended.result is not None
    assert ended.result.metrics.epochs_run == ended.epochs[-1] == ended.weights_epochs[-1]
    assert 2 <= ended.epochs[-1] < 200
    assert ended.result.path[-1].tobytes() == ended.weights[-1].tobytes()
    assert is_ready(trainer)
    assert until_ended(trainer.start(plan_with())).phase == "done"


def test_a_run_can_be_slowed_down_and_sped_up_while_it_goes_on(trainer: Registry, plan_with: PlanWith) -> None:
    job = trainer.start(plan_with(), delay=10 * PATIENCE)
    until_epoch(job, 0)
    assert job.poll().phase == "running"
    job.slow_down(0)
    ended = until_ended(job)
    assert (ended.phase, len(ended.epochs)) == ("done", 201)
    assert job.delay == 0


def test_what_the_stages_would_refuse_is_refused_before_a_job_begins(plan_with: PlanWith) -> None:
    with pytest.raises(UserError, match=r"train.batch_size is 267; expected at most 266"):
        plan_with(train__batch_size=267)
    plan_with(train__batch_size=266)
    with pytest.raises(UserError, match="the table has crim, zn"):
        plan_with(normalize__features=["rooms"])


def test_a_run_on_a_table_that_is_there_no_longer_is_refused_in_a_line(
    trainer: Registry, plan_with: PlanWith, project_copy: Project
) -> None:
    plan = replace(plan_with(), source=Source(project_copy.root, project_copy.store.raw_sha256()))
    table = project_copy.store.read_raw()
    table.loc[0, "rm"] = 6.5751
    write_raw(project_copy.store, table)
    ended = until_ended(trainer.start(plan))
    assert (ended.phase, ended.result) == ("failed", None)
    assert ended.message == (
        "data/raw.csv is no longer the table that this page shows; reload the page, then try again"
    )


def test_what_goes_wrong_in_a_worker_is_said_in_a_line_and_the_worker_goes_on(
    trainer: Registry, plan_with: PlanWith
) -> None:
    plan = plan_with()
    ended = until_ended(trainer.start(replace(plan, shape={**plan.shape, "sizes": 1})))
    assert (ended.phase, ended.result) == ("failed", None)
    assert str(ended.message).startswith("the training failed (TypeError: ")
    assert "\n" not in str(ended.message)
    assert is_ready(trainer)
    trainer.warm(plan_with(train__device="gpu"))  # what cannot be compiled ahead does not fail the run that follows
    assert until_ended(trainer.start(plan)).phase == "done"


def test_what_a_visitor_chooses_is_compiled_ahead_on_a_worker_that_is_idle(plan_with: PlanWith, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    with closing(Registry(command=(sys.executable, "-c", RECORDER, str(heard)))) as registry:
        for batch_size in (10, 20):
            registry.warm(plan_with(train__batch_size=batch_size))
        registry.start(plan_with())
        registry.warm(plan_with(train__batch_size=30))
        until(lambda: heard.exists() and heard.read_text().count("\n") >= 3)
    assert heard.read_text() == "warm 10\nwarm 20\ntrain 40\n"


def test_a_job_is_found_by_its_id_while_it_runs_and_for_a_while_after_its_end(plan_with: PlanWith) -> None:
    with closing(Registry(limits=RegistryLimits(kept_jobs=2, look=0.02))) as registry:
        jobs = []
        for seed in range(3):
            jobs.append(registry.start(plan_with(train__seed=seed)))
            assert registry.get(jobs[-1].id) is jobs[-1]
            until_ended(jobs[-1])
        until(lambda: registry.get(jobs[0].id) is None)
        assert [registry.get(job.id) for job in jobs[1:]] == jobs[1:]
        assert len(jobs[0].id) >= 22  # 128 random bits
