"""A table: read from a file of any usual kind, checked, and written in one canonical form."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionDtype
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from pipeline.safety.errors import UserError
from pipeline.tables.sheets import Sheet, open_canonical, open_sheet

MIN_ROWS: Final = 10
MAX_COLUMNS: Final = 500


@dataclass(frozen=True)
class Reading:
    """A table as it was read: `notes` say how it is written and what was decided, where that is not as usual.

    The columns of `table` (rows, columns) are of the dtypes float64, boolean, datetime64 or str.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]
    sheet: Sheet

    def place(self, row: int) -> str:
        """Say where a row (0-based) of the table stands in the file: `houses.csv, line 27`."""
        return self.sheet.place(row)


def parse(raw: bytes, name: str) -> pd.DataFrame:
    """Read a table: (rows, columns); see `read`."""
    return read(raw, name).table


def read(raw: bytes, name: str) -> Reading:
    """Read a CSV or Parquet file, compressed with gzip or not. Raises `UserError` for what is no table.

    A column holds numbers, yes and no, or dates if each of its cells is one or a gap, and text otherwise.
    """
    return _checked(open_sheet(raw, name))


def read_canonical(raw: bytes, name: str) -> pd.DataFrame:
    """Read what `canonical` wrote: the same table, its dtypes included. Raises `UserError`."""
    return _checked(open_canonical(raw, name)).table


def _checked(sheet: Sheet) -> Reading:
    name, (names, notes) = sheet.name, _named(sheet)
    if len(names) < 2:
        raise UserError(f"{name} has one column; expected a target and at least one feature")
    if len(names) > MAX_COLUMNS:
        raise UserError(f"{name} has {len(names)} columns; at most {MAX_COLUMNS} are handled")
    twice = next((column for column, count in Counter(names.values()).items() if count > 1), None)
    if twice is not None:
        raise UserError(f"{name} has two columns named {twice!r}; give each its own name")
    if sheet.columns.rows < MIN_ROWS:
        raise UserError(
            f"{name} has {sheet.columns.rows} rows of data; at least {MIN_ROWS} are needed to split and to fit"
        )
    table = sheet.table({column: place for place, column in names.items()})
    if sheet.columns.decimal_comma:
        notes = ["decimal comma", *notes]
    return Reading(table, (*sheet.notes, *notes), sheet)


def _named(sheet: Sheet) -> tuple[dict[int, str], list[str]]:
    """A name for each column, by its place, and what to say of those that the file does not name.

    A nameless column without values is left out: it comes of a separator at the end of each line.
    """
    nameless = [place for place, name in enumerate(sheet.names) if not name]
    empty = sheet.columns.are_empty(nameless)
    if not sheet.has_header:  # a column without a name or a value within the table is still one
        empty = [place for place in empty if set(range(place, len(sheet.names))) <= set(empty)]
    names = {place: name or f"column_{place + 1}" for place, name in enumerate(sheet.names) if place not in empty}
    made = [place for place in nameless if place not in empty]
    if not sheet.has_header:
        return names, [f"no header (columns named {', '.join(list(names.values())[:2])} ...)"]
    if made[:1] == [0] and "index" not in sheet.names:
        names[0] = "index"
    return names, [f"column {place + 1} has no name (named {names[place]})" for place in made]


def canonical(table: pd.DataFrame) -> bytes:
    """Write a table as CSV: LF, numbers in the shortest digits that read back, true, false, ISO dates, gaps empty."""
    columns = [f"c{place}" for place in range(table.shape[1])]
    cells = pa.Table.from_pandas(table.set_axis(columns, axis=1), preserve_index=False)
    written = [_written(column, kind) for column, kind in zip(columns, table.dtypes, strict=True)]
    rows = (
        duckdb.connect().from_arrow(cells).project(f"concat_ws(',', {', '.join(written)}) AS row").fetchnumpy()["row"]
    )
    header = ",".join(map(_quoted, map(str, table.columns)))
    return "\n".join([header, *rows, ""]).encode()


def _written(column: str, kind: np.dtype[Any] | ExtensionDtype) -> str:
    """How the cells of a column are written, in SQL."""
    if is_bool_dtype(kind):
        form = "{}::VARCHAR"
    elif is_numeric_dtype(kind):
        form = r"regexp_replace({}::VARCHAR, '\.0$', '')"
    elif is_datetime64_any_dtype(kind):
        form = "CASE WHEN {}::TIME = '00:00:00' THEN {}::DATE::VARCHAR ELSE {}::VARCHAR END"
    else:
        form = """CASE WHEN regexp_matches({}, '[,"\n\r]') THEN '"' || replace({}, '"', '""') || '"' ELSE {} END"""
    return f"coalesce({form.replace('{}', column)}, '')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if re.search(r'[,"\n\r]', name) else name


def check_columns(columns: Sequence[str], target: str, features: Sequence[str]) -> None:
    """Raise `UserError` for the first name in `params.yaml` that the table does not have."""
    for key, names in (("target", (target,)), ("features", features)):
        for name in names:
            if name not in columns:
                raise UserError(f"normalize.{key} names the column {name!r}; the table has {', '.join(columns)}")
