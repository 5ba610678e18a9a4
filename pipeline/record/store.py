"""The recorded run: the only reader and writer of data/run/, beside the tables that it was trained on."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.network.layers import Layer
from pipeline.record import schemas
from pipeline.record.runs import Run
from pipeline.record.scores import six_digits
from pipeline.safety.errors import UserError
from pipeline.safety.files import BrokenFileError, broken, csv_bytes, json_bytes, parquet_bytes, sha256
from pipeline.tables.store import (
    DOWNLOAD_TIMES,
    NORMALIZED,
    RAW,
    RAW_SOURCE,
    ROOT,
    SCALING,
    SPLIT,
    TFJS_SPLIT,
    TableStore,
)

__all__ = [
    "CIRCUMSTANCES",
    "DOWNLOAD_TIMES",
    "HISTORY",
    "METRICS",
    "MODEL",
    "NORMALIZED",
    "PREDICTIONS",
    "RAW",
    "RAW_SOURCE",
    "ROOT",
    "SCALING",
    "SPLIT",
    "TFJS_SPLIT",
    "TRAINING",
    "WEIGHTS",
    "Store",
    "tables_of",
]

_LAYER: Final = [field.name for field in fields(Layer)]

MODEL: Final = "data/run/model.keras"
WEIGHTS: Final = "data/run/weights.parquet"
HISTORY: Final = "data/run/history.csv"
PREDICTIONS: Final = "data/run/predictions.csv"
TRAINING: Final = "data/run/training.json"
METRICS: Final = "data/run/metrics.json"
CIRCUMSTANCES: Final = "data/run/circumstances.json"


class Store(TableStore):
    """The run and the tables below one folder: the project itself, or a copy of it."""

    def write_run(
        self,
        run: Run,
        predictions: pd.DataFrame,
        model: bytes,
        told: Mapping[str, Any],
        circumstances: Mapping[str, Any],
    ) -> None:
        """Write all that training records. `told` is the same for the same run; `circumstances` vary."""
        files = {**tables_of(run, predictions), MODEL: model}
        layout = [asdict(layer) for layer in run.layers]
        hashes = {Path(name).name: sha256(content) for name, content in files.items()}
        told = {"status": run.status, "epochs_run": run.epochs_run, **told, "layers": layout, "sha256": hashes}
        circumstances = {"weights_sha256": hashes["weights.parquet"], **circumstances}
        self._files.write({**files, TRAINING: json_bytes(told), CIRCUMSTANCES: json_bytes(circumstances)})

    def read_run(self) -> Run:
        """Read the recorded run. Raises `BrokenFileError` when its files are not all of one run."""
        told = self.read_training()
        for name in (WEIGHTS, HISTORY, PREDICTIONS):
            self._check_of_run(name, self._files.read(name))
        layers = tuple(Layer(**{name: layer[name] for name in _LAYER}) for layer in told["layers"])
        width = sum(layer.size for layer in layers)
        path = self._files.read_parquet(WEIGHTS, {"epoch": pa.int32(), "weights": pa.list_(pa.float32(), width)})
        epochs, weights = path["epoch"].to_numpy(), path["weights"].combine_chunks().flatten().to_numpy()
        losses = {"epoch": "int64", "training_loss": "float64", "validation_loss": "float64"}
        history = self._files.read_csv(HISTORY, losses)
        if history["epoch"].tolist() != list(range(told["epochs_run"] + 1)):
            raise broken(HISTORY, f"does not have a row for each epoch from 0 to {told['epochs_run']}")
        if not (len(weights) == len(epochs) * width and np.isfinite(weights).all() and epochs[0] == 0):
            raise broken(WEIGHTS, "does not hold finite weights from the first epoch on")
        if np.any(np.diff(epochs) < 0) or epochs[-1] > told["epochs_run"]:
            raise broken(WEIGHTS, f"does not hold the epochs from 0 to {told['epochs_run']} in order")
        return Run(told["status"], history, epochs, weights.reshape(len(epochs), width), layers)

    def read_training(self) -> dict[str, Any]:
        """Read the facts of the recorded run: status, epochs run, device, versions, settings, layers, hashes."""
        return self._files.read_json(TRAINING, schemas.Training)

    def read_model(self) -> bytes:
        """Read the trained model as a `.keras` archive. Raises `BrokenFileError` when it is not of the recorded run."""
        content = self._files.read(MODEL)
        self._check_of_run(MODEL, content)
        return content

    def read_predictions(self, rows: int) -> pd.DataFrame:
        """Read row, part, actual, predicted and residual of each of the table's `rows` rows, as training wrote them."""
        self._check_of_run(PREDICTIONS, self._files.read(PREDICTIONS))
        numbers = dict.fromkeys(("actual", "predicted", "residual"), "float64")
        table = self._files.read_csv(PREDICTIONS, {"row": "int64", "part": "str", **numbers})
        if table["row"].tolist() != list(range(rows)) or table.isna().to_numpy().any():
            raise broken(PREDICTIONS, f"does not tell of each of the {rows} rows of the table")
        return table

    def _check_of_run(self, name: str, content: bytes) -> None:
        if sha256(content) != self.read_training()["sha256"][Path(name).name]:
            raise BrokenFileError(f"{name} is not of the run that {TRAINING} tells of; run `dvc repro` again")

    def write_metrics(self, metrics: Mapping[str, Any]) -> None:
        """Write the metrics of the recorded run."""
        self._files.write({METRICS: json_bytes(metrics)})

    def read_metrics(self) -> dict[str, Any]:
        """Read the metrics of the recorded run."""
        return self._files.read_json(METRICS, schemas.Metrics)

    def read_circumstances(self) -> dict[str, Any] | None:
        """Read when, how fast and from which source the recorded run came, or `None` where it is of another run."""
        try:
            told = self._files.read_json(CIRCUMSTANCES, schemas.Circumstances)
            return told if told["weights_sha256"] == self.read_metrics()["weights_sha256"] else None
        except UserError:
            return None


def tables_of(run: Run, predictions: pd.DataFrame) -> dict[str, bytes]:
    """Write a run as the tables that record it: path below the root to bytes. The same run gives the same bytes."""
    path = pa.table({"epoch": run.epochs, "weights": _lists(run.weights)})
    return {
        WEIGHTS: parquet_bytes(path),
        HISTORY: csv_bytes(run.history.set_index("epoch").map(six_digits).reset_index()),
        PREDICTIONS: csv_bytes(predictions),
    }


def _lists(rows: np.ndarray[Any, np.dtype[np.float32]]) -> pa.Array:
    return pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), rows.shape[1])
