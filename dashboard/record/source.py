"""Where the table of a record lies: a worker reads the very rows that a page shows, and no pipe carries them."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from pipeline.params import Normalize
from pipeline.safety.errors import UserError
from pipeline.tables.preparation import PreparedData, prepare
from pipeline.tables.store import RAW, TableStore


@dataclass(frozen=True)
class Source:
    """The project folder of a record, and the hash of its raw table."""

    root: Path
    raw_sha256: str


@lru_cache(maxsize=2)  # runs on the same rows follow each other, and a branch its parent
def read_prepared(source: Source, normalize: Normalize) -> PreparedData:
    """Read the rows of a record, normalized as `normalize` says: from the file that has them so, or from the raw table.

    Raises `UserError` where another table is there now, and for what the stage normalize refuses.
    """
    if _is_normalized(source, normalize):
        data = TableStore(source.root).read_normalized()
        if _is_normalized(source, normalize):  # the stage may have replaced one file after the other meanwhile
            return data
    table, tfjs_test_rows = read_table(source)
    return prepare(table, normalize, tfjs_test_rows)


def _is_normalized(source: Source, normalize: Normalize) -> bool:
    made = _unchanged(source).read_scaling()
    return made.raw_sha256 == source.raw_sha256 and made.settings == normalize


@lru_cache(maxsize=1)
def read_table(source: Source) -> tuple[pd.DataFrame, list[int]]:
    """Read the raw table, and the rows that the split tfjs keeps for the test. Raises as `read_prepared` does."""
    store = _unchanged(source)
    found = store.read_raw(), store.tfjs_test_rows()
    _unchanged(source)
    return found


def _unchanged(source: Source) -> TableStore:
    store = TableStore(source.root)
    if store.raw_sha256() != source.raw_sha256:
        raise UserError(f"{RAW} is no longer the table that this page shows; reload the page, then try again")
    return store
