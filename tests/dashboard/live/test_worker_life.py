"""A worker process from its start to its end: what it compiles ahead, what it keeps quiet about, when it is gone."""

import signal
import sys
import threading
from typing import Any

import psutil
import pytest

from dashboard.live import trials
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


def test_what_cannot_be_compiled_ahead_is_told_apart_from_a_failed_run(
    worker_talk: WorkerTalk, plan_with: PlanWith
) -> None:
    worker_talk.say({"command": "warm", "train": {}, **plan_with().shape})
    (error,) = worker_talk.hear_all()
    assert (error["event"], error["command"]) == ("error", "warm")


def test_of_the_programs_to_compile_ahead_only_the_last_is_compiled(plan_with: PlanWith) -> None:
    plan = plan_with()
    with WorkerTalk() as talk:  # it reads its input while it is still starting, so that all of these wait
        for batch_size in (7, 8, 9, 10):
            train = {**plan.train.model_dump(), "batch_size": batch_size}
            talk.say({"command": "warm", "train": train, **plan.shape})
        talk.say({"command": "nothing"})
        assert talk.on_event() == {"event": "ready"}
        (answer,) = talk.hear_all()
        assert answer["command"] == "nothing"


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


def test_a_run_stopped_at_once_still_tells_where_it_began(plan_with: PlanWith) -> None:
    told = list(trials.events(plan_with(), lambda: False))
    assert [event["event"] for event in told] == ["running", "epochs", "done"]
    assert [number for number, _, _ in told[1]["epochs"]] == [0]
    assert (told[2]["status"], told[2]["epochs_run"]) == ("stopped", 0)


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
        talk.say({"command": "nothing"})
        assert [event["event"] for event in talk.hear_all()] == ["error"]
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
