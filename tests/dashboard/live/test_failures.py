"""Live training when something goes wrong: nobody watches, a process dies or talks nonsense, the server is killed."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from dashboard.live.jobs import Job
from dashboard.live.registry import Registry, RegistryLimits
from pipeline.record.store import ROOT
from pipeline.safety.errors import UserError
from tests.dashboard.conftest import PlanWith
from tests.projects import Project
from tests.waiting import PATIENCE, is_ready, until, until_ended, until_epoch

SERVER = """
import sys, time
from pathlib import Path
from dashboard.live.plans import Plan
from dashboard.live.registry import Registry
from dashboard.record.reading import read_record
from pipeline import params
from pipeline.record.store import Store
root = Path(sys.argv[1])
settings = params.load(root / "params.yaml")
registry = Registry()
job = registry.start(Plan.of(settings.train, settings.normalize, read_record(Store(root))), delay=10)
while len(job.poll().epochs) == 0 and job.poll().active:
    time.sleep(0.02)
print("training" if job.poll().active else job.poll().message, flush=True)
time.sleep(600)
"""

STARTED = "from multiprocessing.connection import Connection; pipe = Connection(0); "
READY = STARTED + "pipe.send({'event': 'ready'}); "
SILENT = RegistryLimits(silence=1, look=0.02)

GROWN_LARGE = "import dashboard.live.worker as worker; worker.MAX_MEMORY = 1; worker.main()"

SHORT_OF_MEMORY = """
import resource
import dashboard.live.worker, dashboard.live.trials
from tests.defaults import defaults
trials = dashboard.live.trials
trials.warm(defaults().train.model_copy(update={"model": "one_hidden", "batch_size": 266}), 266, 67, 12)
read_prepared = trials.read_prepared

def read_and_leave_little_memory(*asked):
    rows = read_prepared(*asked)
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 8 * 2**20, -1))
    return rows

trials.read_prepared = read_and_leave_little_memory
dashboard.live.worker.main()
"""


@pytest.fixture(scope="module")
def impatient() -> Iterator[Registry]:
    """A registry with real workers that stops a job as soon as nobody watches it."""
    registry = Registry(limits=RegistryLimits(unwatched=1, look=0.02))
    yield registry
    registry.close()


def workers_of(process: psutil.Process) -> list[psutil.Process]:
    return [child for child in process.children(recursive=True) if "dashboard.live.worker" in child.cmdline()]


def worker_of(registry: Registry, job: Job) -> psutil.Process:
    (worker,) = [worker for worker in registry._workers if worker.job is job]
    return psutil.Process(worker.process.pid)


def test_a_job_that_nobody_watches_is_stopped_and_its_worker_is_free_again(
    impatient: Registry, plan_with: PlanWith
) -> None:
    until(lambda: is_ready(impatient))
    job = impatient.start(plan_with(), delay=1)
    assert until_epoch(job, 2).active  # watched for twice as long as it lives unwatched
    until(lambda: job.ended is not None)
    ended = job.poll()
    assert ended.phase == "stopped"
    assert ended.message == "stopped because nobody watched it for 1 seconds"
    assert ended.result is not None
    assert impatient.get(job.id) is job
    assert is_ready(impatient)


def test_a_job_whose_worker_is_killed_fails_with_a_sentence_and_the_next_one_works(
    impatient: Registry, plan_with: PlanWith
) -> None:
    job = impatient.start(plan_with(), delay=1)
    until_epoch(job, 0)
    worker = worker_of(impatient, job)
    assert worker.nice() == psutil.Process().nice() + 10, "it gives way to the pages"
    own_files = Path(worker.environ()["TMPDIR"])
    (own_files / "left behind").touch()
    worker.kill()
    ended = until_ended(job)
    assert ended.phase == "failed"
    assert ended.message == ("the training process was killed by signal 9, perhaps because memory ran short; try again")
    assert ended.epochs[0] == 0
    job.stop()
    job.slow_down(0)
    assert until_ended(impatient.start(plan_with())).phase == "done"
    until(lambda: not own_files.exists())


def test_a_stop_before_the_worker_is_ready_ends_the_job(plan_with: PlanWith) -> None:
    with closing(Registry()) as registry:
        job = registry.start(plan_with())
        job.stop()
        ended = until_ended(job)
        assert (ended.phase, ended.epochs.tolist()) == ("stopped", [0])
        assert until_ended(registry.start(plan_with())).phase == "done"


@pytest.mark.parametrize(
    ("program", "limits", "sentence"),
    [
        (
            "import tensorflow_that_is_not_installed",
            RegistryLimits(),
            r"ended unexpectedly \(ModuleNotFoundError: No module named 'tensorflow_that_is_not_installed'\); "
            "run `make setup`, then try again",
        ),
        (STARTED + "pipe.recv(); pipe.recv()", SILENT, "was silent for 1 seconds; run `make setup`, then try again"),
        (READY + "import os, signal; pipe.recv(); os.kill(os.getpid(), signal.SIGSTOP)", SILENT, "was silent for 1 s"),
        (READY + "pipe.recv()", RegistryLimits(), "ended unexpectedly; try again"),
        (
            READY + "pipe.recv(); pipe.send_bytes(b'?'); pipe.recv()",
            RegistryLimits(),
            "sent an invalid event; try again",
        ),
        (STARTED + "import os; pipe.recv(); os.abort()", RegistryLimits(), "was killed by signal 6"),
    ],
)
def test_a_worker_that_misbehaves_fails_its_job_with_a_sentence_and_frees_its_place(
    plan_with: PlanWith, program: str, limits: RegistryLimits, sentence: str
) -> None:
    with closing(Registry(limits=limits, command=(sys.executable, "-c", program))) as registry:
        for _ in range(limits.jobs + 1):  # the last one gets a place that was taken before
            ended = until_ended(registry.start(plan_with()))
            assert ended.phase == "failed"
            assert re.match(f"the training process {sentence}", ended.message or ""), ended.message


def test_a_worker_that_does_not_listen_holds_nobody_up_however_much_it_is_told(plan_with: PlanWith) -> None:
    plan = plan_with()
    plan = replace(plan, shape={**plan.shape, **{f"size {number}": number for number in range(100_000)}})
    with closing(Registry(limits=SILENT, command=(sys.executable, "-c", "import time; time.sleep(600)"))) as registry:
        jobs = [registry.start(plan) for _ in range(SILENT.jobs)]
        assert all("was silent for 1 seconds" in (until_ended(job).message or "") for job in jobs)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (GROWN_LARGE, None),
        (SHORT_OF_MEMORY, "memory ran out; train fewer epochs or larger batches, or close other programs"),
    ],
)
def test_a_worker_that_has_grown_large_or_runs_out_of_memory_is_replaced(
    plan_with: PlanWith, program: str, message: str | None
) -> None:
    with closing(Registry(command=(sys.executable, "-c", program))) as registry:
        (first,) = registry._workers
        epochs = 10_000 if message else 1  # whose weights take 28 MB
        plan = plan_with(train__model="one_hidden", train__batch_size=266, train__epochs=epochs)
        ended = until_ended(registry.start(plan))
        assert ended.message == message
        until(lambda: registry._workers and first not in registry._workers)


def test_a_job_given_to_a_worker_that_has_grown_large_while_it_compiled_is_done(plan_with: PlanWith) -> None:
    with closing(Registry(command=(sys.executable, "-c", GROWN_LARGE))) as registry:
        registry.warm(plan_with(train__model="two_hidden"))
        assert until_ended(registry.start(plan_with(train__model="two_hidden", train__epochs=1))).phase == "done"


def test_a_process_that_cannot_be_started_is_said_and_takes_no_place(plan_with: PlanWith) -> None:
    with closing(Registry(command=("./no-such-program",))) as registry:
        for _ in range(3):
            with pytest.raises(UserError, match="no training process can be started"):
                registry.start(plan_with())


def test_closing_ends_every_job_and_every_worker(plan_with: PlanWith) -> None:
    registry = Registry()
    job = registry.start(plan_with(), delay=10)
    until_epoch(job, 0)
    worker = worker_of(registry, job)
    registry.close()
    registry.close()
    assert not worker.is_running()
    ended = job.poll()
    assert (ended.phase, ended.message) == (
        "failed",
        "the training process was ended with the dashboard; try again",
    )
    with pytest.raises(UserError, match="the dashboard is closing"):
        registry.start(plan_with())


@pytest.mark.parametrize(("ending", "to_the_group"), [(signal.SIGKILL, False), (signal.SIGINT, True)])
def test_no_worker_and_no_folder_of_its_outlives_its_server(
    recorded: Project, ending: signal.Signals, to_the_group: bool
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(recorded.root)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == "training\n"
            workers = workers_of(psutil.Process(server.pid))
            assert len(workers) == 1
            folder = Path(workers[0].environ()["TMPDIR"])
            assert folder.is_dir()
            (os.killpg if to_the_group else os.kill)(server.pid, ending)
            _, alive = psutil.wait_procs(workers, timeout=PATIENCE)
            assert not alive
            until(lambda: not folder.exists())
        finally:
            server.kill()
