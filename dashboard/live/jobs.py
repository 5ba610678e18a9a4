"""Live runs and sweeps as a page sees them: cheap to poll, consistent at every moment, available after their end."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.live.plans import Plan, SweepPlan
from pipeline.arrays import Floats
from pipeline.network.layers import Layer, size_of
from pipeline.record.schemas import Metrics
from pipeline.record.start import Start

Phase = Literal["warming", "running", "done", "stopped", "diverged", "failed"]


@dataclass(frozen=True, eq=False)
class TaskProgress:
    """A task at one moment; it never changes. `message` says why it failed or was stopped."""

    phase: Phase
    message: str | None
    seconds: float

    @property
    def active(self) -> bool:
        """Whether the task has not ended."""
        return self.phase in ("warming", "running")


@dataclass(frozen=True, eq=False)
class Result:
    """The results of a finished run, as the stages would record them and by the same names.

    `path` (kept, parameters) are the weights of every update, or of those in weights.parquet, from the start and at
    most half a million numbers, and `updates` (kept,) the updates after which they hold. `history` has six significant
    digits and NaN for what is not finite; `sha256` are the hashes of weights.parquet, history.csv and predictions.csv
    as the stage train would write them. A branch has a `start`.
    """

    path: NDArray[np.float32]
    updates: NDArray[np.int64]
    history: pd.DataFrame
    metrics: Metrics
    sha256: Mapping[str, str]
    start: Start | None


@dataclass(frozen=True, eq=False)
class Progress(TaskProgress):
    """A run at one moment.

    `epochs`, `training_loss` and `validation_loss` (epochs,) begin with the state before the first update, epoch 0;
    a loss that is not finite is NaN. `weights` (shown, parameters) are the last of each epoch in `weights_epochs`
    (shown,), laid out by `layers`. `batch_losses` (detailed, updates) are those of single batches, each measured just
    before its update, in the `detailed_epochs` (detailed,). `seconds` count from the first update, pauses included.
    """

    epochs: NDArray[np.int64]
    training_loss: Floats
    validation_loss: Floats
    weights_epochs: NDArray[np.int64]
    weights: NDArray[np.float32]
    layers: tuple[Layer, ...]
    detailed_epochs: NDArray[np.int64]
    batch_losses: Floats
    samples_per_second: float | None
    result: Result | None


@dataclass(frozen=True, eq=False)
class SweepProgress(TaskProgress):
    """A sweep at one moment: how many `runs` have finished. When it is done, `outcomes` has a row per run.

    Its columns are seed, split_seed, learning_rate, and the mse and mae of the train, validation and test rows, all NaN
    for a run that diverged.
    """

    runs: int
    outcomes: pd.DataFrame | None


class Task:
    """A running command and all that its worker reported: it has an id, and ends once. Safe to use from any thread."""

    send: Callable[[Mapping[str, Any]], None]
    """Tells the worker something; set when it takes the task."""

    def __init__(self) -> None:
        self.id = secrets.token_urlsafe(16)
        self.seen = time.monotonic()
        self.ended: float | None = None
        self._lock = threading.Lock()
        self._phase: Phase = "warming"
        self._message: str | None = None
        self._seconds = 0.0
        self._result: Any = None

    def on_event(self, event: Mapping[str, Any]) -> None:
        """Handle an event of the worker."""
        with self._lock:
            match event["event"]:
                case "done":
                    self._result, self._seconds = event["result"], event["seconds"]
                    self._end(event["phase"], self._message if event["phase"] == "stopped" else None)
                case "error" if event["command"] != "warm":
                    self._end("failed", event["message"])
                case _:
                    self._take(event)

    def _take(self, event: Mapping[str, Any]) -> None:
        """Handle an event of this kind of task, with the lock held."""
        raise NotImplementedError

    def stop(self, because: str | None = None) -> None:
        """Ask the worker to stop. Calling this again, or too late, does nothing."""
        with self._lock:
            if self.ended is None:
                self._message = self._message or because
                self.send({"command": "stop"})

    def fail(self, message: str) -> None:
        """End the task with a message for people. A task that has ended does not change."""
        with self._lock:
            if self.ended is None:
                self._end("failed", message)

    def _end(self, phase: Phase, message: str | None) -> None:
        self._phase, self._message, self.ended = phase, message, time.monotonic()


class Job(Task):
    """One run. If it is stopped early, its last complete epoch is the result."""

    def __init__(self, plan: Plan, delay: float) -> None:
        super().__init__()
        self.plan = plan
        self.delay = delay
        self._layers: tuple[Layer, ...] = ()
        self._reported: dict[str, list[NDArray[Any]]] = {
            "losses": [np.empty((0, 3))],
            "weights_epochs": [np.empty(0, np.int64)],
            "weights": [np.empty((0, 0), np.float32)],
            "detailed_epochs": [np.empty(0, np.int64)],
            "batch_losses": [np.empty((0, plan.updates_per_epoch))],
        }

    def poll(self) -> Progress:
        """Return the job's progress. A job that nobody polls for a while is stopped."""
        self.seen = time.monotonic()
        with self._lock:
            reported = {name: _joined(pieces) for name, pieces in self._reported.items()}
            epochs, training_loss, validation_loss = reported.pop("losses").T
            samples = (len(epochs) - 1) * len(self.plan.data.split.train)
            return Progress(
                phase=self._phase,
                message=self._message,
                epochs=epochs.astype(np.int64),
                training_loss=training_loss,
                validation_loss=validation_loss,
                layers=self._layers,
                seconds=self._seconds,
                samples_per_second=samples / self._seconds if samples > 0 and self._seconds > 0 else None,
                result=self._result,
                **reported,
            )

    def slow_down(self, seconds: float) -> None:
        """Let each further epoch last at least `seconds`."""
        with self._lock:
            self.delay = seconds
            if self.ended is None:
                self.send({"command": "delay", "seconds": self.delay})

    def _take(self, event: Mapping[str, Any]) -> None:
        match event["event"]:
            case "running":
                self._phase, self._layers = "running", event["layers"]
                self._reported["weights"] = [np.empty((0, size_of(self._layers)), np.float32)]
            case "epochs":
                self._seconds = event["seconds"]
                for name, pieces in self._reported.items():
                    pieces.append(event[name])


class SweepJob(Task):
    """One sweep."""

    def __init__(self, plan: SweepPlan) -> None:
        super().__init__()
        self.plan = plan
        self._runs = 0

    def poll(self) -> SweepProgress:
        """Return the sweep's progress. A sweep that nobody polls for a while is stopped."""
        self.seen = time.monotonic()
        with self._lock:
            return SweepProgress(self._phase, self._message, self._seconds, self._runs, self._result)

    def _take(self, event: Mapping[str, Any]) -> None:
        if event["event"] == "swept":
            self._phase, self._runs = "running", event["runs"]


def _joined(pieces: list[NDArray[Any]]) -> NDArray[Any]:
    """Join the pieces into one array, and keep it as the only piece, so that nothing is joined twice."""
    if len(pieces) > 1:
        pieces[:] = [np.concatenate(pieces)]
    return pieces[0]
