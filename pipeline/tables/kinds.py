"""The kinds of columns that a raw table has, and what their cells are as numbers and as texts."""

from collections.abc import Collection, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandas.api import types

from pipeline.arrays import Floats
from pipeline.safety.errors import UserError
from pipeline.tables.cells import Kind

FeatureKind = Literal["number", "yes_no", "date", "category"]

Column = pd.Series
"""A column of a raw table (rows,): float64, pandas' "boolean", datetime64 or text; a gap is missing in each of them."""


def kind_of(column: "Column") -> Kind:
    """The kind of a column, which its dtype tells."""
    if types.is_bool_dtype(column.dtype):
        return "yes_no"
    if types.is_numeric_dtype(column.dtype):
        return "number"
    return "date" if types.is_datetime64_any_dtype(column.dtype) else "text"


def numbers(column: "Column") -> Floats:
    """The cells (rows,) as numbers: 1 for yes and 0 for no, a date as days since 1970-01-01; NaN for a gap.

    For a column that is not text.
    """
    if kind_of(column) == "date":
        microseconds = column.to_numpy("datetime64[us]")
        return np.where(np.isnat(microseconds), np.nan, microseconds.astype(np.int64) / 86_400e6)
    return np.asarray(column.to_numpy("float64", na_value=np.nan), np.float64)


def texts(column: "Column") -> list[str | None]:
    """The cells (rows,) as they are written in raw.csv; `None` for a gap."""
    return [None if pd.isna(cell) else text_of(cell) for cell in column.tolist()]


def text_of(cell: Any) -> str:
    """A cell as it is written in raw.csv: the shortest digits, true or false, a date in ISO form, a text as it is."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    return cell.isoformat().removesuffix("T00:00:00") if isinstance(cell, pd.Timestamp) else str(cell)


def feature_kinds(
    table: pd.DataFrame, target: str, features: Sequence[str], categories: Collection[str]
) -> dict[str, FeatureKind]:
    """The kind of each feature, by its name and in order; `categories` are those whose values are names.

    Raises `UserError` that names all columns that cannot be used: text that is no category, and a target that is no
    number.
    """
    found: dict[str, FeatureKind] = {}
    unusable = []
    for name in features:
        kind = kind_of(table[name])
        if name in categories:
            found[name] = "category"
        elif kind == "text":
            unusable.append(f"the feature {name!r} is text ({_first_text(table[name])})")
        else:
            found[name] = kind
    problems = []
    if unusable:
        what = "them" if len(unusable) > 1 else "it"
        problems.append(
            f"{', '.join(unusable)}: correct the cells, add {what} to normalize.categories, or take {what} out of "
            "normalize.features"
        )
    if kind_of(table[target]) not in ("number", "yes_no"):
        problems.append(
            f"the target {target!r} is {'text' if kind_of(table[target]) == 'text' else 'a date'} "
            f"({_first_text(table[target])}); expected numbers: correct the cells, or set normalize.target to a column "
            "of numbers"
        )
    if problems:
        raise UserError("; ".join(problems))
    return found


def _first_text(column: Column) -> str:
    """The first cell that is no number, or else the first, with its row."""
    cells = [(row, text) for row, text in enumerate(texts(column)) if text is not None]
    row, text = next(((row, text) for row, text in cells if not _is_number(text)), cells[0])
    return f"row {row} has {text[:40]!r}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
