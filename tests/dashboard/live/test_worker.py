"""What a worker reports of a run, what it compiles ahead, and that it ends with its server."""

import multiprocessing
import subprocess
import sys
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest

from dashboard.live import trials
from dashboard.live.plans import Branch
from dashboard.live.worker import Inbox
from pipeline.record.store import ROOT
from pipeline.training.program import Program
from tests.dashboard.conftest import PlanWith
from tests.waiting import PATIENCE

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

LARGE_SERVER = """
import subprocess, sys
memory = bytearray(b"1") * 600_000_000
del memory
print_memory = "import dashboard.live.worker as worker; print(worker._memory())"
subprocess.run([sys.executable, "-c", print_memory], check=True)
"""


def test_at_full_speed_many_epochs_share_a_report(plan_with: PlanWith) -> None:
    events = list(trials.events(plan_with(train__epochs=2000), lambda: True))
    assert sum(len(event["losses"]) for event in events if event["event"] == "epochs") == 2001
    assert len(events) < 200


@pytest.mark.parametrize("epochs", [0, 3])
def test_a_stopped_run_is_the_beginning_of_the_whole_one(plan_with: PlanWith, epochs: int) -> None:
    asked = count()
    stopped = list(trials.events(plan_with(), lambda: next(asked) < epochs))[-1]
    assert (stopped["phase"], stopped["result"].metrics.epochs_run) == ("stopped", epochs)
    if epochs:
        short = list(trials.events(plan_with(train__epochs=epochs), lambda: True))[-1]
        assert (short["phase"], short["result"].sha256) == ("done", stopped["result"].sha256)


def test_an_unchanged_branch_ends_as_its_parent_and_a_branch_of_it_too(plan_with: PlanWith) -> None:
    parent = plan_with(train__epochs=9, train__momentum=0.5)
    whole = list(trials.events(parent, lambda: True))[-1]["result"]
    moment = Branch("run", parent, 25, whole.sha256["weights.parquet"])
    branch = list(trials.events(replace(parent, origin=moment), lambda: True))
    result, reports = branch[-1]["result"], [event for event in branch if event["event"] == "epochs"]
    np.testing.assert_array_equal(result.path, whole.path[25:])
    assert result.metrics.model_copy(update={"weights_sha256": "", "parent_run": "", "start_update": 0}) == (
        whole.metrics.model_copy(update={"weights_sha256": "", "parent_run": "", "start_update": 0})
    )
    assert (result.metrics.parent_run, result.metrics.start_update) == (whole.sha256["weights.parquet"][:7], 25)
    assert result.history["epoch"].tolist() == list(range(3, 10))
    assert result.history.iloc[1:].reset_index(drop=True).equals(whole.history.iloc[4:].reset_index(drop=True))
    begun = np.concatenate([event["batch_losses"] for event in reports])[0]
    assert np.isnan(begun).tolist() == [True] * 4 + [False] * 3
    later = replace(parent, origin=Branch("run", replace(parent, origin=result.start), 40, "0" * 64))
    np.testing.assert_array_equal(list(trials.events(later, lambda: True))[-1]["result"].path[-1], whole.path[-1])


def test_of_very_many_weights_only_every_so_many_epochs_are_sent(plan_with: PlanWith) -> None:
    asked = count()
    plan = plan_with(train__model="two_hidden", train__epochs=10_000)
    reports = [event for event in trials.events(plan, lambda: next(asked) < 60) if event["event"] == "epochs"]
    assert [number for event in reports for number in event["weights_epochs"]] == [0, 17, 34, 51]
    assert sum(len(event["weights"]) for event in reports) == 4


def test_of_the_programs_to_compile_ahead_only_the_last_is_compiled() -> None:
    inbox = Inbox()
    for batch_size in (10, 20, 40):
        inbox.take({"command": "warm", "batch_size": batch_size})
    assert inbox.next()["batch_size"] == 40


def test_the_program_compiled_ahead_is_the_one_that_the_run_uses(
    plan_with: PlanWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    traced: list[object] = []
    mean_loss = Program._mean_loss

    def counting(self: Any, *arguments: Any, **options: Any) -> Any:
        traced.append(None)  # Python runs through the program only while it is traced
        return mean_loss(self, *arguments, **options)

    monkeypatch.setattr(Program, "_mean_loss", counting)
    plan = plan_with(train__batch_size=77, train__epochs=3)
    trials.warm(plan.train, **plan.shape)
    ahead = len(traced)
    assert ahead > 0
    assert [event["event"] for event in trials.events(plan, lambda: True)][-1] == "done"
    assert len(traced) == ahead


def test_the_worker_ends_with_its_input_even_while_it_is_starting() -> None:
    ours, its_end = multiprocessing.Pipe()
    with subprocess.Popen([sys.executable, "-c", HANGING], cwd=ROOT, stdin=its_end.fileno()) as worker:
        its_end.close()
        ours.close()
        assert worker.wait(PATIENCE) == 0


def test_a_worker_is_no_larger_because_its_server_is() -> None:
    done = subprocess.run([sys.executable, "-c", LARGE_SERVER], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 5 < int(done.stdout) < 200
