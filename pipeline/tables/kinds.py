"""The kinds of columns that a raw table has, and what their cells are as numbers and as texts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandas.api import types

from pipeline.arrays import Floats
from pipeline.safety.errors import UserError
from pipeline.tables import faults
from pipeline.tables.cells import Kind as Kind

FeatureKind = Literal["number", "yes_no", "date", "category"]

RawColumn = pd.Series
"""A column of a raw table (rows,): float64, pandas' "boolean", datetime64 or text; a gap is missing in each of them."""


def kind_of(column: RawColumn) -> Kind:
    """The kind of a column, which its dtype tells."""
    if types.is_bool_dtype(column.dtype):
        return "yes_no"
    if types.is_numeric_dtype(column.dtype):
        return "number"
    return "date" if types.is_datetime64_any_dtype(column.dtype) else "text"


def numbers(column: RawColumn) -> Floats:
    """The cells (rows,) as numbers: 1 for yes and 0 for no, a date as days since 1970-01-01; NaN for a gap.

    For a column that is not text.
    """
    if kind_of(column) == "date":
        microseconds = column.to_numpy("datetime64[us]")
        return np.where(np.isnat(microseconds), np.nan, microseconds.astype(np.int64) / 86_400e6)
    return np.asarray(column.to_numpy("float64", na_value=np.nan), np.float64)


def texts(column: RawColumn) -> list[str | None]:
    """The cells (rows,) as they are written in raw.csv; `None` for a gap."""
    return [None if pd.isna(cell) else text_of(cell) for cell in column.tolist()]


def text_of(cell: Any) -> str:
    """A cell as it is written in raw.csv: the shortest digits, true or false, a date in ISO form, a text as it is."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    return cell.isoformat().removesuffix("T00:00:00") if isinstance(cell, pd.Timestamp) else str(cell)


def kinds_of(table: pd.DataFrame) -> dict[str, Kind]:
    """The kind of each column of a raw table (rows, columns), by its name."""
    return {str(name): kind_of(table[name]) for name in table.columns}


def feature_kinds(
    kinds: Mapping[str, Kind],
    target: str,
    features: Sequence[str],
    categories: Collection[str],
    table: Callable[[], pd.DataFrame],
    place: Callable[[int], str] = faults.in_raw_table,
) -> dict[str, FeatureKind]:
    """The kind of each feature, by its name and in order; `categories` are those whose values are names.

    `kinds` are those of the columns. The `table` (rows, columns) is asked for only to say which cell is wrong, and
    `place` says where a row (0-based) stands. Raises `UserError` that names all columns that cannot be used: text that
    is no category, and a target that is no number.
    """
    found: dict[str, FeatureKind] = {}
    for name in features:
        kind = kinds[name]
        if name in categories:
            found[name] = "category"
        elif kind != "text":
            found[name] = kind
    names = [name for name in features if name not in found]
    if not names and kinds[target] in ("number", "yes_no"):
        return found
    cells = table()
    said = faults.unusable(cells, [*names, target], place)
    problems = [said[name] for name in names if name in said]
    if names := [name for name in names if name not in said]:
        what = "them" if len(names) > 1 else "it"
        problems.append(
            f"{', '.join(_as_text(cells[name], place) for name in names)}: add {what} to normalize.categories, or take "
            f"{what} out of normalize.features"
        )
    if kinds[target] not in ("number", "yes_no"):
        wrong = f"{_as_text(cells[target], place)}, but the target has to be a number: choose another"
        problems.append(said.get(target, wrong))
    raise UserError("; ".join(problems))


def _as_text(column: RawColumn, place: Callable[[int], str]) -> str:
    """Say of a column that its cells are no numbers, with the first of them and where it stands."""
    what = "text" if kind_of(column) == "text" else "a date"
    row = int(np.argmax(column.notna()))
    return f"the column {str(column.name)!r} is {what} ({place(row)} has {(texts(column)[row] or '')[:40]!r})"
