"""A table of numbers: how a raw CSV is read, checked and written in one canonical form."""

import csv
import io
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.safety.errors import UserError

MIN_ROWS = 10
MAX_COLUMNS = 500
MAX_NUMBER = 1e100


def parse(raw: bytes, name: str) -> pd.DataFrame:
    """Read a CSV with a header, separated by commas, as finite numbers (rows, columns). Raises `UserError`."""
    header, lines = cells_of(raw, name)
    _check_header(header, name)
    if len(lines) < MIN_ROWS:
        raise UserError(f"{name} has {len(lines)} rows of data; at least {MIN_ROWS} are needed to split and to fit")
    return read_columns(header, lines, header, name)


def canonical(table: pd.DataFrame) -> bytes:
    """Write a table as CSV with LF and the shortest digits that read back as the same numbers: one table, one file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([f"{value!r}".removesuffix(".0") for value in row] for row in table.to_numpy().tolist())
    return out.getvalue().encode()


def check_columns(columns: Sequence[str], target: str, features: Sequence[str]) -> None:
    """Raise `UserError` for the first name in `params.yaml` that the table does not have."""
    for key, names in (("target", (target,)), ("features", features)):
        for name in names:
            if name not in columns:
                raise UserError(f"normalize.{key} names the column {name!r}; the table has {', '.join(columns)}")


def cells_of(raw: bytes, name: str) -> tuple[list[str], dict[int, list[str]]]:
    """The names in the header of a CSV, which is line 1, and by its number the cells of each line below that has any.

    Raises `UserError` for what is no text or has no header.
    """
    try:
        text = raw.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except UnicodeDecodeError as error:
        raise UserError(f"{name} is not text in UTF-8 (byte {error.start}); save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise UserError(f"{name} is not a CSV file ({error}); save it as CSV with commas") from None
    if not lines or not lines[0]:
        raise UserError(f"{name} is empty; expected a header and rows of numbers")
    return [cell.strip() for cell in lines[0]], {
        number: cells for number, cells in enumerate(lines[1:], start=2) if cells
    }


def read_columns(
    header: Sequence[str], lines: Mapping[int, list[str]], columns: Sequence[str], name: str
) -> pd.DataFrame:
    """Read the numbers of some columns: (rows, columns). Raises `UserError` naming line and column of another cell."""
    places = [header.index(column) for column in columns]
    values = np.empty((len(lines), len(columns)))
    for row, (number, cells) in zip(values, lines.items(), strict=True):
        if len(cells) != len(header):
            raise UserError(
                f"{name}, line {number} has {len(cells)} cells; the header names {len(header)} columns. "
                "Is there a comma inside a number, or is the file cut short?"
            )
        row[:] = [_read_number(cells[place], f"{name}, line {number}, column {header[place]!r}") for place in places]
    return pd.DataFrame(values, columns=list(columns))


def _check_header(header: list[str], name: str) -> None:
    if len(header) == 1 and (other := next((mark for mark in ";\t|" if mark in header[0]), None)):
        raise UserError(f"{name} is separated by {other!r}; save it with commas (and decimal points)")
    if len(header) < 2:
        raise UserError(f"{name} has one column; expected a target and at least one feature")
    if len(header) > MAX_COLUMNS:
        raise UserError(f"{name} has {len(header)} columns; at most {MAX_COLUMNS} are handled")
    if "" in header:
        raise UserError(f"{name}: column {header.index('') + 1} has no name; the first line must name every column")
    twice = next((column for column in header if header.count(column) > 1), None)
    if twice is not None:
        raise UserError(f"{name} has two columns named {twice!r}; give each its own name")
    if all(_is_number(column) for column in header):
        raise UserError(f"{name} begins with numbers ({header[0]}, ...); its first line must name the columns")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _read_number(cell: str, where: str) -> float:
    """Read a cell as a number. Raises `UserError`, saying `where` it is, for any other content."""
    if not cell.strip():
        raise UserError(f"{where} is empty; every cell needs a number: fill it in or leave the row out")
    if not _is_number(cell):
        raise UserError(f"{where} is {cell[:40]!r}; expected a number such as 12.5: correct it or leave the column out")
    value = float(cell)
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        raise UserError(f"{where} is {cell[:40]}; expected a finite number of at most 1e100 in size")
    return value
