"""The recorded run: the only reader and writer of data/run/, beside the tables that it was trained on."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.arrays import Floats
from pipeline.network.layers import size_of
from pipeline.params import Train
from pipeline.record.predictions import SCHEMA, Predictions, by_part, with_residuals
from pipeline.record.runs import Run
from pipeline.record.schemas import WEIGHTS_FILE, Metrics, RunInfo, Training
from pipeline.record.start import START, Start, read_start
from pipeline.safety.dvc_lock import LOCK
from pipeline.safety.errors import UserError, unreadable
from pipeline.safety.files import BrokenFileError, csv_bytes, json_bytes, parquet_bytes, sha256
from pipeline.safety.schema import six_digits
from pipeline.safety.seen import Seen
from pipeline.tables.blocks import DataOnDisk, read_row_groups, write_row_groups
from pipeline.tables.preparation import PreparedData
from pipeline.tables.store import NORMALIZED, SCALING, SPLIT, TableStore
from pipeline.tables.store import ROOT as ROOT

MODEL: Final = "data/run/model.keras"
WEIGHTS: Final = f"data/run/{WEIGHTS_FILE}"
HISTORY: Final = "data/run/history.csv"
PREDICTIONS: Final = "data/run/predictions.parquet"
SAMPLE: Final = "data/run/predictions.csv"
TRAINING: Final = "data/run/training.json"
METRICS: Final = "data/run/metrics.json"
RUN_INFO: Final = "data/run/run_info.json"

COMMITTED: Final = (LOCK, METRICS, HISTORY)
"""What git holds of a recorded run."""

CAUSES: Final = ("params.yaml", START, "dvc.yaml", "pipeline", "requirements.txt", "requirements-gpu.txt")
"""What git holds of what makes a run what it is."""


class Store(TableStore):
    """The run and the tables below one folder: the project itself, or a copy of it."""

    def hashes_for_training(self) -> dict[str, str]:
        """The hash of each file that training begins with, by its name: the same on each machine that takes part."""
        return {name: Seen.of(self.root / name).sha256 for name in (NORMALIZED, SCALING, SPLIT, START)}

    def read_start(self) -> Start | None:
        """Read where the next run begins: `None` for random weights. Raises `UserError` that says what to do."""
        try:
            return read_start(self._files.read_as_it_is(START))
        except OSError as error:
            raise unreadable(START, error) from None

    def write_run(
        self,
        run: Run,
        predictions: Predictions,
        model: bytes,
        *,
        settings: Train,
        device: str,
        versions: Mapping[str, str],
        trained: str,
        seconds: float,
        start: Start | None = None,
    ) -> None:
        """Write all that training records; `trained` (when it ended) and `seconds` differ from run to run."""
        files = {**tables_of(run, predictions), MODEL: model}
        training_facts = Training(
            status=run.status,
            epochs_run=run.epochs_run,
            device=device,
            versions=dict(versions),
            settings=settings,
            start=start,
            layers=run.layers,
            sha256=hashes_of(files),
        )
        info = RunInfo(
            weights_sha256=training_facts.weights_sha256, trained=trained, seconds=seconds, data=self.read_raw_source()
        )
        note = _note_of(training_facts)

        def write_predictions(path: Path) -> None:
            write_row_groups(path, predictions.groups, note)

        facts = {TRAINING: json_bytes(training_facts), RUN_INFO: json_bytes(info)}
        self._files.write({**files, PREDICTIONS: write_predictions, **facts})

    def read_run(self) -> Run:
        """Read the recorded run. Raises `BrokenFileError` when its files are not all of one run."""
        facts = self.read_training()
        for name in (WEIGHTS, HISTORY, SAMPLE):
            self._check_of_run(name, self._files.read(name))
        width = size_of(facts.layers)
        columns = {"epoch": pa.int32(), "weights": pa.list_(pa.float32(), width)}
        path = self._files.read_parquet(WEIGHTS, columns, {"update": pa.int64()})
        epochs, weights = path["epoch"].to_numpy(), path["weights"].combine_chunks().flatten().to_numpy()
        updates = path["update"].to_numpy() if "update" in path.column_names else np.arange(len(epochs))
        history = self._files.read_csv(
            HISTORY, {"epoch": "int64", "training_loss": "float64", "validation_loss": "float64"}
        )
        return Run(facts.status, history, epochs, updates, weights.reshape(len(epochs), width), facts.layers)

    def read_training(self) -> Training:
        """Read the facts of the recorded run: status, epochs run, device, versions, settings, layers, hashes."""
        return self._files.read_json(TRAINING, Training)

    def read_model(self) -> bytes:
        """Read the trained model as a `.keras` archive. Raises `BrokenFileError` when it is not of the recorded run."""
        content = self._files.read(MODEL)
        self._check_of_run(MODEL, content)
        return content

    def read_predictions(self) -> pd.DataFrame:
        """Read row, part, actual, predicted and residual of each row of the table, as training wrote them."""
        table = self.open_predictions().to_pandas()
        return with_residuals(table.sort_values("row", ignore_index=True))

    def read_predicted(self, data: PreparedData | DataOnDisk) -> Callable[[str], Floats]:
        """Read what the recorded run predicts for the rows of a part (rows,), by its name, in the order of `data`."""
        if isinstance(data, DataOnDisk):
            return lambda part: self.open_predictions(part, ["predicted"])["predicted"].to_numpy()
        return by_part(self.read_predictions(), data)

    def open_predictions(self, part: str | None = None, only: Sequence[str] | None = None) -> pa.Table:
        """Read row, part, actual and predicted, or `only` some, of all rows or of a part, in the order of the file."""
        table = read_row_groups(self._files.path(PREDICTIONS), PREDICTIONS, SCHEMA, part, only)
        note = _note_of(self.read_training())
        if table.schema.metadata != {key.encode(): value.encode() for key, value in note.items()}:
            raise BrokenFileError(f"{PREDICTIONS} is not of the run that {TRAINING} describes; run `dvc repro` again")
        return table

    def _check_of_run(self, name: str, content: bytes) -> None:
        if sha256(content) != self.read_training().sha256.get(Path(name).name):
            raise BrokenFileError(f"{name} is not of the run that {TRAINING} describes; run `dvc repro` again")

    def write_metrics(self, metrics: Metrics) -> None:
        """Write the metrics of the recorded run."""
        self._files.write({METRICS: json_bytes(metrics)})

    def read_metrics(self) -> Metrics:
        """Read the metrics of the recorded run."""
        return self._files.read_json(METRICS, Metrics)

    def read_run_info(self) -> RunInfo | None:
        """Read when, how fast and from which source the recorded run came, or `None` where it is of another run."""
        try:
            info = self._files.read_json(RUN_INFO, RunInfo)
            return info if info.weights_sha256 == self.read_metrics().weights_sha256 else None
        except UserError:
            return None


def tables_of(run: Run, predictions: Predictions) -> dict[str, bytes]:
    """Write a run as the tables that record it: path below the root to bytes. The same run gives the same bytes."""
    path = pa.table({"epoch": run.epochs, "weights": _lists(run.weights)})
    if not run.is_whole:
        path = path.add_column(1, "update", pa.array(run.updates))
    return {
        WEIGHTS: parquet_bytes(path),
        HISTORY: csv_bytes(rounded_history(run)),
        SAMPLE: csv_bytes(predictions.sample),
    }


def _note_of(facts: Training) -> dict[str, str]:
    """What is noted in predictions.parquet: the run that they are of, by the hashes of its weights and its sample."""
    return {name: facts.sha256[Path(name).name] for name in (WEIGHTS, SAMPLE)}


def rounded_history(run: Run) -> pd.DataFrame:
    """The history of a run with the six significant digits that are recorded; what is not finite is missing."""
    return run.history.set_index("epoch").map(six_digits).reset_index()


def hashes_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """The hash of each file of data/run/, by its name there."""
    return {Path(name).name: sha256(content) for name, content in files.items()}


def _lists(rows: np.ndarray[Any, np.dtype[np.float32]]) -> pa.Array:
    return pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), rows.shape[1])
