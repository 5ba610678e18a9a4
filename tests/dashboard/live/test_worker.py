"""The worker process: what it answers to jobs, good and bad."""

import json
from typing import Any

import numpy as np
import pytest

from dashboard.live.plans import Plan, unpack
from tests.dashboard.conftest import PlanWith
from tests.dashboard.live.worker_talk import WorkerTalk, job


def epochs_in(events: list[dict[str, Any]]) -> list[list[Any]]:
    return [epoch for event in events if event["event"] == "epochs" for epoch in event["epochs"]]


def test_a_run_is_told_from_its_first_epoch_to_its_proof(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say(job(plan_with()))
    events = worker_talk.hear_all()
    kinds = [event["event"] for event in events]
    assert kinds == ["running", *["epochs"] * (len(kinds) - 2), "done"]
    assert [number for number, _, _ in epochs_in(events)] == list(range(201))
    assert events[-1]["status"] == "completed"
    assert [event["weights_epochs"][-1] for event in events[1:-1]] == [e["epochs"][-1][0] for e in events[1:-1]]


def test_at_full_speed_many_epochs_share_a_line(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    plan = plan_with(train__epochs=2000)
    worker_talk.say(job(plan))
    events = worker_talk.hear_all()
    assert len(epochs_in(events)) == 2001
    assert len(events) < 200


def test_a_slow_run_tells_one_epoch_a_line(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say(job(plan_with(train__epochs=4), delay=0.1))
    told = [event["epochs"] for event in worker_talk.hear_all() if event["event"] == "epochs"]
    assert [len(epochs) for epochs in told] == [1, 1, 1, 1, 1]


def test_a_run_can_be_sped_up_while_it_goes_on(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say(job(plan_with(train__epochs=100), delay=10))
    worker_talk.say({"command": "delay", "seconds": 0})
    assert worker_talk.hear_all()[-1]["status"] == "completed"


def test_a_stopped_run_is_the_beginning_of_the_whole_one(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say(job(plan_with(), delay=0.05))
    events = [worker_talk.on_event()]
    while len(epochs_in(events)) < 4:
        events.append(worker_talk.on_event())
    worker_talk.say({"command": "stop"})
    events += worker_talk.hear_all()
    done = events[-1]
    assert done["status"] == "stopped"
    assert 3 <= done["epochs_run"] == epochs_in(events)[-1][0] < 200
    worker_talk.say(job(plan_with(train__epochs=done["epochs_run"])))
    short = worker_talk.hear_all()[-1]
    assert short["status"] == "completed"
    assert done["sha256"] == short["sha256"]


def test_a_stop_that_comes_too_late_does_not_stop_the_next_run(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say({"command": "stop"})
    worker_talk.say(job(plan_with()))
    assert worker_talk.hear_all()[-1]["status"] == "completed"


def test_a_stop_before_the_first_epoch_leaves_a_run_without_a_result(plan_with: PlanWith) -> None:
    with WorkerTalk() as talk:
        talk.say(job(plan_with()))
        talk.say({"command": "stop"})
        assert talk.on_event() == {"event": "ready"}
        assert talk.hear_all() == [{"event": "stopped"}]


def test_a_loss_that_is_not_finite_is_null(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say(job(plan_with(train__learning_rate=1e200)))
    events = worker_talk.hear_all()
    number, loss, validation_loss = epochs_in(events)[-1]
    assert events[-1]["status"] == "diverged"
    assert (loss, validation_loss) == (None, None)
    assert events[-1]["history"][-1] == [number, None, None]
    assert [number for event in events[1:-1] for number in event["weights_epochs"]] == [0]


def test_of_very_many_weights_only_every_so_many_epochs_are_told(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say(job(plan_with(train__model="two_hidden", train__epochs=10_000)))
    events = [worker_talk.on_event()]
    while len(epochs_in(events)) < 60:
        events.append(worker_talk.on_event())
    worker_talk.say({"command": "stop"})
    told = [event for event in events + worker_talk.hear_all() if event["event"] == "epochs"]
    shown = [number for event in told for number in event["weights_epochs"]]
    assert shown[:4] == [0, 17, 34, 51]
    assert sum(len(unpack(event["weights"], "f4", 3251)) for event in told) == len(shown)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"train": {}}, "train: model is missing"),
        ({"train": None}, "train: the file is None"),
        ({"normalize": {"target": "medv", "typo": 1}}, "normalize: "),
        ({"table": "no base64"}, "the table of the job is not understood"),
        ({"table": "AAAA"}, "the table of the job is not understood"),
        ({"columns": ["medv"]}, "normalize.features names the column 'crim'"),
        ({"delay": "slow"}, "the delay is 'slow'; expected a number of seconds from 0 to 10"),
        ({"delay": -1}, "the delay is -1; expected"),
        ({"delay": True}, "the delay is True; expected"),
        ({"command": "dance"}, "the worker knows no command 'dance'"),
    ],
)
def test_a_bad_job_gets_one_line_and_the_worker_goes_on(
    worker_talk: WorkerTalk, plan_with: PlanWith, changes: dict[str, Any], message: str
) -> None:
    worker_talk.say({**job(plan_with()), **changes})
    (error,) = worker_talk.hear_all()
    assert error["event"] == "error"
    assert message in error["message"]
    assert "\n" not in error["message"]
    worker_talk.say(job(plan_with(train__epochs=1)))
    assert worker_talk.hear_all()[-1]["status"] == "completed"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("learning_rate", -1.0, "train: learning_rate is -1.0; expected a number above 0"),
        ("learning_rate", "0.1", "train: learning_rate is '0.1'; expected a number above 0"),
        ("epochs", 10_001, "train: epochs is 10001; expected"),
        ("model", "__import__('os')", "train: model is"),
        ("batch_size", 267, "train.batch_size is 267; expected at most 266"),
        ("rate", 1, "train: rate is not a key that is known here"),
    ],
)
def test_every_setting_is_checked_again_behind_the_widgets(
    worker_talk: WorkerTalk, plan_with: PlanWith, key: str, value: object, message: str
) -> None:
    bad = job(plan_with())
    bad["train"] = {**bad["train"], key: value}
    worker_talk.say(bad)
    (error,) = worker_talk.hear_all()
    assert (error["event"], error["command"]) == ("error", "train")
    assert message in error["message"]


def test_a_table_with_a_cell_that_is_not_finite_is_refused(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    plan = plan_with()
    table = plan.table.copy()
    table.iloc[3, 2] = np.nan
    worker_talk.say(job(Plan(plan.train, plan.normalize, table, plan.tfjs_test_rows, plan.data)))
    (error,) = worker_talk.hear_all()
    assert "not finite" in error["message"]


@pytest.mark.parametrize("line", [b"", b"hello", b"[1, 2]", b"\xff\xfe", b"{"])
def test_a_line_that_is_no_message_gets_an_error(worker_talk: WorkerTalk, line: bytes) -> None:
    worker_talk.say(line)
    (error,) = worker_talk.hear_all()
    assert error["event"] == "error"
    assert error["message"].startswith("the worker does not understand its input")


def test_a_plan_survives_its_journey_to_the_bit(plan_with: PlanWith) -> None:
    plan = plan_with(normalize__features=["rm", "lstat"], normalize__seed=5)
    arrived = Plan.from_message(json.loads(json.dumps(plan.message())))
    assert arrived.train == plan.train
    assert arrived.normalize == plan.normalize
    assert arrived.data.features.tobytes() == plan.data.features.tobytes()
    assert arrived.data.target.tobytes() == plan.data.target.tobytes()
    assert arrived.data.split.train.tolist() == plan.data.split.train.tolist()
