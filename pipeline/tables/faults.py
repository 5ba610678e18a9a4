"""Which cell keeps a column from holding numbers or dates, and where it stands."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from pipeline.tables.cells import Kind, looks_like
from pipeline.tables.columns import MAX_NUMBER


def in_raw_table(row: int) -> str:
    """Say where a row (0-based) stands in data/raw.csv, each of whose rows is a line."""
    return f"data/raw.csv, line {row + 2}"


def unusable(table: pd.DataFrame, columns: Sequence[str], place: Callable[[int], str]) -> dict[str, str]:
    """Say of each column of text that was probably meant to hold numbers or dates which cell is in the way.

    `place` says where a row (0-based) stands. A column of names has no entry.
    """
    said = {}
    for column in columns:
        cells = table[column].dropna()
        if not isinstance(cells.dtype, pd.StringDtype):
            continue
        meant = meant_as(cells)
        if meant == "date":
            said[column] = (
                f"{cell(cells, 0, place)}, whose month cannot be told from its day: write dates as 2024-12-31"
            )
        elif meant == "number":
            said[column] = no_number(cells, place)
    return said


def meant_as(cells: "pd.Series[str]") -> Kind:
    """What a column of text (rows,) without gaps was probably meant to hold: dates, numbers, or indeed texts."""
    kinds = cells.map(looks_like)
    return "date" if (kinds == "date").all() else "number" if (kinds == "number").mean() >= 0.5 else "text"


def no_number(cells: "pd.Series[str]", place: Callable[[int], str]) -> str:
    """Say which is the first of some cells (rows,) that is no number, and what is expected there."""
    are_numbers = cells.map(_is_plain)
    at = int(np.argmin(are_numbers))
    ends = {0: "; is this a row of units?", len(cells) - 1: "; is this a row of totals?"}
    hint = ends.get(at, "") if are_numbers.sum() == len(cells) - 1 > 1 else ""
    return f"{cell(cells, at, place)}; expected a number such as 12.5: correct it, or leave the row out{hint}"


def cell(cells: "pd.Series[str]", at: int, place: Callable[[int], str]) -> str:
    """Say where the cell number `at` of a column stands, and what it holds."""
    return f"{place(int(cells.index[at]))}, column {str(cells.name)!r} is {cells.iloc[at][:40]!r}"


def _is_plain(text: str) -> bool:
    """Whether a cell is a number as computers write it, small enough to be squared and added up."""
    try:
        return abs(float(text)) <= MAX_NUMBER and not re.search("^[-+]?0[0-9]|[^ -~]|_", text)
    except ValueError:
        return False
