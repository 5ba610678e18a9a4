"""Live training when a worker or the machine is at its worst: floods, grandchildren, no memory, no processes."""

import resource
import subprocess
import sys

import pytest

from dashboard.live import processes
from dashboard.live.registry import Limits, Registry
from pipeline.record.store import ROOT
from tests.dashboard.conftest import PlanWith
from tests.projects import Project
from tests.waiting import until, until_ended

READY = 'import os, sys, time; print(\'{"event": "ready"}\', flush=True); input();'
STOPS = READY + 'print(\'{"event": "stopped"}\', flush=True); input()'
SHORT_OF_MEMORY = """
import resource
import dashboard.live.worker, dashboard.live.trials
from tests.defaults import defaults
dashboard.live.trials.warm(defaults().train.model_copy(update={"batch_size": 1}), 266, 67, 12)
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 24 * 2**20, -1))
dashboard.live.worker.main()
"""
NO_MORE = """
import json, resource, sys, threading, time
from pathlib import Path
from dashboard.live.registry import Plan, Registry
from pipeline import params
from pipeline.safety.errors import UserError
from pipeline.record.store import Store
root = Path(sys.argv[1])
knobs, store = params.load(root / "params.yaml"), Store(root)
plan = Plan.of(knobs.train, knobs.normalize, store.read_raw(), store.tfjs_test_rows())
registry = Registry(command=(sys.executable, "-c", "print('{}', flush=True)"))
time.sleep(0.5)
files, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
if sys.argv[2] == "files":
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, most_files))
else:
    threading.stack_size(2**47 - 2**16)  # more than there are addresses: the system refuses every thread
told = []
for _ in range(3):
    try:
        registry.start(plan)
    except UserError as error:
        told.append(str(error))
resource.setrlimit(resource.RLIMIT_NOFILE, (files, most_files))
threading.stack_size(0)
registry._command = (sys.executable, "-c", sys.argv[3])
job = registry.start(plan)
while job.poll().active:
    time.sleep(0.02)
print(json.dumps([told, job.poll().phase]))
"""


@pytest.mark.parametrize(
    ("program", "limits", "sentence"),
    [
        (READY + "os.write(1, bytes(range(128, 256)) + b'\\n')", Limits(), "said something that is not understood"),
        (READY + 'os.write(1, b\'{"event": "epo\')', Limits(), "said something that is not understood"),
        (
            READY
            + "sys.stdout.write('x' * 1000); [sys.stdout.write('x' * 2**20) for _ in range(100)]; time.sleep(600)",
            Limits(),
            "said something that is not understood (b'xxx",
        ),
        (
            READY + "[os.write(2, b'oh no' * 2**18) for _ in range(100)]; time.sleep(600)",
            Limits(look=0.02),
            "wrote more than 16777216 bytes of complaints (",
        ),
        (READY + "os.fork() and os.abort(); time.sleep(20)", Limits(), "was killed by signal 6"),
        (READY + "os.fork() and sys.exit(); time.sleep(20)", Limits(), "ended unexpectedly"),
    ],
    ids=["binary", "half a line", "100 MB without an end", "complaints", "killed, leaving a child", "leaving a child"],
)
def test_a_worker_at_its_worst_fails_its_job_with_a_sentence_and_frees_its_place(
    plan_with: PlanWith, program: str, limits: Limits, sentence: str
) -> None:
    registry = Registry(limits=limits, command=(sys.executable, "-c", program))
    try:
        ended = until_ended(registry.start(plan_with()))
        assert ended.phase == "failed"
        assert (ended.message or "").startswith(f"the training process {sentence}"), ended.message
        assert len(ended.message or "") < 400
        assert not [worker for worker in registry._workers if worker.job is not None]
    finally:
        registry.close()


def test_a_line_without_an_end_is_not_kept_whole(plan_with: PlanWith) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert processes.MAX_LINE < 100 * 2**20
    program = READY + "[os.write(1, b'x' * 2**20) for _ in range(1000)]; time.sleep(600)"
    registry = Registry(command=(sys.executable, "-c", program))
    try:
        assert until_ended(registry.start(plan_with())).phase == "failed"
    finally:
        registry.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # kB; the line would be 1,000,000


def test_a_run_that_needs_more_memory_than_there_is_says_so_and_its_worker_is_replaced(plan_with: PlanWith) -> None:
    registry = Registry(command=(sys.executable, "-c", SHORT_OF_MEMORY))
    try:
        (first,) = registry._workers
        ended = until_ended(registry.start(plan_with(train__batch_size=1, train__epochs=10_000)))
        assert ended.phase == "failed"
        assert ended.message == "memory ran out; train fewer epochs or larger batches, or close other programs"
        until(lambda: registry._workers and first not in registry._workers)
        assert first.process.poll() is not None
    finally:
        registry.close()


@pytest.mark.parametrize(
    ("scarce", "reason"), [("files", "Too many open files"), ("threads", "no thread can be started")]
)
def test_a_server_that_can_start_nothing_says_so_and_works_again_when_it_can(
    recorded: Project, scarce: str, reason: str
) -> None:
    command = [sys.executable, "-c", NO_MORE, str(recorded.root), scarce, STOPS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    sentence = f"no training process can be started ({reason}); close other programs"
    assert done.stdout == f'[["{sentence}", "{sentence}", "{sentence}"], "stopped"]\n', done.stderr
