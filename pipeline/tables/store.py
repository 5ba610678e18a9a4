"""The tables of data/: the only reader and writer of what the stages download and normalize make."""

import hashlib
from itertools import chain, count, repeat
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.params import PARAMS_FILE, Normalize
from pipeline.safety.errors import UserError
from pipeline.safety.files import Files, broken, json_bytes
from pipeline.safety.schema import Facts, Hash, RowNumbers
from pipeline.tables import reading
from pipeline.tables.blocks import (
    DataOnDisk,
    check_row_groups,
    fits_in_memory,
    raw_order,
    row_groups,
    write_row_groups,
)
from pipeline.tables.encoding import Encoding
from pipeline.tables.preparation import PreparedData, PreparedFile, Rows
from pipeline.tables.reading import OpenTable, Reading
from pipeline.tables.scaling import Scaling
from pipeline.tables.splits import Split, SplitRule
from pipeline.tables.typed import Typed

ROOT: Final = PARAMS_FILE.parent

TFJS_SPLIT: Final = "data/tfjs_split.json"
DOWNLOAD_TIMES: Final = "data/download_times.csv"
RAW: Final = "data/raw.csv"
RAW_SOURCE: Final = "data/raw_source.json"
NORMALIZED: Final = "data/normalized.parquet"
SPLIT: Final = "data/split.json"
SCALING: Final = "data/scaling.json"


class RawSource(Facts):
    """raw_source.json: where the raw table with this hash came from."""

    raw_sha256: Hash
    source: str
    fetched: str


class TfjsSplit(Facts):
    """tfjs_split.json: the rows that the TensorFlow.js example keeps for its test."""

    what: str
    test_rows: RowNumbers


class ScalingFile(Facts):
    """scaling.json: which raw table was normalized, with which settings, and the encoding and scaling it led to."""

    raw_sha256: Hash
    settings: Normalize
    encoding: Encoding
    scaling: Scaling


class TableStore:
    """The tables below one folder: the project itself, or a copy of it."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self._files = Files(root)

    def tfjs_test_rows(self) -> list[int]:
        """The 173 rows (0-based) that the TensorFlow.js example keeps for its test."""
        return [int(row) for row in self._files.read_json(TFJS_SPLIT, TfjsSplit).test_rows]

    def download_times(self) -> pd.DataFrame:
        """Read the bundled table of downloads: split (train or test), size_mb and time_sec, 40 rows."""
        return self._files.read_csv(DOWNLOAD_TIMES, {"split": "str", "size_mb": "float64", "time_sec": "float64"})

    def read_table(self, csv: str) -> Reading:
        """Read the table that `download.csv` names, a file below the folder or anywhere else. Raises `UserError`."""
        return self.open_table(csv).read()

    def open_table(self, csv: str) -> OpenTable:
        """Find out what is in the table that `download.csv` names, as `read_table` does."""
        path = self.root / csv
        try:
            if path.exists() and not path.is_file():  # a device or a pipe would never end
                raise UserError(f"download.csv is {csv!r}, which is not a file")
            self._files.see_as_it_is(csv)
            return reading.open_table(path, csv)
        except OSError as error:
            raise UserError(f"download.csv is {csv!r}, which cannot be read: {error.strerror}") from None

    def write_raw(self, table: Typed, source: str, fetched: str) -> None:
        """Write the raw table in canonical form, and beside it where it came from and when."""
        digest = hashlib.sha256()

        def write(path: Path) -> None:
            with path.open("wb") as file:
                for piece in table.lines():
                    digest.update(piece)
                    file.write(piece)

        def note(path: Path) -> None:
            path.write_bytes(json_bytes(RawSource(raw_sha256=digest.hexdigest(), source=source, fetched=fetched)))

        self._files.write({RAW: write, RAW_SOURCE: note})

    def read_raw(self) -> pd.DataFrame:
        """Read the raw table: (rows, columns), whose columns are of the dtypes that `reading.read` gives."""
        return self.open_raw().read().table

    def open_raw(self) -> OpenTable:
        """Find out what is in the raw table, without reading it into memory."""
        self._files.see(RAW)
        try:
            return reading.open_raw(self.root / RAW, RAW)
        except UserError as error:
            raise broken(RAW, f"is not a table ({error})") from None

    def read_raw_source(self) -> RawSource | None:
        """Say where the raw table came from, or `None` where that is not known of these bytes."""
        try:
            note = self._files.read_json(RAW_SOURCE, RawSource)
            return note if note.raw_sha256 == self._files.see(RAW).sha256 else None
        except UserError:
            return None

    def normalize(self, prepared: PreparedFile) -> None:
        """Normalize the raw table block by block; write it, the split, the encoding and the scaling."""
        fitted = prepared.fitted
        scaling = ScalingFile(
            raw_sha256=self._files.see(RAW).sha256,
            settings=fitted.settings,
            encoding=fitted.encoding,
            scaling=fitted.scaling,
        )
        rule = fitted.split if isinstance(fitted.split, SplitRule) else None
        names = [*fitted.names, fitted.settings.target]

        def table(rows: Rows) -> pa.Table:
            return pa.table([*rows.features.T, rows.target], names=names)

        # `map` holds on to nothing: a block is gone before the next one is read.
        groups = chain.from_iterable(map(row_groups, map(table, prepared.blocks()), repeat(rule), count()))
        self._files.write(
            {
                NORMALIZED: lambda path: write_row_groups(path, groups),
                SPLIT: json_bytes(fitted.split),
                SCALING: json_bytes(scaling),
            }
        )

    def raw_sha256(self) -> str:
        """The hash of the raw table that is there now."""
        return self._files.see(RAW).sha256

    def read_scaling(self) -> ScalingFile:
        """Read which raw table was normalized, with which settings, and the encoding and scaling it led to."""
        return self._files.read_json(SCALING, ScalingFile)

    def open_normalized(self, in_blocks: bool = False) -> PreparedData | DataOnDisk:
        """Read the normalized table as `read_normalized` does, or in blocks where it does not fit into memory.

        A table that has blocks and would fit is read in blocks too if `in_blocks`.
        """
        rule, scaling = self._read_rule(), self._files.read_json(SCALING, ScalingFile)
        names = (*scaling.encoding.names, scaling.settings.target)
        if rule is None or (not in_blocks and fits_in_memory(rule.rows, len(names))):
            return self.read_normalized()
        path = self._files.path(NORMALIZED)
        check_row_groups(path, NORMALIZED, dict.fromkeys(names, pa.float64()), rule)
        return DataOnDisk(path, scaling.settings, rule, scaling.encoding, scaling.scaling)

    def _read_rule(self) -> SplitRule | None:
        """The rule in split.json, which begins with its number of rows; `None` where it lists the rows instead."""
        return self._files.read_json(SPLIT, SplitRule) if b'"rows"' in self._files.read(SPLIT)[:20] else None

    def read_normalized(self) -> PreparedData:
        """Read the normalized table, the split, the encoding and the scaling, and the settings that made them."""
        scaling = self._files.read_json(SCALING, ScalingFile)
        rule, settings = self._read_rule(), scaling.settings
        split = rule.listed() if rule else self._files.read_json(SPLIT, Split)
        names = (*scaling.encoding.names, settings.target)
        columns = dict.fromkeys(names, pa.float64())
        table = self._files.read_parquet(NORMALIZED, columns)
        if rule:
            check_row_groups(self.root / NORMALIZED, NORMALIZED, columns, rule)
        rows = np.concatenate(list(split.parts().values()))
        if not np.array_equal(np.sort(rows), np.arange(table.num_rows)):
            raise broken(SPLIT, f"does not have each of the {table.num_rows} rows of {NORMALIZED} in one part")
        numbers = np.column_stack([table[name].to_numpy() for name in names])[raw_order(rule, table.num_rows)]
        return PreparedData(
            settings=settings,
            features=np.ascontiguousarray(numbers[:, :-1]),
            target=numbers[:, -1].copy(),
            split=split,
            encoding=scaling.encoding,
            scaling=scaling.scaling,
        )
