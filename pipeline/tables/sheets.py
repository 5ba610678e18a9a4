"""A file of any usual kind and dialect, opened: its names and cells, before the cells are read as columns."""

import csv
import gzip
import re
import shutil
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.safety.errors import UserError
from pipeline.tables import dialects, engine
from pipeline.tables.cells import Kind, clean, is_gap
from pipeline.tables.columns import Columns
from pipeline.tables.dialects import OPEN, SEPARATORS, Dialect
from pipeline.tables.scratch import Scratch
from pipeline.tables.texts import Text
from pipeline.tables.typed import Typed

_BUFFER: Final = 2**22
"""The bytes of a CSV file that a thread reads at once."""

_WHOLE: Final = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
_NUMBERS: Final = _WHOLE | {"DOUBLE"}
"""The types of a Parquet file whose numbers are those that their texts would be."""


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
    _text: Text | None

    @property
    def has_header(self) -> bool:
        """Whether the file names its columns."""
        return bool(self._dialect.names)

    def typed(self, places: Mapping[str, int], kinds: Mapping[str, Kind] | None = None) -> Typed:
        """The columns at these places (0-based) under these names; see `Columns.typed`."""
        return self.columns.typed(places, kinds or {}, self._dialect.separator == ";")

    def table(self, places: Mapping[str, int], kinds: Mapping[str, Kind]) -> pd.DataFrame:
        """Read these columns: (rows, columns)."""
        return self.typed(places, kinds).table()

    def place(self, row: int) -> str:
        """Say where a row (0-based) stands: `houses.csv, line 27`."""
        left = row
        for record in _rows(self._text, self._dialect) if self._text else ():
            left -= not all(map(is_gap, record.cells))
            if left < 0:
                return f"{self.name}, line {record.line + 1}"
        return f"{self.name}, row {row + 1}"


def open_canonical(source: bytes | Path, name: str) -> Sheet:
    """Open a table in canonical form: the content of a file, or where it is. Raises `UserError`, and `OSError`."""
    scratch = Scratch()
    text = Text.canonical(scratch.at(source), name, scratch)
    dialect = dialects.canonical(text.lines())
    return Sheet(name, dialect.names, (), _cells(text, dialect, name, null_padding=False), dialect, text)


def open_sheet(source: bytes | Path, name: str) -> Sheet:
    """Open a table written as CSV or Parquet, compressed with gzip or not: the content of a file, or where it is.

    Raises `UserError` for anything else, and `OSError`.
    """
    scratch = Scratch()
    path = scratch.at(source)
    if _begins(path, b"\x1f\x8b"):
        path = _unpacked(path, name, scratch)
    return _of_parquet(path, name, scratch) if _begins(path, b"PAR1") else _of_text(path, name, scratch)


def open_text(raw: bytes, name: str) -> Sheet:
    """Open a table written as CSV, and not compressed. Raises `UserError` for anything else."""
    scratch = Scratch()
    return _of_text(scratch.at(raw), name, scratch)


def _begins(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


def _unpacked(path: Path, name: str, scratch: Scratch) -> Path:
    unpacked = scratch.path()
    try:
        with gzip.open(path) as packed, unpacked.open("wb") as file:
            shutil.copyfileobj(packed, file, 2**20)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UserError(f"{name} is compressed with gzip and damaged ({error}); fetch it again") from None
    return unpacked


def _of_text(path: Path, name: str, scratch: Scratch) -> Sheet:
    text = Text.of(path, name, scratch)
    is_spaced = dialects.is_spaced(text.head)
    if is_spaced:
        try:
            text = text.written_anew(dialects.with_commas(text.lines()))
        except csv.Error:  # a cell of over 128 KiB
            is_spaced = False
    dialect = dialects.of(text.head, name)
    mark = "spaces" if is_spaced else SEPARATORS.get(dialect.separator, repr(dialect.separator))
    notes = {
        f"separated by {mark}": mark != "commas",
        f"in {text.encoding}": text.encoding != "UTF-8",
        f"{dialect.skipped} {'line' if dialect.skipped == 1 else 'lines'} above the table skipped": dialect.skipped > 0,
    }
    said = tuple(note for note, is_so in notes.items() if is_so)
    names = dialect.names or ("",) * dialect.width
    return Sheet(name, names, said, _cells(text, dialect, name), dialect, text)


def _cells(text: Text, dialect: Dialect, name: str, null_padding: bool = True) -> Columns:
    """The cells below the header; with `null_padding` a row may have fewer of them, and the last are gaps."""
    if text.quotes.get(dialect.quote, 0) % 2:  # DuckDB may drop a row whose quote is not closed
        for record in _rows(text, dialect):
            if record.is_open:
                raise UserError(f"{name}, line {record.line + 1} {OPEN}")
    above = list(islice(text.lines(), dialect.above))
    quotes = text.quotes.get(dialect.quote, 0) - sum(line.count(dialect.quote) for line in above)
    skipped = len(above)
    if not all(dialects.is_row(line, dialect) for line in above):  # DuckDB skips rows, and these are not one a line
        text, skipped = text.below(skipped), 0
    connection = engine.connect()
    try:
        file = connection.read_csv(
            str(text.scratch.plain(text.path)),
            columns={f"c{place}": "VARCHAR" for place in range(dialect.width)},
            delimiter=dialect.separator,
            quotechar=dialect.quote,
            escapechar=dialect.quote,
            header=False,
            skiprows=skipped,
            buffer_size=_BUFFER,
            auto_detect=False,
            compression="none",
            hive_partitioning=False,
            null_padding=null_padding,
            parallel=not (null_padding and quotes),  # together DuckDB cannot do it
        )
        return Columns(connection, file, text.scratch)
    except duckdb.OutOfMemoryException:
        raise MemoryError from None
    except duckdb.Error as error:
        raise UserError(_explained(str(error), dialect, name, dialect.above - skipped)) from None


def _rows(text: Text, dialect: Dialect) -> Iterator[dialects.Record]:
    lines = islice(text.lines(), dialect.above, None)
    return dialects.records(lines, dialect.above, dialect.separator, dialect.quote)


def _explained(reason: str, dialect: Dialect, name: str, above: int) -> str:
    """Say in a sentence what DuckDB finds wrong with a file, `above` which it does not know of so many lines."""
    line = re.search(r"Line: (\d+)", reason)
    place = f"{name}, line {int(line[1]) + above}" if line else name
    if count := re.search(r"Found: (\d+)", reason):
        return (
            f"{place} has {count[1]} cells; the table has {dialect.width} columns. "
            "Is there a comma inside a number, or a quote missing around a text?"
        )
    if "unterminated" in reason:
        return f"{place} {OPEN}"
    return f"{place} cannot be read as CSV ({reason.splitlines()[0]}); save it as CSV anew"


def _of_parquet(path: Path, name: str, scratch: Scratch) -> Sheet:
    connection = engine.connect()
    try:
        names = tuple(map(clean, pq.read_schema(path).names))
        file = connection.read_parquet(str(scratch.plain(path)), hive_partitioning=False)
        texts = [f"#{place}::VARCHAR AS c{place - 1}" for place in range(1, len(names) + 1)]
        numbers = [
            f"#{place}::DOUBLE AS n{place - 1}" for place, kind in enumerate(file.types, 1) if str(kind) in _NUMBERS
        ]
        columns = Columns(connection, file.project(", ".join(texts + numbers)), scratch)
    except duckdb.OutOfMemoryException:
        raise MemoryError from None
    except (pa.ArrowException, OSError, duckdb.Error) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{name} is a damaged Parquet file ({reason}); fetch or write it again") from None
    return Sheet(name, names, ("Parquet",), columns, Dialect(",", '"', 0, 0, len(names), names), None)
