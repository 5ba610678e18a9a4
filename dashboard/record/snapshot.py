"""The recorded run as the pages see it: one whole snapshot, or a sentence that says what is missing or broken."""

from dataclasses import dataclass, field
from functools import cached_property
from uuid import uuid4

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.record.prepared import ALL, Places, PreparedRows
from dashboard.record.source import Source
from dashboard.text.target import TargetFormat
from pipeline.arrays import Floats, sample_of
from pipeline.params import Normalize
from pipeline.record.predictions import table_of, with_residuals
from pipeline.record.runs import Run
from pipeline.record.schemas import Metrics, RunInfo, Training
from pipeline.tables.preparation import UsedRows
from pipeline.tables.store import TableStore


@dataclass(frozen=True, eq=False)
class Record:
    """A whole recorded run: every part is of one and the same run; `format` writes amounts and names of columns.

    `raw` is the whole raw table. `data` are its rows that are used, numbered from 0, and `predicted` (rows,) is what
    the run predicts for them. No two records that were read, of whatever run, have the same `token`.
    """

    raw: pd.DataFrame
    source: Source
    data: PreparedRows
    run: Run
    predicted: Floats
    metrics: Metrics
    training: Training
    run_info: RunInfo | None
    format: TargetFormat
    token: str = field(default_factory=lambda: uuid4().hex)

    def predictions(self, rows: Places = ALL) -> pd.DataFrame:
        """What was recorded of some rows: row, part, actual, predicted, residual (actual - predicted)."""
        numbers, places = np.arange(len(self.predicted))[rows], self.data.places[rows]
        return with_residuals(table_of(numbers, places, self.data.target[rows], self.predicted[rows]))

    def sample(self, part: str) -> NDArray[np.int64]:
        """The rows of a part of the split that stand for it in a picture, in order: all, or some drawn by seed."""
        rows = np.sort(self.data.split.parts()[part])
        return rows[sample_of(len(rows))]

    def prepared(self, normalize: Normalize) -> PreparedRows:
        """The rows of the raw table, normalized as `normalize` says. Raises `UserError` as the stage normalize does."""
        if normalize == self.data.settings:
            return self.data
        for other in self._other:
            if other.settings == normalize:
                return other
        used, token = UsedRows.of(self.raw, normalize), token_of(self.source, normalize)
        data = used.prepare(TableStore(self.source.root).tfjs_test_rows())
        made = PreparedRows(normalize, used.table, data.split, data.encoding, data.scaling, token)
        self._other[:] = [made]
        return made

    @cached_property
    def _other(self) -> list[PreparedRows]:
        """The rows as they were prepared last with other settings, for whichever visitor."""
        return []

    def row_in_words(self, row: int) -> str:
        """Say which row this is: `row 5 of the table`; where rows are left out, its number among all as well."""
        if len(self.data.kept) == len(self.raw):
            return f"row {row} of the table"
        place = UsedRows.of(self.raw, self.data.settings).rows[row]
        return f"row {row} of those that are used, row {place} of the table"


@dataclass(frozen=True)
class Snapshot:
    """The last whole run, if there is one, and what is wrong with the files that are there now, if anything is.

    It may be the `committed` one, because nothing has run here yet.
    """

    record: Record | None
    problem: str | None
    missing: bool = False
    too_large: bool = False
    committed: bool = False


def token_of(source: Source, settings: Normalize) -> str:
    """What rows have in common that were prepared from the same table with the same settings."""
    return f"{source.raw_sha256} {settings.model_dump_json()}"
