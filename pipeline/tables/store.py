"""The tables of data/: the only reader and writer of what the stages download and normalize make."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.params import Normalize
from pipeline.safety.errors import UserError
from pipeline.safety.files import Files, broken, json_bytes, parquet_bytes, sha256
from pipeline.tables import reading, schemas
from pipeline.tables.prepared import PreparedData
from pipeline.tables.scaling import Scaling
from pipeline.tables.splits import Split

ROOT: Final = Path(__file__).resolve().parents[2]

TFJS_SPLIT: Final = "data/tfjs_split.json"
DOWNLOAD_TIMES: Final = "data/download_times.csv"
RAW: Final = "data/raw.csv"
RAW_SOURCE: Final = "data/raw_source.json"
NORMALIZED: Final = "data/normalized.parquet"
SPLIT: Final = "data/split.json"
SCALING: Final = "data/scaling.json"


class TableStore:
    """The tables below one folder: the project itself, or a copy of it."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self._files = Files(root)

    def tfjs_test_rows(self) -> list[int]:
        """The 173 rows (0-based) that the TensorFlow.js example keeps for its test."""
        rows: list[int] = self._files.read_json(TFJS_SPLIT, schemas.TfjsSplit)["test_rows"]
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
            return reading.parse(self._files.read_as_it_is(csv), csv)
        except OSError as error:
            raise UserError(f"download.csv is {csv!r}, which cannot be read: {error.strerror}") from None

    def write_raw(self, table: pd.DataFrame, source: Mapping[str, str]) -> None:
        """Write the raw table in canonical form, and beside it where it came from."""
        content = reading.canonical(table)
        note = {"raw_sha256": sha256(content), **source}
        self._files.write({RAW: content, RAW_SOURCE: json_bytes(note)})

    def read_raw(self) -> pd.DataFrame:
        """Read the raw table: (rows, columns), every cell a finite number."""
        content = self._files.read(RAW)
        try:
            return reading.parse(content, RAW)
        except UserError as error:
            raise broken(RAW, f"is not a table of numbers ({error})") from None

    def read_raw_source(self) -> dict[str, str] | None:
        """Say where the raw table came from, or `None` where that is not known of these bytes."""
        try:
            note = self._files.read_json(RAW_SOURCE, schemas.Origin)
            return note if note["raw_sha256"] == sha256(self._files.read(RAW)) else None
        except UserError:
            return None

    def write_normalized(self, data: PreparedData) -> None:
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

    def read_normalized(self) -> PreparedData:
        """Read the normalized table, the split and the scaling, and the settings that made them."""
        scaling = self._files.read_json(SCALING, schemas.Scaling)
        split = self._files.read_json(SPLIT, schemas.Split)
        settings = Normalize.model_validate(scaling["settings"])
        names = (*settings.features, settings.target)
        table = self._files.read_parquet(NORMALIZED, dict.fromkeys(names, pa.float64()))
        numbers = np.column_stack([table[name].to_numpy() for name in names])
        if not np.isfinite(numbers).all():
            raise broken(NORMALIZED, "holds numbers that are not finite")
        rows = [split[f"{part}_rows"] for part in ("train", "validation", "test")]
        if sorted(itertools.chain(*rows)) != list(range(len(numbers))):
            raise broken(SPLIT, f"does not have each of the {len(numbers)} rows of {NORMALIZED} in one part")
        return PreparedData(
            settings=settings,
            features=np.ascontiguousarray(numbers[:, :-1]),
            target=numbers[:, -1].copy(),
            split=Split(*(np.array(part, np.int64) for part in rows)),
            scaling=Scaling(np.array(scaling["mean"], np.float64), np.array(scaling["deviation"], np.float64)),
        )
