"""The table of a sweep: one row for each run, in the order of the grid, the same bytes on whichever machine."""

import contextlib
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.params import Normalize, Train
from pipeline.record.metrics import METRICS
from pipeline.record.runs import Status
from pipeline.safety.atomic import put
from pipeline.safety.errors import UserError
from pipeline.safety.files import json_bytes, parquet_bytes, sha256, short
from pipeline.safety.schema import Facts, Hash
from pipeline.sweep.grid import Grid
from pipeline.tables.splits import PARTS

SWEEPS: Final = "data/sweeps"

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,59}")
_NOTE: Final = b"sweep"
_PACKAGE: Final = Path(__file__).parents[1]
_COMPUTED_BY: Final = ("tensorflow", "keras", "numpy")
_TYPES: Final[dict[Any, pa.DataType]] = {bool: pa.bool_(), int: pa.int64(), float: pa.float64()}


@dataclass(frozen=True)
class Outcome:
    """What is kept of a run: how it ended, its losses, and its `scores` by the names of `score_names`.

    `training_loss` and `validation_loss` are those of its last finite epoch, and the `best_epoch` is the one with the
    lowest validation loss; 0 for none. A number that is not finite is `None`.
    """

    status: Status
    epochs_run: int
    training_loss: float | None
    validation_loss: float | None
    best_epoch: int
    best_validation_loss: float | None
    scores: Mapping[str, float | None]


class Sweep(Facts):
    """What determines the table of a sweep: the runs, the rows that they share, and the code, by its hash."""

    grid: Grid
    normalize: Normalize
    raw_sha256: Hash
    code: Hash

    @cached_property
    def key(self) -> str:
        """The same for the same sweep."""
        return sha256(json_bytes(self))

    @property
    def schema(self) -> pa.Schema:
        """The columns: what varies, then what came of it."""
        kinds = {axis.setting: Train.model_fields[axis.setting].annotation for axis in self.grid.axes}
        columns = {setting: _TYPES.get(kind, pa.string()) for setting, kind in kinds.items()}
        columns |= {"status": pa.string(), "epochs_run": pa.int64()}
        columns |= {"training_loss": pa.float64(), "validation_loss": pa.float64()}
        columns |= {"best_epoch": pa.int64(), "best_validation_loss": pa.float64()}
        columns |= dict.fromkeys(score_names(), pa.float64())
        return pa.schema(list(columns.items()))


def score_names() -> list[str]:
    """The names of all scores of a run, `train_mse` to `test_r2`."""
    return [f"{part}_{metric}" for part in PARTS for metric in METRICS]


def check_name(name: str | None) -> None:
    """Raise `UserError` for a name that a table cannot have."""
    if name is not None and not _NAME.fullmatch(name):
        raise UserError(
            f"{name[:60]!r} cannot name a sweep: use 1 to 60 letters A-Z and a-z, digits and - _ . +, "
            "with a letter or a digit first"
        )


@cache
def code_version() -> str:
    """A hash of the code of the pipeline, and of the versions of what it computes with."""
    files = {str(path.relative_to(_PACKAGE)): sha256(path.read_bytes()) for path in sorted(_PACKAGE.rglob("*.py"))}
    return sha256(repr([*files.items(), *((name, version(name)) for name in _COMPUTED_BY)]).encode())


def read_sweep(path: Path) -> tuple[Sweep, pa.Table]:
    """Read the table of a finished sweep, and which sweep it is. Raises `UserError` for any other file."""
    try:
        table = pq.read_table(path, use_threads=False)
        return Sweep.model_validate_json((table.schema.metadata or {})[_NOTE]), table
    except (pa.ArrowException, OSError, LookupError, ValueError) as error:
        problem = " ".join(str(error).split())[:200]
        raise UserError(f"{path.name} is not the table of a sweep ({problem}); delete it, and sweep again") from None


class Results:
    """The table of one sweep below `root`, and the chunks of it that are finished so far, one file for each."""

    def __init__(self, root: Path, sweep: Sweep, name: str | None, chunks: Sequence[Sequence[int]]) -> None:
        self.root, self.sweep, self._chunks = root, sweep, chunks
        self.place = f"{SWEEPS}/{name or short(sweep.key)}.parquet"
        self._path = root / self.place
        self._folder = root / SWEEPS / f"{short(sweep.key)}.unfinished"

    def is_whole(self) -> bool:
        """Whether the table is there. Raises `UserError` where its place is taken by another one."""
        if not self._path.exists():
            return False
        if read_sweep(self._path)[0].key != self.sweep.key:
            raise UserError(
                f"{self.place} holds a sweep with other settings, rows or code; delete it, or choose another --name"
            )
        return True

    def missing(self) -> dict[int, Sequence[int]]:
        """The chunks that are not finished: their runs by their numbers."""
        return {at: runs for at, runs in enumerate(self._chunks) if self._read(at) is None}

    def keep(self, number: int, outcomes: Sequence[Outcome]) -> None:
        """Write a finished chunk."""
        rows: list[dict[str, Any]] = []
        names = [axis.setting for axis in self.sweep.grid.axes]
        for run, outcome in zip(self._chunks[number], outcomes, strict=True):
            varied = dict(zip(names, self.sweep.grid.values(run), strict=True))
            rows.append({**varied, **vars(outcome), **outcome.scores})
        self._write(self._file(number), pa.Table.from_pylist(rows, self.sweep.schema), self.sweep.key.encode())

    def merge(self) -> pa.Table:
        """Put all chunks, which must be finished, into one table in the order of the grid; take them away."""
        tables = [self._read(number) for number in range(len(self._chunks))]
        order = np.argsort(np.concatenate([np.asarray(runs) for runs in self._chunks]))
        table = pa.concat_tables([each for each in tables if each is not None]).take(order).combine_chunks()
        self._write(self._path, table, json_bytes(self.sweep))
        shutil.rmtree(self._folder, ignore_errors=True)
        return table

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.parquet"

    def _read(self, number: int) -> pa.Table | None:
        """A finished chunk; one that was damaged counts as unfinished."""
        with contextlib.suppress(pa.ArrowException, OSError, ValueError):
            table = pq.read_table(self._file(number), use_threads=False)
            if (table.schema.metadata or {}).get(_NOTE) == self.sweep.key.encode():
                return table if table.num_rows == len(self._chunks[number]) else None
        return None

    def _write(self, path: Path, table: pa.Table, note: bytes) -> None:
        """Write a table with a note on the sweep that it is of: all of it, or for a chunk its key."""
        put(path, parquet_bytes(table.replace_schema_metadata({_NOTE: note})), self.place)


def finished(root: Path) -> Iterator[Path]:
    """The tables of the sweeps below a folder, the newest first."""
    yield from sorted((root / SWEEPS).glob("[!.]*.parquet"), key=lambda path: path.stat().st_mtime, reverse=True)
