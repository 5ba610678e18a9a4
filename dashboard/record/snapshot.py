"""The recorded run as the pages see it: one whole snapshot, or a sentence that says what is missing or broken."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np
import pandas as pd

from dashboard.text.target import TargetFormat
from pipeline.record import store
from pipeline.record.runs import Run
from pipeline.record.schemas import Metrics, RunInfo, Training
from pipeline.record.store import Store
from pipeline.safety.errors import UserError
from pipeline.safety.files import MissingFileError
from pipeline.tables.preparation import PreparedData
from pipeline.tables.store import NORMALIZED, RAW, SCALING, SPLIT

RECORDED: Final = (
    RAW,
    NORMALIZED,
    SPLIT,
    SCALING,
    store.WEIGHTS,
    store.HISTORY,
    store.PREDICTIONS,
    store.TRAINING,
    store.METRICS,
    store.MODEL,
)
"""The outputs of the pipeline that make up a recorded run."""

_FILES: Final = (*RECORDED, store.RUN_INFO)


@dataclass(frozen=True)
class Record:
    """A whole recorded run: every part is of one and the same run; `format` writes amounts and names of columns.

    No two that were read, of whatever run, have the same `token`.
    """

    raw: pd.DataFrame
    data: PreparedData
    run: Run
    predictions: pd.DataFrame
    metrics: Metrics
    training: Training
    run_info: RunInfo | None
    format: TargetFormat
    token: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True)
class Snapshot:
    """The last whole run, if there is one, and what is wrong with the files that are there now, if anything is."""

    record: Record | None
    problem: str | None
    missing: bool = False


class Records:
    """Reads the files below `root` again when they change, and goes on showing the last complete run until then."""

    def __init__(self, root: Path = store.ROOT) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._state: tuple[object, ...] = ()
        self._snapshot = Snapshot(None, None)

    def snapshot(self) -> Snapshot:
        """Say what is recorded now. Never raises for a file that is missing or broken."""
        with self._lock:
            state = tuple(_stamp(self.root / name) for name in _FILES)
            if state != self._state:
                try:
                    self._snapshot = Snapshot(read_record(Store(self.root)), None)
                except UserError as error:
                    self._snapshot = Snapshot(self._snapshot.record, str(error), isinstance(error, MissingFileError))
                self._state = state
            return self._snapshot


def read_record(place: Store) -> Record:
    """Read a whole run. Raises `UserError` when a file is missing, broken, or of another run than the others."""
    training, metrics = place.read_training(), place.read_metrics()
    if metrics.weights_sha256 != training.weights_sha256:
        raise UserError(f"{store.METRICS} is not of the run that {store.TRAINING} describes; run `dvc repro`")
    raw, data, run = place.read_raw(), place.read_normalized(), place.read_run()
    predictions = place.read_predictions()
    _check_one_run(raw, data, run, predictions)
    return Record(
        raw=raw,
        data=data,
        run=run,
        predictions=predictions,
        metrics=metrics,
        training=training,
        run_info=place.read_run_info(),
        format=TargetFormat.about(raw, data.target_name),
    )


def _check_one_run(raw: pd.DataFrame, data: PreparedData, run: Run, predictions: pd.DataFrame) -> None:
    """Raise `UserError` unless `raw` is what was normalized, and the run trained on these features and parts of it."""
    table = raw.reindex(columns=[*data.names, data.target_name])
    target, features = table[data.target_name].to_numpy(), table[list(data.names)].to_numpy()
    if not (np.array_equal(target, data.target) and np.array_equal(data.scaling.apply(features), data.features)):
        raise UserError(f"{NORMALIZED} was not made from {RAW} with {SCALING}; run `dvc repro`")
    if (
        run.layers[0].inputs != len(data.names)
        or predictions["part"].tolist() != data.split.part_of_each_row()
        or not np.array_equal(predictions["actual"].to_numpy(), data.target)
    ):
        raise UserError(f"{store.TRAINING} describes a run on rows other than those of {SPLIT}; run `dvc repro`")


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
