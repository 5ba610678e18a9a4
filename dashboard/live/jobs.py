"""A live run as a page sees it: cheap to poll, consistent at every moment, and available after its end."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.live.plans import Plan, unpack
from dashboard.live.tasks import Phase, Task, TaskProgress
from pipeline.arrays import Floats
from pipeline.network.layers import Layer
from pipeline.record.schemas import Metrics

AnyNumber = TypeVar("AnyNumber", bound=np.generic)
_ENDS: Final[dict[str, Phase]] = {
    "completed": "done",
    "stopped_early": "done",
    "stopped": "stopped",
    "diverged": "diverged",
}


@dataclass(frozen=True, eq=False)
class Result:
    """The results of a finished run, as the stages would record them and by the same names.

    `path` (updates + 1, parameters) are the weights of every update, as in weights.parquet, from the start and at most
    half a million numbers. `history` has six significant digits and NaN for what is not finite; `sha256` are the hashes
    of weights.parquet, history.csv and predictions.csv as the stage train would write them.
    """

    path: NDArray[np.float32]
    history: pd.DataFrame
    metrics: Metrics
    sha256: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Progress(TaskProgress):
    """A job at one moment; it never changes.

    `epochs`, `training_loss` and `validation_loss` (epochs,) begin with epoch 0, the state before the first update;
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


class Job(Task):
    """One run and all that its worker reported. If it is stopped early, its last complete epoch is the result."""

    def __init__(self, plan: Plan, delay: float) -> None:
        super().__init__()
        self.plan = plan
        self.delay = delay
        self._layers: tuple[Layer, ...] = ()
        self._losses = [np.empty((0, 3))]
        self._weights_epochs = [np.empty(0, np.int64)]
        self._weights = [np.empty((0, 0), np.float32)]
        self._detailed_epochs = [np.empty(0, np.int64)]
        self._batch_losses = [np.empty((0, plan.updates_per_epoch))]
        self._result: Result | None = None

    def poll(self) -> Progress:
        """Return the job's progress. A job that nobody polls for a while is stopped."""
        self.seen = time.monotonic()
        with self._lock:
            losses = _joined(self._losses)
            updated = len(losses) - 1
            samples = updated * len(self.plan.data.split.train)
            return Progress(
                phase=self._phase,
                message=self._message,
                epochs=losses[:, 0].astype(np.int64),
                training_loss=losses[:, 1],
                validation_loss=losses[:, 2],
                weights_epochs=_joined(self._weights_epochs),
                weights=_joined(self._weights),
                layers=self._layers,
                detailed_epochs=_joined(self._detailed_epochs),
                batch_losses=_joined(self._batch_losses),
                seconds=self._seconds,
                samples_per_second=samples / self._seconds if samples > 0 and self._seconds > 0 else None,
                result=self._result,
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
                self._layers = tuple(Layer(**layer) for layer in event["layers"])
                self._weights = [np.empty((0, self._parameters), np.float32)]
                self._phase = "running"
            case "epochs":
                self._take_epochs(event)
            case "done":
                self._result = self._result_of(event)
                self._seconds = event["seconds"]
                self._message = self._message if event["status"] == "stopped" else None
                self._end(_ENDS[event["status"]])

    @property
    def _parameters(self) -> int:
        return sum(layer.size for layer in self._layers)

    def _take_epochs(self, event: Mapping[str, Any]) -> None:
        self._losses.append(np.array(event["epochs"], np.float64).reshape(-1, 3))
        self._weights_epochs.append(np.array(event["weights_epochs"], np.int64))
        self._weights.append(unpack(event["weights"], "f4", self._parameters))
        self._detailed_epochs.append(np.array(event["detailed_epochs"], np.int64))
        self._batch_losses.append(unpack(event["batch_losses"], "f8", self.plan.updates_per_epoch))
        self._seconds = event["seconds"]

    def _result_of(self, event: Mapping[str, Any]) -> Result:
        columns = ["epoch", "training_loss", "validation_loss"]
        history = np.array(event["history"], np.float64).reshape(-1, len(columns))
        return Result(
            path=unpack(event["path"], "f4", self._parameters),
            history=pd.DataFrame(history, columns=columns).astype({"epoch": int}),
            metrics=Metrics.model_validate(event["metrics"]),
            sha256=event["sha256"],
        )


def _joined(pieces: list[NDArray[AnyNumber]]) -> NDArray[AnyNumber]:
    """Join the pieces into one array, and keep it as the only piece, so that nothing is joined twice."""
    if len(pieces) > 1:
        pieces[:] = [np.concatenate(pieces)]
    return pieces[0]
