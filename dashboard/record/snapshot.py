"""The recorded run as the pages see it: one whole snapshot, or a sentence that says what is missing or broken."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.record.descriptions import described_table, said_of
from dashboard.text.target import TargetFormat
from pipeline.record import store
from pipeline.record.runs import Run
from pipeline.record.schemas import Metrics, RunInfo, Training
from pipeline.record.store import Store
from pipeline.safety.errors import UserError
from pipeline.safety.files import MissingFileError
from pipeline.tables.datasets import Column
from pipeline.tables.descriptions import place_beside
from pipeline.tables.kinds import feature_kinds, numbers
from pipeline.tables.preparation import PreparedData, kept_rows
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

_OTHER_RAW: Final = f"{NORMALIZED} was not made from {RAW} with {SCALING}; run `dvc repro`"

_FILES: Final = (*RECORDED, store.RUN_INFO)


@dataclass(frozen=True)
class Record:
    """A whole recorded run: every part is of one and the same run; `format` writes amounts and names of columns.

    `raw` is the whole raw table. `kept` are its rows that are used, numbered from 0 as those of all other parts, and
    `inputs` (rows, inputs) what the model gets of them, before the scaling: for numbers, the features in raw units.
    No two records that were read, of whatever run, have the same `token`.
    """

    raw: pd.DataFrame
    kept: pd.DataFrame
    inputs: pd.DataFrame
    data: PreparedData
    run: Run
    predictions: pd.DataFrame
    metrics: Metrics
    training: Training
    run_info: RunInfo | None
    format: TargetFormat
    token: str = field(default_factory=lambda: uuid4().hex)

    def has_value(self, name: str) -> NDArray[np.bool_]:
        """Whether the cell that an input comes from has a value in each row that is used (rows,), or is a gap."""
        feature = next(
            feature for feature, place in self.data.encoding.places.items() if name in self.data.names[place]
        )
        return self.kept[feature].notna().to_numpy()

    def row_in_words(self, row: int) -> str:
        """Say which row this is: `row 5 of the table`; where rows are left out, its number among all as well."""
        if len(self.kept) == len(self.raw):
            return f"row {row} of the table"
        place = kept_rows(self.raw, self.data.settings).rows[row]
        return f"row {row} of those that are used, row {place} of the table"


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
        self._beside = root
        self._snapshot = Snapshot(None, None)

    def snapshot(self) -> Snapshot:
        """Say what is recorded now. Never raises for a file that is missing or broken."""
        with self._lock:
            state = tuple(_stamp(self.root / name) for name in _FILES)
            if (*state, _stamp(self._beside)) != self._state:
                csv = described_table(self.root)
                self._beside = self.root / place_beside(csv) if csv else self.root
                words = _stamp(self._beside)
                try:
                    self._snapshot = Snapshot(read_record(Store(self.root), said_of(self.root, csv)), None)
                except UserError as error:
                    self._snapshot = Snapshot(self._snapshot.record, str(error), isinstance(error, MissingFileError))
                self._state = (*state, words)
            return self._snapshot


def read_record(place: Store, said: tuple[Column, ...] = ()) -> Record:
    """Read a whole run; `said` are words for the columns of a table that is not known.

    Raises `UserError` when a file is missing, broken, or of another run than the others.
    """
    training, metrics = place.read_training(), place.read_metrics()
    if metrics.weights_sha256 != training.weights_sha256:
        raise UserError(f"{store.METRICS} is not of the run that {store.TRAINING} describes; run `dvc repro`")
    if not place.raw_is_normalized():
        raise UserError(_OTHER_RAW)
    raw, data, run = place.read_raw(), place.read_normalized(), place.read_run()
    predictions = place.read_predictions()
    kept, inputs = _used(raw, data)
    _check_one_run(kept, inputs, data, run, predictions)
    return Record(
        raw=raw,
        kept=kept,
        inputs=inputs,
        data=data,
        run=run,
        predictions=predictions,
        metrics=metrics,
        training=training,
        run_info=place.read_run_info(),
        format=TargetFormat.about(raw, data.target_name, data.encoding, said),
    )


def _used(raw: pd.DataFrame, data: PreparedData) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of the raw table that were normalized, and the inputs that they make; none where it is another table."""
    try:
        settings = data.settings
        kept = raw.iloc[kept_rows(raw, settings).rows].reset_index(drop=True)
        if feature_kinds(raw, settings.target, settings.features, settings.categories) != data.encoding.kinds:
            return raw[:0], raw[:0]
    except UserError:
        return raw[:0], raw[:0]
    return kept, pd.DataFrame(data.encoding.apply(kept), columns=list(data.names))


def _check_one_run(
    kept: pd.DataFrame, inputs: pd.DataFrame, data: PreparedData, run: Run, predictions: pd.DataFrame
) -> None:
    """Raise `UserError` unless `inputs` are what was normalized, and the run trained on them and these parts of it."""
    if not (
        inputs.shape == data.features.shape
        and np.array_equal(numbers(kept[data.target_name]), data.target)
        and np.array_equal(data.scaling.apply(inputs.to_numpy()), data.features)
    ):
        raise UserError(_OTHER_RAW)
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
