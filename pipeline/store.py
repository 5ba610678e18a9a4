"""The only reader and writer of data/: it owns every path, and writes whole files or none."""

import itertools
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline import facts, tables
from pipeline.errors import UserError
from pipeline.files import BrokenFileError, Files, broken, csv_bytes, json_bytes, parquet_bytes, sha256
from pipeline.layers import Layer
from pipeline.params import Normalize
from pipeline.runs import Normalized, Run
from pipeline.scaling import Scaling
from pipeline.scores import six_digits
from pipeline.splits import Split

_LAYER: Final = [field.name for field in fields(Layer)]

ROOT: Final = Path(__file__).resolve().parents[1]

TFJS_SPLIT: Final = "data/tfjs_split.json"
DOWNLOAD_TIMES: Final = "data/download_times.csv"
RAW: Final = "data/raw.csv"
RAW_SOURCE: Final = "data/raw_source.json"
NORMALIZED: Final = "data/normalized.parquet"
SPLIT: Final = "data/split.json"
SCALING: Final = "data/scaling.json"
MODEL: Final = "data/run/model.keras"
WEIGHTS: Final = "data/run/weights.parquet"
HISTORY: Final = "data/run/history.csv"
PREDICTIONS: Final = "data/run/predictions.csv"
TRAINING: Final = "data/run/training.json"
METRICS: Final = "data/run/metrics.json"
CIRCUMSTANCES: Final = "data/run/circumstances.json"


class Store:
    """The files below one folder: the project itself, or a copy of it."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self._files = Files(root)

    def tfjs_test_rows(self) -> list[int]:
        """The 173 rows (0-based) that the TensorFlow.js example keeps for its test."""
        rows: list[int] = self._files.read_json(TFJS_SPLIT, facts.TfjsSplit)["test_rows"]
        return rows

    def download_times(self) -> pd.DataFrame:
        """Read the bundled table of downloads: split (train or test), size_mb and time_sec, 40 rows."""
        table = self._files.read_csv(DOWNLOAD_TIMES, {"split": "str", "size_mb": "float64", "time_sec": "float64"})
        if table.isna().to_numpy().any() or set(table["split"]) != {"train", "test"}:
            raise broken(DOWNLOAD_TIMES, "has gaps, or other parts than train and test")
        return table

    def read_table(self, csv: str) -> pd.DataFrame:
        """Read the table that `download.csv` names, a file below the folder or anywhere else. Raises `UserError`."""
        path = self.root / csv
        try:
            if path.exists() and not path.is_file():  # a device or a pipe would never end
                raise UserError(f"download.csv is {csv!r}, which cannot be read: it is not a file")
            return tables.parse(self._files.read_as_it_is(csv), csv)
        except OSError as error:
            raise UserError(f"download.csv is {csv!r}, which cannot be read: {error.strerror}") from None

    def write_raw(self, table: pd.DataFrame, source: Mapping[str, str]) -> None:
        """Write the raw table in canonical form, and beside it where it came from."""
        content = tables.canonical(table)
        note = {"raw_sha256": sha256(content), **source}
        self._files.write({RAW: content, RAW_SOURCE: json_bytes(note)})

    def read_raw(self) -> pd.DataFrame:
        """Read the raw table: (rows, columns), every cell a finite number."""
        content = self._files.read(RAW)
        try:
            return tables.parse(content, RAW)
        except UserError as error:
            raise broken(RAW, f"is not a table of numbers ({error})") from None

    def read_raw_source(self) -> dict[str, str] | None:
        """Say where the raw table came from, or `None` where that is not known of these bytes."""
        try:
            note = self._files.read_json(RAW_SOURCE, facts.Origin)
            return note if note["raw_sha256"] == sha256(self._files.read(RAW)) else None
        except UserError:
            return None

    def write_normalized(self, data: Normalized) -> None:
        """Write the normalized table, the split and the scaling."""
        columns = [*data.features.T, data.target]
        table = pa.table(columns, names=[*data.names, data.target_name])
        split = {f"{part}_rows": rows.tolist() for part, rows in data.split.parts().items()}
        scaling = {
            "settings": data.settings.model_dump(),
            "mean": data.scaling.mean.tolist(),
            "deviation": data.scaling.deviation.tolist(),
        }
        self._files.write({NORMALIZED: parquet_bytes(table), SPLIT: json_bytes(split), SCALING: json_bytes(scaling)})

    def read_normalized(self) -> Normalized:
        """Read the normalized table, the split and the scaling, and the settings that made them."""
        scaling = self._files.read_json(SCALING, facts.Scaling)
        split = self._files.read_json(SPLIT, facts.Split)
        settings = Normalize.model_validate(scaling["settings"])
        names = (*settings.features, settings.target)
        table = self._files.read_parquet(NORMALIZED, dict.fromkeys(names, pa.float64()))
        numbers = np.column_stack([table[name].to_numpy() for name in names])
        if not np.isfinite(numbers).all():
            raise broken(NORMALIZED, "holds numbers that are not finite")
        rows = [split[f"{part}_rows"] for part in ("train", "validation", "test")]
        if sorted(itertools.chain(*rows)) != list(range(len(numbers))):
            raise broken(SPLIT, f"does not have each of the {len(numbers)} rows of {NORMALIZED} in one part")
        return Normalized(
            settings=settings,
            features=np.ascontiguousarray(numbers[:, :-1]),
            target=numbers[:, -1].copy(),
            split=Split(*(np.array(part, np.int64) for part in rows)),
            scaling=Scaling(np.array(scaling["mean"], np.float64), np.array(scaling["deviation"], np.float64)),
        )

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
        return self._files.read_json(TRAINING, facts.Training)

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
        return self._files.read_json(METRICS, facts.Metrics)

    def read_circumstances(self) -> dict[str, Any] | None:
        """Read when, how fast and from which source the recorded run came, or `None` where it is of another run."""
        try:
            told = self._files.read_json(CIRCUMSTANCES, facts.Circumstances)
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
