"""Train a plan with `descend`, report it in events, and add the hashes of its record at the end."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from dashboard.live.jobs import Result
from dashboard.live.plans import Plan
from pipeline.params import Train
from pipeline.record.assessment import assess
from pipeline.record.runs import Epoch, Run, collect
from pipeline.record.schemas import Metrics, Outcome
from pipeline.record.store import tables_of
from pipeline.safety.files import sha256
from pipeline.safety.schema import six_digits
from pipeline.tables.prepared import Rows
from pipeline.training.descent import VERSIONS, descend, find_device, layers

SECONDS_BETWEEN_EVENTS: Final = 0.05
MAX_WEIGHTS_SENT: Final = 2_000_000
MAX_PATH_NUMBERS: Final = 500_000

Event = dict[str, Any]


def warm(train: Train, rows: int, validation_rows: int, features: int) -> None:
    """Compile the program that a run of these sizes needs, unless it is compiled, by running it on zeros."""
    fit, check = (Rows(np.zeros((count, features)), np.zeros(count)) for count in (rows, validation_rows))
    next(descend(fit, check, train))


def events(plan: Plan, go_on: Callable[[], bool]) -> Iterator[Event]:
    """Train `plan` and report: `running`, then `epochs` repeatedly, then `done` with the results.

    `go_on` is called before every epoch but the first. It may wait, and ends the run by returning false; then the last
    reported epoch is the result. Raises `UserError` for a missing device.
    """
    warm(plan.train, **plan.shape)
    layout = layers(plan.train.model, len(plan.data.names))
    yield {"event": "running", "layers": layout}
    parameters = sum(layer.size for layer in layout)
    every = 1 + plan.train.epochs * parameters // MAX_WEIGHTS_SENT
    epochs: list[Epoch] = []
    sent, sent_at, stopped, began = 0, -np.inf, False, time.perf_counter()
    for epoch in descend(plan.data.part("train"), plan.data.part("validation"), plan.train):
        if epochs and not go_on():
            stopped = True
            break
        epochs.append(epoch if epoch.number in plan.epochs_in_detail else epoch.without_batches())
        now = time.perf_counter()
        if now - sent_at >= SECONDS_BETWEEN_EVENTS:
            yield _report(epochs[sent:], plan, parameters, every, now - began)
            epochs[sent:] = [epoch.without_batches() for epoch in epochs[sent:]]
            sent, sent_at = len(epochs), now
    seconds = time.perf_counter() - began
    if sent < len(epochs):
        yield _report(epochs[sent:], plan, parameters, every, seconds)
    run = collect(epochs, layout, plan.train.epochs)
    phase = "stopped" if stopped else "diverged" if run.status == "diverged" else "done"
    yield {"event": "done", "phase": phase, "result": _result(plan, run), "seconds": seconds}


def _report(epochs: Sequence[Epoch], plan: Plan, parameters: int, every: int, seconds: float) -> Event:
    """Report the losses of all epochs, of every so many the last weights, and what is known of single batches."""
    shown = [epoch for epoch in epochs if epoch.number % every == 0 and not epoch.diverged]
    in_detail = [epoch for epoch in epochs if len(epoch.batch_losses)]
    losses = np.array([(epoch.number, epoch.training_loss, epoch.validation_loss) for epoch in epochs])
    return {
        "event": "epochs",
        "losses": np.where(np.isfinite(losses), losses, np.nan),
        "weights_epochs": np.array([epoch.number for epoch in shown], np.int64),
        "weights": np.array([epoch.weights[-1] for epoch in shown], np.float32).reshape(-1, parameters),
        "detailed_epochs": np.array([epoch.number for epoch in in_detail], np.int64),
        "batch_losses": np.array([epoch.batch_losses for epoch in in_detail]).reshape(-1, plan.updates_per_epoch),
        "seconds": seconds,
    }


def _result(plan: Plan, run: Run) -> Result:
    predictions = run.predictions(plan.data)
    hashes = {Path(name).name: sha256(content) for name, content in tables_of(run, predictions).items()}
    outcome = Outcome(
        status=run.status, epochs_run=run.epochs_run, device=find_device(plan.train.device), versions=VERSIONS
    )
    metrics = assess(plan.data, predictions, outcome, hashes["weights.parquet"])
    return Result(
        path=run.weights[: MAX_PATH_NUMBERS // run.weights.shape[1]],
        history=run.history.set_index("epoch").map(six_digits).astype("float64").reset_index(),
        metrics=Metrics.model_validate(metrics.model_dump(mode="json")),  # with six digits, as they are recorded
        sha256=hashes,
    )
