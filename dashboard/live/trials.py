"""Train a run, or a sweep of them, with `descend`, and report it in events; of a run, the record at the end too."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.live.jobs import Result
from dashboard.live.plans import Branch, Plan, SweepPlan
from dashboard.record.source import read_prepared, read_table
from pipeline.arrays import Floats
from pipeline.network.layers import Weights, size_of
from pipeline.params import Train
from pipeline.record.predictions import Predictions, by_part, predictions_of
from pipeline.record.runs import Epoch, Run, collect
from pipeline.record.schemas import WEIGHTS_FILE, Metrics, Outcome
from pipeline.record.start import Start
from pipeline.record.store import hashes_of, rounded_history, tables_of
from pipeline.safety.errors import UserError
from pipeline.sweep.results import score_names
from pipeline.sweep.runs import scores
from pipeline.tables.preparation import PreparedData, prepare
from pipeline.training import descent
from pipeline.training.descent import VERSIONS, begins_at, descend, find_device, layers, start_at

SECONDS_BETWEEN_EVENTS: Final = 0.05
SECONDS_BETWEEN_COUNTS: Final = 0.1
MAX_WEIGHTS_SENT: Final = 2_000_000
MAX_PATH_NUMBERS: Final = 500_000
ERRORS: Final = ("_mse", "_mae")

Event = dict[str, Any]


def warm(train: Train, rows: int, validation_rows: int, features: int) -> None:
    """Compile the program that a run of these sizes needs, unless it is compiled."""
    _warm(train.template.model_copy(update={"device": train.device}), rows, validation_rows, features)


_warm = lru_cache(maxsize=16)(descent.warm)  # as many programs are kept


def get_ready(plan: Plan) -> None:
    """Compile what a run of `plan` needs, and read its rows. Raises `UserError` as `events` does."""
    warm(plan.train, **plan.shape)
    read_prepared(plan.source, plan.normalize)


def events(plan: Plan, go_on: Callable[[], bool]) -> Iterator[Event]:
    """Train `plan` and report: `running`, then `epochs` repeatedly, then `done` with the results.

    `go_on` is called before every epoch but the first. It may wait, and ends the run by returning false; then the last
    reported epoch is the result. Raises `UserError` for a missing device.
    """
    data = read_prepared(plan.source, plan.normalize)
    start = _start(plan, data)
    warm(plan.train, **plan.shape)
    layout = layers(plan.train.model, len(data.names))
    yield {"event": "running", "layers": layout}
    parameters = size_of(layout)
    every = 1 + plan.train.epochs * parameters // MAX_WEIGHTS_SENT
    epochs: list[Epoch] = []
    sent, sent_at, stopped, began = 0, -np.inf, False, time.perf_counter()
    for epoch in descend(data.part("train"), data.part("validation"), plan.train, start):
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
    yield {"event": "done", "phase": phase, "result": _result(plan, data, run, start), "seconds": seconds}


def sweep_events(sweep: SweepPlan, go_on: Callable[[], bool]) -> Iterator[Event]:
    """Train every run of `sweep` and report: `swept` time and again, `done` with the outcomes.

    A run on a split that `prepare` refuses, such as one in whose training rows a feature is constant, has no outcome.
    When `go_on` returns false, the sweep ends as `stopped`, without outcomes. Raises `UserError` where no run can be.
    """
    yield {"event": "swept", "runs": 0}
    base, began = sweep.plan, time.perf_counter()
    recorded = read_prepared(base.source, base.normalize)
    start = _start(base, recorded)

    @lru_cache(maxsize=1)  # runs on the same split follow each other
    def data_of(split_seed: int) -> PreparedData | UserError:
        if split_seed == base.normalize.seed:
            return recorded
        normalize = base.normalize.model_copy(update={"seed": split_seed})
        try:
            table, tfjs_test_rows = read_table(base.source)
            return prepare(table, normalize, tfjs_test_rows)
        except UserError as refusal:
            return refusal

    outcomes: list[dict[str, float | None]] = []
    refusal: UserError | None = None
    said_at = began
    for variation in sweep.variations:
        data = data_of(variation.split_seed)
        if isinstance(data, UserError):
            refusal = data
            continue
        settings = base.train.model_copy(update={"seed": variation.seed, "learning_rate": variation.learning_rate})
        for epoch in descend(data.part("train"), data.part("validation"), settings, start):
            last = epoch
            if not go_on():
                yield {"event": "done", "phase": "stopped", "result": None, "seconds": time.perf_counter() - began}
                return
            if time.perf_counter() - said_at >= SECONDS_BETWEEN_COUNTS:
                yield {"event": "swept", "runs": len(outcomes)}
                said_at = time.perf_counter()
        errors = {} if last.diverged else _errors(data, settings.model, last.weights[-1])
        outcomes.append({**asdict(variation), **errors})
    if refusal and not outcomes:
        raise refusal
    names = [name for name in score_names() if name.endswith(ERRORS)]
    table = pd.DataFrame(outcomes, columns=[*asdict(variation), *names]).astype(dict.fromkeys(names, "float64"))
    yield {"event": "done", "phase": "done", "result": table, "seconds": time.perf_counter() - began}


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
        "batch_losses": _whole_epochs([epoch.batch_losses for epoch in in_detail], plan.updates_per_epoch),
        "seconds": seconds,
    }


def _whole_epochs(batch_losses: Sequence[Floats], updates: int) -> Floats:
    """Put the losses (updates,) of epochs below one another; of one that a branch began in, the first are NaN."""
    table = np.full((len(batch_losses), updates), np.nan)
    for row, losses in zip(table, batch_losses, strict=True):
        row[updates - len(losses) :] = losses
    return table


def _start(plan: Plan, data: PreparedData) -> Start | None:
    """Where a run begins, for the features as they are scaled now; the parent of a branch is trained up to there."""
    start = plan.origin
    if isinstance(start, Branch):
        parent = start.parent
        rows = read_prepared(parent.source, parent.normalize)
        start = start_at(rows, parent.train, _start(parent, rows), start.update, start.parent_sha256)
    return start and begins_at(start, data, plan.train)


def _result(plan: Plan, data: PreparedData, run: Run, start: Start | None) -> Result:
    every = predictions_of(run.layers, run.result, data)
    hashes = hashes_of(tables_of(run, Predictions.of_table(every, data)))
    outcome = Outcome(
        status=run.status, epochs_run=run.epochs_run, device=find_device(plan.train.device), versions=VERSIONS
    )
    metrics = Metrics.of(data, by_part(every, data), outcome, hashes[WEIGHTS_FILE], start)
    kept = MAX_PATH_NUMBERS // run.weights.shape[1]
    return Result(
        path=run.weights[:kept],
        updates=run.updates[:kept],
        history=rounded_history(run).astype(dict.fromkeys(("training_loss", "validation_loss"), "float64")),
        metrics=Metrics.model_validate(metrics.model_dump(mode="json")),  # with six digits, as they are recorded
        sha256=hashes,
        start=start,
    )


def _errors(data: PreparedData, model: str, weights: Weights) -> dict[str, float | None]:
    """The errors of one run as they would be recorded, with six digits."""
    return {name: score for name, score in scores(data, model, weights).items() if name.endswith(ERRORS)}
