"""The registry of live runs: how many train at once, on which workers, and when an unwatched job is stopped."""

import atexit
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from dashboard.live.jobs import Job, SweepJob, Task
from dashboard.live.plans import Plan, SweepPlan
from dashboard.live.processes import WORKER, Worker
from dashboard.read_only import is_read_only, refuse_if_read_only
from pipeline.record.store import ROOT
from pipeline.safety.errors import UserError

AnyTask = TypeVar("AnyTask", bound=Task)


@dataclass(frozen=True)
class RegistryLimits:
    """The limits of live training: times in seconds."""

    jobs: int = 2
    silence: float = 60
    unwatched: float = 60
    kept_jobs: int = 20
    look: float = 1


DEFAULTS: Final = RegistryLimits()


class Registry:
    """The jobs of all visitors and their workers; a server has one registry. Safe to use from any thread.

    A worker is started in advance and runs one job after another, so that its compiled programs are used again.
    """

    def __init__(self, root: Path = ROOT, limits: RegistryLimits = DEFAULTS, command: Sequence[str] = WORKER) -> None:
        self._root, self._limits, self._command = root, limits, command
        self._lock = threading.Lock()
        self._jobs: dict[str, Task] = {}
        self._workers: list[Worker] = []
        self._closed = threading.Event()
        atexit.register(self.close)
        threading.Thread(target=self._watch, daemon=True).start()
        with self._lock:
            self._start_spare()

    def start(self, plan: Plan, delay: float = 0.0) -> Job:
        """Start training `plan`; each epoch lasts `delay` seconds or more.

        Raises `UserError` when all places are taken, when no process can be started, and where training is off.
        """
        return self._begin(Job(plan, delay), {"command": "train", "delay": delay, "plan": plan})

    def sweep(self, plan: SweepPlan) -> SweepJob:
        """Start training the runs of `plan` one after another, which takes one place. Raises as `start` does."""
        return self._begin(SweepJob(plan), {"command": "sweep", "plan": plan})

    def _begin(self, job: AnyTask, message: Mapping[str, Any]) -> AnyTask:
        refuse_if_read_only("train")
        with self._lock:
            if self._closed.is_set():
                raise UserError("the dashboard is closing; start it again with `streamlit run dashboard`")
            if sum(worker.job is not None for worker in self._workers) >= self._limits.jobs:
                raise UserError(
                    f"{self._limits.jobs} runs are already training, which is the limit: wait until one ends, then "
                    f"try again (a run whose page was closed ends within {self._limits.unwatched:g} seconds)"
                )
            worker = self._idle() or self._hire()
            job.send = worker.send
            worker.send(message)
            worker.job, worker.last_heard = job, time.monotonic()
            self._jobs[job.id] = job
            return job

    def get(self, job_id: str) -> Job | None:
        """Find a job by its id, also for a while after its end; `None` if there is none."""
        with self._lock:
            job = self._jobs.get(job_id)
            return job if isinstance(job, Job) else None

    def warm(self, plan: Plan) -> None:
        """Let an idle worker compile and read what `plan` needs while the visitor chooses settings. Never waits."""
        with self._lock:
            if worker := self._idle():
                worker.send({"command": "warm", "plan": plan})

    def close(self) -> None:
        """End all jobs and workers, and wait until they have ended. Closing again does nothing."""
        self._closed.set()
        atexit.unregister(self.close)
        with self._lock:
            workers = list(self._workers)
        for worker in workers:
            worker.kill("was ended with the dashboard")
        for worker in workers:
            worker.join()

    def _idle(self) -> Worker | None:
        """A worker without a job, one that is ready before one that is still starting."""
        idle = [worker for worker in self._workers if worker.job is None and worker.verdict is None]
        return max(idle, key=lambda worker: worker.ready, default=None)

    def _hire(self) -> Worker:
        try:
            worker = Worker(self._command, self._root, self._heard, self._ended)
        except OSError as error:
            raise UserError(f"no training process can be started ({error.strerror}); close other programs") from None
        self._workers.append(worker)
        return worker

    def _start_spare(self) -> None:
        """Start a spare worker. A failure is not reported here, because the next job tries again and reports it."""
        if not self._closed.is_set() and not is_read_only():
            with suppress(UserError):
                self._hire()

    def _heard(self, worker: Worker, event: Mapping[str, Any]) -> None:
        with self._lock:
            if event["event"] == "ready":
                worker.ready = True
            elif event["event"] == "idle" and event["grown"] and worker.job is None:
                worker.kill("used too much memory")
            if worker.job is not None:
                worker.job.on_event(event)
                if worker.job.ended is not None:
                    worker.job = None

    def _ended(self, worker: Worker, exit_message: str) -> None:
        """Remove a worker. Start a spare only if this one had started and no other is left."""
        with self._lock:
            self._workers.remove(worker)
            if worker.job is not None:
                worker.job.fail(exit_message)
            if worker.ready and not self._workers:
                self._start_spare()

    def _watch(self) -> None:
        while not self._closed.wait(self._limits.look):
            now, limits = time.monotonic(), self._limits
            with self._lock:
                for worker in self._workers:
                    busy = worker.job is not None or not worker.ready
                    if busy and now - worker.last_heard > limits.silence:
                        worker.kill(f"was silent for {limits.silence:g} seconds")
                for job in self._jobs.values():
                    if job.ended is None and now - job.seen > limits.unwatched:
                        job.stop(f"stopped because nobody watched it for {limits.unwatched:g} seconds")
                ended = [job for job in self._jobs.values() if job.ended is not None]
                for job in sorted(ended, key=lambda job: job.ended or 0)[: -limits.kept_jobs]:
                    del self._jobs[job.id]
