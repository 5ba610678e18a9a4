"""A file of any usual kind and dialect, opened: its names and cells, before the cells are read as columns."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.safety.errors import UserError
from pipeline.tables import dialects, refusals
from pipeline.tables.cells import Kind, clean, is_gap
from pipeline.tables.columns import Columns
from pipeline.tables.dialects import OPEN, SEPARATORS, Dialect

_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "temp_directory": "",
}
"""Nothing is fetched, and nothing is written beside the table."""


@dataclass(frozen=True)
class Sheet:
    """The names and cells of a file.

    A column without a name has an empty one; without a header all have. `notes` say how the file is written, where
    that is not with commas, a header and in UTF-8.
    """

    name: str
    names: tuple[str, ...]
    notes: tuple[str, ...]
    columns: Columns
    _dialect: Dialect
    _text: str

    @property
    def has_header(self) -> bool:
        """Whether the file names its columns."""
        return bool(self._dialect.names)

    def table(self, places: Mapping[str, int], kinds: Mapping[str, Kind] | None = None) -> pd.DataFrame:
        """Read the columns at these places (0-based) under these names: (rows, columns); see `Columns.table`."""
        return self.columns.table(places, kinds or {}, self._dialect.separator == ";")

    def place(self, row: int) -> str:
        """Say where a row (0-based) stands: `houses.csv, line 27`."""
        left = row
        for record in _rows(self._text, self._dialect):
            left -= not all(map(is_gap, record.cells))
            if left < 0:
                return f"{self.name}, line {record.line + 1}"
        return f"{self.name}, row {row + 1}"


def open_canonical(raw: bytes, name: str) -> Sheet:
    """Open a table in canonical form. Raises `UserError` for another file."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise UserError(f"{name} is no text in UTF-8 ({error.reason})") from None
    if not text.endswith("\n"):
        raise UserError(f"{name} ends within a line")
    dialect = dialects.canonical(text)
    return Sheet(name, dialect.names, (), _cells(text, dialect, name, null_padding=False), dialect, text)


def open_sheet(raw: bytes, name: str) -> Sheet:
    """Open a table written as CSV or Parquet, compressed with gzip or not. Raises `UserError` for anything else."""
    raw = refusals.unpacked(raw, name)
    return _of_parquet(raw, name) if raw.startswith(b"PAR1") else open_text(raw, name)


def open_text(raw: bytes, name: str) -> Sheet:
    """Open a table written as CSV, and not compressed. Raises `UserError` for anything else."""
    text, encoding = refusals.text_of(raw, name)
    with_commas = dialects.spaced(text)
    text = text if with_commas is None else with_commas
    dialect = dialects.of(text, name)
    mark = "spaces" if with_commas is not None else SEPARATORS.get(dialect.separator, repr(dialect.separator))
    notes = {
        f"separated by {mark}": mark != "commas",
        f"in {encoding}": encoding != "UTF-8",
        f"{dialect.skipped} {'line' if dialect.skipped == 1 else 'lines'} above the table skipped": dialect.skipped > 0,
    }
    said = tuple(note for note, is_so in notes.items() if is_so)
    return Sheet(name, dialect.names or ("",) * dialect.width, said, _cells(text, dialect, name), dialect, text)


def _cells(text: str, dialect: Dialect, name: str, null_padding: bool = True) -> Columns:
    """The cells below the header; with `null_padding` a row may have fewer of them, and the last are gaps."""
    if text.count(dialect.quote) % 2:  # DuckDB may drop a row whose quote is not closed
        for record in _rows(text, dialect):
            if record.is_open:
                raise UserError(f"{name}, line {record.line + 1} {OPEN}")
    start = 0
    for _ in range(dialect.above):
        start = text.index("\n", start) + 1
    connection = duckdb.connect(config=_SETTINGS)
    try:
        cells = connection.read_csv(
            io.BytesIO(text[start:].encode()),
            columns={f"c{place}": "VARCHAR" for place in range(dialect.width)},
            delimiter=dialect.separator,
            quotechar=dialect.quote,
            escapechar=dialect.quote,
            header=False,
            auto_detect=False,
            null_padding=null_padding,
            parallel=False,
        )
        return Columns(connection, cells)
    except duckdb.OutOfMemoryException:
        raise MemoryError from None
    except duckdb.Error as error:
        raise UserError(_explained(str(error), dialect, name)) from None


def _rows(text: str, dialect: Dialect) -> Iterator[dialects.Record]:
    lines = text.removesuffix("\n").split("\n")[dialect.above :]
    return dialects.records(lines, dialect.above, dialect.separator, dialect.quote)


def _explained(reason: str, dialect: Dialect, name: str) -> str:
    """Say in a sentence what DuckDB finds wrong with a file."""
    line = re.search(r"Line: (\d+)", reason)
    place = f"{name}, line {int(line[1]) + dialect.above}" if line else name
    if count := re.search(r"Found: (\d+)", reason):
        return (
            f"{place} has {count[1]} cells; the table has {dialect.width} columns. "
            "Is there a comma inside a number, or a quote missing around a text?"
        )
    if "unterminated" in reason:
        return f"{place} {OPEN}"
    return f"{place} cannot be read as CSV ({reason.splitlines()[0]}); save it as CSV anew"


def _of_parquet(raw: bytes, name: str) -> Sheet:
    try:
        table = pq.read_table(pa.BufferReader(raw))
    except (pa.ArrowException, OSError) as error:
        raise UserError(f"{name} is a damaged Parquet file ({error}); fetch or write it again") from None
    connection = duckdb.connect(config=_SETTINGS)
    names = tuple(map(clean, table.column_names))
    cells = connection.from_arrow(table.rename_columns([f"c{place}" for place in range(len(names))]))
    texts = cells.project(", ".join(f"{column}::VARCHAR AS {column}" for column in cells.columns))
    return Sheet(name, names, ("Parquet",), Columns(connection, texts), Dialect(",", '"', 0, 0, len(names), names), "")
