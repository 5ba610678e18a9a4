"""A sweep under way, as a page sees it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.live.sweep_plans import SweepPlan
from dashboard.live.tasks import Task, TaskProgress


@dataclass(frozen=True, eq=False)
class SweepProgress(TaskProgress):
    """A sweep at one moment: how many `runs` have finished. When it is done, `outcomes` has a row per run.

    Its columns are seed, split_seed, learning_rate, and the mse and mae of the train, validation and test rows, all NaN
    for a run that diverged.
    """

    runs: int
    outcomes: pd.DataFrame | None


class SweepJob(Task):
    """One sweep and all that its worker reported. Safe to use from any thread."""

    def __init__(self, plan: SweepPlan) -> None:
        super().__init__()
        self.plan = plan
        self._runs = 0
        self._outcomes: pd.DataFrame | None = None

    def poll(self) -> SweepProgress:
        """Return the sweep's progress. A sweep that nobody polls for a while is stopped."""
        self.seen = time.monotonic()
        with self._lock:
            return SweepProgress(self._phase, self._message, self._seconds, self._runs, self._outcomes)

    def _take(self, event: Mapping[str, Any]) -> None:
        match event["event"]:
            case "running":
                self._phase = "running"
            case "swept":
                self._runs = int(event["runs"])
            case "done":
                varied = pd.DataFrame([variation.model_dump() for variation in self.plan.variations])
                outcomes = pd.DataFrame(event["outcomes"], dtype="float64")
                self._outcomes = pd.concat([varied, outcomes], axis=1)
                self._seconds = float(event["seconds"])
                self._message = None
                self._end("done")
