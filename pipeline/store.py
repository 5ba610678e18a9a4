"""The only reader and writer of data/: it owns every path, and writes whole files or none."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline import tables
from pipeline.errors import UserError
from pipeline.files import BrokenFileError, Files, broken, csv_bytes, json_bytes, parquet_bytes, sha256
from pipeline.layers import Layer
from pipeline.params import Normalize
from pipeline.runs import Normalized, Run
from pipeline.scaling import Scaling
from pipeline.scores import six_digits
from pipeline.splits import Split

_FACTS: Final = ("status", "epochs_run", "device", "versions", "settings", "layers", "sha256")

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
        return [int(row) for row in self._files.read_json(TFJS_SPLIT, "test_rows")["test_rows"]]

    def download_times(self) -> pd.DataFrame:
        """Read the bundled table of downloads: split (train or test), size_mb and time_sec, 40 rows."""
        return self._files.read_csv(DOWNLOAD_TIMES, "split", "size_mb", "time_sec")

    def read_table(self, name: str) -> bytes:
        """Read a CSV file of the project as it is. Raises `OSError`."""
        return self._files.read_as_it_is(name)

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
            note = self._files.read_json(RAW_SOURCE, "raw_sha256")
        except UserError:
            return None
        return note if note["raw_sha256"] == sha256(self._files.read(RAW)) else None

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
        scaling = self._files.read_json(SCALING, "settings", "mean", "deviation")
        split = self._files.read_json(SPLIT, "train_rows", "validation_rows", "test_rows")
        try:
            settings = Normalize.model_validate(scaling["settings"])
            mean, deviation = np.array(scaling["mean"], np.float64), np.array(scaling["deviation"], np.float64)
            parts = [np.array(split[f"{part}_rows"], np.int64) for part in ("train", "validation", "test")]
        except (ValueError, TypeError) as error:
            raise broken(f"{SCALING} or {SPLIT}", f"does not hold what it should ({error})") from None
        table = self._files.read_parquet(NORMALIZED, *settings.features, settings.target)
        return Normalized(
            settings=settings,
            features=np.column_stack([table[name].to_numpy() for name in settings.features]),
            target=table[settings.target].to_numpy(),
            split=Split(*parts),
            scaling=Scaling(mean, deviation),
        )

    def write_run(
        self,
        run: Run,
        predictions: pd.DataFrame,
        model: bytes,
        facts: Mapping[str, Any],
        circumstances: Mapping[str, Any],
    ) -> None:
        """Write all that training records. `facts` are the same for the same run; `circumstances` vary."""
        files = {**tables_of(run, predictions), MODEL: model}
        layout = [asdict(layer) for layer in run.layers]
        hashes = {Path(name).name: sha256(content) for name, content in files.items()}
        facts = {"status": run.status, "epochs_run": run.epochs_run, **facts, "layers": layout, "sha256": hashes}
        circumstances = {"weights_sha256": hashes["weights.parquet"], **circumstances}
        self._files.write({**files, TRAINING: json_bytes(facts), CIRCUMSTANCES: json_bytes(circumstances)})

    def read_run(self) -> Run:
        """Read the recorded run. Raises `BrokenFileError` when its files are not all of one run."""
        facts = self.read_training()
        for name in (WEIGHTS, HISTORY, PREDICTIONS):
            if sha256(self._files.read(name)) != facts["sha256"][Path(name).name]:
                raise BrokenFileError(f"{name} is not of the run that {TRAINING} tells of; run `dvc repro` again")
        path = self._files.read_parquet(WEIGHTS, "epoch", "weights")
        layers = tuple(Layer(**layer) for layer in facts["layers"])
        flat = path["weights"].combine_chunks().flatten().to_numpy()
        return Run(
            status=facts["status"],
            history=self._files.read_csv(HISTORY, "epoch", "training_loss", "validation_loss"),
            epochs=path["epoch"].to_numpy(),
            weights=flat.reshape(len(path), sum(layer.size for layer in layers)),
            layers=layers,
        )

    def read_training(self) -> dict[str, Any]:
        """Read the facts of the recorded run: status, epochs run, device, versions, settings, layers, hashes."""
        return self._files.read_json(TRAINING, *_FACTS)

    def read_model(self) -> bytes:
        """Read the trained model as a `.keras` archive."""
        return self._files.read(MODEL)

    def read_predictions(self) -> pd.DataFrame:
        """Read row, part, actual, predicted and residual of every row of the table, as training wrote them."""
        if sha256(self._files.read(PREDICTIONS)) != self.read_training()["sha256"].get(Path(PREDICTIONS).name):
            raise BrokenFileError(f"{PREDICTIONS} is not of the run that {TRAINING} tells of; run `dvc repro` again")
        return self._files.read_csv(PREDICTIONS, "row", "part", "actual", "predicted", "residual")

    def write_metrics(self, metrics: Mapping[str, Any]) -> None:
        """Write the metrics of the recorded run."""
        self._files.write({METRICS: json_bytes(metrics)})

    def read_metrics(self) -> dict[str, Any]:
        """Read the metrics of the recorded run."""
        return self._files.read_json(METRICS, "train", "validation", "test", "baseline", "status", "weights_sha256")

    def read_circumstances(self) -> dict[str, Any] | None:
        """Read when, how fast and from which source the recorded run came, or `None` where it is of another run."""
        try:
            told = self._files.read_json(CIRCUMSTANCES, "weights_sha256")
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
