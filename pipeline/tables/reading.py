"""A table: read from a file of any usual kind, or in its canonical form, and checked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.safety.errors import UserError
from pipeline.tables.sheets import Sheet, open_canonical, open_sheet
from pipeline.tables.typed import Typed

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


@dataclass(frozen=True)
class OpenTable:
    """A table that was checked, and whose cells are still in the file: it may be larger than the memory.

    What `columns` are is known of each, by name. `notes` are those of `Reading`.
    """

    columns: Typed
    notes: tuple[str, ...]
    sheet: Sheet

    def read(self) -> Reading:
        """Read it as a whole."""
        return Reading(self.columns.table(), self.notes, self.sheet)


def parse(raw: bytes, name: str) -> pd.DataFrame:
    """Read a table: (rows, columns); see `read`."""
    return read(raw, name).table


def read(raw: bytes, name: str) -> Reading:
    """Read a CSV or Parquet file, compressed with gzip or not. Raises `UserError` for what is no table.

    A column holds numbers, yes and no, or dates if each of its cells is one or a gap, and text otherwise.
    """
    return open_table(raw, name).read()


def open_table(source: bytes | Path, name: str) -> OpenTable:
    """Find out what is in a table, as `read` does: in the content of a file, or in the file at a path.

    Raises `OSError` too.
    """
    return _checked(open_sheet(source, name))


def open_raw(source: bytes | Path, name: str) -> OpenTable:
    """Find out what is in a table that `Typed.lines` wrote, as `open_table` does."""
    return _checked(open_canonical(source, name))


def _checked(sheet: Sheet) -> OpenTable:
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
    columns = sheet.typed({column: place for place, column in names.items()})
    if sheet.columns.decimal_comma:
        notes = ["decimal comma", *notes]
    return OpenTable(columns, (*sheet.notes, *notes), sheet)


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


def check_columns(columns: Sequence[str], target: str, features: Sequence[str]) -> None:
    """Raise `UserError` for the first name in `params.yaml` that the table does not have."""
    for key, names in (("target", (target,)), ("features", features)):
        for name in names:
            if name not in columns:
                raise UserError(f"normalize.{key} names the column {name!r}; the table has {', '.join(columns)}")
