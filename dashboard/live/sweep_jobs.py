"""A sweep under way, as a page sees it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.live.sweep_plans import SweepPlan
from dashboard.live.tasks import Phase, Task


@dataclass(frozen=True, eq=False)
class SweepProgress:
    """A sweep at one moment. `outcomes`, once it is done, has a row per run: what varied, and its errors.

    Its columns are seed, split_seed, learning_rate and, for train, validation and test rows, the mse and the mae; NaN
    for a run that diverged.
    """

    phase: Phase
    message: str | None
    epochs: int
    outcomes: pd.DataFrame | None
    seconds: float

    @property
    def active(self) -> bool:
        """Whether there is more to come."""
        return self.phase in ("warming", "running")


class SweepJob(Task):
    """One sweep and all that its worker told of it. Safe to use from any thread."""

    def __init__(self, plan: SweepPlan, send: Callable[[Mapping[str, Any]], None]) -> None:
        super().__init__(send)
        self.plan = plan
        self._epochs = 0
        self._outcomes: pd.DataFrame | None = None
        self._seconds = 0.0

    def poll(self) -> SweepProgress:
        """Look at the sweep. Whoever does so keeps it alive: a sweep that nobody polls is stopped."""
        self.seen = time.monotonic()
        with self._lock:
            return SweepProgress(self._phase, self._message, self._epochs, self._outcomes, self._seconds)

    def on_event(self, event: Mapping[str, Any]) -> None:
        """Take in what the worker said. Raises `KeyError`, `TypeError` or `ValueError` for what no worker says."""
        with self._lock:
            match event["event"]:
                case "running":
                    self._phase = "running"
                case "swept":
                    self._epochs = int(event["epochs"])
                case "done":
                    varied = pd.DataFrame([variation.model_dump() for variation in self.plan.variations])
                    outcomes = pd.DataFrame(event["outcomes"], dtype="float64")
                    if len(outcomes) != len(varied):
                        raise ValueError(f"{len(outcomes)} outcomes for {len(varied)} runs")
                    self._outcomes = pd.concat([varied, outcomes], axis=1)
                    self._seconds = float(event["seconds"])
                    self._message = None
                    self._end("done")
                case "stopped":
                    self._end("stopped")
                case "error" if event["command"] != "warm":
                    self._message = event["message"]
                    self._end("failed")
