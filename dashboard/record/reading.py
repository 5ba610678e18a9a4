"""Reads the recorded run: whole, checked part against part, and again when its files change."""

import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute

from dashboard.record.descriptions import described_table, said_of
from dashboard.record.kept import RECORDED, lay_out_committed
from dashboard.record.prepared import ALL, Places, PreparedRows
from dashboard.record.snapshot import Record, Snapshot, token_of
from dashboard.record.source import Source
from dashboard.text.numbers import format_number
from dashboard.text.target import TargetFormat
from pipeline.arrays import Floats
from pipeline.record import store
from pipeline.record.runs import Run, ending
from pipeline.record.schemas import Metrics
from pipeline.record.store import Store
from pipeline.safety.errors import UserError
from pipeline.safety.files import MissingFileError
from pipeline.tables.blocks import MAX_IN_MEMORY, DataOnDisk, fits_in_memory
from pipeline.tables.datasets import Column
from pipeline.tables.descriptions import place_beside
from pipeline.tables.preparation import PreparedData, Rows, UsedRows
from pipeline.tables.splits import PARTS, ROWS_AT_ONCE
from pipeline.tables.store import NORMALIZED, RAW, SCALING, SPLIT

_OTHER_RAW: Final = f"{NORMALIZED} was not made from {RAW} with {SCALING}; run `dvc repro`"

_FILES: Final = (*RECORDED, store.RUN_INFO)


class TooLargeError(UserError):
    """A table that is trained on in blocks, and shown on no page."""


class Records:
    """Reads the files below `root` again when they change, and goes on showing the last complete run until then.

    Where nothing has run yet, that is the committed run.
    """

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
                except TooLargeError as error:
                    self._snapshot = Snapshot(None, str(error), too_large=True)
                except MissingFileError as error:
                    self._snapshot = self._committed(csv) or Snapshot(self._snapshot.record, str(error), missing=True)
                except UserError as error:
                    self._snapshot = Snapshot(self._snapshot.record, str(error))
                self._state = (*state, words)
            return self._snapshot

    def _committed(self, csv: str | None) -> Snapshot | None:
        """The committed run, unless another was shown, or it cannot be put together."""
        if self._snapshot.record is not None:
            return self._snapshot if self._snapshot.committed else None
        try:
            with tempfile.TemporaryDirectory(prefix="run-") as folder:
                lay_out_committed(self.root, Path(folder))
                record = read_record(Store(Path(folder)), said_of(self.root, csv))
            source = Source(self.root, record.source.raw_sha256, committed=True)
            return Snapshot(replace(record, source=source), None, committed=True)
        except (UserError, OSError):
            return None


def read_record(place: Store, said: tuple[Column, ...] = ()) -> Record:
    """Read a whole run; `said` are words for the columns of a table that is not known.

    Raises `UserError` when a file is missing, broken, or of another run than the others, and `TooLargeError` for a
    table that does not fit into memory.
    """
    training, metrics = place.read_training(), place.read_metrics()
    if metrics.weights_sha256 != training.weights_sha256:
        raise UserError(f"{store.METRICS} is not of the run that {store.TRAINING} describes; run `dvc repro`")
    normalized = place.open_normalized(in_blocks=True)
    opened = place.open_raw()
    if isinstance(normalized, DataOnDisk):
        columns = max(len(normalized.names) + 1, len(opened.columns.kinds))
        if not fits_in_memory(normalized.split.rows, columns):
            raise TooLargeError(_too_large(normalized.split.rows, columns, metrics))
    source = Source(place.root, place.raw_sha256())
    if source.raw_sha256 != place.read_scaling().raw_sha256:
        raise UserError(_OTHER_RAW)
    raw = opened.read().table
    data = _prepared(raw, normalized, source)
    pa.default_memory_pool().release_unused()  # Arrow keeps what reading took for the next time
    run = place.read_run()
    predicted = _predicted(place.open_predictions(), data, run)
    pa.default_memory_pool().release_unused()
    return Record(
        raw=raw,
        source=source,
        data=data,
        run=run,
        predicted=predicted,
        metrics=metrics,
        training=training,
        run_info=place.read_run_info(),
        format=TargetFormat.about(source.raw_sha256, data.target_name, data.encoding, said),
    )


def _too_large(rows: int, columns: int, metrics: Metrics) -> str:
    """Say why a run is not shown, what it achieved, and what to do."""
    return (
        f"The table of this run, {rows:,} rows, does not fit into the memory of the pages: of {columns} columns they "
        f"show at most {MAX_IN_MEMORY // columns:,} rows. The run {ending(metrics.status, metrics.epochs_run)}, with a "
        f"test error (RMSE) of {format_number(metrics.test['rmse'], 5)}; `python -m pipeline.report` prints its "
        "metrics. To look at such a run here, record one on a part of the rows"
    )


def _prepared(raw: pd.DataFrame, normalized: PreparedData | DataOnDisk, source: Source) -> PreparedRows:
    """The rows as the pages see them. Raises `UserError` unless they make exactly what was `normalized`."""
    settings = normalized.settings
    try:
        used = UsedRows.of(raw, settings)
    except UserError:
        raise UserError(_OTHER_RAW) from None
    kept, split = used.table, normalized.split.listed()
    data = PreparedRows(settings, kept, split, normalized.encoding, normalized.scaling, token_of(source, settings))
    if (
        used.kinds != data.encoding.kinds
        or len(kept) != sum(split.sizes.values())
        or not all(
            np.array_equal(data.features(rows), those.features) and np.array_equal(data.target[rows], those.target)
            for rows, those in _blocks(normalized)
        )
    ):
        raise UserError(_OTHER_RAW)
    return data


def _blocks(normalized: PreparedData | DataOnDisk) -> Iterator[tuple[Places, Rows]]:
    """What was normalized, in blocks, with the numbers of its rows."""
    if isinstance(normalized, PreparedData):
        yield ALL, Rows(normalized.features, normalized.target)
        return
    for block in range(normalized.split.blocks):
        places = normalized.split.places(block)
        for place, name in enumerate(PARTS):
            yield block * ROWS_AT_ONCE + np.flatnonzero(places == place), normalized.part(name).block(block)


def _predicted(predictions: pa.Table, data: PreparedRows, run: Run) -> Floats:
    """What the run predicts (rows,). Raises `UserError` unless it trained on these rows and these parts of them."""
    rows, order = predictions["row"].to_numpy(), np.empty(len(data.kept), np.int64)
    if len(rows) == len(order) and np.array_equal(np.sort(rows), np.arange(len(order))):
        order[rows] = np.arange(len(rows))
        places = pa.compute.index_in(predictions["part"], pa.array(PARTS)).to_numpy()
        if (
            run.layers[0].inputs == len(data.names)
            and np.array_equal(places[order], data.places)
            and np.array_equal(predictions["actual"].to_numpy()[order], data.target)
        ):
            return np.asarray(predictions["predicted"].to_numpy()[order], np.float64)
    raise UserError(f"{store.TRAINING} describes a run on rows other than those of {SPLIT}; run `dvc repro`")


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
