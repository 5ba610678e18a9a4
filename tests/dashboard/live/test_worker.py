"""The worker process, from its start to its end: what it answers, compiles ahead and keeps quiet about."""

import signal
import sys
import threading
from typing import Any

import psutil
import pytest

from dashboard.live import trials
from dashboard.live.plans import unpack
from dashboard.live.worker import Control
from pipeline.training import descent
from tests.dashboard.conftest import PlanWith
from tests.dashboard.live.worker_talk import WorkerTalk, job

STRAY = """
import os, sys
import dashboard.live.worker as worker
keep = worker._keep_output
def noisy():
    out = keep()
    print("a stray print", flush=True)
    os.system("echo a stray program")
    return out
worker._keep_output = noisy
worker.main()
"""

HANGING = """
import importlib.abc, sys, time
class Hang(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "tensorflow":
            time.sleep(600)
sys.meta_path.insert(0, Hang())
import dashboard.live.worker
dashboard.live.worker.main()
"""


def epochs_in(events: list[dict[str, Any]]) -> list[list[Any]]:
    return [epoch for event in events if event["event"] == "epochs" for epoch in event["epochs"]]


def test_at_full_speed_many_epochs_share_a_line(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say(job(plan_with(train__epochs=2000)))
    events = worker_talk.hear_all()
    assert len(epochs_in(events)) == 2001
    assert len(events) < 200


def test_a_stopped_run_is_the_beginning_of_the_whole_one(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say(job(plan_with(), delay=0.05))
    events = [worker_talk.on_event()]
    while len(epochs_in(events)) < 4:
        events.append(worker_talk.on_event())
    worker_talk.say({"command": "stop"})
    events += worker_talk.hear_all()
    done = events[-1]
    assert done["status"] == "stopped"
    run = done["metrics"]["epochs_run"]
    assert 3 <= run == epochs_in(events)[-1][0] < 200
    worker_talk.say(job(plan_with(train__epochs=run)))
    short = worker_talk.hear_all()[-1]
    assert short["status"] == "completed"
    assert done["sha256"] == short["sha256"]


def test_a_run_stopped_at_once_still_tells_where_it_began(plan_with: PlanWith) -> None:
    sent = list(trials.events(plan_with(), lambda: False))
    assert [event["event"] for event in sent] == ["running", "epochs", "done"]
    assert [number for number, _, _ in sent[1]["epochs"]] == [0]
    assert (sent[2]["status"], sent[2]["metrics"]["epochs_run"]) == ("stopped", 0)


def test_a_stop_that_comes_too_late_does_not_stop_the_next_run(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say({"command": "stop"})
    worker_talk.say(job(plan_with()))
    assert worker_talk.hear_all()[-1]["status"] == "completed"


def test_of_very_many_weights_only_every_so_many_epochs_are_sent(worker_talk: WorkerTalk, plan_with: PlanWith) -> None:
    worker_talk.say(job(plan_with(train__model="two_hidden", train__epochs=10_000)))
    events = [worker_talk.on_event()]
    while len(epochs_in(events)) < 60:
        events.append(worker_talk.on_event())
    worker_talk.say({"command": "stop"})
    sent = [event for event in events + worker_talk.hear_all() if event["event"] == "epochs"]
    shown = [number for event in sent for number in event["weights_epochs"]]
    assert shown[:4] == [0, 17, 34, 51]
    assert sum(len(unpack(event["weights"], "f4", 3251)) for event in sent) == len(shown)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"train": {}}, "train: model is missing"),
        ({"columns": ["medv"]}, "normalize.features names the column 'crim'"),
        ({"table": "no base64"}, "the training failed (Error: "),
    ],
)
def test_a_bad_job_gets_one_line_and_the_worker_goes_on(
    worker_talk: WorkerTalk, plan_with: PlanWith, changes: dict[str, Any], message: str
) -> None:
    worker_talk.say({**job(plan_with()), **changes})
    (error,) = worker_talk.hear_all()
    assert (error["event"], error["command"]) == ("error", "train")
    assert error["message"].startswith(message)
    assert "\n" not in error["message"]
    worker_talk.say(job(plan_with(train__epochs=1)))
    assert worker_talk.hear_all()[-1]["status"] == "completed"


def test_of_the_programs_to_compile_ahead_only_the_last_is_compiled(plan_with: PlanWith) -> None:
    with WorkerTalk() as talk:  # it reads its input while it is still starting, so that both of these wait
        talk.say({"command": "warm", "train": {}, **plan_with().shape})
        talk.say({"command": "warm", "train": plan_with().train.model_dump(), **plan_with().shape})
        assert talk.on_event() == {"event": "ready"}
        assert talk.hear_all() == [], "the first would be an error"


def test_the_program_compiled_ahead_is_the_one_that_the_run_uses(
    plan_with: PlanWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    traced: list[object] = []
    mean_loss = descent._Program._mean_loss

    def counting(self: Any, *arguments: Any, **options: Any) -> Any:
        traced.append(None)  # Python runs through the program only while it is traced
        return mean_loss(self, *arguments, **options)

    monkeypatch.setattr(descent._Program, "_mean_loss", counting)
    plan = plan_with(train__batch_size=77, train__epochs=3)
    trials.warm(plan.train, **plan.shape)
    ahead = len(traced)
    assert ahead > 0
    assert [event["event"] for event in trials.events(plan, lambda: True)][-1] == "done"
    assert len(traced) == ahead


def test_a_change_of_pace_ends_the_pause_under_way() -> None:
    control = Control()
    control.slow_down(10)
    pausing = threading.Thread(target=control.go_on, daemon=True)
    pausing.start()
    pausing.join(0.2)
    assert pausing.is_alive()
    control.slow_down(0)
    pausing.join(5)
    assert not pausing.is_alive()


def test_stray_prints_never_reach_the_server() -> None:
    with WorkerTalk([sys.executable, "-c", STRAY]) as talk:
        assert talk.on_event() == {"event": "ready"}
        talk.hang_up()
        _, errors = talk.end()
    assert "a stray print\na stray program\n" in errors


def test_the_worker_ends_with_its_input_even_while_it_is_starting() -> None:
    with WorkerTalk([sys.executable, "-c", HANGING]) as talk:
        talk.hang_up()
        assert talk.end() == (0, "")


def test_the_worker_ends_with_its_input_in_the_middle_of_a_run(plan_with: PlanWith) -> None:
    with WorkerTalk() as talk:
        assert talk.on_event() == {"event": "ready"}
        talk.say(job(plan_with(), delay=10))
        assert talk.on_event()["event"] == "running"
        talk.hang_up()
        assert talk.end() == (0, "")


def test_ctrl_c_ends_the_worker_without_a_word() -> None:
    with WorkerTalk() as talk:
        assert talk.on_event() == {"event": "ready"}
        talk.process.send_signal(signal.SIGINT)
        assert talk.end() == (-signal.SIGINT, "")


def test_the_worker_gives_way_to_the_pages(worker_talk: WorkerTalk) -> None:
    assert psutil.Process(worker_talk.process.pid).nice() == psutil.Process().nice() + 10
