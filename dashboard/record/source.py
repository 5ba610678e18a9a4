"""Where the table of a record lies: a worker reads the very rows that a page shows, and no pipe carries them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from dashboard.record.kept import lay_out_committed
from pipeline.params import Normalize
from pipeline.record.store import Store
from pipeline.safety.errors import UserError
from pipeline.tables.preparation import PreparedData, prepare
from pipeline.tables.store import RAW


@dataclass(frozen=True)
class Source:
    """The project folder and the hash of its raw table; and whether that is the committed run's, not in its place."""

    root: Path
    raw_sha256: str
    committed: bool = False

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """Give a store with the files of the record; the committed run's are put together while the `with` lasts."""
        if not self.committed:
            yield Store(self.root)
            return
        with tempfile.TemporaryDirectory(prefix="run-") as folder:
            lay_out_committed(self.root, Path(folder))
            yield Store(Path(folder))


@lru_cache(maxsize=2)  # runs on the same rows follow each other, and a branch its parent
def read_prepared(source: Source, normalize: Normalize) -> PreparedData:
    """Read the rows of a record, normalized as `normalize` says: from the file that has them so, or from the raw table.

    Raises `UserError` where another table is there now, and for what the stage normalize refuses.
    """
    with source.opened() as store:
        if _is_normalized(store, source, normalize):
            data = store.read_normalized()
            if _is_normalized(store, source, normalize):  # the stage may have replaced one file after another
                return data
    table, tfjs_test_rows = read_table(source)
    return prepare(table, normalize, tfjs_test_rows)


def _is_normalized(store: Store, source: Source, normalize: Normalize) -> bool:
    _check_unchanged(store, source)
    made = store.read_scaling()
    return made.raw_sha256 == source.raw_sha256 and made.settings == normalize


@lru_cache(maxsize=1)
def read_table(source: Source) -> tuple[pd.DataFrame, list[int]]:
    """Read the raw table, and the rows that the split tfjs keeps for the test. Raises as `read_prepared` does."""
    with source.opened() as store:
        _check_unchanged(store, source)
        found = store.read_raw(), store.tfjs_test_rows()
        _check_unchanged(store, source)
    return found


def _check_unchanged(store: Store, source: Source) -> None:
    if store.raw_sha256() != source.raw_sha256:
        raise UserError(f"{RAW} is no longer the table that this page shows; reload the page, then try again")
